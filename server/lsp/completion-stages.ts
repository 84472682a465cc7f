import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import type { Build } from '../model/build.js';
import type { Instruction } from '../syntax/tree.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';

/** What stands in an instruction before the place, continuations joined. */
export interface Typed {
  readonly instruction: Instruction;
  /** Whole words before the one at the place, the keyword left out. */
  readonly words: readonly string[];
  /** The word at the place, as far as it is typed. */
  readonly word: string;
}

/** Stages that stand above the instruction; `typed` is what there is of the name. */
export function completeStage(
  { document }: Opened,
  offset: number,
  build: Build,
  instruction: Instruction,
  typed: string,
): CompletionItem[] {
  const range = rangeOf(document, { start: offset - typed.length, end: offset });
  const own = build.stageOf(instruction);
  return build.stages
    .filter((stage) => stage.name !== undefined && stage.index < (own?.index ?? Number.POSITIVE_INFINITY))
    .map(({ name = '', from }) => ({
      label: from.alias?.text ?? name,
      kind: CompletionItemKind.Module,
      detail: `FROM ${from.image?.text ?? ''}`,
      textEdit: { range, newText: name },
    }));
}
