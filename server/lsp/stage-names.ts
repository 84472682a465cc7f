import type { Build, Stage } from '../model/build.js';
import { mountsOf } from '../syntax/mounts.js';
import type { Span } from '../syntax/text.js';
import type { Dockerfile, Instruction } from '../syntax/tree.js';
import { innerOf } from './instruction-at.js';

/** A place where a Dockerfile names one of its stages. */
export interface StageMention {
  readonly stage: Stage;
  readonly span: Span;
  readonly isDefinition: boolean;
  /** Written as the stage's name: not by number, not through a variable. */
  readonly byName: boolean;
}

/** All mentions in the order of the text. */
export function stageMentions(build: Build): readonly StageMention[] {
  const found: StageMention[] = [];
  const add = (stage: Stage, span: Span, isDefinition: boolean) => {
    const written = build.file.text.slice(span.start, span.end).toLowerCase();
    found.push({ stage, span, isDefinition, byName: written === stage.name });
  };
  for (const stage of build.stages) {
    const { image, alias } = stage.from;
    if (stage.base.kind === 'stage' && image) add(stage.base.stage, image.span, false);
    if (alias) add(stage, alias.span, true);
    for (const instruction of stage.instructions) {
      for (const { name, span } of fromNames(build.file, innerOf(instruction))) {
        const target = build.stageByReference(name);
        if (target) add(target, span, false);
      }
    }
  }
  return found;
}

/** The values of `COPY --from` and of the `from` of mounts. */
export function fromNames(file: Dockerfile, instruction: Instruction): { name: string; span: Span }[] {
  if (instruction.keyword === 'COPY') {
    return instruction.flags.flatMap(({ name, value, valueSpan }) =>
      name === 'from' && value !== undefined && valueSpan ? [{ name: value, span: valueSpan }] : [],
    );
  }
  if (instruction.keyword !== 'RUN') return [];
  return mountsOf(file, instruction).mounts.flatMap(({ from, optionSpans }) => {
    const option = optionSpans.get('from');
    if (from === undefined || !option) return [];
    const equals = file.text.indexOf('=', option.start);
    return [{ name: from, span: { start: Math.min(equals + 1, option.end), end: option.end } }];
  });
}
