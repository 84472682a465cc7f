import type { KeyInput } from '../cache/key.js';
import { shownText } from '../cache/unknown-text.js';

/** One input of a cache key in words: what it is, and its value or what counts of it. */
export interface DescribedInput {
  readonly kind: string;
  readonly text: string;
  /** The text is a part of a sentence, not a value. */
  readonly prose?: true;
}

/** As `layerwise keys` and the editor show them. The order of the variables goes without saying. */
export function describeInputs(inputs: readonly KeyInput[]): readonly DescribedInput[] {
  return inputs
    .filter(({ kind }) => kind !== 'environment-order')
    .map((input) => {
      const { text, ...described } = describe(input);
      return { ...described, text: shownText(text) };
    })
    .filter(({ kind, text }) => kind !== 'names' || text !== '');
}

function describe(input: KeyInput): DescribedInput {
  const { kind } = input;
  switch (input.kind) {
    case 'previous':
      return { kind: 'step above', text: 'the key of the step before it', prose: true };
    case 'base-image':
      return { kind: 'base image', text: `the layers of ${input.image}`, prose: true };
    case 'command':
      return { kind, text: JSON.stringify(input.argv) };
    case 'variable':
      return input.value === `$${input.name}`
        ? { kind: input.from, text: `${input.name}, which the builder sets`, prose: true }
        : { kind: input.from, text: `${input.name}=${input.value}` };
    case 'folder':
      return shownText(input.path) === ''
        ? { kind, text: 'depends on variables of the base image', prose: true }
        : { kind, text: input.path };
    case 'destination':
      return { kind, text: input.path };
    case 'user':
      return input.user ? { kind, text: input.user } : { kind, text: 'that of the base image', prose: true };
    case 'option':
      return { kind, text: `${input.name}=${input.value}` };
    case 'mount':
      return { kind, text: input.text.replaceAll('undefined', '').trim() };
    case 'files':
      return { kind, text: describeFiles(input), prose: true };
    case 'source-names':
      return { kind: 'names', text: input.names.join(' ') };
    case 'text':
      return { kind: 'heredoc', text: `${input.name}, ${input.content.length} characters`, prose: true };
    default:
      return { kind, text: '' };
  }
}

function describeFiles({ origin, paths, exclude, parents }: Extract<KeyInput, { kind: 'files' }>): string {
  const where = {
    context: 'of the build context',
    stage: origin.kind === 'stage' ? `of stage ${origin.stage.name ?? origin.stage.index}` : '',
    image: origin.kind === 'image' ? `of image ${origin.image}` : '',
    remote: origin.kind === 'remote' ? `behind ${origin.url}` : '',
    inline: 'of a heredoc',
  }[origin.kind];
  const shown = paths.map((one) => (origin.kind === 'context' ? one.slice(1) || '.' : one)).join(' ');
  return `content and modes of ${shown} ${where}${exclude.length > 0 ? `, without ${exclude.join(' ')}` : ''}${parents ? ', with their paths' : ''}`;
}
