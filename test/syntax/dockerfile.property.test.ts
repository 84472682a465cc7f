import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import type { Span } from '../../server/syntax/text.js';
import type { Dockerfile, Instruction } from '../../server/syntax/tree.js';
import { variablesOf } from '../../server/syntax/variable-uses.js';
import { expandWord, type Lookup, unknown } from '../../server/syntax/variables.js';

/** Texts that come close to a Dockerfile. */
const pieces = fc.constantFrom(
  ...'FROM,RUN,COPY,ADD,ENV,ARG,LABEL,ONBUILD,HEALTHCHECK,CMD,SHELL,VOLUME,WORKDIR,EXPOSE,USER,STOPSIGNAL'.split(','),
  ...['\n', '\n', '\r\n', ' ', ' ', '\t', '\\\n', '\\', '`', '#', '# escape=`\n', '# c\n', '\u00a0', '\f', '\ufeff'],
  ...['--from=', '--mount=type=cache', '--', '=', '"', "'", '$', '${', '}', ':-', '#', '%', '/', 'a', 'é', '😀', 'à'],
  ...['<<', '<<-', 'EOF', 'EOF\n', '["a"', ',', ']', '[1]', 'AS', 'NONE', 'x'],
);
const dockerfile = fc.array(pieces, { maxLength: 40 }).map((list) => list.join(''));
const anyText = fc.oneof(dockerfile, fc.string({ unit: 'binary', maxLength: 200 }));

describe('parseDockerfile on any text', () => {
  it('does not throw, and every place lies in the text and in its owner', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const file = parseDockerfile(text);
        for (const instruction of file.instructions) checkInstruction(instruction, { start: 0, end: text.length });
        for (const { span } of [...file.comments, ...file.directives, ...file.problems]) inside(span, text.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('has instructions, comments and problems in order, and instructions apart from each other', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const file = parseDockerfile(text);
        apart(file.instructions.map(({ span }) => span));
        apart(file.comments.map(({ span }) => span));
        ordered(file.problems.map(({ span }) => span));
        file.instructions.forEach(({ index }, position) => {
          assert.equal(index, position);
        });
        outsideComments(file);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves no character of the text out but blanks and lone escapes', () => {
    fc.assert(
      fc.property(dockerfile, (text) => {
        const file = parseDockerfile(text);
        const covered = [...file.instructions, ...file.comments, ...file.directives].map(({ span }) => span);
        let rest = text;
        for (const { start, end } of covered) rest = rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end);
        assert.match(rest, /^(?:[\s\ufeff\u0085]|[\\`](?=[ \t]*\r*\n))*$/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds variables at places that start with $, or at bare names', () => {
    fc.assert(
      fc.property(dockerfile, (text) => {
        const file = parseDockerfile(text);
        for (const instruction of file.instructions) {
          for (const { span, nameSpan } of variablesOf(instruction, file)) {
            assert.ok(text[span.start] === '$' || span.start === nameSpan.start);
            within(span, instruction.span);
            within(nameSpan, span);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('expandWord on any text', () => {
  const lookups: readonly Lookup[] = [() => undefined, () => 'a.b', () => unknown];

  it('does not throw, and has a value or an error, never both', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...lookups), fc.constantFrom('word', 'heredoc'), (text, lookup, mode) => {
        const { value, error } = expandWord(text, lookup, { escape: '\\', mode });
        assert(value === undefined || error === undefined);
        if (lookup !== lookups[2]) assert(value !== undefined || error !== undefined);
      }),
      { numRuns: 2_000 },
    );
  });
});

function checkInstruction(instruction: Instruction, owner: Span): void {
  const { span, keywordSpan, textSpan, flags, heredocs } = instruction;
  within(span, owner);
  within(keywordSpan, span);
  within(textSpan, span);
  ordered([keywordSpan, ...flags.map((flag) => flag.span), textSpan]);
  for (const flag of flags) within(flag.valueSpan ?? flag.span, flag.span);
  for (const heredoc of heredocs) {
    within(heredoc.operatorSpan, span);
    within(heredoc.bodySpan, span);
    ordered([heredoc.operatorSpan, heredoc.bodySpan, heredoc.terminatorSpan ?? heredoc.bodySpan]);
  }
  const words = wordsOf(instruction);
  apart(words);
  for (const word of words) within(word, textSpan);
  if (instruction.keyword === 'ONBUILD' && instruction.trigger) checkInstruction(instruction.trigger, span);
}

function wordsOf(instruction: Instruction): Span[] {
  const places = (words: readonly { readonly span: Span }[]): Span[] => words.map(({ span }) => span);
  switch (instruction.keyword) {
    case 'FROM':
      return places([instruction.image, instruction.alias].filter((word) => word !== undefined));
    case 'COPY':
    case 'ADD':
      return places([...instruction.sources, ...(instruction.destination ? [instruction.destination] : [])]);
    case 'ENV':
    case 'LABEL':
    case 'ARG':
      return instruction.pairs.flatMap(({ span, keySpan, valueSpan }) => {
        within(keySpan, span);
        within(valueSpan ?? keySpan, span);
        return [span];
      });
    case 'EXPOSE':
    case 'VOLUME':
      return places(instruction.words);
    default:
      return 'strings' in instruction ? places(instruction.strings ?? []) : [];
  }
}

function outsideComments({ comments, instructions }: Dockerfile): void {
  for (const { span, inside: index } of comments) {
    const owner = index === undefined ? undefined : instructions[index];
    if (owner) assert(owner.span.start < span.start, 'a comment inside an instruction starts after it');
    else assert(!instructions.some((other) => other.span.start <= span.start && span.start < other.span.end));
  }
}

function inside({ start, end }: Span, length: number): void {
  assert(0 <= start && start <= end && end <= length, `${start}–${end} of ${length}`);
}

function within(inner: Span, outer: Span): void {
  assert(
    outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end,
    JSON.stringify([inner, outer]),
  );
}

function ordered(spans: readonly Span[]): void {
  spans.reduce(
    (before, span) => {
      assert(before.start <= span.start, JSON.stringify([before, span]));
      return span;
    },
    { start: 0, end: 0 },
  );
}

function apart(spans: readonly Span[]): void {
  spans.reduce(
    (before, span) => {
      assert(before.end <= span.start, JSON.stringify([before, span]));
      return span;
    },
    { start: 0, end: 0 },
  );
}
