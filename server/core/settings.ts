/** Which builder the advice is for; BuildKit with the containerd image store is the default. */
export type Builder = 'buildkit' | 'buildkit-graphdriver' | 'classic' | 'buildah' | 'kaniko';

/** `mounts`: advise cache mounts. `clean`: advise to clean caches in the same layer. `auto`: what the file does already, else mounts. */
export type CacheStrategy = 'mounts' | 'clean' | 'auto';

/** Settings that several rules share. */
export interface Settings {
  readonly builder: Builder;
  readonly cacheStrategy: CacheStrategy;
}
