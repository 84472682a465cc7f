import { type ParseError, parse } from 'jsonc-parser';

/** The value of a JSON text that may have comments and commas behind the last items; undefined where it is not well formed. Never throws. */
export function parseJsonc(text: string): unknown {
  const errors: ParseError[] = [];
  try {
    const value: unknown = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
    return errors.length === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}
