import { gunzipSync } from 'node:zlib';
import type { Vertex } from './build-log.js';
import { readFields } from './protobuf.js';

const LARGEST_RECORD = 256 * 1024 * 1024;

/**
 * The steps in a record that `docker buildx history export` wrote: an OCI layout in a gzipped tar, whose status layers hold one
 * message of BuildKit's control API (`StatusResponse`) after the other, each behind its length. Undefined for anything else.
 */
export function readBuildRecord(bytes: Uint8Array): readonly Vertex[] | undefined {
  const tar = isGzip(bytes) ? unpack(bytes) : bytes;
  const files = tar && readTar(tar);
  if (!files?.has('oci-layout')) return undefined;
  const vertices: Vertex[] = [];
  for (const digest of statusLayers(files)) {
    const layer = files.get(`blobs/${digest.replace(':', '/')}`);
    if (layer) vertices.push(...readStatus(layer));
  }
  return vertices;
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function unpack(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST_RECORD });
  } catch {
    return undefined;
  }
}

const BLOCK = 512;

/** Regular files by name; undefined where it is no tar. */
function readTar(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.toString('latin1', 257, 262) !== 'ustar') return undefined;
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= buffer.length; ) {
    const name = buffer.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(buffer.toString('latin1', at + 124, at + 136).replace(/[^0-7]/g, '') || '0', 8);
    if (name === '') break;
    const start = at + BLOCK;
    if (/[0\0]/.test(String.fromCharCode(buffer[at + 156] ?? 0))) files.set(name, buffer.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

interface Descriptor {
  readonly mediaType?: unknown;
  readonly digest?: unknown;
}

/** Digests of the status layers of all records in the layout. */
function statusLayers(files: ReadonlyMap<string, Uint8Array>): string[] {
  const list = (name: string, key: 'manifests' | 'layers'): readonly Descriptor[] => {
    const blob = files.get(name);
    try {
      const value: unknown = blob && JSON.parse(Buffer.from(blob).toString('utf8'));
      const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
      return Array.isArray(found) ? found.filter((one) => typeof one === 'object' && one !== null) : [];
    } catch {
      return [];
    }
  };
  const blobOf = ({ digest }: Descriptor) => `blobs/${String(digest).replace(':', '/')}`;
  return list('index.json', 'manifests').flatMap((manifest) =>
    list(blobOf(manifest), 'layers').flatMap(({ mediaType, digest }) =>
      mediaType === 'application/vnd.buildkit.status.v0' ? [String(digest)] : [],
    ),
  );
}

function* readStatus(layer: Uint8Array): Generator<Vertex> {
  const view = new DataView(layer.buffer, layer.byteOffset, layer.byteLength);
  for (let at = 0; at + 4 <= layer.length; ) {
    const size = view.getUint32(at, true);
    const message = layer.subarray(at + 4, at + 4 + size);
    for (const { number, value } of readFields(message)) {
      if (number === 1 && typeof value !== 'number') yield readVertex(value);
    }
    at += 4 + size;
  }
}

/** `message Vertex` of `api/services/control/control.proto`. */
function readVertex(bytes: Uint8Array): Vertex {
  const fields = new Map(readFields(bytes).map(({ number, value }) => [number, value]));
  const text = (number: number) => {
    const value = fields.get(number);
    return value === undefined || typeof value === 'number' ? '' : Buffer.from(value).toString('utf8');
  };
  return {
    digest: text(1),
    name: text(3),
    cached: fields.get(4) === 1,
    started: timeOf(fields.get(5)),
    completed: timeOf(fields.get(6)),
    failed: text(7) !== '',
  };
}

/** `google.protobuf.Timestamp` */
function timeOf(value: Uint8Array | number | undefined): number | undefined {
  if (value === undefined || typeof value === 'number') return undefined;
  const fields = new Map(readFields(value).map(({ number, value: content }) => [number, content]));
  const [seconds, nanos] = [fields.get(1), fields.get(2) ?? 0];
  if (typeof seconds !== 'number' || typeof nanos !== 'number') return undefined;
  return seconds * 1000 + nanos / 1e6;
}
