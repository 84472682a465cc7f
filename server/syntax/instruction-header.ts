import { type RawFlag, scanFlags } from './flags.js';
import type { LogicalLine } from './logical-line.js';
import type { Keyword } from './tree.js';
import { isBlank, skipSpaces, trimSpacesEnd } from './white-space.js';

/** An instruction cut into keyword, flags and arguments; positions are those of the logical line. */
export interface Header {
  readonly line: LogicalLine;
  readonly keyword: Keyword | 'UNKNOWN';
  readonly from: number;
  readonly keywordEnd: number;
  readonly flags: readonly RawFlag[];
  /** The arguments, trimmed: BuildKit's `rest`. */
  readonly argsFrom: number;
  readonly argsTo: number;
}

/** All keywords that BuildKit knows (`command/command.go`). */
export const keywords: readonly Keyword[] = [
  'FROM',
  'RUN',
  'COPY',
  'ADD',
  'ENV',
  'ARG',
  'LABEL',
  'WORKDIR',
  'USER',
  'SHELL',
  'CMD',
  'ENTRYPOINT',
  'EXPOSE',
  'VOLUME',
  'HEALTHCHECK',
  'STOPSIGNAL',
  'ONBUILD',
  'MAINTAINER',
];

/** By the usual spelling and by the lower-case one, which is what BuildKit goes by. */
const keywordOf: ReadonlyMap<string, Keyword> = new Map(
  keywords.flatMap((keyword) => [
    [keyword, keyword],
    [keyword.toLowerCase(), keyword],
  ]),
);

function readKeyword(written: string): Keyword | 'UNKNOWN' {
  return keywordOf.get(written) ?? keywordOf.get(written.toLowerCase()) ?? 'UNKNOWN';
}

/** Cuts [from, end of line) as `split_command.go:splitCommand` does. */
export function splitInstruction(line: LogicalLine, start: number, escapeToken: string): Header {
  const { text } = line;
  const end = trimSpacesEnd(text, start, text.length);
  const from = skipSpaces(text, start, end);
  let keywordEnd = from;
  while (keywordEnd < end && !isBlank(text.charCodeAt(keywordEnd))) keywordEnd++;
  const scan = keywordEnd < end ? scanFlags(text, keywordEnd, end, escapeToken) : { flags: [], end };
  return {
    line,
    keyword: readKeyword(text.slice(from, keywordEnd)),
    from,
    keywordEnd,
    flags: scan.flags,
    argsFrom: skipSpaces(text, scan.end, end),
    argsTo: end,
  };
}
