/** An empty, `.` or `..` part. */
const UNCLEAN_PART = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Go's `path.Clean`: the shortest equal path by text alone; `.` for an empty one, `..` kept only at the start of a relative path. */
export function cleanPath(path: string): string {
  if (path === '/') return path;
  const rooted = path.startsWith('/');
  return rooted ? cleanRooted(path) : cleanParts(path, rooted);
}

/** Most that are unclean just start with `//` or `/./`, or end in `/`, `/.` or `/./`. */
function cleanRooted(path: string): string {
  let start = 0;
  for (;;) {
    if (path.charCodeAt(start + 1) === 47) start++;
    else if (path.charCodeAt(start + 1) === 46 && path.charCodeAt(start + 2) === 47) start += 2;
    else break;
  }
  let end = path.length;
  for (;;) {
    if (path.charCodeAt(end - 1) === 47) end--;
    else if (path.charCodeAt(end - 1) === 46 && path.charCodeAt(end - 2) === 47) end -= 2;
    else break;
  }
  return end <= start ? '/' : cleanParts(path.slice(start, end), true);
}

function cleanParts(path: string, rooted: boolean): string {
  if (path.length > 1 && !UNCLEAN_PART.test(rooted ? path.slice(1) : path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  const joined = parts.join('/');
  return rooted ? `/${joined}` : joined || '.';
}

/** A path inside a root, as BuildKit reads the sources of COPY: `./a/`, `/a` and `../a` are all `a`, the root is ''. */
export function cleanInside(path: string): string {
  if (!UNCLEAN_PART.test(path)) return path;
  return cleanPath(`/${path}`).slice(1);
}

/** The folder that holds the path; '' for entries of the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

export function baseName(path: string): string {
  if (!path.includes('/')) return path;
  return path.slice(path.lastIndexOf('/') + 1);
}

const WHITE_SPACE = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

/** Range of the text without Unicode white space at its ends, Go's `strings.TrimSpace` (U+FEFF stays, unlike in `trim()`). */
export function trimmedRange(
  text: string,
  from = 0,
  to = text.length,
): { readonly start: number; readonly end: number } {
  let start = from;
  let end = to;
  while (start < end && WHITE_SPACE.test(text.charAt(start))) start++;
  while (end > start && WHITE_SPACE.test(text.charAt(end - 1))) end--;
  return { start, end };
}

export function trimSpace(text: string): string {
  const { start, end } = trimmedRange(text);
  return text.slice(start, end);
}
