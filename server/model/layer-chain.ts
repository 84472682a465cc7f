import { createMemo } from '../syntax/memo.js';
import type { Build, Stage } from './build.js';

const known = createMemo<Build, readonly Stage[]>();

/**
 * The stages whose layers the final image consists of, the lowest first: the target and those it is built FROM. What another stage
 * writes and deletes never reaches the image.
 */
export function layerChain(build: Build): readonly Stage[] {
  let chain = known.get(build);
  if (!chain) {
    const stages: Stage[] = [];
    for (let stage = build.target; stage; stage = stage.base.kind === 'stage' ? stage.base.stage : undefined)
      stages.push(stage);
    chain = stages.reverse();
    known.set(build, chain);
  }
  return chain;
}
