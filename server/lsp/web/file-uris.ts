// A worker's disk has a folder for each place that URIs name: `vscode-vfs://github/a/b` is `/vscode-vfs+github/a/b` there.

const places = new Map<string, string>();

/** The `file:` URI of the place on the worker's disk. What has no path of folders (`untitled:Untitled-1`) stays as it is. */
export function fileUri(uri: string): string {
  const [, scheme = '', authority = '', path] = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?(\/[^?#]*|$)/i.exec(uri) ?? [];
  if (path === undefined) return uri;
  const place = encodeURIComponent(`${scheme}+${authority}`);
  places.set(place, uri.slice(0, uri.length - path.length));
  return `file:///${place}${path}`;
}

/** The URI that the client knows for a `file:` URI of the worker's disk. */
export function ownUri(uri: string): string {
  const [, place = '', path = ''] = /^file:\/\/\/([^/]*)(.*)$/.exec(uri) ?? [];
  const start = places.get(place);
  return start === undefined ? uri : `${start}${path}`;
}
