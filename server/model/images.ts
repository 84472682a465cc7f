import { officialImages } from '../knowledge/official-images.js';
import { type ImageReference, parseImageReference } from '../syntax/image-ref.js';
import { createMemo } from '../syntax/memo.js';
import { mountsOf } from '../syntax/mounts.js';
import type { Span } from '../syntax/text.js';
import type { Dockerfile, Instruction, RunInstruction, TransferInstruction } from '../syntax/tree.js';
import type { Build } from './build.js';

/** A place where a build names an image that a registry (or the local store) has to supply. */
export interface ImageUse {
  readonly by: 'FROM' | 'COPY' | 'RUN';
  readonly instruction: Instruction;
  /** The name as written. */
  readonly word: string;
  readonly span: Span;
  /** After expansion with the defaults of the global ARGs. */
  readonly reference: ImageReference;
}

/**
 * Every image a Dockerfile names: FROM, `COPY --from`, `RUN --mount=…,from=`. Stages, `scratch` and what cannot be known are
 * left out. A plain word in `--from` may also be a build context that the command line or a compose file names.
 */
export function imagesIn(build: Build): readonly ImageUse[] {
  const found = known.get(build) ?? findImages(build);
  known.set(build, found);
  return found;
}

const known = createMemo<Build, readonly ImageUse[]>();

function findImages(build: Build): readonly ImageUse[] {
  const uses: ImageUse[] = [];
  for (const { from, base, instructions } of build.stages) {
    const reference = base.kind === 'image' ? parseImageReference(base.image) : undefined;
    if (reference && from.image) {
      uses.push({ by: 'FROM', instruction: from, word: from.image.text, span: from.image.span, reference });
    }
    for (const instruction of instructions) {
      const inner = instruction.keyword === 'ONBUILD' ? instruction.trigger : instruction;
      if (inner === undefined || inner.flags.length === 0) continue;
      if (inner.keyword === 'COPY') uses.push(...copyUses(build, inner));
      if (inner.keyword === 'RUN') uses.push(...mountUses(build, inner));
    }
  }
  return uses;
}

function copyUses(build: Build, instruction: TransferInstruction): ImageUse[] {
  return instruction.flags.flatMap(({ name, value, valueSpan }) => {
    if (name !== 'from' || value === undefined || !valueSpan) return [];
    const reference = imageNamed(build, value);
    return reference ? [{ by: 'COPY' as const, instruction, word: value, span: valueSpan, reference }] : [];
  });
}

function mountUses(build: Build, instruction: RunInstruction): ImageUse[] {
  return mountsOf(build.file, instruction).mounts.flatMap(({ from, optionSpans }) => {
    const option = optionSpans.get('from');
    const reference = from === undefined ? undefined : imageNamed(build, from);
    if (from === undefined || !option || !reference) return [];
    return [{ by: 'RUN' as const, instruction, word: from, span: valueIn(build.file, option, from), reference }];
  });
}

/** Neither `COPY --from` nor a mount's `from` is expanded, and both look for a stage first. */
function imageNamed(build: Build, name: string): ImageReference | undefined {
  if (name === 'scratch' || name === 'context' || /^\d+$/.test(name) || build.stageByReference(name)) return undefined;
  return parseImageReference(name);
}

function valueIn(file: Dockerfile, option: Span, value: string): Span {
  const at = file.text.slice(option.start, option.end).lastIndexOf(value);
  return at === -1 ? option : { start: option.start + at, end: option.start + at + value.length };
}

/** A name of one word that no registry has: an image that is built on the spot, or a build context with a name. */
export function isLocal({ name }: ImageReference): boolean {
  return !/[/.:]/.test(name) && !officialImages.has(name);
}
