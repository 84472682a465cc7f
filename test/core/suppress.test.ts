import assert from 'node:assert/strict';
import { lintSource } from '../../server/core/engine.js';
import { configWith, dockerfile, linesOf, patternRule, wordRule } from '../helpers/sample-rules.js';

const rules = [
  wordRule('tea', { aliases: ['DL3001', 'TeaServed', 'tally/tea'] }),
  wordRule('rum', { aliases: ['hadolint/DL3002'] }),
];
const config = configWith(rules, { rules: { 'unexplained-suppression': 'off' } });

/** `line rule` of what is left. */
function left(text: string, own = config): string[] {
  return linesOf(lintSource(dockerfile(text), own));
}

describe('suppressions', () => {
  it('cover the next instruction, all of it and no other', () => {
    const text = 'FROM a\n# layerwise ignore=word-tea\nRUN x && \\\n    tea\nRUN tea\n';
    assert.deepEqual(left(text), ['5 word-tea']);
  });

  it('may stand inside the instruction', () => {
    assert.deepEqual(left('FROM a\nRUN x && \\\n    # layerwise ignore=word-tea reason="now"\n    tea\n'), []);
  });

  it('may be separated from the instruction by blank lines and other comments', () => {
    assert.deepEqual(left('FROM a\n# layerwise ignore=word-tea\n\n# why\nRUN tea\n'), []);
  });

  for (const comment of [
    'layerwise ignore=word-tea,word-rum',
    'layerwise ignore=word-tea, word-rum reason="both"',
    'Layerwise  IGNORE = word-tea ,word-rum',
    'layerwise ignore=all',
    'hadolint ignore=DL3001,DL3002',
    'hadolint stage ignore=dl3001,dl3002',
  ]) {
    it(`reads "# ${comment}"`, () => assert.deepEqual(left(`FROM a\n# ${comment}\nRUN tea rum\n`), []));
  }

  for (const comment of ['tally ignore=tally/tea', 'tally ignore=tea', 'tally ignore=hadolint/DL3001']) {
    it(`reads "# ${comment}"`, () => assert.deepEqual(left(`FROM a\n# ${comment}\nRUN tea\n`), []));
  }

  for (const comment of [
    'layerwise ignore=DL3001',
    'hadolint ignore=word-tea',
    'hadolint ignore=DL300',
    'ignore=word-tea',
  ]) {
    it(`does not take "# ${comment}" for tea`, () =>
      assert.ok(left(`FROM a\n# ${comment}\nRUN tea\n`).includes('3 word-tea')));
  }

  for (const comment of [
    'layerwise ignore-file=word-tea',
    'hadolint global ignore=DL3001',
    'tally global ignore=DL3001',
  ]) {
    it(`"# ${comment}" covers the file, wherever it stands`, () =>
      assert.deepEqual(left(`FROM a\nRUN tea\nRUN x\n# ${comment}\nRUN tea\n`), []));
  }

  it('BuildKit skips by directive', () => {
    assert.deepEqual(left('# check=skip=TeaServed,Other;error=true\nFROM a\nRUN tea\n'), []);
    assert.deepEqual(left('# check=skip=all\nFROM a\nRUN tea\nRUN rum\n'), ['4 word-rum']);
    assert.deepEqual(left('FROM a\n# check=skip=TeaServed\nRUN tea\nRUN tea\n'), ['4 word-tea']);
  });

  it('keep the finding, with the reason, for reports that list it', () => {
    const text =
      'FROM a\n# layerwise ignore=word-tea reason="it is four o\'clock"\nRUN tea\n# hadolint ignore=DL3001 # why not\nRUN tea\n';
    const { suppressed } = lintSource(dockerfile(text), config);
    assert.deepEqual(
      suppressed.map(({ finding, by, reason }) => [finding.rule, by, reason]),
      [
        ['word-tea', 'comment', "it is four o'clock"],
        ['word-tea', 'comment', 'why not'],
      ],
    );
  });

  it('work in ignore files', () => {
    const own = configWith([patternRule], { rules: { 'unexplained-suppression': 'off' } });
    const text = '# layerwise ignore=bad-pattern\nbad\nbad\n';
    const result = lintSource({ path: '.dockerignore', text, kind: 'dockerignore', context: undefined }, own);
    assert.deepEqual(linesOf(result), ['3 bad-pattern']);
  });

  describe('that do nothing', () => {
    it('are reported at the name', () => {
      const text = 'FROM a\n# layerwise ignore=word-tea,word-rum\nRUN rum\n';
      const [finding, ...others] = lintSource(dockerfile(text), config).findings;
      assert.deepEqual(others, []);
      assert.equal(finding?.rule, 'unused-suppression');
      assert.equal(text.slice(finding.span.start, finding.span.end), 'word-tea');
    });

    it('stay where a comment below would become a directive', () => {
      const text = (above: string) => `${above}# layerwise ignore=word-tea\n# escape=\`\nFROM a\nRUN x\n`;
      const fixes = (above: string) =>
        lintSource(dockerfile(text(above)), config).findings.map((one) => one.fixes.length);
      assert.deepEqual(fixes(''), [0]);
      assert.deepEqual(fixes('# hello\n'), [0]);
      assert.deepEqual(fixes('\n'), [1]);
    });

    it('are not reported at the end of the file, where they cover nothing', () => {
      assert.deepEqual(left('FROM a\n# layerwise ignore=word-tea\n'), []);
    });

    it('are not counted where the rule is off or could not run', () => {
      const needy = wordRule('tea', { needs: ['context'] });
      assert.deepEqual(
        left(
          'FROM a\n# layerwise ignore=word-tea\nRUN tea\n',
          configWith([needy], { rules: { 'unexplained-suppression': 'off' } }),
        ),
        [],
      );
      const without = configWith(rules, { rules: { 'word-tea': 'off', 'unexplained-suppression': 'off' } });
      assert.deepEqual(left('FROM a\n# layerwise ignore=word-tea\nRUN tea\n', without), []);
    });

    it('are left alone where another tool wrote them', () => {
      assert.deepEqual(left('FROM a\n# hadolint ignore=DL3001\nRUN x\n'), []);
    });

    it('can be ignored themselves', () => {
      const text = '# layerwise ignore-file=unused-suppression\nFROM a\n# layerwise ignore=word-tea\nRUN x\n';
      assert.deepEqual(left(text), []);
    });
  });

  it('without a reason are reported, ours only', () => {
    const text =
      'FROM a\n# layerwise ignore=word-tea\nRUN tea\n# hadolint ignore=DL3001\nRUN tea\n# layerwise ignore=word-tea reason=""\nRUN tea\n';
    assert.deepEqual(left(text, configWith(rules)), ['2 unexplained-suppression', '6 unexplained-suppression']);
  });
});
