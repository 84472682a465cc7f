import { applyEdits } from '../core/fix.js';
import type { BuildContext } from '../model/context.js';
import { ignoreEffects, type PatternEffect } from '../model/ignore-effects.js';
import { sizeText } from '../model/transfers.js';
import type { IgnorePattern } from '../syntax/dockerignore.js';
import { wholeLines } from '../syntax/text.js';
import type { HoverPart } from './hover.js';
import { touches } from './instruction-at.js';
import { codeSpan } from './markdown.js';
import type { Opened } from './opened.js';

/** More files than this are not looked at. */
const MOST_FILES = 20_000;

/** On a pattern of an ignore file: what it keeps away or brings back, or why it does nothing. */
export function hoverPattern(opened: Opened, offset: number): HoverPart | undefined {
  const { parsed, surroundings } = opened;
  const { context } = surroundings;
  if (parsed.kind !== 'dockerignore' || !context) return undefined;
  const pattern = parsed.file.patterns.find(({ span }) => touches(span, offset));
  if (!pattern) return undefined;
  const { effects, complete } = ignoreEffects(parsed.file, context);
  const effect = effects.find((one) => one.pattern === pattern);
  return effect && { span: pattern.span, markdown: describe(opened, context, effect, complete) };
}

function describe(opened: Opened, context: BuildContext, effect: PatternEffect, complete: boolean): string {
  const { pattern, matches } = effect;
  const name = codeSpan(pattern.source);
  if (matches === 0) {
    return complete
      ? `${name} matches nothing in the context ${codeSpan(context.name)} as it is now`
      : `${name} matches nothing in the part of the context that was looked through`;
  }
  const change = changeBy(opened, context, pattern);
  if (change?.files === 0) {
    return `${name} matches ${matches === 1 ? '1 entry' : `${matches} entries`} and changes nothing: ${reason(effect)}${examples(effect)}`;
  }
  const size = change ? sizeText(change) : `${matches} entries`;
  return `${pattern.exception ? 'Brings back' : 'Leaves out'} **${size}**${examples(effect)}`;
}

/** The files that are sent only without the pattern, or for an exception only with it. */
function changeBy(
  { parsed, surroundings, text }: Opened,
  context: BuildContext,
  pattern: IgnorePattern,
): { files: number; bytes: number; complete: boolean } | undefined {
  const path = context.ignoreFile?.path;
  if (path === undefined || !surroundings.contextWith || parsed.kind !== 'dockerignore') return undefined;
  const rest = applyEdits(text, [{ span: wholeLines(text, pattern.span), text: '' }]);
  const without = surroundings.contextWith(new Map([[path, rest]]));
  const [more, less] = pattern.exception ? [context, without] : [without, context];
  let files = 0;
  let bytes = 0;
  let left = MOST_FILES;
  for (const { path: file, type, size } of more.walk()) {
    if (left-- <= 0) break;
    if (type === 'directory' || !less.ignored(file)) continue;
    files++;
    bytes += size;
  }
  return { files, bytes, complete: left >= 0 };
}

function reason({ pattern, kept }: PatternEffect): string {
  if (!pattern.exception) return 'other patterns leave the same out, or a later one brings it back';
  const by = kept.find((one) => one.by)?.by;
  if (by) return `line ${by.line + 1}, ${codeSpan(by.source)}, leaves it out again`;
  return kept.length > 0 ? 'the folder above is left out with all in it' : 'nothing before it leaves that out';
}

function examples({ examples: found, matches }: PatternEffect): string {
  const names = found.map(({ path, type }) => codeSpan(type === 'directory' ? `${path}/` : path));
  return names.length > 0 ? `\n\n${names.join(', ')}${matches > names.length ? ' and others' : ''}` : '';
}
