import { lineEnding, type Span } from '../syntax/text.js';
import type { BuildContext } from './context.js';

/**
 * An edit that appends patterns to the ignore file that BuildKit reads, or makes a `.dockerignore` in the context's root. Undefined
 * where the ignore file lies outside the context or is a link: another tool reads what it leads to.
 */
export function appendPatterns(
  context: BuildContext,
  patterns: readonly string[],
): { file: string; span: Span; text: string } | undefined {
  const { ignoreFile } = context;
  if (!ignoreFile) {
    if (context.entry('.dockerignore')) return undefined;
    return { file: '.dockerignore', span: { start: 0, end: 0 }, text: `${patterns.join('\n')}\n` };
  }
  if (context.entry(ignoreFile.path)?.type !== 'file') return undefined;
  const { text } = ignoreFile.file;
  const ending = lineEnding(text);
  const lead = text === '' || text.endsWith('\n') ? '' : ending;
  return {
    file: ignoreFile.path,
    span: { start: text.length, end: text.length },
    text: `${lead}${patterns.join(ending)}${ending}`,
  };
}

/** Why `appendPatterns` gives nothing. */
export function appendProblem({ ignoreFile }: BuildContext): string {
  return `no fix: ${ignoreFile?.path ?? '.dockerignore'} is no file of the build context, or a link to another`;
}
