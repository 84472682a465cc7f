import { imagesIn } from '../model/images.js';
import { isAutomatic } from '../model/stages.js';
import type { ImageReference } from '../syntax/image-ref.js';
import type { HoverPart } from './hover.js';
import { imagePage } from './image-page.js';
import { innerOf, instructionAt, touches } from './instruction-at.js';
import { codeSpan } from './markdown.js';
import type { Opened } from './opened.js';
import { stageMentions } from './stage-names.js';
import { definitionOf, mentionsIn, type VariableMention } from './variable-names.js';

/** On the name of an image, a stage or a variable: its parts, its value, and where that comes from. */
export function hoverReference(opened: Opened, offset: number): HoverPart | undefined {
  const { parsed } = opened;
  if (parsed.kind !== 'dockerfile') return undefined;
  const instruction = instructionAt(parsed.file, offset);
  const variable = instruction && mentionsIn(parsed.build, instruction).find(({ span }) => touches(span, offset));
  if (variable) return hoverVariable(opened, variable);
  const stage = stageMentions(parsed.build).find(({ span }) => touches(span, offset));
  if (stage) return { span: stage.span, markdown: stageText(opened, stage.stage) };
  const image = imagesIn(parsed.build).find(({ span }) => touches(span, offset));
  return image && { span: image.span, markdown: imageText(image.reference, image.word) };
}

function imageText(reference: ImageReference, word: string): string {
  const { registry, repository, tag, digest } = reference;
  const page = imagePage(reference);
  const isLatest = tag === undefined && digest === undefined;
  return [
    ...(word.includes('$')
      ? [`${codeSpan(word)} is ${codeSpan(textOf(reference))} with the defaults of the ARGs`]
      : []),
    [
      `- Registry: ${codeSpan(registry)}`,
      `- Repository: ${codeSpan(repository)}`,
      ...(tag === undefined ? [] : [`- Tag: ${codeSpan(tag)}`]),
      ...(isLatest ? ['- Tag: none, which means `latest`'] : []),
      ...(digest === undefined ? [] : [`- Digest: ${codeSpan(digest)}`]),
    ].join('\n'),
    ...(page === undefined ? [] : [`[Page of the image](${page})`]),
  ].join('\n\n');
}

function textOf({ name, tag, digest }: ImageReference): string {
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

type Stage = ReturnType<typeof stageMentions>[number]['stage'];

function stageText({ parsed }: Opened, stage: Stage): string {
  if (parsed.kind !== 'dockerfile') return '';
  const { base, instructions, index, name } = stage;
  const from =
    base.kind === 'stage'
      ? `the stage ${codeSpan(base.stage.name ?? String(base.stage.index))}`
      : base.kind === 'image'
        ? codeSpan(base.image)
        : base.kind === 'scratch'
          ? 'nothing (`scratch`)'
          : 'an image that is not known here';
  const needed = parsed.build.needed.has(stage) ? '' : '\n\nThe last stage does not need it.';
  const count = instructions.length === 1 ? '1 instruction' : `${instructions.length} instructions`;
  return `Stage ${codeSpan(name ?? String(index))}: ${count} on ${from}${needed}`;
}

function hoverVariable({ parsed, document }: Opened, mention: VariableMention): HoverPart | undefined {
  if (parsed.kind !== 'dockerfile') return undefined;
  const { build } = parsed;
  const { name, span } = mention;
  if (mention.isLocal) return undefined;
  const definition = definitionOf(build, mention);
  const value = mention.sets === undefined ? build.variable(mention.instruction, name) : setValue(build, mention);
  if (value === undefined && !definition) return undefined;
  const origin = definition
    ? `${definition.sets === 'env' ? 'ENV' : 'ARG'} in line ${document.positionAt(definition.span.start).line + 1}`
    : 'the base image';
  const isArgument = definition?.sets === 'arg' ? `, which \`--build-arg ${name}=…\` replaces` : '';
  const isSetByBuilder = value === undefined && isArgument !== '' && isAutomatic(name);
  const unknown = isSetByBuilder ? 'is set by the builder' : 'has no value that is known here';
  const what = value === undefined ? unknown : `is ${codeSpan(value)}`;
  return { span, markdown: `${codeSpan(name)} ${what}\n\nFrom ${origin}${isArgument}` };
}

function setValue(
  build: Parameters<typeof definitionOf>[0],
  { instruction, span, name }: VariableMention,
): string | undefined {
  const inner = innerOf(instruction);
  if (inner.keyword !== 'ENV' && inner.keyword !== 'ARG') return undefined;
  const pair = inner.pairs.find(({ keySpan }) => keySpan.start === span.start);
  if (pair?.rawValue !== undefined) return build.expand(instruction, pair.rawValue);
  const global = build.file.instructions.findLast(
    (one) =>
      one.keyword === 'ARG' &&
      build.stageOf(one) === undefined &&
      one.pairs.some(({ key, rawValue }) => key === name && rawValue !== undefined),
  );
  const raw = global?.keyword === 'ARG' ? global.pairs.findLast(({ key }) => key === name)?.rawValue : undefined;
  return global && raw !== undefined ? build.expand(global, raw) : undefined;
}
