/** The path that a `file:` URI names, in the form of the system; undefined for other schemes and for what cannot be decoded. */
export function pathOfUri(uri: string, windows: boolean): string | undefined {
  const match = /^file:\/\/([^/?#]*)(\/[^?#]*)/i.exec(uri);
  if (!match) return undefined;
  const [, host = '', encoded = ''] = match;
  let decoded: string;
  try {
    decoded = decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0')) return undefined;
  if (!windows) return host === '' || host === 'localhost' ? decoded : undefined;
  const path = decoded.replaceAll('/', '\\');
  if (host !== '' && host !== 'localhost') return `\\\\${host}${path}`;
  return /^\\[A-Za-z]:/.test(path) ? path.slice(1) : undefined;
}

/**
 * The URI of what lies at `relative` (separator `/`, `..` allowed) of the folder that holds the file `uri`. Keeps the client's own
 * way to write scheme, host and drive, so that it takes the result for the same place.
 */
export function uriBeside(uri: string, relative: string): string {
  const [, start = '', path = ''] = /^([a-z][a-z0-9+.-]*:(?:\/\/[^/]*)?)([^?#]*)/i.exec(uri) ?? [];
  const segments = path.split('/').slice(0, -1);
  for (const segment of relative.split('/')) {
    if (segment === '..') {
      if (segments.length > 1) segments.pop();
    } else if (segment !== '' && segment !== '.') segments.push(encodeURIComponent(segment));
  }
  return `${start}${segments.join('/')}`;
}

/** Last segment, decoded where it can be. */
export function nameOfUri(uri: string): string {
  const name = /([^/:]*)$/.exec(uri.replace(/[?#].*$/, ''))?.[1] ?? '';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Whether `uri` lies in the folder, or is it. */
export function isInFolder(folder: string, uri: string): boolean {
  const base = folder.replace(/\/+$/, '');
  return uri === base || uri.startsWith(`${base}/`);
}
