import { addSlice, joinPieces, type MappedText, newPieces, sourceSpan } from './mapped-text.js';
import { joinLines } from './shell-view.js';
import { type Span, span } from './text.js';
import type { Dockerfile, Flag } from './tree.js';

/** One comma-separated field of a `--mount` value. */
export interface MountField {
  /** CSV quotes removed. */
  readonly text: string;
  readonly span: Span;
}

/** The fields of a flag's value; or the reason why the value is not CSV (`csvvalue.Fields`). */
export function mountFields(file: Dockerfile, flag: Flag): readonly MountField[] | string {
  const value = flag.value ?? '';
  if (value === '') return 'EOF';
  const ranges = splitFields(value);
  if (typeof ranges === 'string') return ranges;
  const whole = flag.valueSpan ?? flag.span;
  const map = valueMap(file, whole, value);
  return ranges.map(({ text, start, end }) => ({
    text,
    span: map === undefined ? whole : sourceSpan(map, start, end),
  }));
}

/** The unquoted value with the place of each character (`split_command.go`); undefined where it does not come out as the tree has it. */
function valueMap(file: Dockerfile, at: Span, value: string): MappedText | undefined {
  const joined = joinLines(file, at);
  if (joined.text === value) return joined;
  const to = newPieces();
  let quote = '';
  for (let index = 0; index < joined.text.length; index++) {
    const character = joined.text.charAt(index);
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else {
      if (character === file.escape) index++;
      if (index < joined.text.length) addSlice(to, joined, index, index + 1);
    }
  }
  const unquoted = joinPieces(to);
  return unquoted.text === value ? unquoted : undefined;
}

interface FieldRange extends Span {
  readonly text: string;
}

function splitFields(value: string): FieldRange[] | string {
  const fields: FieldRange[] = [];
  for (let at = 0; ; ) {
    const field = value[at] === '"' ? quotedField(value, at) : plainField(value, at);
    if (typeof field === 'string') return field;
    fields.push(field);
    if (field.end >= value.length) return fields;
    at = field.end + 1;
  }
}

function plainField(value: string, start: number): FieldRange | string {
  const comma = value.indexOf(',', start);
  const end = comma === -1 ? value.length : comma;
  const text = value.slice(start, end);
  const quote = text.indexOf('"');
  if (quote !== -1) return parseError(start + quote, 'bare " in non-quoted field');
  return { text, ...span(start, end) };
}

function quotedField(value: string, start: number): FieldRange | string {
  let text = '';
  let from = start + 1;
  for (;;) {
    const quote = value.indexOf('"', from);
    if (quote === -1) return parseError(from, 'extraneous or missing " in quoted-field');
    text += value.slice(from, quote);
    const next = value[quote + 1];
    if (next === undefined || next === ',') return { text, ...span(start, quote + 1) };
    if (next !== '"') return parseError(quote, 'extraneous or missing " in quoted-field');
    text += '"';
    from = quote + 2;
  }
}

function parseError(offset: number, reason: string): string {
  return `parse error on line 1, column ${offset + 1}: ${reason}`;
}
