import assert from 'node:assert/strict';
import path from 'node:path';
import { parseSource } from '../../server/core/engine.js';
import type { Workspace } from '../../server/lsp/host.js';
import { nodeHost } from '../../server/lsp/node-host.js';
import { rules } from '../../server/rules/index.js';
import { uriOfPath } from '../helpers/language-client.js';
import { scratchFolder } from '../helpers/scratch-folder.js';

describe('node host', () => {
  const folder = scratchFolder();
  const open: { uri: string; version: number; text: string }[] = [];
  const workspace: Workspace = { folders: () => [uriOfPath(folder.path)], openFiles: () => open };
  const uri = (file: string) => uriOfPath(path.join(folder.path, file));
  const dockerfile = (file: string, text: string) => {
    return { uri: file, kind: 'dockerfile' as const, text, parsed: parseSource('dockerfile', text) };
  };
  const ignoreFile = (file: string, text: string) => {
    return { uri: file, kind: 'dockerignore' as const, text, parsed: parseSource('dockerignore', text) };
  };
  beforeEach(() => {
    open.length = 0;
    folder.write({ '.git/HEAD': '' });
  });

  it('finds config and context of a file, and names them by URI', async () => {
    folder.write({ '.layerwise.jsonc': '{}', 'api/src/a.js': '', 'api/Dockerfile': '' });
    const host = nodeHost(rules, workspace);
    const found = await host.surroundings(dockerfile(uri('api/Dockerfile'), 'FROM alpine\nCOPY src /x\n'), '');
    assert.equal(found.path, 'api/Dockerfile');
    assert.equal(found.configUri, uri('.layerwise.jsonc'));
    assert.equal(found.context?.name, 'api');
    assert.equal(found.uriOf('src/a.js'), uri('api/src/a.js'));
  });

  it('takes the context of the compose file', async () => {
    folder.write({
      'compose.yaml': 'services:\n  a:\n    build:\n      context: .\n      dockerfile: docker/Dockerfile\n',
      'docker/Dockerfile': '',
      'app.js': '',
    });
    const found = await nodeHost(rules, workspace).surroundings(
      dockerfile(uri('docker/Dockerfile'), 'FROM alpine\nCOPY app.js /x\n'),
      '',
    );
    assert.deepEqual([found.context?.name, found.context?.origin], ['.', 'compose']);
  });

  it('keeps a context while nothing changes, and goes by the open ignore file', async () => {
    folder.write({ 'a.txt': '', Dockerfile: '', '.dockerignore': '' });
    const host = nodeHost(rules, workspace);
    const ask = async (text: string) => (await host.surroundings(dockerfile(uri('Dockerfile'), text), '')).context;
    const first = await ask('FROM alpine\nCOPY a.txt /\n');
    assert.equal(await ask('FROM alpine\n\nCOPY a.txt /\n'), first);
    open.push({ uri: uri('.dockerignore'), version: 1, text: 'a.txt\n' });
    assert.equal((await ask('FROM alpine\nCOPY a.txt /\n'))?.ignored('a.txt'), true);
    host.forget();
    open.length = 0;
    assert.equal((await ask('FROM alpine\nCOPY a.txt /\n'))?.ignored('a.txt'), false);
  });

  it('reads an open manifest as it is in the editor', async () => {
    folder.write({ Dockerfile: '', 'package.json': '{}' });
    const host = nodeHost(rules, workspace);
    const read = async (file: string) =>
      (await host.surroundings(dockerfile(uri('Dockerfile'), 'FROM alpine\nCOPY . /\n'), '')).context?.read(file);
    open.push({ uri: uri('package.json'), version: 1, text: '{"name": "a"}' });
    assert.equal(await read('package.json'), '{"name": "a"}');
    open[0] = { uri: uri('package.json'), version: 2, text: '{"name": "b"}' };
    assert.equal(await read('package.json'), '{"name": "b"}');
    open.length = 0;
    assert.equal(await read('package.json'), '{}');
  });

  it('takes contexts from bake files and workflows again once it is told to forget', async () => {
    folder.write({ 'api/Dockerfile': '', 'api/a.txt': '', 'api/.dockerignore': '' });
    const host = nodeHost(rules, workspace);
    const contextNow = async () => {
      const found = await host.surroundings(dockerfile(uri('api/Dockerfile'), 'FROM alpine\nCOPY . /\n'), '');
      const ignored = await host.surroundings(ignoreFile(uri('api/.dockerignore'), 'dist\n'), '');
      return [found.context?.name, found.context?.origin, ignored.unread];
    };
    assert.deepEqual(await contextNow(), ['api', 'folder', undefined]);
    folder.write({ '.github/workflows/ci.yml': 'jobs: { a: { steps: [{ run: docker build -f api/Dockerfile . }] } }' });
    host.forget();
    assert.deepEqual(await contextNow(), ['.', 'workflow', true]);
    folder.write({ 'docker-bake.hcl': 'target "a" { dockerfile = "api/Dockerfile" }' });
    host.forget();
    assert.deepEqual(await contextNow(), ['.', 'bake', true]);
  });

  it('gives an untitled document the config of the workspace and no context', async () => {
    folder.write({ '.layerwise.jsonc': '{"rules":{"unpinned-base":"off"}}' });
    const found = await nodeHost(rules, workspace).surroundings(dockerfile('untitled:1', 'FROM alpine\n'), '');
    assert.equal(found.context, undefined);
    assert.equal(found.config.rules.has('unpinned-base'), false);
    assert.equal(found.uriOf('x'), undefined);
  });

  it('treats a file outside of all folders by its own folder', async () => {
    folder.write({ 'x/Dockerfile': '', 'x/a.txt': '' });
    const host = nodeHost(rules, { folders: () => [], openFiles: () => [] });
    const found = await host.surroundings(dockerfile(uri('x/Dockerfile'), 'FROM alpine\nCOPY a.txt /\n'), '');
    assert.deepEqual([found.path, found.context?.name], ['Dockerfile', '.']);
  });

  it('says so where the config of the settings cannot be read', async () => {
    const host = nodeHost(rules, workspace);
    const found = await host.surroundings(dockerfile(uri('Dockerfile'), 'FROM alpine\n'), 'missing.jsonc');
    assert.match(found.errors[0] ?? '', /missing\.jsonc: no such file/);
  });

  it('reads a config again once a file that it extends has changed or come, and nobody told', async () => {
    folder.write({ '.layerwise.jsonc': '{"extends": "./base.jsonc"}', Dockerfile: '' });
    const host = nodeHost(rules, workspace);
    const isOn = async () => {
      const found = await host.surroundings(dockerfile(uri('Dockerfile'), 'FROM alpine\n'), '');
      return found.config.rules.has('unpinned-base');
    };
    assert.equal(await isOn(), true);
    folder.write({ 'base.jsonc': '{"rules": {"unpinned-base": "off"}}' });
    assert.equal(await isOn(), false);
    folder.write({ 'base.jsonc': '{}' });
    assert.equal(await isOn(), true);
  });

  it('reads the config of the settings again once it has changed', async () => {
    folder.write({ 'lint.jsonc': '{"rules": {"unpinned-base": "off"}}' });
    const host = nodeHost(rules, workspace);
    const found = () => host.surroundings(dockerfile(uri('Dockerfile'), 'FROM alpine\n'), 'lint.jsonc');
    assert.equal((await found()).config.rules.has('unpinned-base'), false);
    folder.write({ 'lint.jsonc': '{}' });
    assert.equal((await found()).config.rules.has('unpinned-base'), true);
  });

  it('names all files that a config is made of, those that are missing too', async () => {
    folder.write({ '.layerwise.jsonc': '{"extends": ["./a.jsonc", "./b.jsonc"]}', 'a.jsonc': '{}' });
    const found = await nodeHost(rules, workspace).surroundings(dockerfile(uri('Dockerfile'), 'FROM alpine\n'), '');
    assert.deepEqual(found.configUris, [uri('.layerwise.jsonc'), uri('a.jsonc'), uri('b.jsonc')]);
  });

  it('lists Dockerfiles and ignore files of a folder without those the config excludes', async () => {
    folder.write({
      'a/Dockerfile': 'FROM alpine\n',
      '.dockerignore': '',
      'old/Dockerfile': 'FROM alpine\n',
      '.layerwise.jsonc': '{"exclude":["old/**"]}',
    });
    const found = await nodeHost(rules, workspace).find(uriOfPath(folder.path));
    assert.deepEqual(found.map((one) => one.uri).toSorted(), [uri('.dockerignore'), uri('a/Dockerfile')].toSorted());
  });
});
