import type { Span } from '../syntax/text.js';
import { variableNames } from '../syntax/variables.js';
import type { Build } from './build.js';

export interface GlobalArg {
  readonly name: string;
  /** Its default after expansion; undefined where it has none. */
  readonly value: string | undefined;
  /** Of `NAME=value` in its ARG instruction. */
  readonly span: Span;
}

/** The ARGs before the first FROM that a word of a FROM uses, in file order; of several of one name the last. */
export function globalArgsIn(build: Build, word: string): readonly GlobalArg[] {
  const names = new Set(variableNames(word, { escape: build.file.escape }));
  if (names.size === 0) return [];
  const found = new Map<string, GlobalArg>();
  for (const instruction of build.file.instructions) {
    if (instruction.keyword === 'FROM') break;
    if (instruction.keyword !== 'ARG') continue;
    for (const { key, rawValue, span } of instruction.pairs) {
      if (!names.has(key)) continue;
      const value = rawValue === undefined ? undefined : build.expand(instruction, rawValue);
      found.set(key, { name: key, value, span });
    }
  }
  return [...found.values()];
}
