import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { Fix } from '../../server/core/finding.js';
import { applyEdits, fixSource } from '../../server/core/fix.js';
import { defineRule, type Rule } from '../../server/core/rule.js';
import { configWith, dockerfile, wordRule } from '../helpers/sample-rules.js';

const all = { unsafe: true };
const safe = { unsafe: false };

function replaceBy(text: string, more: Partial<Fix> = {}) {
  return (span: { start: number; end: number }): Fix[] => [
    { title: `Write ${text}`, safety: 'safe', edits: [{ span, text }], ...more },
  ];
}

function fixed(rules: readonly Rule[], text: string, choice: Parameters<typeof fixSource>[2] = safe) {
  return fixSource(dockerfile(text), configWith(rules), choice);
}

describe('applyEdits', () => {
  it('makes the edits whatever their order, insertions at one place in the order given', () => {
    const at = (start: number, end: number, text: string) => ({ span: { start, end }, text });
    assert.equal(applyEdits('abcdef', [at(4, 5, 'E'), at(0, 1, ''), at(2, 2, '-'), at(2, 2, '+')]), 'b-+cdEf');
    assert.equal(applyEdits('', [at(0, 0, 'x')]), 'x');
    assert.equal(applyEdits('abc', []), 'abc');
  });
});

describe('fixSource', () => {
  it('applies fixes until none is left, and lists them', () => {
    const rules = [wordRule('tea', { fix: replaceBy('rum') }), wordRule('rum', { fix: replaceBy('water') })];
    const outcome = fixed(rules, 'FROM a\nRUN x\nRUN tea\n');
    assert.equal(outcome.text, 'FROM a\nRUN x\nRUN water\n');
    assert.deepEqual(outcome.applied, [
      { rule: 'word-tea', title: 'Write rum', line: 3 },
      { rule: 'word-rum', title: 'Write water', line: 3 },
    ]);
    assert.deepEqual(outcome.unsettled, []);
  });

  it('names the rules whose fixes undo each other', () => {
    const rules = [wordRule('tea', { fix: replaceBy('rum') }), wordRule('rum', { fix: replaceBy('tea') })];
    const { unsettled } = fixed(rules, 'FROM a\nRUN tea\n');
    assert.deepEqual(unsettled, ['word-tea']);
  });

  it('takes unsafe fixes only when asked, manual ones never', () => {
    const unsafe = wordRule('tea', { fix: replaceBy('rum', { safety: 'unsafe', caveat: 'tastes different' }) });
    assert.equal(fixed([unsafe], 'FROM a\nRUN tea\n').text, 'FROM a\nRUN tea\n');
    assert.equal(fixed([unsafe], 'FROM a\nRUN tea\n', all).text, 'FROM a\nRUN rum\n');
    const manual = wordRule('tea', { fix: replaceBy('rum', { safety: 'manual', caveat: 'taste it' }) });
    assert.equal(fixed([manual], 'FROM a\nRUN tea\n', all).text, 'FROM a\nRUN tea\n');
  });

  it('takes the first fix that may be applied', () => {
    const rule = wordRule('tea', {
      fix: (span) => [
        ...replaceBy('rum', { safety: 'unsafe', caveat: 'x' })(span),
        ...replaceBy('milk')(span),
        ...replaceBy('water')(span),
      ],
    });
    assert.equal(fixed([rule], 'FROM a\nRUN tea\n').text, 'FROM a\nRUN milk\n');
    assert.equal(fixed([rule], 'FROM a\nRUN tea\n', all).text, 'FROM a\nRUN rum\n');
  });

  it('takes the fixes of some rules only', () => {
    const rules = [wordRule('tea', { fix: replaceBy('milk') }), wordRule('rum', { fix: replaceBy('water') })];
    const outcome = fixed(rules, 'FROM a\nRUN tea\nRUN rum\n', { unsafe: false, only: new Set(['word-rum']) });
    assert.equal(outcome.text, 'FROM a\nRUN tea\nRUN water\n');
  });

  it('lets fixes that meet wait for the next round', () => {
    const rules = [
      wordRule('tea cup', { name: 'word-cup', fix: replaceBy('mug') }),
      wordRule('tea', { fix: replaceBy('rum') }),
    ];
    const outcome = fixed(rules, 'FROM a\nRUN tea cup\n');
    assert.equal(outcome.text, 'FROM a\nRUN rum cup\n');
    assert.deepEqual(
      outcome.applied.map(({ rule }) => rule),
      ['word-tea'],
    );
  });

  it('does not apply a fix twice that changes nothing', () => {
    const idle = wordRule('tea', { fix: () => [{ title: 'Nothing', safety: 'safe', edits: [] }] });
    assert.deepEqual(fixed([idle], 'FROM a\nRUN tea\n').applied, []);
  });

  it('leaves suppressed findings alone', () => {
    const rule = wordRule('tea', { fix: replaceBy('milk') });
    const text = 'FROM a\n# layerwise ignore=word-tea reason="x"\nRUN tea\n';
    assert.equal(fixed([rule], text).text, text);
  });

  describe('other files', () => {
    /** Wants every RUN that has tea noted in notes.txt. */
    const noted = defineRule({
      ...wordRule('tea'),
      options: v.object({}),
      check({ file, context, report }) {
        const notes = context?.read('notes.txt') ?? '';
        for (const { text, span } of file.instructions) {
          if (!text.includes('tea') || notes.includes(`${text}\n`)) continue;
          const edit = { file: 'notes.txt', span: { start: notes.length, end: notes.length }, text: `${text}\n` };
          report({ span, message: 'note it', fixes: [{ title: 'Note it', safety: 'safe', edits: [edit] }] });
        }
      },
    });
    const text = 'FROM a\nRUN green tea\nRUN black tea\n';

    it('are changed, and seen by the next round', () => {
      const outcome = fixSource(dockerfile(text, { 'notes.txt': 'water\n' }), configWith([noted]), safe);
      assert.deepEqual([...outcome.others], [['notes.txt', 'water\ngreen tea\nblack tea\n']]);
      assert.deepEqual([outcome.text, outcome.unsettled], [text, []]);
    });

    it('are created', () => {
      const outcome = fixSource(dockerfile(text, {}), configWith([noted]), safe);
      assert.deepEqual([...outcome.others], [['notes.txt', 'green tea\nblack tea\n']]);
    });

    it('stay as they are where nobody can show the change to the rules', () => {
      const { contextWith: _, ...source } = dockerfile(text, {});
      const outcome = fixSource(source, configWith([noted]), safe);
      assert.deepEqual([outcome.applied, outcome.others.size], [[], 0]);
    });
  });
});
