import { parseImageReference } from './image-ref.js';
import { isSpace } from './white-space.js';

/**
 * Does another frontend than Docker's read this text? Then nothing is known of its syntax. Looks where BuildKit looks
 * (`parser/directives.go:DetectSyntax`): after a `#!` line, in `#` or `//` comments at the top.
 */
export function hasForeignFrontend(text: string): boolean {
  const syntax = syntaxOf(text);
  if (syntax === undefined) return false;
  const repository = parseImageReference(syntax)?.repository;
  return repository === undefined || !/(?:^|\/)docker\/dockerfile(?:-upstream)?$/.test(repository);
}

/**
 * Whether a `syntax` directive surely names a frontend older than `major.minor`: `docker/dockerfile:1.4`. One without a version, of
 * a digest only, or no directive at all counts as new.
 */
export function hasOlderFrontend(text: string, major: number, minor: number): boolean {
  const syntax = syntaxOf(text);
  const tag = syntax === undefined ? undefined : parseImageReference(syntax)?.tag;
  const [, first, second] = /^(\d+)\.(\d+)/.exec(tag ?? '') ?? [];
  if (first === undefined || second === undefined) return false;
  return Number(first) < major || (Number(first) === major && Number(second) < minor);
}

/** Whether the frontend surely does not know `RUN --mount`: https://docs.docker.com/build/buildkit/dockerfile-release-notes/#120 */
export function hasNoMounts(text: string): boolean {
  return hasOlderFrontend(text, 1, 2);
}

const SYNTAX_KEY = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=(.*)/s;

function syntaxOf(text: string): string | undefined {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (text.startsWith('#!', at)) at = lineEnd(text, at) + 1;
  const mark = text.startsWith('//', at) ? '//' : '#';
  while (text.startsWith(mark, at)) {
    const end = lineEnd(text, at);
    const match = SYNTAX_KEY.exec(trimStart(text.slice(at + mark.length, end)));
    const key = match?.[1]?.toLowerCase();
    if (key === 'syntax') return match?.[2]?.trim().split(' ', 1)[0] || undefined;
    if (key !== 'escape' && key !== 'check') return undefined;
    at = end + 1;
  }
  return undefined;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function trimStart(text: string): string {
  let at = 0;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return text.slice(at);
}
