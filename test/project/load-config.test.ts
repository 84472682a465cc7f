import assert from 'node:assert/strict';
import path from 'node:path';
import { resolveConfig } from '../../server/core/config.js';
import type { LoadedConfig } from '../../server/project/load-config.js';
import { createConfigLoader, layersFor, matchesAny } from '../../server/project/load-config.js';
import { rules } from '../../server/rules/index.js';
import type { TemporaryFolder } from '../helpers/temporary-folder.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

describe('load-config', () => {
  let folder: TemporaryFolder;

  const at = (name: string) => path.join(folder.path, name);
  const nearest = (name = '') => createConfigLoader(rules).nearest(at(name));
  const builderOf = (loaded: LoadedConfig, file: string) => {
    const layers = layersFor(loaded, at(file), (config) => path.relative(folder.path, config));
    const resolved = resolveConfig(rules, layers);
    return [resolved.settings.builder, resolved.origins.get('builder')];
  };
  /** Every mistake as `file: «the text it underlines» message`. */
  const mistakes = ({ files }: LoadedConfig) =>
    files.flatMap(({ path: file, text, problems }) =>
      problems.map(
        ({ span, message }) => `${path.relative(folder.path, file)}: «${text.slice(span.start, span.end)}» ${message}`,
      ),
    );

  beforeEach(() => {
    folder = temporaryFolder({ '.git/HEAD': '' });
  });
  afterEach(() => folder.remove());

  it('takes the nearest config up to the root of the repository', () => {
    folder.write('.layerwise.jsonc', '{}');
    folder.write('a/.git/HEAD', '');
    folder.write('a/b/c/.layerwise.json', '{}');
    assert.equal(nearest('a/b/c').path, at('a/b/c/.layerwise.json'));
    assert.equal(nearest('a/b').path, undefined);
    assert.equal(nearest('d/e').path, at('.layerwise.jsonc'));
  });

  it('reads the key of package.json and passes over a package.json without it', () => {
    folder.write('package.json', '{"name": "x", "layerwise": {"builder": "kaniko"}}');
    folder.write('api/package.json', '{"name": "layerwise"}');
    assert.deepEqual(builderOf(nearest('api'), 'api/Dockerfile'), ['kaniko', 'package.json']);
  });

  it('lets the config win over what it extends, and later entries over earlier ones', () => {
    folder.write('a.json', '{"builder": "kaniko", "cacheStrategy": "clean"}');
    folder.write('b.json', '{"builder": "buildah"}');
    folder.write('.layerwise.jsonc', '{"extends": ["./a.json", "./b.json"]}');
    const loaded = nearest();
    assert.deepEqual(builderOf(loaded, 'Dockerfile'), ['buildah', 'b.json']);
    folder.write('.layerwise.jsonc', '{"extends": ["./a.json", "./b.json"], "builder": "classic"}');
    assert.deepEqual(builderOf(nearest(), 'Dockerfile'), ['classic', '.layerwise.jsonc']);
  });

  it('applies overrides by glob, those of an extended file relative to the config that extends it', () => {
    folder.write('shared/base.json', '{"overrides": [{"files": ["legacy/**"], "builder": "classic"}]}');
    folder.write(
      '.layerwise.jsonc',
      '{"extends": "shared/base.json", "overrides": [{"files": ["*.ci"], "builder": "kaniko"}]}',
    );
    const loaded = nearest();
    assert.deepEqual(builderOf(loaded, 'legacy/Dockerfile'), ['classic', 'shared/base.json overrides[0]']);
    assert.deepEqual(builderOf(loaded, 'api/Dockerfile.ci'), ['kaniko', '.layerwise.jsonc overrides[0]']);
    assert.deepEqual(builderOf(loaded, 'api/Dockerfile'), ['buildkit', 'default']);
  });

  it('reads comments, trailing commas, a BOM and CRLF', () => {
    folder.write('.layerwise.jsonc', '\uFEFF{\r\n  // why\r\n  "builder": "kaniko", /* so */\r\n}\r\n');
    assert.deepEqual(builderOf(nearest(), 'Dockerfile'), ['kaniko', '.layerwise.jsonc']);
    assert.deepEqual(mistakes(nearest()), []);
  });

  it('places mistakes and keeps the rest', () => {
    folder.write(
      '.layerwise.jsonc',
      '{\n  "bilder": "kaniko",\n  "rules": { "syntax-eror": "off" },\n  "cacheStrategy": "clean",\n  "overrides": [{"files": ["*"], "builder": "docker"}]\n}',
    );
    const found = mistakes(nearest());
    assert.equal(found.length, 3);
    assert.ok(
      found.some((text) => /^\.layerwise\.jsonc: «"bilder"» .*"builder"/.test(text)),
      found.join('\n'),
    );
    assert.ok(
      found.some((text) => /«"syntax-eror"» .*"syntax-error"/.test(text)),
      found.join('\n'),
    );
    assert.ok(
      found.some((text) => /«"docker"» /.test(text)),
      found.join('\n'),
    );
    assert.equal(resolveConfig(rules, layersFor(nearest(), at('Dockerfile'), String)).settings.cacheStrategy, 'clean');
  });

  it('places mistakes in package.json', () => {
    folder.write('package.json', '{"name": "x", "layerwise": {"rules": {"nonsense": "off"}}}');
    assert.match(mistakes(nearest()).join('\n'), /^package\.json: «"nonsense"» unknown rule/);
  });

  it('says where the text is not JSON and marks the file as broken', () => {
    folder.write('.layerwise.jsonc', '{ "builder": "kaniko" "rules": {} }');
    const [file] = nearest().files;
    assert.equal(file?.broken, true);
    assert.match(mistakes(nearest()).join('\n'), /a comma is missing/);
    folder.write('.layerwise.jsonc', '{');
    assert.match(mistakes(nearest()).join('\n'), /«\{» a closing \} is missing/);
    folder.write('.layerwise.jsonc', '');
    assert.equal(mistakes(nearest()).length, 1);
  });

  it('finds circles and missing files of extends, at the entry', () => {
    folder.write('.layerwise.jsonc', '{"extends": ["a.json", "gone.json"], "builder": "kaniko"}');
    folder.write('a.json', '{"extends": "./.layerwise.jsonc"}');
    const loaded = nearest();
    assert.deepEqual(mistakes(loaded).sort(), [
      '.layerwise.jsonc: «"gone.json"» extends "gone.json": no such file or folder',
      'a.json: «"./.layerwise.jsonc"» extends "./.layerwise.jsonc": goes in a circle: .layerwise.jsonc → a.json → .layerwise.jsonc',
    ]);
    assert.deepEqual(builderOf(loaded, 'Dockerfile'), ['kaniko', '.layerwise.jsonc']);
  });

  it('extends the same file twice without taking it for a circle', () => {
    folder.write('base.json', '{"builder": "kaniko"}');
    folder.write('a.json', '{"extends": "base.json"}');
    folder.write('.layerwise.jsonc', '{"extends": ["base.json", "a.json"]}');
    assert.deepEqual(mistakes(nearest()), []);
  });

  it('reports a config that cannot be read', () => {
    const loaded = createConfigLoader(rules).load(at('gone.jsonc'));
    assert.deepEqual(loaded.errors, [`${at('gone.jsonc')}: no such file or folder`]);
  });
});

describe('matchesAny', () => {
  it('matches a bare name at any depth and a path from the root', () => {
    assert.equal(matchesAny(['*.Dockerfile'], 'a/b/x.Dockerfile'), true);
    assert.equal(matchesAny(['a/*'], 'a/Dockerfile'), true);
    assert.equal(matchesAny(['a/*'], 'b/a/Dockerfile'), false);
    assert.equal(matchesAny(['./a/**'], 'a/.b/Dockerfile'), true);
    assert.equal(matchesAny([], 'Dockerfile'), false);
  });
});
