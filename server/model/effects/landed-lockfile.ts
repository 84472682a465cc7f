import type { Landing } from '../landing.js';

/** Some COPY brings it that does not name it. */
export function isBroughtWithOthers(path: string, landings: readonly Landing[]): boolean {
  return landings.some(
    ({ taken, transfer }) => taken.has(path) && transfer.sources.every((source) => source.path !== path),
  );
}
