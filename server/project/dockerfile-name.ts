export type FileKind = 'dockerfile' | 'dockerignore';

/** What a file is by its name; `perhaps` where only its text can tell (`Dockerfile.go`: a Dockerfile for Go or Go code). */
export function kindOfName(name: string): FileKind | 'perhaps' | undefined {
  if (/^\.dockerignore$|.\.dockerignore$/i.test(name)) return 'dockerignore';
  if (/.\.(?:dockerfile|containerfile)$/i.test(name)) return 'dockerfile';
  const match = /^(?:dockerfile|containerfile)(?:$|[._-](.+))/i.exec(name);
  if (!match) return undefined;
  const extension = match[1]?.split('.').at(-1)?.toLowerCase() ?? '';
  if (other.has(extension) || name.endsWith('~')) return undefined;
  return code.has(extension) ? 'perhaps' : 'dockerfile';
}

/** Whether a text reads like a Dockerfile: its first line that is no comment is FROM or ARG. */
export function looksLikeDockerfile(text: string): boolean {
  const first = text.split('\n', 200).find((line) => !/^[\s\ufeff]*(?:#|$)/.test(line)) ?? '';
  return /^\s*(?:FROM\s+(?:--\S+\s+)*\S+(?:\s+AS\s+\S+)?|ARG\s+\w+(?:=.*)?)\s*$/i.test(first);
}

/** Endings of templates, documents, left-overs: never a Dockerfile as it is. */
const other = new Set(
  (
    'md mdx markdown rst adoc html htm css json jsonc yaml yml toml xml csv lock log snap svg png pdf ' +
    'j2 jinja jinja2 tmpl tpl template templ erb ejs hbs mustache gotmpl gotpl m4 in liquid ' +
    'bak orig rej swp swo tmp diff patch map sha256 sig asc containerignore'
  ).split(' '),
);

/** Endings of source code, which a Dockerfile for that language may have too. */
const code = new Set(
  (
    'ts tsx mts cts js jsx mjs cjs py go rs rb java kt kts scala cs fs php c h cc cpp hpp swift dart ex exs erl hs lua pl r ' +
    'sh bash ps1 vim el clj sql vue svelte txt'
  ).split(' '),
);
