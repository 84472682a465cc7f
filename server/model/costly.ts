import { countWhile } from '../syntax/count-while.js';
import { createMemo } from '../syntax/memo.js';
import { parseShell } from '../syntax/shell.js';
import type { Instruction, RunInstruction } from '../syntax/tree.js';
import type { Build, Stage } from './build.js';

/** Programs whose step costs next to nothing. */
const quick: ReadonlySet<string> = new Set(
  ': [ addgroup adduser cat cd chgrp chmod chown cp echo env export false find getent groupadd id ln ls mkdir mv printf pwd rm rmdir sed set stat test touch true useradd usermod'
    .split(' ')
    .concat(''),
);

/** False for a RUN that only moves a few files about or makes an account. */
export function isCostly(build: Build, run: RunInstruction): boolean {
  const { commands, language } = parseShell(build.file, run, build.stateBefore(run).shell);
  return language === 'none' || commands.some(({ name }) => name === undefined || !quick.has(name));
}

/** The steps of a stage that run again with one of them: itself and what follows, WORKDIRs left out. */
export function stepsFrom({ instructions }: Stage, { index }: Instruction): readonly Instruction[] {
  return instructions.filter(
    (one) => one.index >= index && (one.keyword === 'RUN' || one.keyword === 'COPY' || one.keyword === 'ADD'),
  );
}

const known = createMemo<Stage, readonly RunInstruction[]>();

/** The costly RUNs of a stage, those that `from` (an index of the file) comes before and `to` does not. */
export function costlyRuns(
  build: Build,
  stage: Stage,
  from: number,
  to = Number.POSITIVE_INFINITY,
): readonly RunInstruction[] {
  const all =
    known.get(stage) ??
    stage.instructions.filter((one): one is RunInstruction => one.keyword === 'RUN' && isCostly(build, one));
  known.set(stage, all);
  return all.slice(
    countWhile(all, ({ index }) => index <= from),
    countWhile(all, ({ index }) => index < to),
  );
}
