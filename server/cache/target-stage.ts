import type { FromInstruction } from '../syntax/tree.js';
import type { CacheBuilder } from './side.js';

/**
 * The stage that `--target` means, the last one without it; undefined where there is none. Builders take a name in any case, of two
 * equal ones the first (BuildKit: the last), and no number (`findStateByName` of BuildKit, `HasStage` of the classic builder,
 * `targetStage` of kaniko). Only Buildah minds the case of a name and takes a number too (`ThroughTarget` of imagebuilder).
 */
export function targetStage<Stage extends { readonly from: FromInstruction }>(
  stages: readonly Stage[],
  target: string | undefined,
  builder: CacheBuilder,
): Stage | undefined {
  if (!target) return stages.at(-1);
  if (builder === 'buildah')
    return (
      stages.findLast(({ from }) => from.alias?.text === target) ??
      (/^\d+$/.test(target) ? stages[Number(target)] : undefined)
    );
  const isMeant = ({ from }: Stage) => from.alias?.text.toLowerCase() === target.toLowerCase();
  return builder === 'classic' || builder === 'kaniko' ? stages.find(isMeant) : stages.findLast(isMeant);
}
