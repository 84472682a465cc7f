import assert from 'node:assert/strict';
import { lintSource, parseSource } from '../../server/core/engine.js';
import { createContext } from '../../server/model/context.js';
import { memorySource } from '../../server/model/memory-source.js';
import { inlineComment } from '../../server/rules/ignore-file/inline-comment.js';
import { shadowedPattern } from '../../server/rules/ignore-file/shadowed-pattern.js';
import { brokenRule, configWith, dockerfile, linesOf, patternRule, wordRule } from '../helpers/sample-rules.js';

const tea = wordRule('tea');

describe('lintSource', () => {
  it('gives the findings in the order of the text', () => {
    const rules = [wordRule('z'), wordRule('y'), wordRule('x')];
    assert.deepEqual(linesOf(lintSource(dockerfile('FROM a\nRUN x z\nRUN y\nRUN z x\n'), configWith(rules))), [
      '2 word-x',
      '2 word-z',
      '3 word-y',
      '4 word-z',
      '4 word-x',
    ]);
  });

  it('takes the severity from the config, else from the finding, else from the rule', () => {
    const graded = wordRule('rum', { report: { severity: 'info' } });
    const severities = (rules: Record<string, 'error'>) =>
      lintSource(dockerfile('FROM a\nRUN tea\nRUN rum\n'), configWith([tea, graded], { rules })).findings.map(
        ({ severity }) => severity,
      );
    assert.deepEqual(severities({}), ['warning', 'info']);
    assert.deepEqual(severities({ 'word-tea': 'error', 'word-rum': 'error' }), ['error', 'error']);
  });

  it('does not judge an ignore file that no build reads', () => {
    const source = { path: '.dockerignore', text: '[\ntea\n', kind: 'dockerignore', context: undefined } as const;
    const [read, unread] = [false, true].map((one) =>
      lintSource({ ...source, unread: one }, configWith([patternRule])),
    );
    assert.notEqual(read?.findings.length, 0);
    assert.deepEqual(unread?.findings, []);
    assert.deepEqual(unread?.skipped, [{ rule: patternRule.name, reason: 'no known build reads this file' }]);
  });

  it('proposes no change of an ignore file that is a link, and calls nothing in it unnecessary', () => {
    const text = 'dist\n// old\ndist\n';
    const found = (file: string | { link: string; text: string }) => {
      const ignoreFile = { path: '.dockerignore', text };
      const source = memorySource({ '.dockerignore': file });
      const context = createContext({ name: '.', origin: 'folder', source, ignoreFile });
      const config = configWith([inlineComment, shadowedPattern]);
      return lintSource({ ...ignoreFile, kind: 'dockerignore', context }, config).findings;
    };
    assert.deepEqual(
      found(text).map(({ rule, fixes }) => [rule, fixes.length]),
      [
        ['inline-comment', 1],
        ['shadowed-pattern', 1],
      ],
    );
    const [linked, ...more] = found({ link: '.gitignore', text });
    assert.deepEqual([linked?.rule, linked?.fixes, more], ['inline-comment', [], []]);
    assert.equal(linked?.evidence.at(-1)?.text, 'no fix: the ignore file is a link to another');
  });

  it('goes on after a rule that throws, and says which', () => {
    const { findings } = lintSource(dockerfile('FROM a\nRUN tea\n'), configWith([brokenRule, tea]));
    assert.deepEqual(
      findings.map(({ rule, message }) => [rule, message]),
      [
        ['internal-error', 'the rule always-broken failed on this file: no such thing'],
        ['word-tea', 'tea is here'],
      ],
    );
    assert.match(findings[0]?.evidence[0]?.text ?? '', /^at /);
  });

  it('is silent about a rule that throws where internal-error is off', () => {
    const config = configWith([brokenRule, tea], { rules: { 'internal-error': 'off' } });
    assert.deepEqual(linesOf(lintSource(dockerfile('FROM a\nRUN tea\n'), config)), ['2 word-tea']);
  });

  it('skips rules that need a context where there is none, and says so', () => {
    const needy = wordRule('tea', { needs: ['context'] });
    const without = lintSource(dockerfile('FROM a\nRUN tea\n'), configWith([needy]));
    assert.deepEqual(
      [without.findings, without.skipped],
      [[], [{ rule: 'word-tea', reason: 'no build context is known' }]],
    );
    const within = lintSource(dockerfile('FROM a\nRUN tea\n', {}), configWith([needy]));
    assert.deepEqual([linesOf(within), within.skipped], [['2 word-tea'], []]);
  });

  it('runs only the rules for the kind of file', () => {
    const config = configWith([tea, patternRule]);
    const source = { path: '.dockerignore', text: 'tea\nbad\n', kind: 'dockerignore', context: undefined } as const;
    assert.deepEqual(linesOf(lintSource(source, config)), ['2 bad-pattern']);
  });

  it('cuts places that lie outside the file', () => {
    const wild = wordRule('tea', { report: { span: { start: -5, end: 1e9 } } });
    const [finding] = lintSource(dockerfile('FROM a\nRUN tea\n'), configWith([wild])).findings;
    assert.deepEqual(finding?.span, { start: 0, end: 15 });
  });

  it('takes a tree that was read before', () => {
    const source = dockerfile('FROM a\nRUN tea\n');
    const parsed = parseSource('dockerfile', source.text);
    assert.deepEqual(lintSource(source, configWith([tea]), parsed), lintSource(source, configWith([tea])));
  });

  describe('syntax errors', () => {
    it('come once per instruction, and silence guesses about that instruction', () => {
      const text = 'FROM a\nRUN --mount=typ=cache --mount=type=chache,target=/x tea\nRUN tea\n';
      assert.deepEqual(linesOf(lintSource(dockerfile(text), configWith([tea]))), ['2 syntax-error', '3 word-tea']);
    });

    it('silence guesses even where they are off', () => {
      const config = configWith([tea], { rules: { 'syntax-error': 'off' } });
      assert.deepEqual(linesOf(lintSource(dockerfile('FROM a\nRUN --mount=type=x tea\nRUN tea\n'), config)), [
        '3 word-tea',
      ]);
    });

    it('are not known where another frontend reads the file', () => {
      const text = '# syntax=example.org/own/frontend:2\nFROM a\nRUN --mount=type=own tea\n';
      assert.deepEqual(linesOf(lintSource(dockerfile(text), configWith([tea]))), ['3 word-tea']);
      const digest = `sha256:${'0'.repeat(64)}`;
      for (const name of [`docker.io/docker/dockerfile:1@${digest}`, 'mirror.example.org/docker/dockerfile:1']) {
        const docker = text.replace('example.org/own/frontend:2', name);
        assert.deepEqual(linesOf(lintSource(dockerfile(docker), configWith([tea]))), ['3 syntax-error'], name);
      }
    });

    it('are stages that come too late, or that there are not, where the target needs them', () => {
      const messages = (text: string, builder: 'buildkit' | 'classic' = 'buildkit') =>
        lintSource(dockerfile(text), configWith([], { builder })).findings.map(({ message }) => message);
      const last = 'FROM b AS y\nFROM x\n';
      assert.deepEqual(messages(`FROM a AS x\nCOPY --from=y /f /f\n${last}`), [
        'cannot copy from stage "y", it needs to be defined before current stage "x"',
      ]);
      assert.deepEqual(messages(`FROM a AS x\nRUN --mount=from=y,target=/m make\n${last}`), [
        'cannot mount from stage "y" to "/m", stage needs to be defined before current command',
      ]);
      assert.deepEqual(messages('FROM a AS x\nCOPY --from=x /f /g\n'), ['circular dependency detected on stage: x']);
      assert.deepEqual(messages('FROM a\nCOPY --from=7 /f /g\n'), ['invalid stage index 7']);
      for (const text of [
        'FROM a AS x\nCOPY --from=y /f /f\nFROM b AS y\n',
        'FROM a AS x\nFROM b\nCOPY --from=x /f /f\nCOPY --from=0 /f /f\nRUN --mount=from=7 make\n',
      ])
        assert.deepEqual(messages(text), [], text);
      assert.deepEqual(messages(`FROM a AS x\nCOPY --from=y /f /f\n${last}`, 'classic'), []);
    });

    it('can be suppressed', () => {
      const text = 'FROM a\n# layerwise ignore=syntax-error reason="a template"\n{{more}}\n';
      assert.deepEqual(lintSource(dockerfile(text), configWith([])).findings, []);
    });

    it('are found in ignore files', () => {
      const source = { path: '.dockerignore', text: 'a\n[\n', kind: 'dockerignore', context: undefined } as const;
      assert.deepEqual(linesOf(lintSource(source, configWith([]))), ['2 syntax-error']);
    });
  });
});
