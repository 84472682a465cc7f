import assert from 'node:assert/strict';
import { validateConfig } from '../../server/core/config.js';
import { describeOptions } from '../../server/core/rule-options.js';
import { ruleByName, rules } from '../../server/rules/index.js';
import { type Case, runCase } from '../helpers/rule-tester.js';

interface Example extends Omit<Case, 'name' | 'options' | 'code'> {
  /** The code of `docs.bad`, with its files and settings, where it is left out. */
  readonly code?: string;
  readonly value: unknown;
  /** What is underlined with the option; nothing where it is left out. */
  readonly with?: readonly string[];
}

const workspace = { 'package.json': '{}', 'packages/web/package.json': '{}' };
const node = { 'package.json': '{"dependencies": {"a": "1"}}', 'package-lock.json': '{}' };
const notHere = { ...node, node_modules: { absent: true, gitIgnored: true } };
const copied = 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n';

/** For every option of every rule: an example that is reported without it, and another way or not at all with it. */
const examples: Readonly<Record<string, Readonly<Record<string, Example>>>> = {
  'broad-bind-mount': { ignoreManagers: { value: ['pip'] } },
  'broad-copy': { ignoreStages: { value: ['Files'] } },
  'cache-mount-defeated': {
    ignoreManagers: { value: ['pip'] },
    allow: { value: ['--no-cache*'] },
  },
  'cache-mount-needed-later': { ignoreManagers: { value: ['dotnet'] } },
  'cache-mount-unlocked': { allow: { value: ['/var/cache/*'] } },
  'cache-mount-wrong-target': {
    ignoreManagers: { value: ['npm'] },
    allow: { value: ['/root/.npm'] },
  },
  'chown-after-copy': {
    minimumBytes: {
      code: 'FROM node:22\nCOPY a.bin /app/\nRUN chown -R node /app\n',
      files: { 'a.bin': 'x'.repeat(200_000) },
      value: 1_000_000,
    },
  },
  'context-includes-dependencies': {
    allow: { value: ['node_*'] },
    presentOnly: { code: copied, files: { ...notHere, '.dockerignore': '.git\n' }, value: true },
  },
  'context-includes-vcs': {
    ignoreStages: { value: ['0'] },
    readers: { value: ['make'] },
  },
  'copy-before-install': {
    allow: { value: ['src/*'] },
    ignoreManagers: { value: ['npm', 'pnpm'] },
    ignoreStages: { value: ['0'] },
  },
  'delete-in-later-layer': {
    minimumBytes: {
      code: 'FROM debian:12\nCOPY a.bin /tmp/\nRUN rm /tmp/a.bin\n',
      files: { 'a.bin': 'x'.repeat(200_000) },
      value: 1_000_000,
    },
  },
  'dockerfile-busts-copy': {
    allow: { value: ['Dockerfile'] },
    minimumSteps: { value: 2 },
  },
  'gitignore-style-pattern': {
    allow: { value: ['node_modules'] },
    presentOnly: { code: 'node_modules\n', files: workspace, value: true },
  },
  'ineffective-negation': { allow: { value: ['!docs/*'] } },
  'inline-comment': { allow: { value: ['dist # build*'] } },
  'install-without-lockfile': { ignoreManagers: { value: ['npm'] } },
  'link-would-detach': {
    allow: { value: ['/app*'] },
    plainFolders: {
      code: 'FROM nginx:1.29\nRUN make\nCOPY a /app/\nCOPY html /usr/share/nginx/html/\n',
      value: ['/usr/share/nginx/*'],
      with: ['COPY', 'COPY'],
    },
  },
  'metadata-early': {
    ignoreInstructions: { value: ['LABEL'] },
    minimumSteps: { value: 2 },
  },
  'missing-cache-mount': {
    minPackages: {
      code: 'FROM debian:13\nRUN apt-get update && apt-get install -y git curl make\n',
      value: 4,
    },
    ignoreManagers: { value: ['npm'] },
    ignoreStages: { value: ['*'] },
  },
  'missing-ignore-file': {
    allow: { value: ['.git', 'node_modules'] },
    presentOnly: { code: copied, files: notHere, value: true },
  },
  'housekeeping-busts-copy': {
    share: { value: 1 },
    commits: { value: 1000 },
    allow: { value: ['.github', 'CHANGELOG.md'] },
  },
  'order-by-change-frequency': {
    share: { value: 1 },
    commits: { value: 1000 },
  },
  'pattern-matches-nothing': {
    allow: { value: ['Src/*'] },
    everyPattern: {
      code: 'Src/legacy\n*.log\n',
      files: { 'src/legacy/old.js': '' },
      value: true,
      with: ['Src/legacy', '*.log'],
    },
  },
  'remote-add-without-checksum': { allow: { value: ['https://example.com/tools/*'] } },
  'shadowed-pattern': {
    allow: { value: ['node_modules'] },
    duplicatesOnly: { code: 'a\na/b\na\n', value: true, with: ['a'] },
  },
  'split-apt-update': {
    ignoreStages: { value: ['0'] },
    snapshotHosts: {
      code: 'FROM debian:12\nARG MIRROR=https://frozen.example.com/debian\nRUN apt-get update\nRUN apt-get install -y curl\n',
      value: ['frozen.example.com'],
    },
  },
  'undigested-base': { allow: { value: ['node'] } },
  'unneeded-arg-scope': {
    allow: { value: ['OWN*'] },
    minimumSteps: { value: 2 },
  },
  'unpinned-base': {
    allow: { value: ['node'], with: ['latest'] },
    movingTags: {
      code: 'FROM alpine:edge\nFROM node:latest\n',
      value: ['edge'],
      with: ['edge'],
    },
  },
  'volatile-arg-early': {
    names: {
      code: 'FROM node:22\nARG GIT_SHA\nRUN npm ci\nFROM node:22\nARG TEA\nRUN npm ci\n',
      value: ['TEA'],
      with: ['GIT_SHA', 'TEA'],
    },
  },
};

describe('options of rules', () => {
  for (const rule of rules) {
    const options = describeOptions(rule.options);
    for (const { name, description } of options) {
      it(`${rule.name}: ${name} makes a difference, and is described`, () => {
        const example = examples[rule.name]?.[name];
        assert.ok(example, 'has no example here');
        const { value, with: expected = [], ...given } = example;
        const { files, settings, changed, bad } = { files: {}, ...rule.docs };
        const ofDocs = { code: bad, files, settings: settings ?? {}, ...(changed && { changed }) };
        const test = { ...(given.code === undefined ? ofDocs : {}), code: bad, ...given };
        const before = underlined(rule, test);
        const after = underlined(rule, { ...test, options: { [name]: value } });
        assert.ok(before.length > 0, 'nothing is reported without the option');
        assert.notDeepEqual(after, before);
        assert.deepEqual(after, expected);
        assert.match(description ?? '', /\.$/);
        assert.deepEqual(validateConfig({ rules: { [rule.name]: { [name]: value } } }, rules).problems, []);
      });
    }
    it(`${rule.name}: no example for an option that is not there`, () => {
      const known = new Set(options.map(({ name }) => name));
      assert.deepEqual(
        Object.keys(examples[rule.name] ?? {}).filter((name) => !known.has(name)),
        [],
      );
    });
  }

  it('says what is wrong with a value, where, and what may have been meant', () => {
    const config = {
      rules: {
        'copy-before-install': { ignoreManagers: ['yarn', 'poetri', 'xyz'], ignoreStage: ['dev'] },
        'dockerfile-busts-copy': { minimumSteps: -1, allow: [''] },
        'metadata-early': { ignoreInstructions: ['EXPSE'] },
        'shadowed-pattern': { duplicatesOnly: 'yes' },
      },
    };
    const problems = validateConfig(config, rules).problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
    const anyCount = problems.map((one) => one.replace(/\d+ names/, 'N names'));
    assert.deepEqual(anyCount, [
      'rules.copy-before-install.ignoreStage: copy-before-install has no option "ignoreStage"; did you mean "ignoreStages"?',
      'rules.copy-before-install.ignoreManagers.1: invalid value "poetri" (expected one of N names); did you mean "poetry"?',
      'rules.copy-before-install.ignoreManagers.2: invalid value "xyz" (expected one of N names)',
      'rules.dockerfile-busts-copy.allow.0: invalid value "" (expected a text that is not empty)',
      'rules.dockerfile-busts-copy.minimumSteps: invalid value -1 (expected 0 or more)',
      'rules.metadata-early.ignoreInstructions.0: invalid value "EXPSE" (expected "LABEL", "EXPOSE", "CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL" or "MAINTAINER"); did you mean "EXPOSE"?',
      'rules.shadowed-pattern.duplicatesOnly: invalid value "yes" (expected true or false)',
    ]);
  });

  it('takes both yarns by one name', () => {
    const rule = ruleByName('install-without-lockfile');
    assert.ok(rule);
    const files = { 'package.json': '{"packageManager": "yarn@4.9.1"}', 'yarn.lock': '__metadata:\n  version: 8\n' };
    const code = 'FROM node:22\nWORKDIR /app\nCOPY package.json yarn.lock ./\nRUN yarn install\n';
    assert.equal(runCase(rule, { code, files }).findings.length, 1);
    assert.deepEqual(runCase(rule, { code, files, options: { ignoreManagers: ['yarn'] } }).findings, []);
  });
});

function underlined(rule: (typeof rules)[number], test: Case): string[] {
  const { text, findings } = runCase(rule, test);
  return findings.map(({ span }) => text.slice(span.start, span.end));
}
