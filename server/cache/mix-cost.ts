import { installCost, shareOfRepeated } from '../knowledge/costs.js';
import type { MixTask } from '../model/mix-tasks.js';

/** What is known of a call of mix besides its tasks. */
export interface MixCalled {
  /** Tasks of the calls before it in the stage. */
  readonly before: readonly MixTask[];
  /** Packages that `mix.lock` names. */
  readonly packages: number;
  /** What remains of fetching them. */
  readonly share: number;
}

/**
 * What the tasks of a call cost. Packages are fetched in no time, and then compiled one after the other by the first task that needs them:
 * `deps.compile`, or one that compiles the project.
 */
export function costOfMix(tasks: readonly MixTask[], { before, packages, share }: MixCalled) {
  const cost = installCost('mix');
  let [seconds, bytes] = [0, 0];
  let isFetched = before.some(isFetching);
  let isCompiled = before.some(compiles);
  for (const task of tasks) {
    if (!builds(task)) seconds += cost.seconds;
    if (isFetching(task)) {
      seconds += packages * cost.secondsPerPackage * (isFetched ? Math.min(share, shareOfRepeated) : share);
      bytes += packages * cost.bytesPerPackage;
      isFetched = true;
    }
    if (!compiles(task)) continue;
    if (isFetched && !isCompiled) seconds += packages * (cost.compilePerPackage ?? 0);
    isCompiled = true;
  }
  if (tasks.some(builds)) seconds += cost.build;
  return { seconds, bytes };
}

const isFetching = ({ name }: MixTask) => name === 'deps.get';

const compiles = (task: MixTask) => task.name === 'deps.compile' || builds(task);

/** Tasks that fetch, install or tell something do not compile the project; those of projects and packages mostly do. */
const builds = ({ name }: MixTask) => !/^(?:deps|local|archive|hex|help|new|phx\.new|-.*)(?:\.|$)/.test(name);
