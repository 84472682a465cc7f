import type { Build, Stage } from '../../model/build.js';
import { cacheMountsOf, hasCacheMounts, stagesUp } from '../../model/caches.js';
import type { BuildContext } from '../../model/context.js';
import { areasMeet, tree } from '../../model/effects/area.js';
import type { Effects } from '../../model/effects/instruction-effects.js';
import { needsOf } from '../../model/mount-needs.js';
import { outputNeedsOf } from '../../model/mount-outputs.js';
import type { Instruction } from '../../syntax/tree.js';

/** Two RUNs of which one leaves in a cache mount what the other takes from there. */
export interface MountTie {
  readonly from: Instruction;
  readonly to: Instruction;
}

/**
 * Where a builder has the result of the first of two such RUNs and no longer the mount, the second fails: what makes the second run
 * again must make the first run too, as far as it does in the author's order. `effects` are those of the stage.
 */
export function mountTies(
  build: Build,
  stage: Stage,
  context: BuildContext,
  effects: readonly Effects[],
): readonly MountTie[] {
  if (!hasCacheMounts(build)) return [];
  const needed = [
    ...needsOf(build).map(({ install, by, mounted }) => ({ from: install.run, to: by, mounted })),
    ...outputNeedsOf(build, context).map(({ maker, by }) => ({ from: maker, to: by, mounted: by.keyword === 'RUN' })),
  ].filter(({ mounted }) => mounted);
  const runs = stagesUp(build, stage).flatMap(({ instructions }) => instructions);
  const shared = effects.flatMap(({ instruction: from, inMounts }) =>
    runs.flatMap((to): MountTie[] => {
      if (inMounts.length === 0 || to.keyword !== 'RUN' || to.index <= from.index) return [];
      const targets = cacheMountsOf(build, to).flatMap(({ target }) => target ?? []);
      const isShared = targets.some((target) => inMounts.some((area) => areasMeet(area, tree(target))));
      return isShared ? [{ from, to }] : [];
    }),
  );
  return [...needed, ...shared];
}
