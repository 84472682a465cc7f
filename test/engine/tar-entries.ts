/** One entry of a tar, without its times. */
export interface TarItem {
  readonly path: string;
  /** `0` file, `1` hard link, `2` symbolic link, `5` folder; others as tar has them. */
  readonly type: string;
  readonly mode: number;
  readonly owner: string;
  readonly link: string;
  readonly data: Buffer;
}

const block = 512;

/** The entries of an uncompressed tar in ustar, pax or GNU form, in its order. */
export function* tarEntries(tar: Buffer): Generator<TarItem> {
  let pax = new Map<string, string>();
  let long: { path?: string; link?: string } = {};
  for (let at = 0; at + block <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + block);
    const text = (from: number, length: number) => header.toString('utf8', from, from + length).replace(/\0.*$/s, '');
    const number = (from: number, length: number) => Number.parseInt(text(from, length).trim() || '0', 8);
    const size = Number(pax.get('size') ?? number(124, 12));
    const data = tar.subarray(at + block, at + block + size);
    const type = text(156, 1) || '0';
    at += block + Math.ceil(size / block) * block;
    if (type === 'x') pax = paxRecords(data);
    else if (type === 'L') long = { ...long, path: data.toString('utf8').replace(/\0.*$/s, '') };
    else if (type === 'K') long = { ...long, link: data.toString('utf8').replace(/\0.*$/s, '') };
    else if (type !== 'g') {
      const prefix = text(257, 5) === 'ustar' && text(345, 155) ? `${text(345, 155)}/` : '';
      yield {
        path: pax.get('path') ?? long.path ?? prefix + text(0, 100),
        type,
        mode: number(100, 8),
        owner: `${pax.get('uid') ?? number(108, 8)}:${pax.get('gid') ?? number(116, 8)}`,
        link: pax.get('linkpath') ?? long.link ?? text(157, 100),
        data,
      };
      pax = new Map();
      long = {};
    }
  }
}

/** `LENGTH KEY=VALUE\n`, the length in bytes. */
function paxRecords(data: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    const length = Number(data.toString('utf8', at, space));
    if (space === -1 || !(length > 0)) break;
    const [, key = '', value = ''] = /^([^=]*)=(.*)\n$/s.exec(data.toString('utf8', space + 1, at + length)) ?? [];
    records.set(key, value);
    at += length;
  }
  return records;
}
