import type { Rebuild, StepResult } from '../../server/cache/rebuild.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import type { ShownVertex } from './build.js';
import type { SaltedCase } from './case.js';

/**
 * What an engine did with each step of the model, one letter each: `c` cached, `r` ran, `l` a linked copy that was cached and
 * linked again, `.` not shown. A capital: it is shown under the name of an equal step of another stage.
 */
export function observe(one: SaltedCase, { steps }: Rebuild, vertices: readonly ShownVertex[]): string {
  if (process.env.DEBUG_VERTICES) console.log(one.name, vertices);
  const names = stageNames(one);
  const byPlace = new Map<string, ShownVertex>();
  const links = new Map<string, ShownVertex>();
  for (const vertex of vertices) {
    const read = /^\[(?:(\S+) +)?(\d+)\/\d+\] (?:ONBUILD )?(LINK )?/.exec(vertex.name.replace(/^\[\s+/, '['));
    if (read) (read[3] ? links : byPlace).set(`${read[1] ?? names[0]} ${read[2]}`, vertex);
  }
  return placesOf(one, steps, names)
    .map((place, index) => {
      const own = byPlace.get(place);
      if (own) return own.state === 'cached' && links.get(place)?.state === 'ran' ? 'l' : letterOf(own);
      const step = steps[index];
      const twin = step && equalStep(place, step, vertices);
      return twin ? letterOf(twin).toUpperCase() : '.';
    })
    .join('');
}

function letterOf({ state }: ShownVertex): string {
  return state === 'ran' ? 'r' : 'c';
}

/** As BuildKit names stages in its progress, but where there is only one: then it shows no name. */
function stageNames({ after }: SaltedCase): readonly string[] {
  const froms = parseDockerfile(after.dockerfile).instructions.filter(({ keyword }) => keyword === 'FROM');
  return froms.map((from, index) =>
    from.keyword === 'FROM' && from.alias ? from.alias.text.toLowerCase() : `stage-${index}`,
  );
}

/** `STAGE NUMBER` of each step, as BuildKit counts: a FROM of an image is number 1. */
function placesOf(one: SaltedCase, steps: readonly StepResult[], names: readonly string[]): string[] {
  const counts = new Map<number, number>();
  const file = parseDockerfile(one.after.dockerfile);
  const froms = file.instructions.filter(({ keyword }) => keyword === 'FROM');
  return steps.map(({ stage }) => {
    const from = froms[stage];
    const image = from?.keyword === 'FROM' ? (from.image?.text ?? '') : '';
    const fromImage = image !== 'scratch' && !names.slice(0, stage).includes(image);
    const number = (counts.get(stage) ?? (fromImage ? 1 : 0)) + 1;
    counts.set(stage, number);
    return `${names[stage]} ${number}`;
  });
}

/** BuildKit shows equal operations once, under the name of one of them. */
function equalStep(
  place: string,
  { instruction }: StepResult,
  vertices: readonly ShownVertex[],
): ShownVertex | undefined {
  const number = place.slice(place.indexOf(' ') + 1);
  const text = `${instruction.keyword} `;
  return vertices.find(({ name }) => {
    const read = /^\[\s*(?:\S+ +)?(\d+)\/\d+\] (?:ONBUILD )?(.*)$/s.exec(name);
    return (
      read?.[1] === number && read[2]?.startsWith(text) && read[2].includes(instruction.text.split('\n', 1)[0] ?? '')
    );
  });
}
