import type { ImageReference } from '../syntax/image-ref.js';

/** Something of which only a registry or a server knows the digest. */
export interface Lookup {
  readonly kind: 'image' | 'file';
  /** An image in full, `docker.io/library/node:22-slim`, or the URL of a file. */
  readonly name: string;
}

/** What was found out. It was so then: a tag moves, and a server can send another file. */
export interface RemoteAnswer {
  /** Of an image's index (of its manifest where it has no index), or of a file's content: `sha256:…`. */
  readonly digest: string;
  /** `2026-11-21` */
  readonly day: string;
}

export interface RemoteFacts {
  /** Undefined where nobody has asked, or nobody answered. */
  answer(lookup: Lookup): RemoteAnswer | undefined;
}

export function imageLookup({ registry, repository, tag = 'latest' }: ImageReference): Lookup {
  return { kind: 'image', name: `${registry}/${repository}:${tag}` };
}
