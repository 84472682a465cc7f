import { mountsOf } from '../syntax/mounts.js';
import type { Span } from '../syntax/text.js';
import type { Instruction } from '../syntax/tree.js';
import type { Build } from './build.js';

/** A stage that an instruction must not name. */
export interface StageProblem {
  /** As BuildKit says it. */
  readonly message: string;
  readonly span: Span;
  /** Index of the instruction. */
  readonly instruction: number;
}

/**
 * References to a stage that does not come before, in the stages that the target needs: BuildKit reads the others only when they are
 * needed (`dockerfile2llb/convert.go`; seen with 0.25). A number that no stage has is an error of COPY; a mount takes it for an image.
 */
export function stageProblems(build: Build): readonly StageProblem[] {
  return build.stages.flatMap((stage) =>
    build.needed.has(stage)
      ? stage.instructions.flatMap((one) =>
          namesIn(build, one).flatMap(({ name, span, isMount, target }): StageProblem[] => {
            const number = /^\d+$/.test(name) ? Number(name) : undefined;
            if (number !== undefined && number >= build.stages.length)
              return isMount ? [] : [{ message: `invalid stage index ${name}`, span, instruction: one.index }];
            const found = build.stageByReference(name);
            if (!found || found.index < stage.index) return [];
            const own = stage.name ?? String(stage.index);
            const message =
              found === stage
                ? `circular dependency detected on stage: ${own}`
                : isMount
                  ? `cannot mount from stage "${name}" to "${target}", stage needs to be defined before current command`
                  : `cannot copy from stage "${name}", it needs to be defined before current stage "${own}"`;
            return [{ message, span, instruction: one.index }];
          }),
        )
      : [],
  );
}

interface Reference {
  readonly name: string;
  readonly span: Span;
  readonly isMount: boolean;
  readonly target: string;
}

function namesIn({ file }: Build, one: Instruction): readonly Reference[] {
  if (one.flags.length === 0) return [];
  if (one.keyword === 'RUN')
    return mountsOf(file, one).mounts.flatMap(({ from, span, target = '' }) =>
      from === undefined || from.includes('$') ? [] : [{ name: from, span, isMount: true, target }],
    );
  if (one.keyword !== 'COPY') return [];
  return one.flags.flatMap(({ name, value, span }) =>
    name === 'from' && value !== undefined && !value.includes('$')
      ? [{ name: value, span, isMount: false, target: '' }]
      : [],
  );
}
