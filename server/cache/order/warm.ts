import { type Area, areasMeet, entry } from '../../model/effects/area.js';
import type { Acceptance } from '../../model/effects/command-effects.js';
import type { Effects } from '../../model/effects/instruction-effects.js';

/** What a new RUN does that builds the dependencies from empty sources and removes these again. Paths are those of the image. */
export interface Warm {
  /** What it reads of the context. */
  readonly reads: readonly Area[];
  /** What it would read if it were there. */
  readonly looksFor: readonly Area[];
  /** What it leaves in the project. */
  readonly writes: readonly Area[];
  /** What it makes and removes: nothing may be there yet. */
  readonly empty: readonly Area[];
  /** Why the image stays the same, as sentences without a full stop. */
  readonly safe: readonly string[];
}

/** `found` is what is known of its RUN by its words. */
export function warmEffects(found: Effects, warm: Warm, acceptance: Acceptance): Effects {
  return {
    ...found,
    unknown: undefined,
    reads: warm.reads,
    writes: warm.writes,
    folders: [],
    system: 'writes',
    web: false,
    accounts: 'none',
    variables: { ...found.variables, others: 'any' },
    loose: acceptance === 'likely' ? warm.writes : [],
    looksFor: warm.looksFor,
    projects: [],
    caveats: [],
    network: true,
  };
}

/** Whether an instruction before it surely or perhaps puts something where it makes and removes its own. */
export function isInTheWay(effects: Effects | undefined, { empty }: Warm): boolean {
  if (!effects) return true;
  const { copied, writes, folders, unknown } = effects;
  if (copied) return empty.some((area) => copied.mayBring(area));
  if (unknown !== undefined) return false;
  return empty.some(
    (area) => writes.some((one) => areasMeet(one, area)) || folders.some(({ path }) => areasMeet(entry(path), area)),
  );
}
