import assert from 'node:assert/strict';
import { readClientFacts } from '../../server/lsp/client-facts.js';
import { defaultSettings } from '../../server/lsp/protocol.js';
import { mergeSettings } from '../../server/lsp/settings.js';
import { watchedGlobs } from '../../server/lsp/watched-files.js';

describe('settings', () => {
  it('are the defaults where nothing is set', () => {
    assert.deepEqual(mergeSettings(undefined, null, {}), defaultSettings);
  });

  it('of later sources win, value by value', () => {
    const merged = mergeSettings({ run: 'onSave', timeBudget: 5 }, { timeBudget: 7 });
    assert.deepEqual([merged.run, merged.timeBudget], ['onSave', 7]);
  });

  it('of a wrong type or an unknown name are passed over', () => {
    const wrong = {
      enable: 'no',
      run: 'never',
      timeBudget: -1,
      configPath: 3,
      languageFeatures: true,
      extra: 1,
      toString: 1,
    };
    assert.deepEqual(mergeSettings(wrong, 'x', 7), defaultSettings);
  });
});

describe('client facts', () => {
  const factsOf = (initializationOptions: unknown, capabilities = {}) =>
    readClientFacts({ processId: null, rootUri: null, capabilities, initializationOptions });

  it('turn language features off beside another Docker extension, unless they are wished for', () => {
    assert.equal(factsOf({}).languageFeatures, true);
    assert.equal(factsOf({ otherDockerExtension: true }).languageFeatures, false);
    assert.equal(factsOf({ otherDockerExtension: true, settings: { languageFeatures: 'on' } }).languageFeatures, true);
    assert.equal(factsOf({ settings: { languageFeatures: 'off' } }).languageFeatures, false);
  });

  it('put up with options of any kind', () => {
    for (const options of [undefined, null, 7, 'x', [], { settings: 3, commands: 'x' }, { commands: [1, 'a'] }]) {
      assert.equal(factsOf(options).fileSystem, false);
    }
    assert.deepEqual([...factsOf({ commands: [1, 'a'] }).commands], ['a']);
  });

  it('are poor for a client that says nothing', () => {
    const facts = factsOf(undefined);
    assert.equal(facts.pullsDiagnostics || facts.createsFiles || facts.documentChanges || facts.watchesFiles, false);
  });
});

describe('watched files', () => {
  it('are ignore files, configs, files that describe builds, manifests and lockfiles', () => {
    const globs = watchedGlobs();
    for (const name of [
      '.dockerignore',
      '.layerwise.jsonc',
      'package.json',
      'package-lock.json',
      'go.sum',
      '*.csproj',
      '.npmrc',
      'docker-bake*.{json,hcl}',
      '.github/workflows/*.{yml,yaml}',
    ]) {
      assert.ok(globs.includes(`**/${name}`), name);
    }
    assert.equal(new Set(globs).size, globs.length);
    assert.ok(globs.every((glob) => !glob.endsWith('/')));
  });
});
