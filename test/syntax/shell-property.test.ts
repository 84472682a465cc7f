import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { mountsOf } from '../../server/syntax/mounts.js';
import { addRunFlags } from '../../server/syntax/run-flags.js';
import { parseShell, type ShellCommand } from '../../server/syntax/shell.js';
import { removeCommand, removeWords } from '../../server/syntax/shell-edits.js';
import type { Span } from '../../server/syntax/text.js';
import { applyEdits } from '../helpers/scripts.js';

const SHELL = ['/bin/sh', '-c'];

/** Pieces that meet in strange ways: quotes, continuations, operators, heredocs, JSON. */
const piece = fc.constantFrom(
  ...[
    'a',
    'npm ci',
    ' ',
    ' ',
    '\n',
    '\\\n',
    ' \\\n',
    '\\\r\n',
    '# c\n',
    '\\\n# c\n  ',
    '&&',
    ' && ',
    '||',
    ';',
    '|',
    '&',
  ],
  ...[
    '"',
    "'",
    '$(',
    ')',
    '`',
    '\\',
    '{ ',
    '; }',
    '(',
    'if ',
    '; then ',
    '; fi',
    '<<E',
    '\nE\n',
    "<<-'F'",
    '\n\tF\n',
    '> x',
  ],
  ...[
    '$X',
    '${Y:-',
    '}',
    "sh -c 'b && c'",
    'sh -c "',
    '["sh","-c","',
    '"]',
    '--mount=type=cache,target=/x ',
    'env A=1 ',
    'é😀',
    '\t',
  ],
  ...['RUN ', '\nRUN ', 'HEALTHCHECK CMD ', 'CMD '],
);
const anyText = fc.array(piece, { maxLength: 25 }).map((pieces) => `FROM a\nRUN ${pieces.join('')}`);

/** A well-formed RUN: simple commands, joined over lines and with comments between. */
const simple = fc.constantFrom(
  'a',
  'b 1',
  'c -x \\\n    y',
  'sudo d "q q"',
  'A=1 e',
  'f > /x',
  '(g && h)',
  '{ i; j; }',
  'k | l',
  "sh -c 'm; n'",
);
const joint = fc.constantFrom(
  ' && ',
  '; ',
  ' \\\n && ',
  ' && \\\n    ',
  '\\\n    && ',
  '; \\\n\t',
  ' \\\n# why\n && ',
  ' && \\\n\n  # why\n  ',
);
const goodRun = fc
  .tuple(simple, fc.array(fc.tuple(joint, simple), { maxLength: 6 }), fc.constantFrom('\n', '\r\n'))
  .map(([first, rest, eol]) => {
    const run = first + rest.map(([join, command]) => join + command).join('');
    return `FROM a\nRUN ${run}\nCMD z\n`.replaceAll('\n', eol);
  });

function within(inner: Span, text: string): void {
  assert.ok(0 <= inner.start && inner.start <= inner.end && inner.end <= text.length);
}

function checkCommand(text: string, commands: readonly ShellCommand[], index: number): void {
  const command = commands[index];
  assert.ok(command);
  for (const span of [command.span, command.nameSpan]) within(span, text);
  for (const word of command.args) {
    within(word.span, text);
    assert.equal(word.text, text.slice(word.span.start, word.span.end));
  }
  assert.ok(command.previous === undefined || command.previous < index);
}

function keys(commands: readonly ShellCommand[]): string[] {
  return commands.map((one) => [one.name, ...one.args.map((arg) => arg.value)].join(' '));
}

function firstRun(text: string) {
  const file = parseDockerfile(text);
  const run = file.instructions[1];
  assert.ok(run?.keyword === 'RUN');
  return { file, run, script: parseShell(file, run, SHELL) };
}

describe('shell view, any text', () => {
  it('never throws, and every word is a slice of the file', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const file = parseDockerfile(text);
        for (const one of file.instructions) {
          if (one.keyword !== 'RUN' && one.keyword !== 'CMD' && one.keyword !== 'HEALTHCHECK') continue;
          const { commands } = parseShell(file, one, SHELL);
          for (const index of commands.keys()) checkCommand(text, commands, index);
          if (one.keyword === 'RUN') for (const mount of mountsOf(file, one).mounts) within(mount.span, text);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('makes edits only inside the file, for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { file, run, script } = firstRun(text);
        for (const command of script.commands) {
          const edits = [
            ...(removeCommand(file, script, command) ?? []),
            ...(removeWords(file, script, command.args) ?? []),
          ];
          for (const edit of [...edits, ...addRunFlags(file, run, ['--mount=type=tmpfs,target=/t'])])
            within(edit.span, text);
        }
      }),
      { numRuns: 700 },
    );
  });

  it('takes time in proportion to the text', () => {
    const lines = ' && a "b" $(c) \\\n# why\n'.repeat(10_000);
    const { script } = firstRun(`FROM a\nRUN x \\\n${lines} && y\n`);
    assert.equal(script.commands.length, 20_002);
    const deep = firstRun(`FROM a\nRUN ${'sh -c "'.repeat(3000)}${'$('.repeat(3000)}${'('.repeat(3000)}\n`);
    assert.equal(deep.script.complete, false);
  });
});

describe('edits, well-formed text', () => {
  it('removes exactly the one command', () => {
    fc.assert(
      fc.property(goodRun, fc.nat(), (text, pick) => {
        const { file, script } = firstRun(text);
        const index = pick % script.commands.length;
        const command = script.commands[index];
        const edits = command && removeCommand(file, script, command);
        if (command === undefined || edits === undefined) return;
        const after = parseDockerfile(applyEdits(text, edits));
        assert.deepEqual(after.problems, []);
        assert.equal(after.instructions.length, 3);
        const run = after.instructions[1];
        assert.ok(run?.keyword === 'RUN');
        const left = parseShell(after, run, SHELL);
        assert.equal(left.complete, true);
        // What the removed `sh -c` ran goes with it; the text of a `sh -c` around it changes.
        const inside = (one: ShellCommand) => command.span.start <= one.span.start && one.span.end <= command.span.end;
        const around = (one: ShellCommand) => one.span.start <= command.span.start && command.span.end <= one.span.end;
        const rest = script.commands.filter((one) => !inside(one) && !around(one));
        const remaining = keys(left.commands).filter((key) => !key.startsWith('sh '));
        assert.deepEqual(
          remaining,
          keys(rest).filter((key) => !key.startsWith('sh ')),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('adds flags without a change of the command', () => {
    fc.assert(
      fc.property(goodRun, fc.integer({ min: 1, max: 3 }), (text, count) => {
        const { file, run, script } = firstRun(text);
        const flags = Array.from({ length: count }, (_, index) => `--mount=type=tmpfs,target=/t${index}`);
        const { run: after, script: same } = firstRun(applyEdits(text, addRunFlags(file, run, flags)));
        assert.deepEqual(
          after.flags.map((flag) => `--${flag.name}=${flag.value}`),
          flags,
        );
        assert.deepEqual(keys(same.commands), keys(script.commands));
      }),
      { numRuns: 300 },
    );
  });
});
