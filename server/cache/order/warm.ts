import { type Area, areasMeet, entry } from '../../model/effects/area.js';
import type { Acceptance } from '../../model/effects/command-effects.js';
import type { Effects } from '../../model/effects/instruction-effects.js';
import { relativeTo } from '../../model/path.js';

/** What a new RUN makes that is removed again: it builds or fetches the dependencies without the sources. Paths are those of the image. */
export interface Warm {
  /** What it does where its words alone do not tell. */
  readonly does?: {
    /** What it reads of the context. */
    readonly reads: readonly Area[];
    /** What it would read if it were there. */
    readonly looksFor: readonly Area[];
    /** What it leaves in the project. */
    readonly writes: readonly Area[];
  };
  /** What it makes and removes: nothing may be there yet. */
  readonly empty: readonly Area[];
  /** Why the image stays the same, as sentences without a full stop. */
  readonly safe: readonly string[];
}

/** `found` is what is known of its RUN by its words. */
export function warmEffects(found: Effects, { does, empty }: Warm, acceptance: Acceptance): Effects {
  const isLeft = ({ path }: { readonly path: string }) =>
    !empty.some((one) => relativeTo(one.path, path) !== undefined);
  if (!does) {
    const { reads, writes, folders, loose } = found;
    return {
      ...found,
      reads: reads.filter(isLeft),
      writes: writes.filter(isLeft),
      folders: folders.filter(isLeft),
      loose: loose.filter(isLeft),
    };
  }
  return {
    ...found,
    unknown: undefined,
    reads: does.reads,
    writes: does.writes,
    folders: [],
    system: 'writes',
    web: false,
    accounts: 'none',
    variables: { ...found.variables, others: 'any' },
    loose: acceptance === 'likely' ? does.writes : [],
    looksFor: does.looksFor,
    projects: [],
    caveats: [],
    network: true,
  };
}

/** Whether an instruction before it surely or perhaps puts something where it makes and removes its own. */
export function isInTheWay(effects: Effects | undefined, { does, empty }: Warm): boolean {
  if (!effects) return true;
  const { copied, writes, folders, unknown } = effects;
  if (copied) return empty.some((area) => copied.mayBring(area));
  if (unknown !== undefined) return !does;
  return empty.some(
    (area) => writes.some((one) => areasMeet(one, area)) || folders.some(({ path }) => areasMeet(entry(path), area)),
  );
}
