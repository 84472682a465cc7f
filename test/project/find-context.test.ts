import assert from 'node:assert/strict';
import path from 'node:path';
import { buildOf } from '../../server/model/build.js';
import { createContextFinder } from '../../server/project/find-context.js';
import { openContext } from '../../server/project/open-context.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { scratchFolder } from '../helpers/scratch-folder.js';

describe('createContextFinder', () => {
  const folder = scratchFolder();

  async function choose(files: Record<string, string>, dockerfile: string, wish = {}) {
    folder.write({ '.git/': '', ...files });
    const build = buildOf(parseDockerfile(files[dockerfile] ?? ''));
    const choice = await createContextFinder(folder.path).find(path.join(folder.path, dockerfile), build, wish);
    return { ...choice, folder: path.relative(folder.path, choice.folder).split(path.sep).join('/') || '.' };
  }

  const copies = (...sources: string[]) => `FROM a\n${sources.map((source) => `COPY ${source} /x/\n`).join('')}`;

  it('is the folder of the Dockerfile where the sources are there', async () => {
    const files = { 'api/Dockerfile': copies('package.json', '.'), 'api/package.json': '', 'package.json': '' };
    assert.deepEqual(await choose(files, 'api/Dockerfile'), {
      folder: 'api',
      origin: 'folder',
      plausible: true,
      note: undefined,
    });
  });

  it('is what the user says, the command line first', async () => {
    const wish = { option: path.join(folder.path, 'o'), configured: path.join(folder.path, 'c') };
    const { origin, plausible } = await choose({ Dockerfile: copies('none') }, 'Dockerfile', wish);
    assert.deepEqual([origin, plausible], ['option', true]);
    assert.equal((await choose({}, 'Dockerfile', { configured: wish.configured })).origin, 'config');
  });

  it('is the context of the compose file', async () => {
    const files = {
      'compose.yaml': 'services:\n  a:\n    build:\n      context: .\n      dockerfile: api/Dockerfile\n',
      'api/Dockerfile': copies('.'),
      'api/main.js': '',
    };
    assert.deepEqual(await choose(files, 'api/Dockerfile'), {
      folder: '.',
      origin: 'compose',
      plausible: true,
      note: undefined,
    });
  });

  it('prefers, of several, the compose context that has the sources, and a nearer file', async () => {
    const service = (context: string, file: string) => `{ build: { context: ${context}, dockerfile: ${file} } }`;
    const files = {
      'compose.yaml': `services:\n  a: ${service('./api', 'Dockerfile')}\n  b: ${service('.', 'api/Dockerfile')}\n`,
      'api/Dockerfile': copies('lib'),
      'lib/a': '',
    };
    assert.equal((await choose(files, 'api/Dockerfile')).folder, '.');
    const near = {
      ...files,
      'api/compose.yaml': `services:\n  c: ${service('..', 'api/Dockerfile')}\n`,
      'compose.yaml': 'services: {}',
    };
    assert.deepEqual((await choose(near, 'api/Dockerfile')).origin, 'compose');
  });

  /** A workflow that builds with these inputs. */
  const workflow = (...inputs: string[]) => {
    const steps = inputs.map((one) => `      - uses: docker/build-push-action@v6\n        with: { ${one} }\n`);
    return `on: push\njobs:\n  image:\n    steps:\n${steps.join('')}`;
  };

  const bake = (context: string, dockerfile: string) =>
    `target "app" {\n  context = "${context}"\n  dockerfile = "${dockerfile}"\n}\n`;

  it('is the context of the bake file', async () => {
    const files = { 'docker-bake.hcl': bake('.', 'api/Dockerfile'), 'api/Dockerfile': copies('.'), 'api/main.js': '' };
    const choice = await choose(files, 'api/Dockerfile');
    assert.deepEqual([choice.folder, choice.origin, choice.plausible, choice.note], ['.', 'bake', true, undefined]);
  });

  it('is the context of the workflow, also where the folder of the Dockerfile has the sources', async () => {
    const files = {
      '.github/workflows/ci.yml': workflow('context: ., file: api/Dockerfile'),
      'api/Dockerfile': copies('src', '.'),
      'api/src/a': '',
      'src/a': '',
    };
    const choice = await choose(files, 'api/Dockerfile');
    assert.deepEqual([choice.folder, choice.origin, choice.plausible, choice.note], ['.', 'workflow', true, undefined]);
  });

  it('believes a workflow before it guesses', async () => {
    const files = {
      '.github/workflows/ci.yml': workflow('context: docker'),
      'docker/Dockerfile': copies('.'),
      'docker/entrypoint.sh': '',
    };
    assert.deepEqual(await choose(files, 'docker/Dockerfile'), {
      folder: 'docker',
      origin: 'workflow',
      plausible: true,
      note: undefined,
    });
  });

  it('is not plausible where the context is yet to be made', async () => {
    const files = {
      '.github/workflows/ci.yml': workflow('context: app/target/dist, file: app/Dockerfile'),
      'app/Dockerfile': copies('.'),
      'app/main.c': '',
    };
    const choice = await choose(files, 'app/Dockerfile');
    assert.deepEqual([choice.folder, choice.origin, choice.plausible], ['app/target/dist', 'workflow', false]);
  });

  it('takes compose before bake, bake before workflows, and each only where its context has the sources', async () => {
    const all = {
      'compose.yaml': 'services: { a: { build: { context: a, dockerfile: ../api/Dockerfile } } }',
      'docker-bake.hcl': bake('b', '../api/Dockerfile'),
      '.github/workflows/ci.yml': workflow('context: c, file: api/Dockerfile', 'context: d, file: api/Dockerfile'),
      'api/Dockerfile': copies('x'),
    };
    const chosen = [];
    for (const folder of ['d', 'c', 'b', 'a']) {
      const choice = await choose({ ...all, [`${folder}/x`]: '' }, 'api/Dockerfile');
      chosen.push(`${choice.folder} of ${choice.origin}`);
    }
    assert.deepEqual(chosen, ['d of workflow', 'c of workflow', 'b of bake', 'a of compose']);
  });

  it('guesses rather than to believe a build without the sources', async () => {
    const files = {
      '.github/workflows/ci.yml': workflow('context: api'),
      'docker-bake.hcl': bake('docker', '../api/Dockerfile'),
      'api/Dockerfile': copies('package.json'),
      'package.json': '',
    };
    const choice = await choose(files, 'api/Dockerfile');
    assert.deepEqual([choice.folder, choice.origin], ['.', 'folder']);
  });

  it('guesses the folder above that has the sources, and says so', async () => {
    const files = {
      'docker/api/Dockerfile': copies('package.json', 'src/a.js', '.'),
      'package.json': '',
      'src/a.js': '',
    };
    const choice = await choose(files, 'docker/api/Dockerfile');
    assert.deepEqual([choice.folder, choice.origin, choice.plausible], ['.', 'folder', true]);
    assert.match(choice.note ?? '', /are in \.\.\/\.\.,/);
  });

  it('guesses the folder above whose path to the Dockerfile the build goes to', async () => {
    const entered = 'FROM a AS build\nCOPY . /src\nWORKDIR /src/tools/api\nRUN make\n';
    const taken = 'FROM a AS build\nCOPY . /src\nRUN make\nFROM a\nCOPY --from=build /src/tools/api/start.sh /\n';
    for (const text of [entered, taken]) {
      const choice = await choose({ 'tools/api/Dockerfile': text, 'tools/api/main.c': '' }, 'tools/api/Dockerfile');
      assert.deepEqual([choice.folder, choice.plausible], ['.', true]);
      assert.equal(
        choice.note,
        'it works in tools/api of what it copies, so ../.. is taken as the build context; --context says otherwise',
      );
    }
    const files = { 'tools/api/Dockerfile': entered, 'tools/api/tools/api/main.c': '' };
    assert.equal((await choose(files, 'tools/api/Dockerfile')).folder, 'tools/api', 'it lies beside the Dockerfile');
    const other = entered.replace('tools/api', 'dist');
    assert.equal((await choose({ 'api/Dockerfile': other, 'dist/a': '' }, 'api/Dockerfile')).folder, 'api');
  });

  it('guesses the root of the workspace where the packages that are asked for lie', async () => {
    const text = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN pnpm install\n';
    const files = {
      'apps/web/Dockerfile': text,
      'apps/web/package.json': '{"dependencies": {"@it/ui": "workspace:*"}}',
      'pnpm-workspace.yaml': 'packages: ["apps/*"]\n',
    };
    const choice = await choose(files, 'apps/web/Dockerfile');
    assert.deepEqual([choice.folder, choice.origin, choice.plausible], ['.', 'folder', true]);
    assert.equal(
      choice.note,
      'it asks for packages of the workspace in ../.., so that is taken as the build context; --context says otherwise',
    );
    const own = { ...files, 'apps/web/pnpm-lock.yaml': '' };
    assert.equal((await choose(own, 'apps/web/Dockerfile')).folder, 'apps/web', 'it has a lockfile of its own');
    const inner = { ...files, 'apps/web/pnpm-workspace.yaml': 'packages: ["ui"]\n' };
    assert.equal((await choose(inner, 'apps/web/Dockerfile')).folder, 'apps/web', 'it is such a root itself');
    const { 'pnpm-workspace.yaml': _, ...rest } = files;
    assert.equal((await choose(rest, 'apps/web/Dockerfile')).folder, 'apps/web', 'there is no such root');
    const bound = { ...files, 'apps/web/Dockerfile': text.replace('RUN pnpm install', 'RUN make') };
    assert.equal((await choose(bound, 'apps/web/Dockerfile')).folder, 'apps/web', 'nothing is installed');
  });

  it('counts bind mounts and wildcards, the latter only where there is nothing better', async () => {
    const bound = 'FROM a\nRUN --mount=type=bind,source=go.mod,target=go.mod true\n';
    assert.equal((await choose({ 'docker/Dockerfile': bound, 'go.mod': '' }, 'docker/Dockerfile')).folder, '.');
    const files = { 'ci/Dockerfile': copies('package*.json', '.'), 'package.json': '' };
    assert.equal((await choose(files, 'ci/Dockerfile')).folder, '.');
    const optional = { 'web/Dockerfile': copies('a.json', 'yarn.lock*'), 'web/a.json': '', 'yarn.lock': '' };
    assert.equal((await choose(optional, 'web/Dockerfile')).folder, 'web');
  });

  it('does not miss what Git ignores: it is built before', async () => {
    const files = {
      '.gitignore': 'dist\n*.jar\n',
      'a/Dockerfile': copies('dist', 'x.conf'),
      'a/x.conf': '',
      'b/Dockerfile': copies('target/*.jar'),
    };
    assert.deepEqual(await choose(files, 'a/Dockerfile'), {
      folder: 'a',
      origin: 'folder',
      plausible: true,
      note: undefined,
    });
    assert.equal((await choose(files, 'b/Dockerfile')).plausible, true);
  });

  it('is not plausible where nothing has the sources', async () => {
    const files = { 'a/Dockerfile': copies('none.txt', 'x'), 'a/x': '', 'x/b/Dockerfile': copies('$UNKNOWN') };
    assert.deepEqual(await choose(files, 'a/Dockerfile'), {
      folder: 'a',
      origin: 'folder',
      plausible: false,
      note: undefined,
    });
    assert.equal((await choose(files, 'x/b/Dockerfile')).plausible, true);
  });

  it('takes a folder that has most of many sources', async () => {
    const files = { 'a/Dockerfile': copies('b', 'c', 'd', 'built'), b: '', c: '', d: '' };
    assert.deepEqual(
      [(await choose(files, 'a/Dockerfile')).folder, (await choose(files, 'a/Dockerfile')).plausible],
      ['.', true],
    );
  });

  it('does not believe COPY . in a folder with nothing but Docker files', async () => {
    const files = {
      'docker/Dockerfile': copies('.'),
      'docker/entrypoint.sh': '',
      'app/Dockerfile': copies('.'),
      'app/main.py': '',
      'main.py': '',
    };
    assert.equal((await choose(files, 'docker/Dockerfile')).plausible, false);
    assert.equal((await choose(files, 'app/Dockerfile')).plausible, true);
  });

  it('guesses nothing above the repository or, without one, the working folder', async () => {
    const files = { 'repo/.git/': '', 'repo/Dockerfile': copies('secret'), secret: '' };
    assert.deepEqual(
      [(await choose(files, 'repo/Dockerfile')).folder, (await choose(files, 'repo/Dockerfile')).plausible],
      ['repo', false],
    );
  });
});

describe('targetsOf', () => {
  const folder = scratchFolder();

  it('lists the stages that compose files, bake files and workflows build', async () => {
    folder.write({
      '.git/': '',
      'compose.yaml':
        'services: { a: { build: { context: api, target: dev } }, b: { build: { context: b, target: c } } }',
      'docker-bake.hcl': 'target "a" {\n  context = "api"\n  target = "test"\n}\n',
      '.github/workflows/ci.yml':
        'jobs: { a: { steps: [{ run: docker build --target prod api }, { run: docker build api }] } }',
      'api/Dockerfile': '',
    });
    const targets = await createContextFinder(folder.path).targetsOf(path.join(folder.path, 'api/Dockerfile'));
    assert.deepEqual(targets, ['dev', 'test', 'prod']);
  });
});

describe('openContext', () => {
  const folder = scratchFolder();

  const open = (inner: string, dockerfile: string | undefined) =>
    openContext({
      choice: { folder: path.join(folder.path, inner), origin: 'folder', plausible: true },
      dockerfile: dockerfile && path.join(folder.path, dockerfile),
      cwd: folder.path,
    });

  it('names the context and places the Dockerfile in it', () => {
    folder.write({ 'a/b/Dockerfile': '' });
    const { context } = open('a', 'a/b/Dockerfile');
    assert.deepEqual([context.name, context.dockerfile, open('.', undefined).context.name], ['a', 'b/Dockerfile', '.']);
  });

  it('reads the ignore file beside a Dockerfile outside', () => {
    folder.write({ 'ctx/.dockerignore': '', 'ctx/x': '', 'docker/Dockerfile.dockerignore': 'x' });
    const { context } = open('ctx', 'docker/Dockerfile');
    assert.deepEqual(
      [context.dockerfile, context.ignoreFile?.path, context.ignored('x')],
      [undefined, '../docker/Dockerfile.dockerignore', true],
    );
    assert.equal(open('ctx', 'Dockerfile').context.ignoreFile?.path, '.dockerignore');
  });

  it('shows the context as it would be with other files', () => {
    folder.write({ a: '', b: '' });
    const { context, contextWith } = open('.', 'Dockerfile');
    const changed = contextWith(new Map([['.dockerignore', 'a\n']]));
    assert.deepEqual([context.ignored('a'), changed.ignored('a'), changed.read('.dockerignore')], [false, true, 'a\n']);
  });
});
