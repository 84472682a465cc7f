import type { DocumentLink } from 'vscode-languageserver';
import { imagesIn } from '../model/images.js';
import { contextTransfers } from '../model/transfers.js';
import { parseImageReference } from '../syntax/image-ref.js';
import { imagePage } from './image-page.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';

/** Images lead to their registry's page, sources of COPY and ADD to the file. */
export function documentLinks(opened: Opened): DocumentLink[] {
  const { parsed, surroundings, document } = opened;
  if (parsed.kind !== 'dockerfile') return [];
  const links: DocumentLink[] = [];
  for (const { span, reference } of imagesIn(parsed.build)) {
    const target = imagePage(reference);
    if (target !== undefined)
      links.push({ range: rangeOf(document, span), target, tooltip: 'Open the page of the image' });
  }
  for (const { name, value, valueSpan } of parsed.file.directives) {
    const reference = name === 'syntax' ? parseImageReference(value) : undefined;
    const target = reference && imagePage(reference);
    if (target !== undefined) links.push({ range: rangeOf(document, valueSpan), target });
  }
  const { context } = surroundings;
  for (const { word, path } of contextTransfers(parsed.build).flatMap(({ sources }) => sources)) {
    const target = path === undefined || context?.entry(path)?.type !== 'file' ? undefined : surroundings.uriOf(path);
    if (target !== undefined) links.push({ range: rangeOf(document, word.span), target, tooltip: 'Open the file' });
  }
  return links.sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}
