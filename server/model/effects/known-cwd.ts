import { plainImages } from '../../knowledge/plain-images.js';
import type { Instruction } from '../../syntax/tree.js';
import { baseImageOf } from '../base-image.js';
import type { Build, Stage } from '../build.js';
import { rootImageOf } from '../caches.js';

/** The working folder before an instruction; undefined where the base image decides, and what it says is not known. */
export function knownCwd(build: Build, stage: Stage, instruction: Instruction): string | undefined {
  return isDecided(build, stage, instruction.index) ? build.stateBefore(instruction).cwd : undefined;
}

function isDecided(build: Build, stage: Stage, before: number): boolean {
  for (let at: Stage | undefined = stage; at; at = at.base.kind === 'stage' ? at.base.stage : undefined) {
    const set = at.instructions.some(
      (one) =>
        one.keyword === 'WORKDIR' && one.index < before && (build.expand(one, one.text) ?? one.text).startsWith('/'),
    );
    if (set || at.base.kind === 'scratch') return true;
    if (at.base.kind === 'image')
      return baseImageOf(at.base.image)?.workdir !== undefined || plainImages.has(rootImageOf(at) ?? '');
  }
  return false;
}
