import type { BuildContext } from '../model/context.js';
import type { Dockerfile } from '../syntax/tree.js';

/** Builders whose caches differ. `buildkit`: the containerd image store and docker-container builders. `buildkit-graphdriver`: the older image store of Docker Engine, which has no merge, so `--link` does not detach. */
export type CacheBuilder = 'buildkit' | 'buildkit-graphdriver' | 'classic' | 'buildah' | 'kaniko';

/** One of the two builds that are compared: what the builder is given. */
export interface Side {
  readonly file: Dockerfile;
  /** Undefined where it is not known; then no file of it is taken to change. */
  readonly context: BuildContext | undefined;
  readonly buildArgs: ReadonlyMap<string, string>;
  /** Name of the stage to build (Buildah: or its number); the last one where it is left out. */
  readonly target?: string | undefined;
  /**
   * Something that is equal for two files exactly if their bytes are (a hash, a Git blob id, a version count); undefined for a
   * file that is not there. Asked only for files of the context that a step takes.
   */
  readonly identity?: ((path: string) => string | undefined) | undefined;
}

/** An entry of the context that is sent in one of the two builds and differs in the other. Owner and times never count. */
export interface FileChange {
  readonly path: string;
  readonly kind: 'added' | 'deleted' | 'content' | 'mode' | 'type';
  readonly folder: boolean;
}
