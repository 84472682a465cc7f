import { officialName, parseImageReference } from '../../syntax/image-ref.js';
import { textWithHeredocs } from '../../syntax/text-with-heredocs.js';
import type { Stage } from '../build.js';
import { stagesDown } from '../caches.js';
import type { Install } from '../installs.js';

/** What may bring another npm than the image has. */
const brings =
  /\bnpm@|\bnvm\b|\bcorepack\b|\bvolta\b|\bnodejs\b|(?:^|\s)n\s+\d|\bnpm\b.*\s(?:-g|--global|--location)\b.*\bnpm\b/s;

/** Whether an install runs with npm 6 or older for certain: an official image of Node before 15, whose npm nothing replaces. */
export function hasOldNpm({ stage, run }: Pick<Install, 'stage' | 'run'>): boolean {
  const stages = stagesDown(stage);
  for (const { instructions } of stages) {
    for (const one of instructions) {
      if (one.index > run.index) break;
      if (one.keyword === 'RUN' && brings.test(textWithHeredocs(one))) return false;
      const into = one.keyword === 'COPY' || one.keyword === 'ADD' ? one.destination?.text : undefined;
      if (into !== undefined && /^\/(?:(?:usr|opt|bin)(?:\/|$)|$)|\$/.test(into)) return false;
    }
  }
  return isOldNode(stages);
}

function isOldNode(stages: readonly Stage[]): boolean {
  const base = stages.map((stage) => stage.base).find(({ kind }) => kind === 'image');
  const reference = base?.kind === 'image' ? parseImageReference(base.image) : undefined;
  const version =
    reference && officialName(reference) === 'node' ? /^(\d+)(?![\d])/.exec(reference.tag ?? '') : undefined;
  return version != null && Number(version[1]) < 15;
}
