import type { Instruction } from '../syntax/tree.js';
import type { Build } from './build.js';

/**
 * The build argument whose default names a folder of a path in the context, if the stage of the instruction uses it: with another value
 * it would be another path.
 */
export function argumentNaming(build: Build, instruction: Instruction, path: string): string | undefined {
  const instructions = build.stageOf(instruction)?.instructions ?? [];
  const uses = (name: string) =>
    instructions.some(
      ({ keyword, text }) => keyword !== 'ARG' && (text.includes(`$${name}`) || text.includes(`\${${name}`)),
    );
  const names = instructions.flatMap((one) =>
    one.keyword === 'ARG' && one.index <= instruction.index ? one.pairs.map(({ key }) => key) : [],
  );
  return names.find((name) => {
    const folder = (build.variable(instruction, name) ?? '').replace(/^[./]+|\/+$/g, '');
    return folder !== '' && `/${path}/`.includes(`/${folder}/`) && uses(name);
  });
}
