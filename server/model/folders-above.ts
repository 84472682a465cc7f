import type { Instruction } from '../syntax/tree.js';
import { type CachePlace, type EffectiveUser, stagesDown } from './caches.js';
import type { Install } from './installs.js';
import { relativeTo } from './path.js';

/**
 * Folders above a mount that are not there yet are root's, whatever `uid` the mount has (tried with BuildKit 0.25; moby/buildkit#1237):
 * another user can write nothing else there.
 */
export function takesFoldersAbove(
  { run, stage }: Install,
  { root, name, home }: EffectiveUser,
  { folder, path }: CachePlace,
): boolean {
  // The image of Gradle has `.gradle` in the home of its user.
  if (root || !folder.beside || home === undefined || name === 'gradle') return false;
  const [first, ...more] = relativeTo(home, path)?.split('/') ?? [];
  return more.length > 0 && !stagesDown(stage).some((one) => one.instructions.some(mayMake));

  function mayMake({ keyword, index, text }: Instruction): boolean {
    return /^(?:RUN|COPY|ADD|WORKDIR)$/.test(keyword) && index < run.index && text.includes(`/${first}`);
  }
}
