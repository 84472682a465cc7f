// Takes the place of `node:path` in the bundle for web workers: what the project's rooms use of it, in the POSIX form.

const sep = '/';

function normalize(path: string): string {
  const absolute = isAbsolute(path);
  const segments: string[] = [];
  for (const segment of path.split(sep)) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else if (!absolute) segments.push(segment);
  }
  return absolute ? `/${segments.join(sep)}` : segments.join(sep) || '.';
}

function isAbsolute(path: string): boolean {
  return path.startsWith(sep);
}

function join(...paths: readonly string[]): string {
  return normalize(paths.filter((path) => path !== '').join(sep));
}

/** A worker has no working folder; the root stands for it. */
function resolve(...paths: readonly string[]): string {
  const first = paths.findLastIndex(isAbsolute);
  return join(sep, ...paths.slice(Math.max(first, 0)));
}

function dirname(path: string): string {
  const end = path.replace(/\/+$/, '').lastIndexOf(sep);
  return end > 0 ? path.slice(0, end) : end === 0 ? sep : isAbsolute(path) ? sep : '.';
}

function basename(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf(sep) + 1);
}

function relative(from: string, to: string): string {
  const start = segmentsOf(from);
  const end = segmentsOf(to);
  const common = start.findIndex((segment, index) => segment !== end[index]);
  const shared = common < 0 ? start.length : common;
  return [...start.slice(shared).map(() => '..'), ...end.slice(shared)].join(sep);
}

function segmentsOf(path: string): string[] {
  return resolve(path)
    .split(sep)
    .filter((segment) => segment !== '');
}

const posix = { sep, normalize, isAbsolute, join, resolve, dirname, basename, relative };
const path = { ...posix, posix };

// biome-ignore lint/style/noDefaultExport: the modules that import `node:path` import it so.
export { path as default };
