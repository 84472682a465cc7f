import { printable } from './display.js';
import type { Mark } from './excerpt.js';
import type { PlacedEvidence, PlacedFinding } from './place.js';
import { oneLine } from './report.js';

/** More would make an excerpt hard to read. */
const MAX_MARKS = 6;

/** What to underline in an excerpt: the guilty text, and the evidence that has a place in the same file, labelled; `rest` is the other evidence. */
export function marksOf({ finding, evidence }: PlacedFinding): {
  readonly marks: readonly Mark[];
  readonly rest: readonly PlacedEvidence[];
} {
  const { span } = finding;
  const secondary: Mark[] = [];
  const rest: PlacedEvidence[] = [];
  let label = '';
  for (const piece of evidence) {
    const text = printable(oneLine(piece.text));
    if (!piece.span || secondary.length >= MAX_MARKS) rest.push(piece);
    else if (label === '' && piece.span.start === span.start && piece.span.end === span.end) label = text;
    else secondary.push({ span: piece.span, kind: 'secondary', label: text });
  }
  return { marks: [{ span, kind: 'primary', label }, ...secondary], rest };
}
