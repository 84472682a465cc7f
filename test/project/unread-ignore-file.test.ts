import assert from 'node:assert/strict';
import path from 'node:path';
import { parseSource } from '../../server/core/engine.js';
import { findFileContext } from '../../server/project/file-context.js';
import { readTextFile } from '../../server/project/files.js';
import { createContextFinder } from '../../server/project/find-context.js';
import { createConfigLoader } from '../../server/project/load-config.js';
import { rules } from '../../server/rules/index.js';
import { scratchFolder } from '../helpers/scratch-folder.js';

describe('an ignore file in a folder that is not built', () => {
  const folder = scratchFolder();

  /** Why no known build reads `api/.dockerignore`; undefined where one may. */
  async function unread(files: Record<string, string>, option?: string): Promise<string | undefined> {
    folder.write({ '.git/': '', 'api/.dockerignore': 'dist\n', ...files });
    const file = path.join(folder.path, 'api/.dockerignore');
    const choice = await findFileContext(createContextFinder(folder.path), {
      file,
      kind: 'dockerignore',
      parsed: parseSource('dockerignore', 'dist\n'),
      loaded: createConfigLoader(rules).load(path.join(folder.path, '.layerwise.jsonc')),
      option: option && path.join(folder.path, option),
      read: (other) => {
        const read = readTextFile(other);
        return 'text' in read ? read.text : undefined;
      },
    });
    assert.equal(choice.folder, path.dirname(file));
    assert.equal(choice.unread === true, choice.note !== undefined);
    return choice.note;
  }

  const dockerfile = 'FROM a\nCOPY . .\n';
  const compose = (build: string) => `services: { a: { build: { ${build} } } }\n`;
  const fromRoot = compose('context: ., dockerfile: api/Dockerfile');
  const moved = { 'api/Dockerfile': dockerfile, 'api/main.js': '', 'compose.yaml': fromRoot };

  it('is read by nobody where its Dockerfile is built with another context', async () => {
    const why = 'Dockerfile is built with .. as its context (compose), so no known build reads this file';
    assert.equal(await unread(moved), why);
  });

  it('is not read by builds of bake files and workflows, either', async () => {
    const bake = {
      ...moved,
      'compose.yaml': '',
      'docker-bake.json': '{"target": {"a": {"dockerfile": "api/Dockerfile"}}}',
    };
    assert.match((await unread(bake)) ?? '', /\(bake\)/);
    const workflow = 'jobs: { a: { steps: [{ run: docker build -f api/Dockerfile . }] } }';
    const files = { ...bake, 'docker-bake.json': '{}', '.github/workflows/ci.yml': workflow };
    assert.match((await unread(files)) ?? '', /\(workflow\)/);
  });

  it('is not read where the user says so', async () => {
    const files = { ...moved, 'compose.yaml': '' };
    assert.equal(await unread(files), undefined);
    assert.match((await unread(files, '.')) ?? '', /\(option\)/);
    assert.equal(await unread(files, 'api'), undefined);
    const config = { ...files, '.layerwise.jsonc': '{ "contexts": { "api/Dockerfile": "." } }' };
    assert.match((await unread(config)) ?? '', /\(config\)/);
  });

  const reads: [what: string, files: Record<string, string>][] = [
    ['where nothing tells the context', { 'compose.yaml': '' }],
    ['where another Dockerfile of the folder is not known', { 'api/Dockerfile.dev': dockerfile }],
    ['where a Dockerfile right below is not known', { 'api/docker/Dockerfile': dockerfile }],
    ['where another build of it has its folder', { 'docker-bake.json': '{"target": {"a": {"context": "api"}}}' }],
    [
      'where a build of another Dockerfile has its folder',
      {
        '.github/workflows/ci.yml': 'jobs: { a: { steps: [{ run: docker build -f Dockerfile api }] } }',
        Dockerfile: '',
      },
    ],
    ['where the other context has not what is copied', { 'api/Dockerfile': 'FROM a\nCOPY main.js .\n' }],
  ];
  for (const [what, files] of reads)
    it(`may be read ${what}`, async () => {
      assert.equal(await unread({ ...moved, ...files }), undefined);
    });

  it('may be read where its folder has no Dockerfile', async () => {
    assert.equal(
      await unread({ Dockerfile: dockerfile, 'compose.yaml': compose('dockerfile: ./Dockerfile') }),
      undefined,
    );
  });
});
