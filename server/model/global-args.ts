import { createMemo } from '../syntax/memo.js';
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

const known = createMemo<Build, ReadonlyMap<string, GlobalArg>>();

/** The ARGs before the first FROM that a word of a FROM uses, each once; of several of one name the last. */
export function globalArgsIn(build: Build, word: string): readonly GlobalArg[] {
  const names = variableNames(word, { escape: build.file.escape });
  if (names.length === 0) return [];
  let all = known.get(build);
  if (!all) {
    all = readGlobalArgs(build);
    known.set(build, all);
  }
  return names.flatMap((name) => all.get(name) ?? []);
}

function readGlobalArgs(build: Build): ReadonlyMap<string, GlobalArg> {
  const found = new Map<string, GlobalArg>();
  for (const instruction of build.file.instructions) {
    if (instruction.keyword === 'FROM') break;
    if (instruction.keyword !== 'ARG') continue;
    for (const { key, rawValue, span } of instruction.pairs) {
      const value = rawValue === undefined ? undefined : build.expand(instruction, rawValue);
      found.set(key, { name: key, value, span });
    }
  }
  return found;
}
