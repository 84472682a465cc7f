import type { Build } from '../../model/build.js';
import { entry } from '../../model/effects/area.js';
import { isPlainPattern } from '../../model/effects/copied.js';
import { imagesIn, isLocal } from '../../model/images.js';
import { relativeTo } from '../../model/path.js';
import { type ImageReference, parseImageReference } from '../../syntax/image-ref.js';
import { lineEnding, type Span } from '../../syntax/text.js';
import type { Dockerfile } from '../../syntax/tree.js';
import type { Piece } from './expand.js';
import type { StageEffects } from './stage-effects.js';

/** More of them make no readable line. */
const mostLockfiles = 2;

/**
 * The COPY without the lockfiles that a RUN behind it may write anew, so that the RUN can stand before it: they come with the manifests,
 * and stay as the RUN leaves them; `already` are those that it leaves out for other RUNs. Undefined where that does not help, or cannot
 * be said.
 */
export function withoutLockfiles(
  build: Build,
  stage: StageEffects,
  earlier: number,
  later: number,
  already: readonly string[] = [],
): Piece | undefined {
  const [from, reader] = [stage.effects[earlier], stage.effects[later]];
  const { instruction, copied } = from ?? {};
  if ((instruction?.keyword !== 'COPY' && instruction?.keyword !== 'ADD') || !copied || !reader) return undefined;
  const [only, ...others] = copied.mappings;
  if (instruction.sources.length !== 1 || only?.kind !== 'tree' || others.length > 0 || !knowsExclude(build))
    return undefined;
  if (instruction.flags.some(({ name }) => name === 'exclude' || name === 'parents')) return undefined;
  const own = reader.rewrites.filter((path) => copied.mayBring(entry(path)));
  const brought = [...new Set([...already, ...own])];
  if (own.length === 0 || brought.length > mostLockfiles) return undefined;
  const patterns = brought.map((path) => relativeTo(only.image, path) ?? '');
  if (!patterns.every(isPlainPattern) || stage.reasonWithCopies(earlier, later, brought) !== undefined)
    return undefined;
  const { text } = build.file;
  const at = instruction.flags.at(-1)?.span.end ?? instruction.keywordSpan.end;
  const flags = patterns.map((pattern) => ` --exclude=${pattern}`).join('');
  return {
    text: text.slice(instruction.span.start, at) + flags + text.slice(at, instruction.span.end),
    role: 'rest',
    without: brought,
  };
}

/** The text of such a COPY which leaves out no other lockfiles than those that are needed. */
export function leavingOut(text: string, { without = [] }: Pick<Piece, 'without'>, needed: readonly string[]): string {
  let at = 0;
  return text.replaceAll(/ --exclude=\S+/g, (flag) => {
    const path = without[at++];
    return path === undefined || needed.includes(path) ? flag : '';
  });
}

/** Its syntax has the flag, or one that has it can be named: then the builder gets it from where it gets a base image too. */
function knowsExclude(build: Build): boolean {
  const { directives, text } = build.file;
  const syntax = directives.find(({ name }) => name === 'syntax');
  if (syntax) return hasExclude(parseImageReference(syntax.value));
  const isOfDockerHub = (one: ImageReference) => one.registry === 'docker.io' && !isLocal(one);
  return (
    !text.startsWith('#!') && imagesIn(build).some(({ by, reference }) => by === 'FROM' && isOfDockerHub(reference))
  );
}

/**
 * The flag came with 1.7-labs and is in all of 1.19 and later; `1` is the newest of them
 * (docs.docker.com/reference/dockerfile/#copy---exclude, docs.docker.com/build/buildkit/frontend).
 */
function hasExclude(syntax: ImageReference | undefined): boolean {
  if (!syntax || syntax.digest !== undefined || !/^docker\/dockerfile$/.test(syntax.repository)) return false;
  const [, minor, labs] = /^1(?:\.(\d+)(?:\.\d+)?)?(-labs)?$/.exec(syntax.tag ?? '1') ?? [undefined, '0'];
  // A mirror may hold an old image under a tag that moves.
  if (syntax.registry !== 'docker.io' && minor === undefined) return false;
  if (['latest', 'labs'].includes(syntax.tag ?? '')) return true;
  return minor === undefined || Number(minor) >= (labs ? 7 : 19);
}

/** Names the syntax that the proposal needs, where the file names none; it belongs at the top, before other directives. */
export function syntaxLine({
  text,
  directives,
}: Dockerfile): { readonly span: Span; readonly text: string } | undefined {
  if (directives.some(({ name }) => name === 'syntax')) return undefined;
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  return { span: { start, end: start }, text: `# syntax=docker/dockerfile:1${lineEnding(text)}` };
}
