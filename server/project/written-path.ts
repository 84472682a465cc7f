import path from 'node:path';

/**
 * Whether a path as it is written in a file may mean another one (relative, separator `/`), from whatever folder it starts. Variables
 * and expressions (`$X`, `${X}`, `${{ … }}`) stand for any text, and so do references of YAML.
 */
export function mayMean(written: string, file: string): boolean {
  if (/^[>|*&!]/.test(written)) return true;
  const parts = path.posix
    .normalize(written)
    .replace(/^(?:\.\.\/)+/, '')
    .split(/\$\{\{.*?\}\}|\$\{.*?\}|\$\(.*|\$\w+/);
  const [first = ''] = parts;
  const last = parts.at(-1) ?? '';
  if (parts.length > 1) return file.endsWith(last) && (first === '' || `/${file}`.includes(`/${first}`));
  return `/${file}`.endsWith(`/${first}`);
}

/** Words of a text behind what a pattern matches (with the flag `g`), without their quotes. */
export function wordsBehind(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(({ index, 0: { length } }) => {
    const word = /^\s*(["']?)((?:\$\{\{.*?\}\}|[^\s"',}#])*)/.exec(text.slice(index + length, index + length + 1000));
    return word?.[2] ?? '';
  });
}
