/*
 * The little that is asked of `pnpm-workspace.yaml` and `.yarnrc.yml`, from their lines: a whole reader of YAML takes as long to start
 * as all the rest. What is written otherwise than people and tools do is not understood.
 */

/** The keys of the mapping that the text is; undefined where it is written in a way that is not understood. */
export function yamlKeys(text: string): readonly string[] | undefined {
  const keys: string[] = [];
  for (const line of linesOf(text)) {
    if (/^(?:\s|$|---$|\.\.\.$|-\s|-$|[\]}]\s*,?$)/.test(line)) continue;
    const key = keyOf(line)?.key;
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return keys;
}

/** The items of the list at a key of that mapping, none where there is no such key; undefined where they are not understood. */
export function yamlList(text: string, key: string): readonly string[] | undefined {
  const lines = linesOf(text);
  if (lines.some((line) => /^[{?]/.test(line)) && text.includes(key)) return undefined;
  const start = lines.findIndex((line) => keyOf(line)?.key === key);
  if (start === -1) return [];
  const value = keyOf(lines[start] ?? '')?.value ?? '';
  const below = lines.slice(start + 1);
  if (value.startsWith('[')) return flowItems([value.slice(1), ...below].join('\n'));
  return value === '' ? blockItems(below) : undefined;
}

/** Without comments and spaces at their ends. */
function linesOf(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trimEnd());
}

function keyOf(line: string): { readonly key: string; readonly value: string } | undefined {
  const [, double, single, plain, value = ''] =
    /^(?:"([^"\\]*)"|'([^']*)'|([A-Za-z_][^\s:"']*))\s*:(?:\s+(\S.*))?$/.exec(line) ?? [];
  const key = double ?? single ?? plain;
  return key === undefined ? undefined : { key, value };
}

function blockItems(lines: readonly string[]): readonly string[] | undefined {
  const items: string[] = [];
  for (const line of lines) {
    if (line === '') continue;
    const [, item] = /^\s*-\s+(\S.*)$/.exec(line) ?? [];
    if (item === undefined && /^[^\s-]|^(?:---|\.\.\.)$/.test(line)) break;
    const text = item === undefined ? undefined : scalar(item);
    if (text === undefined) return undefined;
    items.push(text);
  }
  return items;
}

/** Of a list in brackets, from behind the first one. */
function flowItems(text: string): readonly string[] | undefined {
  const [, body, rest] = /^([^[\]]*)\](.*)/.exec(text) ?? [];
  if (body === undefined || rest?.trim() !== '') return undefined;
  const items =
    body.trim() === ''
      ? []
      : body
          .replace(/,\s*$/, '')
          .split(',')
          .map((item) => scalar(item.trim()));
  return items.every((item) => item !== undefined) ? items : undefined;
}

/** A string of one line; undefined of anchors, tags, mappings and escapes. */
function scalar(text: string): string | undefined {
  const [, double, single, plain] =
    /^(?:"([^"\\]*)"|'([^']*)'|([^\s"'&*!|>%@`{}[\],#?:-](?:[^:]|:(?=\S))*))$/.exec(text) ?? [];
  return double ?? single ?? plain;
}
