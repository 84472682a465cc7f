import type { Instruction } from './tree.js';

/** All that an instruction says: its line without comments and, each behind a line end, the bodies of its heredocs. */
export function textWithHeredocs({ text, heredocs }: Pick<Instruction, 'text' | 'heredocs'>): string {
  return heredocs.length === 0 ? text : [text, ...heredocs.map(({ content }) => content)].join('\n');
}
