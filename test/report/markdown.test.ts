import assert from 'node:assert/strict';
import { formatMarkdown, formatMarkdownWithin } from '../../server/report/markdown.js';
import { codeSpan, fenced, inlineText } from '../../server/report/markdown-text.js';
import { fileResult, finding, input, linted, nastyInput, nastyMessages } from './sample.js';

describe('Markdown report', () => {
  it('has a row per finding, worst first, and its source below', () => {
    const report = formatMarkdown(
      input(linted('FROM a\nCOPY «.» «.»\n', {}, { severity: 'error', rule: 'syntax-error' })),
    );
    assert.deepEqual(
      report.split('\n').filter((line) => line.startsWith('|')),
      [
        '| Severity | Place | Rule | Finding |',
        '| --- | --- | --- | --- |',
        '| 🔴 error | `Dockerfile:2` | [syntax-error](https://github.com/layerwise/layerwise/blob/main/docs/rules/syntax-error.md) | every source edit re-runs npm ci |',
        '| 🟡 warning | `Dockerfile:2` | [copy-before-install](https://github.com/layerwise/layerwise/blob/main/docs/rules/copy-before-install.md) | every source edit re-runs npm ci |',
      ],
    );
    assert.match(report, /```\n1 \| FROM a\n2 \| COPY \. \.\n {2}\| {6}\^\n```/);
  });

  it('says so when nothing was found', () => {
    assert.equal(formatMarkdown(input(fileResult())), '### Layerwise: no findings in 1 file\n');
  });

  it('keeps every row to four cells and every tag its own, whatever paths and messages hold', () => {
    const report = formatMarkdownWithin(nastyInput(), 1_000_000);
    for (const row of report.split('\n').filter((line) => line.startsWith('| ')))
      assert.equal(row.match(/(?<!\\)\|/g)?.length, 5, row);
    const outside = report.replace(/^(`{3,})\n[\s\S]*?\n\1$/gm, '').replace(/(`+)(?!`)[^`\n].*?(?<!`)\1(?!`)/g, '');
    const tags = new Set(Array.from(outside.matchAll(/<[^>]*>/g), ([tag]) => tag));
    assert.deepEqual(
      [...tags].sort(),
      [
        '</code>',
        '</details>',
        '</span>',
        '</summary>',
        '<!-- -->',
        '<code>',
        '<details>',
        '<span>',
        '<summary>',
      ].sort(),
    );
  });

  it('stays within the limit in bytes and counts what it leaves out', () => {
    const findings = Array.from({ length: 500 }, (_, index) =>
      finding({ message: `依存 ${index} ${nastyMessages[1]}` }),
    );
    const whole = input(fileResult({ text: 'COPY . .\n', findings }));
    for (const limit of [2_000, 20_000, 65_000]) {
      const report = formatMarkdownWithin(whole, limit);
      assert.ok(Buffer.byteLength(report) <= limit, `${Buffer.byteLength(report)} of ${limit}`);
      const rows = report.match(/^\| 🟡/gm)?.length ?? 0;
      assert.match(report, new RegExp(`… and ${500 - rows} more findings`));
    }
    assert.ok(formatMarkdown(whole).length < 65_536);
  });
});

describe('Markdown text', () => {
  it('makes code of what stands between single backticks and escapes the rest', () => {
    assert.equal(inlineText('run `a | b` in *this* <b>'), 'run `a | b` in \\*this\\* &lt;b&gt;');
    assert.equal(inlineText('run `a | b` | c', true), 'run `a \\| b` \\| c');
    assert.equal(inlineText('one ` alone'), 'one \\` alone');
  });

  it('makes no mention, reference, link or formula', () => {
    assert.equal(inlineText('@octocat #1 !2'), '@<!-- -->octocat #<!-- -->1 !<!-- -->2');
    assert.equal(inlineText('npm@latest, a@sha256:0'), 'npm@latest, a@sha256:0');
    assert.equal(inlineText('[a](https://b)'), '\\[a\\](https:<!-- -->//b)');
    assert.equal(inlineText('$A and $B'), '<span>$</span>A and <span>$</span>B');
  });

  it('starts no list or heading', () => {
    assert.equal(inlineText('- x'), '\\- x');
    assert.equal(inlineText('# x'), '\\# x');
    assert.equal(inlineText('1. x'), '1\\. x');
  });

  it('fences code that holds fences', () => {
    assert.equal(codeSpan('a `` b'), '```a `` b```');
    assert.equal(codeSpan('`a`'), '`` `a` ``');
    assert.equal(fenced('```\nx\n'), '````\n```\nx\n````');
  });
});
