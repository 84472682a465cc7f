import assert from 'node:assert/strict';
import { formatPretty } from '../../server/report/pretty.js';
import { fileResult, finding, input, linted, nastyInput, otherFileOf } from './sample.js';

/** The report up to the summary. */
function body(text: string): string {
  return text.slice(0, text.search(/\n\n\d+ findings? in/));
}

describe('pretty report', () => {
  it('shows place, rule, severity and message, and underlines the guilty word between its neighbours', () => {
    const result = linted('FROM node:24\nCOPY «.» .\nRUN npm ci\n');
    assert.equal(
      body(formatPretty(input(result))),
      [
        'Dockerfile:2:6 copy-before-install warning: every source edit re-runs npm ci',
        '  1 | FROM node:24',
        '  2 | COPY . .',
        '    |      ^',
        '  3 | RUN npm ci',
      ].join('\n'),
    );
  });

  it('underlines tabs and wide characters at their width', () => {
    const result = linted('RUN\techo 依存 🐳 e\u0301 «関係» x');
    const [, source, underline] = body(formatPretty(input(result))).split('\n');
    assert.equal(source, '  1 | RUN echo 依存 🐳 e\u0301 関係 x');
    assert.equal(underline, `    | ${' '.repeat('RUN echo '.length + 4 + 1 + 2 + 1 + 1 + 1)}^^^^`);
  });

  it('leaves the carriage return of CRLF out of line and underline', () => {
    const result = linted('FROM a\r\n«RUN b \\\r\n  c»\r\n');
    assert.equal(
      body(formatPretty(input(result)))
        .split('\n')
        .slice(1)
        .join('\n'),
      '  1 | FROM a\n  2 | RUN b \\\n    | ^^^^^^^\n  3 |   c\n    |   ^',
    );
  });

  it('shortens a span over many lines to its first and last line', () => {
    const result = linted('«RUN a \\\n  b \\\n  c \\\n  d \\\n  e»\nCMD x\n');
    assert.deepEqual(
      body(formatPretty(input(result)))
        .split('\n')
        .slice(1),
      ['  1 | RUN a \\', '    | ^^^^^^^', '  ...', '  5 |   e', '    |   ^', '  6 | CMD x'],
    );
  });

  it('does not underline the line after a span that ends with a line ending', () => {
    const result = linted('«node_modules\n»dist\n');
    assert.deepEqual(
      body(formatPretty(input(result)))
        .split('\n')
        .slice(1),
      ['  1 | node_modules', '    | ^^^^^^^^^^^^', '  2 | dist'],
    );
  });

  it('puts one caret at an empty place, even in an empty file or at its end', () => {
    assert.match(formatPretty(input(linted('«»'))), /\n {2}1 \|\n {4}\| \^\n/);
    assert.match(formatPretty(input(linted('FROM a«»'))), /\n {2}1 \| FROM a\n {4}\| {7}\^\n/);
    assert.match(formatPretty(input(linted('FROM a\n«»'))), /\n {2}1 \| FROM a\n {2}2 \|\n {4}\| \^\n/);
  });

  it('cuts a long line around the guilty word', () => {
    const word = 'GUILTY';
    const result = linted(`RUN ${'x'.repeat(500_000)} «${word}» ${'y'.repeat(500_000)}\n`);
    const [, source = '', underline = ''] = formatPretty({ ...input(result), width: 80 }).split('\n');
    assert.ok(source.length <= 80, `${source.length} columns`);
    assert.equal(source.slice(underline.indexOf('^'), underline.lastIndexOf('^') + 1), word);
    assert.match(source, /\| ….*…$/);
  });

  it('writes evidence with a place in the file below its own line, and other evidence as a note', () => {
    const text = 'COPY . .\nENV A=1\nENV B=2\nENV C=3\nRUN npm ci\n';
    const about = finding({
      span: { start: 5, end: 6 },
      evidence: [
        { text: 'reads only package.json', span: { start: 37, end: 43 } },
        { text: 'no lifecycle\nscripts', file: 'package.json', span: { start: 2, end: 5 } },
        { text: 'seen in 12 of 20 commits' },
      ],
    });
    const given = {
      ...input(fileResult({ text, findings: [about] })),
      otherFile: otherFileOf({ 'package.json': '{\n}\n ' }),
    };
    assert.deepEqual(body(formatPretty(given)).split('\n').slice(1), [
      '  1 | COPY . .',
      '    |      ^',
      '  2 | ENV A=1',
      '  ...',
      '  5 | RUN npm ci',
      '    |     ------ reads only package.json',
      '    = note: context/package.json:2:1: no lifecycle scripts',
      '    = note: seen in 12 of 20 commits',
    ]);
  });

  it('says what a fix is, how far to trust it and how to apply it', () => {
    const edits = [{ span: { start: 0, end: 1 }, text: '' }];
    const result = linted('«COPY» . .', {
      fixes: [
        { title: 'Move it', safety: 'safe', edits },
        { title: 'Add a mount', safety: 'unsafe', caveat: 'needs BuildKit', edits },
        { title: 'Split the stage', safety: 'manual', caveat: 'what to share is yours to say', edits: [] },
      ],
      savings: {
        trigger: 'an edit under src/',
        rebuilds: [4, 7],
        seconds: 42.4,
        bytes: 123_456_789,
        basis: 'measured',
      },
    });
    assert.deepEqual(
      body(formatPretty(input(result)))
        .split('\n')
        .slice(3),
      [
        '    = saves: an edit under src/ no longer re-runs lines 5 and 8: about 42 s and 123 MB less (measured)',
        '    = fix: Move it (safe, --fix)',
        '    = fix: Add a mount (unsafe, --fix --unsafe-fixes): needs BuildKit',
        '    = fix: Split the stage (by hand): what to share is yours to say',
      ],
    );
  });

  it('ranks the rules by findings, then severity, and counts what --fix mends', () => {
    const fixes = [{ title: 'x', safety: 'safe' as const, edits: [{ span: { start: 0, end: 1 }, text: '' }] }];
    const result = linted(
      '«a»\n«b»\n«c»\n«d»\n',
      { rule: 'rare-info', severity: 'info' },
      { rule: 'often', fixes },
      { rule: 'often' },
      { rule: 'rare-error', severity: 'error' },
    );
    const report = formatPretty(input(result, fileResult({ path: 'clean' })));
    assert.equal(
      report.slice(report.indexOf('4 findings')),
      [
        '4 findings in 1 of 2 files (1 error, 2 warnings, 1 info)',
        '  2  warning  often       1 fixable',
        '  1  error    rare-error',
        '  1  info     rare-info',
        '1 can be fixed with --fix',
        'Why it matters and what to do: layerwise explain often',
        '',
      ].join('\n'),
    );
  });

  it('says so when nothing was found, and what did not run', () => {
    assert.equal(formatPretty(input(fileResult(), fileResult())), 'No findings in 2 files\n');
    assert.equal(formatPretty(input()), 'No file was looked at\n');
    const reason = 'no build context is known';
    const skipped = [
      { rule: 'copy-before-install', reason },
      { rule: 'missing-ignore-file', reason },
    ];
    const suppressed = (['comment', 'baseline', 'baseline'] as const).map((by) => ({ finding: finding(), by, reason }));
    assert.deepEqual(formatPretty(input(fileResult({ skipped, suppressed }))).split('\n'), [
      'No findings in 1 file',
      'Not shown: 1 ignored by comments, 2 known from the baseline',
      'Not run on 1 file, as no build context is known: copy-before-install, missing-ignore-file',
      '',
    ]);
  });

  it('writes escape codes only when asked to', () => {
    const report = input(linted('COPY «.» .'));
    assert.doesNotMatch(formatPretty(report), /\u001b/);
    const coloured = formatPretty({ ...report, colors: true });
    assert.match(coloured, /\u001b\[33m\^/);
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ''), formatPretty(report));
  });

  it('lets no character of file, path or message act on the terminal', () => {
    const report = formatPretty(nastyInput());
    assert.doesNotMatch(report, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u);
    assert.match(report, /␛\[31mred/);
  });

  it('gives a CI log no command to obey', () => {
    const result = { ...linted('RUN echo «##[stop-commands]x»', { message: '##[add-mask]y' }), path: '::error::z' };
    const report = formatPretty(input(result));
    assert.doesNotMatch(report, /##\[|^\s*::/m);
    assert.match(report, /\^{18}\n/);
  });
});
