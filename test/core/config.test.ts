import assert from 'node:assert/strict';
import * as v from 'valibot';
import { resolveConfig, validateConfig } from '../../server/core/config.js';
import { defineRule } from '../../server/core/rule.js';
import { wordRule } from '../helpers/sample-rules.js';

const on = wordRule('tea', { name: 'strong-tea' });
const off = wordRule('rum', { name: 'strong-rum', recommended: false });
const rules = [on, off];

function problemsOf(config: unknown): string[] {
  return validateConfig(config, rules).problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('validateConfig', () => {
  it('takes severities, on, off and options', () => {
    const config = {
      $schema: 'x',
      extends: ['./base.jsonc'],
      rules: { 'strong-tea': 'error', 'strong-rum': { severity: 'info', limit: 3 } },
      builder: 'kaniko',
      cacheStrategy: 'clean',
      exclude: ['vendor'],
      contexts: { 'docker/*': '.' },
      overrides: [{ files: ['test/**'], rules: { 'strong-tea': 'off' } }],
    };
    assert.deepEqual(problemsOf(config), []);
    assert.deepEqual(validateConfig(config, rules).config, config);
  });

  for (const [what, config, problem] of [
    [
      'a rule',
      { rules: { 'strong-te': 'off' } },
      'rules.strong-te: unknown rule "strong-te"; did you mean "strong-tea"?',
    ],
    ['a rule like no other', { rules: { quux: 'off' } }, 'rules.quux: unknown rule "quux"'],
    ['a key', { rule: {} }, 'rule: unknown key "rule"; did you mean "rules"?'],
    [
      'a key of an override',
      { overrides: [{ files: [], rulez: {} }] },
      'overrides.0.rulez: unknown key "rulez"; did you mean "rules"?',
    ],
    [
      'a rule of an override',
      { overrides: [{ files: ['x'], rules: { tea: 'off' } }] },
      'overrides.0.rules.tea: unknown rule "tea"',
    ],
    [
      'an option',
      { rules: { 'strong-tea': { limit: 'x' } } },
      'rules.strong-tea.limit: invalid value "x" (expected a number)',
    ],
    [
      'an option that the rule does not have',
      { rules: { 'strong-tea': { severity: 'error', limt: 3 } } },
      'rules.strong-tea.limt: strong-tea has no option "limt"; did you mean "limit"?',
    ],
    [
      'a list, which other tools take',
      { rules: { 'strong-tea': ['error', { limit: 3 }] } },
      'rules.strong-tea: a severity is expected, or an object with options such as {"severity": "info"}, not a list',
    ],
    [
      'a misspelt severity beside options',
      { rules: { 'strong-tea': { severty: 'error', limit: 3 } } },
      'rules.strong-tea.severty: strong-tea has no option "severty"; did you mean "severity"?',
    ],
  ] as const) {
    it(`names the place of ${what}`, () => assert.deepEqual(problemsOf(config), [problem]));
  }

  it('names what is allowed instead of a wrong severity, builder or strategy', () => {
    const [severity, builder, strategy] = problemsOf({
      rules: { 'strong-tea': 'warn' },
      builder: 'dockerd',
      cacheStrategy: 'mount',
    }).sort((a, b) => Number(b.startsWith('rules')) - Number(a.startsWith('rules')));
    assert.match(
      severity ?? '',
      /^rules\.strong-tea: invalid value "warn" \(.* "on" or an object\); did you mean "warning"\?$/,
    );
    assert.match(builder ?? '', /^builder: invalid value "dockerd" .*"kaniko"/);
    assert.match(
      strategy ?? '',
      /^cacheStrategy: invalid value "mount" \(expected "auto", "mounts" or "clean"\); did you mean "mounts"\?$/,
    );
  });

  for (const value of [null, 'x', 3, []]) {
    it(`says that ${JSON.stringify(value)} is no config`, () => {
      assert.deepEqual(problemsOf(value), [': a config is a JSON object']);
      assert.deepEqual(validateConfig(value, rules).config, {});
    });
  }

  it('leaves out what is wrong and keeps the rest', () => {
    const { config } = validateConfig(
      { builder: 'dockerd', cacheStrategy: 'clean', exclude: ['a', 3], rules: { 'strong-tea': 'info' } },
      rules,
    );
    assert.equal(config.builder, undefined);
    assert.equal(config.cacheStrategy, 'clean');
    assert.deepEqual(config.rules, { 'strong-tea': 'info' });
  });

  it('does not change the value it is given', () => {
    const config = { builder: 'dockerd', rules: { 'strong-tea': 'warn' } };
    validateConfig(config, rules);
    assert.deepEqual(config, { builder: 'dockerd', rules: { 'strong-tea': 'warn' } });
  });
});

describe('resolveConfig', () => {
  const resolve = (...configs: Parameters<typeof resolveConfig>[1][number]['config'][]) =>
    resolveConfig(
      rules,
      configs.map((config, index) => ({ origin: `layer ${index + 1}`, config })),
    );

  it('starts from the recommended rules and their default options', () => {
    const { rules: resolved, settings, origins } = resolve();
    assert.deepEqual([...resolved.keys()], ['strong-tea']);
    assert.deepEqual(resolved.get('strong-tea'), { rule: on, severity: undefined, options: { limit: 1 } });
    assert.deepEqual(settings, { builder: 'buildkit', cacheStrategy: 'auto' });
    assert.deepEqual([...new Set(origins.values())], ['default']);
  });

  it('lets later layers win, value by value, and tells where each comes from', () => {
    const {
      rules: resolved,
      settings,
      origins,
    } = resolve(
      { builder: 'kaniko', rules: { 'strong-tea': { severity: 'error', limit: 5 } } },
      { cacheStrategy: 'clean', rules: { 'strong-tea': { limit: 7 }, 'strong-rum': 'info' } },
    );
    assert.deepEqual(resolved.get('strong-tea'), { rule: on, severity: 'error', options: { limit: 7 } });
    assert.equal(resolved.get('strong-rum')?.severity, 'info');
    assert.deepEqual(settings, { builder: 'kaniko', cacheStrategy: 'clean' });
    assert.equal(origins.get('builder'), 'layer 1');
    assert.equal(origins.get('cacheStrategy'), 'layer 2');
    assert.equal(origins.get('rules.strong-tea'), 'layer 2');
  });

  it('leaves out a wrong option and keeps the others', () => {
    const rule = defineRule({
      ...on,
      options: v.object({ limit: v.optional(v.number(), 1), words: v.optional(v.array(v.string())) }),
    });
    const config = { rules: { 'strong-tea': { limit: 'x', words: ['cup'] } } };
    const { rules: resolved } = resolveConfig([rule], [{ origin: 'x', config }]);
    assert.deepEqual(resolved.get('strong-tea')?.options, { limit: 1, words: ['cup'] });
  });

  it('turns off and on again; "on" gives back the severity to the rule', () => {
    assert.equal(resolve({ rules: { 'strong-tea': 'off' } }).rules.has('strong-tea'), false);
    const { rules: resolved } = resolve({ rules: { 'strong-tea': 'error' } }, { rules: { 'strong-tea': 'on' } });
    assert.equal(resolved.get('strong-tea')?.severity, undefined);
  });

  it('turns a rule on by its options, unless a config has turned it off', () => {
    const options = { rules: { 'strong-tea': { limit: 2 }, 'strong-rum': { severity: 'info' as const } } };
    const isOn = (...configs: Parameters<typeof resolve>) => resolve(...configs).rules.has('strong-tea');
    assert.equal(resolve({ rules: { 'strong-rum': {} } }).rules.has('strong-rum'), true);
    assert.equal(isOn({ rules: { 'strong-tea': 'off' } }, options), false);
    assert.equal(isOn({ rules: { 'strong-tea': 'off' } }, options, { rules: { 'strong-tea': 'on' } }), true);
  });

  it('falls back to the default options where the given ones are wrong', () => {
    const { rules: resolved } = resolve({ rules: { 'strong-tea': { limit: 'many' }, nonsense: 'error' } });
    assert.deepEqual(resolved.get('strong-tea')?.options, { limit: 1 });
  });

  it('knows every rule, also those that are off', () => {
    assert.deepEqual([...resolve().known.keys()], ['strong-tea', 'strong-rum']);
  });
});
