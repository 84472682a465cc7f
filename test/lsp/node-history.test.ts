import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { nodeHistory } from '../../server/lsp/node-history.js';
import { createContext } from '../../server/model/context.js';
import { memorySource } from '../../server/model/memory-source.js';
import { uriOfPath } from '../helpers/language-client.js';
import { type TemporaryFolder, temporaryFolder } from '../helpers/temporary-folder.js';

describe('the past that the language server reads', () => {
  let folder: TemporaryFolder;

  beforeEach(() => {
    folder = temporaryFolder({ 'api/Dockerfile': 'FROM a AS build\nFROM b\n' });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: folder.path });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'first');
  });
  afterEach(() => folder.remove());

  it('names the stages that compose files build, as they are now', async () => {
    const reader = nodeHistory();
    const context = createContext({ name: '.', origin: 'folder', source: memorySource({}) });
    const read = () => {
      const [root, file] = ['api', 'api/Dockerfile'].map((name) => uriOfPath(path.join(folder.path, name)));
      return reader.read(root ?? '', file ?? '', context);
    };
    const first = await read();
    assert.deepEqual(first.targets, []);
    assert.equal(await read(), first);
    folder.write('compose.yaml', 'services:\n  a:\n    build:\n      context: api\n      target: $STAGE\n');
    folder.write('.env', 'STAGE=build\n');
    assert.deepEqual((await read()).targets, ['build']);
    folder.write('.env', 'STAGE=other\n');
    assert.deepEqual((await read()).targets, ['other']);
    folder.write('compose.yaml', 'services: {}\n');
    assert.deepEqual((await read()).targets, []);
  });
});
