import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { layerwise } from '../helpers/run-cli.js';
import { type TemporaryFolder, temporaryFolder } from '../helpers/temporary-folder.js';

const author = 'FROM node:14\nWORKDIR /app\nCOPY . .\nRUN yarn install --frozen-lockfile\n';
const better =
  'FROM node:14\nWORKDIR /app\nCOPY package.json yarn.lock ./\nRUN yarn install --frozen-lockfile\nCOPY . .\n';

const lockfile = `# yarn lockfile v1


"@s/right@~2.0.0":
  version "2.0.1"
  resolved "https://registry.yarnpkg.com/@s/right/-/right-2.0.1.tgz"
  integrity sha512-right

left@^1.0.0:
  version "1.0.3"
  resolved "https://registry.yarnpkg.com/left/-/left-1.0.3.tgz#00"
  integrity sha512-left
  dependencies:
    "@s/right" "~2.0.0"
`;

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body: unknown;
}

const short = 'application/vnd.npm.install-v1+json';

function answer(
  name: string,
  version: string,
  more: object = {},
  integrity = `sha512-${name.replace('@s/', '')}`,
): Answer {
  const dist = { tarball: `http://x/${name}/-/x-${version}.tgz`, integrity };
  return { type: short, body: { name, versions: { [version]: { name, version, dist, ...more } } } };
}

describe('layerwise order --ask-registry', () => {
  let folder: TemporaryFolder;
  let server: Server;
  let url: string;
  let asked: string[];
  let answers: Record<string, Answer>;

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: folder.path });
  const run = (args: string, env: Readonly<Record<string, string>> = { npm_config_registry: url }) =>
    layerwise(args, { cwd: folder.path, env });
  const order = async (args: string) => {
    const { stdout, stderr, code } = await run(`order api/Dockerfile --format json ${args}`);
    assert.equal(code, 0, stderr);
    const { proposed, kept } = JSON.parse(stdout) as { proposed: { text: string }; kept: { reason: string }[] };
    return { text: proposed.text, reason: kept[0]?.reason ?? '', stderr };
  };
  const stored = () => JSON.parse(readFileSync(path.join(folder.path, '.layerwise/packages.json'), 'utf8')) as unknown;

  beforeEach(async () => {
    asked = [];
    answers = { left: answer('left', '1.0.3'), '@s%2fright': answer('@s/right', '2.0.1') };
    server = createServer((request, response) => {
      const name = (request.url ?? '').slice(1).replace('%2F', '%2f');
      asked.push(name);
      const { status = 200, type = 'application/json', body } = answers[name] ?? { status: 404, body: {} };
      response.writeHead(status, { 'content-type': type });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    folder = temporaryFolder({
      'api/Dockerfile': author,
      'api/.dockerignore': 'node_modules\n*Dockerfile\n',
      'api/package.json': '{"name": "api", "dependencies": {"left": "^1.0.0"}}',
      'api/yarn.lock': lockfile,
    });
    git('init', '-q');
    for (const text of ['1', '2', '3', '4']) {
      folder.write('api/src/a.js', text);
      git('add', '-A');
      git('commit', '-q', '-m', text);
    }
  });
  afterEach(async () => {
    folder.remove();
    await new Promise((resolve) => server.close(resolve));
  });

  it('proves the order, keeps the answers, and asks for nothing a second time', async () => {
    assert.equal((await order('--ask-registry')).text, better);
    assert.deepEqual(asked.sort(), ['@s%2fright', 'left']);
    assert.deepEqual(stored(), { version: 1, installScripts: { '@s/right@2.0.1': false, 'left@1.0.3': false } });
    assert.equal((await order('--ask-registry')).text, better);
    assert.equal((await order('')).text, better);
    assert.equal(asked.length, 2);
  });

  it('asks nobody without the option', async () => {
    const { text, reason } = await order('');
    assert.equal(text, author);
    assert.match(reason, /install scripts of dependencies would run before the sources are there$/);
    assert.deepEqual(asked, []);
    assert.equal(existsSync(path.join(folder.path, '.layerwise')), false);
  });

  it('makes a fix of copy-before-install safe', async () => {
    const fix = () => run('lint api/Dockerfile --fix-only copy-before-install --no-config');
    const text = () => readFileSync(path.join(folder.path, 'api/Dockerfile'), 'utf8');
    await fix();
    assert.equal(text(), author);
    await order('--ask-registry');
    await fix();
    assert.equal(text(), better);
  });

  it('asks only for what installed packages leave open', async () => {
    folder.write('api/node_modules/left/package.json', '{"name": "left", "version": "1.0.3"}');
    assert.equal((await order('--ask-registry')).text, better);
    assert.deepEqual(asked, ['@s%2fright']);
  });

  for (const [what, scripts, isProved] of [
    ['compiles its own sources', { install: 'prebuild-install --runtime napi || node-gyp rebuild' }, true],
    ['says something', { postinstall: 'opencollective-postinstall || exit 0', test: 'node .' }, true],
    ['does what nobody knows', { install: 'node-gyp rebuild', postinstall: 'node ../../x.js' }, false],
    ['hides something behind a command', { install: 'echo $(node x)' }, false],
  ] as const)
    it(`looks at the commands of an install script: one that ${what}`, async () => {
      answers.left = answer('left', '1.0.3', { hasInstallScript: true });
      answers['left/1.0.3'] = { body: { name: 'left', version: '1.0.3', scripts } };
      assert.equal((await order('--ask-registry')).text, isProved ? better : author);
      assert.deepEqual(stored(), { version: 1, installScripts: { '@s/right@2.0.1': false, 'left@1.0.3': !isProved } });
    });

  it('asks the registry of a scope', async () => {
    folder.write('api/.npmrc', `registry=http://127.0.0.1:1/\n@s:registry=${url}\n`);
    const { stderr } = await order('--ask-registry');
    assert.equal(stderr, '');
    await run('order api/Dockerfile --ask-registry', {});
    assert.deepEqual(stored(), { version: 1, installScripts: { '@s/right@2.0.1': false, 'left@1.0.3': false } });
  });

  it('takes the whole document of a registry that has no short one', async () => {
    const { body } = answer('left', '1.0.3', { _id: 'left@1.0.3', scripts: { test: 'x' } });
    answers.left = { body: { _id: 'left', ...(body as object) } };
    assert.equal((await order('--ask-registry')).text, better);
  });

  const scripts: readonly (readonly [string, Answer])[] = [
    ['the short document', answer('left', '1.0.3', { hasInstallScript: true })],
    [
      'the scripts of the whole one',
      { ...answer('left', '1.0.3', { scripts: { preinstall: 'x' } }), type: 'text/json' },
    ],
    ['what the whole one says of a build', answer('left', '1.0.3', { gypfile: true })],
  ];
  for (const [name, given] of scripts) {
    it(`keeps the install behind the sources where ${name} tells of a script`, async () => {
      answers.left = given;
      const { text, reason } = await order('--ask-registry');
      assert.equal(text, author);
      assert.match(reason, /the install script of left would run before the sources are there$/);
    });
  }

  const failures: readonly (readonly [string, Answer, RegExp])[] = [
    ['404', { status: 404, body: {} }, /answered with 404/],
    ['500', { status: 500, body: 'down' }, /answered with 500/],
    ['no JSON', { type: short, body: '<html>' }, /answered with something that is not JSON/],
    ['a list', { type: short, body: [1] }, /does not know this version/],
    ['another version', answer('left', '1.0.4'), /does not know this version/],
    [
      'a version without content',
      { type: short, body: { versions: { '1.0.3': {} } } },
      /answered with something that is no document of a package/,
    ],
    ['another package', answer('left', '1.0.3', { name: 'right' }), /is no document of a package/],
    ['other content', answer('left', '1.0.3', {}, 'sha512-other'), /has another package of this name and version/],
    [
      'a document that leaves scripts out',
      { ...answer('left', '1.0.3'), type: 'application/json' },
      /does not say whether it has an install script/,
    ],
  ];
  for (const [name, given, message] of failures) {
    it(`keeps the caveat and says so where the answer is ${name}`, async () => {
      answers.left = given;
      const { text, reason, stderr } = await order('--ask-registry');
      assert.equal(text, author);
      assert.match(reason, /it is not known whether left has an install script/);
      assert.match(stderr, /^layerwise: left@1\.0\.3: 127\.0\.0\.1:\d+ /);
      assert.match(stderr, message);
      assert.deepEqual(stored(), { version: 1, installScripts: { '@s/right@2.0.1': false } });
    });
  }

  it('says where nobody answers', async () => {
    const { stderr, code } = await run('order api/Dockerfile --ask-registry', {
      npm_config_registry: 'http://127.0.0.1:1',
    });
    assert.equal(code, 0);
    assert.match(stderr, /^layerwise: @s\/right@2\.0\.1: 127\.0\.0\.1:1 cannot be asked/);
    assert.equal(stderr.trimEnd().split('\n').length, 2);
    assert.equal(existsSync(path.join(folder.path, '.layerwise')), false);
  });

  it('does not ask npm about what the lockfile takes from elsewhere, where no checksum tells that it is the same', async () => {
    folder.write(
      'api/yarn.lock',
      lockfile.replace('registry.yarnpkg.com/left', 'npm.example.org/left').replace('  integrity sha512-left\n', ''),
    );
    const { text, stderr } = await order('--ask-registry');
    assert.equal(text, author);
    assert.match(stderr, /left@1\.0\.3: its tarball is not from 127\.0\.0\.1:\d+, but from npm\.example\.org/);
  });

  it('says where the answers lie in the build context', async () => {
    for (const name of ['Dockerfile', 'package.json', 'yarn.lock', '.dockerignore'])
      folder.write(name, readFileSync(path.join(folder.path, 'api', name), 'utf8'));
    const first = await run('order Dockerfile --ask-registry');
    assert.equal(
      first.stderr,
      'layerwise: .layerwise/packages.json: lies in the build context; list .layerwise in the ignore file\n',
    );
    rmSync(path.join(folder.path, '.layerwise'), { recursive: true });
    folder.write('.dockerignore', 'node_modules\n*Dockerfile\n.layerwise\n');
    assert.equal((await run('order Dockerfile --ask-registry')).stderr, '');
  });

  it('does not go over a file that it does not know', async () => {
    folder.write('.layerwise/packages.json', '{"version": 2}');
    const { stderr, code } = await run('order api/Dockerfile --ask-registry');
    assert.equal(code, 2);
    assert.match(stderr, /\.layerwise\/packages\.json: is not a file of packages that this version of Layerwise knows/);
    assert.equal(readFileSync(path.join(folder.path, '.layerwise/packages.json'), 'utf8'), '{"version": 2}');
  });
});

describe('layerwise order --clean-checkout', () => {
  const text = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n';
  let folder: TemporaryFolder;

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: folder.path });
  const start = (files: Readonly<Record<string, string>>, ...forced: string[]) => {
    folder = temporaryFolder({
      Dockerfile: text,
      '.gitignore': 'node_modules/\n',
      'package.json': '{"name": "api"}',
      'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {"name": "api"}}}',
      ...files,
    });
    git('init', '-q');
    for (const one of ['1', '2', '3']) {
      folder.write('a.js', one);
      git('add', '-A');
      if (forced.length > 0) git('add', '-f', ...forced);
      git('commit', '-q', '-m', one);
    }
  };
  const proposed = async (args: string) => {
    const { stdout, stderr } = await layerwise(`order --no-config --format json ${args}`, { cwd: folder.path });
    return (JSON.parse(stdout || stderr) as { proposed: { text: string } }).proposed.text;
  };
  afterEach(() => folder.remove());

  it('takes nothing that Git ignores for a part of the context', async () => {
    start({ 'node_modules/left/index.js': '' });
    assert.equal(await proposed(''), text);
    const better = 'FROM node:22\nWORKDIR /app\nCOPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .\n';
    assert.equal(await proposed('--clean-checkout'), better);
  });

  it('but for what is tracked all the same', async () => {
    start({ 'node_modules/left/index.js': '' }, 'node_modules/left/index.js');
    assert.equal(await proposed('--clean-checkout'), text);
  });

  it('helps nothing where Git would take it', async () => {
    start({ '.gitignore': 'dist\n' });
    assert.equal(await proposed('--clean-checkout'), text);
  });

  it('does not copy a manifest that no checkout has', async () => {
    start({ '.gitignore': 'node_modules/\n.npmrc\n', '.npmrc': 'fund=false\n' });
    assert.doesNotMatch(await proposed('--clean-checkout'), /npmrc/);
  });
});
