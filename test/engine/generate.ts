import fc from 'fast-check';
import type { Build, EngineCase, Tree } from './case.js';
import { Changer } from './generate-changes.js';
import { Dice } from './generate-dice.js';
import { type Draft, DraftMaker } from './generate-draft.js';

/** A build of one to four stages over a small tree, and any change to it. */
export const arbitraryCase: fc.Arbitrary<EngineCase> = cases(0);

/** The same, where one instruction in three has options that are rarer in practice. */
export const arbitraryRareCase: fc.Arbitrary<EngineCase> = cases(33);

function cases(rare: number): fc.Arbitrary<EngineCase> {
  return fc.array(fc.nat(0x7fff_ffff), { minLength: 400, maxLength: 400 }).map((numbers) => caseOf(numbers, rare));
}

function caseOf(numbers: readonly number[], rare: number): EngineCase {
  const dice = new Dice(numbers);
  const maker = new DraftMaker(dice, rare);
  const changer = new Changer(dice, maker);
  const before = maker.draft();
  const after: Draft = structuredClone(before);
  const changes = dice.one([1, 1, 1, 2, 3]);
  const names = Array.from({ length: changes }, () => changer.change(after));
  const moved = names.includes('moved');
  return { name: names.join('+'), before: buildOf(before), after: buildOf(after), ...(moved ? { moved } : {}) };
}

function buildOf({ stages, files, args, target }: Draft): Build {
  const dockerfile = stages
    .map(({ name, base, lines }) => [`FROM ${base}${name === undefined ? '' : ` AS ${name}`}`, ...lines].join('\n'))
    .join('\n');
  const tree: Tree = files;
  return { dockerfile: `${dockerfile}\n`, files: tree, args, ...(target === undefined ? {} : { target }) };
}
