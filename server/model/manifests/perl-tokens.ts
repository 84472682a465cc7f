/** A part of a Perl program that has no other meaning than the text says. */
export interface PerlToken {
  /** `text` has its value in `value`; `word` may name anything; `other` is what is not understood, up to the end. */
  readonly kind: 'word' | 'text' | 'number' | 'variable' | 'sign' | 'other';
  readonly value: string;
}

/**
 * Words, plain strings and signs of a program without comments, POD and what stands behind `__END__`. A string that is more than
 * its letters, or anything that such a program need not have, ends the list as `other`.
 */
export function perlTokens(source: string): readonly PerlToken[] {
  const text = source.replaceAll('\r\n', '\n').replace(/^\uFEFF/, '');
  const tokens: PerlToken[] = [];
  let at = 0;
  while (at < text.length) {
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
    if (at >= text.length) break;
    if (text[at] === '=' && (at === 0 || text[at - 1] === '\n') && /[a-zA-Z]/.test(text[at + 1] ?? '')) {
      // `perldoc perlpod`: up to the end of the line that starts with =cut
      const cut = /\n=cut\b.*/g;
      cut.lastIndex = at - 1;
      if (!cut.exec(text)) break;
      at = cut.lastIndex;
      continue;
    }
    const [token, length] = tokenAt(text, at);
    if (token.kind === 'word' && (token.value === '__END__' || token.value === '__DATA__')) break;
    tokens.push(token);
    if (token.kind === 'other') break;
    at += length;
  }
  return tokens;
}

/** Anchored where `lastIndex` is. */
const blank = /(?:\s|#[^\n]*)*/y;
const single = /'([^'\\]*)'/y;
const double = /"([^"\\$@]*)"/y;
const quoted = /qq?\s*(?:\(([^()\\$@]*)\)|\{([^{}\\$@]*)\}|\[([^[\]\\$@]*)\]|([/|!])([^/|!\\$@]*)\4)/y;
const number = /v?\d[\d._]*/y;
const word = /[A-Za-z_]\w*(?:::\w+)*/y;
const variable = /\$(?:\]|\w+(?:::\w+)*)/y;
const sign = /=>|->|[<>]=?|==|[,;(){}[\]?:]/y;

function tokenAt(text: string, at: number): readonly [PerlToken, number] {
  const found = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const string = found(single) ?? found(double) ?? (/\w/.test(text[at - 1] ?? '') ? null : found(quoted));
  if (string) {
    const value = string.slice(1).find((one, index) => one !== undefined && index !== 3) ?? '';
    return [{ kind: 'text', value }, string[0].length];
  }
  for (const [kind, pattern] of [
    ['number', number],
    ['word', word],
    ['variable', variable],
    ['sign', sign],
  ] as const) {
    const match = found(pattern);
    if (match) return [{ kind, value: match[0] }, match[0].length];
  }
  return [{ kind: 'other', value: /^\S{1,20}/.exec(text.slice(at, at + 20))?.[0] ?? '' }, text.length];
}
