/** East Asian wide and full-width characters; emoji are found by their Unicode property. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /^[\p{Mark}\u200b-\u200d\u2060-\u2064\ufeff\u00ad]/u;
const PLAIN = /^[\x20-\x7e]*$/;
/** Controls, marks that turn the direction of text, line separators and halves of surrogate pairs: a terminal must not act on them. */
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;
const TAB = 4;

let segmenter: Intl.Segmenter | undefined;

function* graphemes(text: string): Iterable<string> {
  if (PLAIN.test(text)) {
    yield* text;
    return;
  }
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** Columns that one user-perceived character takes in a terminal. */
function graphemeWidth(grapheme: string): number {
  if (PLAIN.test(grapheme)) return grapheme.length;
  if (NO_WIDTH.test(grapheme)) return 0;
  return WIDE.test(grapheme) || grapheme.includes('\ufe0f') ? 2 : 1;
}

/** The text on one line, with a picture in place of every character that a terminal would act on. */
export function printable(text: string): string {
  return defuse(text).replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0);
    if (code === 9) return ' ';
    if (code < 32) return String.fromCharCode(0x2400 + code);
    return code === 127 ? '\u2421' : '\ufffd';
  });
}

/** GitHub's runner obeys `##[command]` anywhere in a line of a log; an invisible character keeps it from that. */
function defuse(text: string): string {
  return text.replaceAll('##[', '##\u200b[');
}

/** What of a source line is shown, and where. */
export interface LineView {
  readonly text: string;
  /** The column (from 0) at which the code unit of that offset in the line is shown; places that are cut off are at the cut. */
  columnOf(offset: number): number;
}

/** A line as a terminal shows it: tabs expanded, cut to `width` columns around `focus` (an offset in the line). Time does not grow with the line. */
export function viewLine(line: string, focus: number, width: number): LineView {
  const from = windowStart(line, focus, width);
  const columns: number[] = [];
  let text = from > 0 ? '…' : '';
  let column = text.length;
  let at = from;
  for (const grapheme of graphemes(line.slice(from, from + 4 * width))) {
    const size = grapheme === '\t' ? TAB - (column % TAB) : graphemeWidth(grapheme);
    const rest = at + grapheme.length < line.length ? 1 : 0;
    if (column + size + rest > width) break;
    for (let unit = 0; unit < grapheme.length; unit++) columns.push(column);
    text += grapheme === '\t' ? ' '.repeat(size) : printable(grapheme);
    column += size;
    at += grapheme.length;
  }
  if (at < line.length) text += '…';
  const end = column;
  return { text: defuse(text), columnOf: (offset) => (offset < from ? 0 : (columns[offset - from] ?? end)) };
}

function windowStart(line: string, focus: number, width: number): number {
  if (line.length * 2 <= width || focus < width / 2) return 0;
  const head = line.slice(0, width);
  if (line.length <= width && PLAIN.test(head)) return 0;
  const from = Math.max(0, Math.min(focus, line.length) - Math.floor(width / 3));
  const unit = line.charCodeAt(from);
  return unit >= 0xdc00 && unit <= 0xdfff ? from - 1 : from;
}
