import type { PackageManager } from '../knowledge/package-managers.js';
import { groupBy } from '../syntax/group-by.js';
import { createMemo } from '../syntax/memo.js';
import type { Build } from './build.js';
import { type CachePlace, type EffectiveUser, rootImageOf } from './caches.js';
import { type Install, installsOf } from './installs.js';

/** `--mount=type=cache,…` with all that the place asks for. */
export function mountFlag(build: Build, install: Install, { folder, path }: CachePlace, user: EffectiveUser): string {
  const id =
    folder.perDistribution && usesOtherImages(build, install)
      ? `,id=${install.manager.name}-${slug(install)}${path.replaceAll('/', '-')}`
      : '';
  return `--mount=type=cache,target=${path}${id}${folder.sharing === 'locked' ? ',sharing=locked' : ''}${ownerOf(user) ?? ''}`;
}

/** The options of a mount that give it to the user; '' for root, undefined where the number is not known. */
export function ownerOf({ root, uid, gid }: EffectiveUser): string | undefined {
  if (root) return '';
  return uid && `,uid=${uid}${gid === undefined ? '' : `,gid=${gid}`}`;
}

const knownImages = createMemo<Build, ReadonlyMap<PackageManager, ReadonlySet<string | undefined>>>();

/** Another stage of the file uses the same manager on another image: the two must not share a cache. */
function usesOtherImages(build: Build, { manager }: Install): boolean {
  const images = knownImages.get(build) ?? imagesByManager(build);
  knownImages.set(build, images);
  return (images.get(manager)?.size ?? 0) > 1;
}

function imagesByManager(build: Build): ReadonlyMap<PackageManager, ReadonlySet<string | undefined>> {
  const installs = groupBy(installsOf(build), ({ manager }) => manager);
  return new Map([...installs].map(([manager, all]) => [manager, new Set(all.map(imageOf))]));
}

function imageOf({ stage }: Install): string | undefined {
  let { base } = stage;
  while (base.kind === 'stage') base = base.stage.base;
  return base.kind === 'image' ? base.image : undefined;
}

function slug(install: Install): string {
  return (imageOf(install) ?? rootImageOf(install.stage) ?? 'base').replace(/@.*$/, '').replace(/[^\w.]+/g, '-');
}
