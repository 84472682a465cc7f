import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { root } from '../helpers/root.js';
import type { CliSetting } from '../helpers/run-cli.js';
import { layerwise } from '../helpers/run-cli.js';
import type { TemporaryFolder } from '../helpers/temporary-folder.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const dockerfile = `FROM node:22 AS build
ARG VERSION
WORKDIR /app
COPY package.json ./
RUN npm install
COPY src src
RUN npm run build
FROM nginx:1.29
COPY conf/nginx.conf /etc/nginx/
COPY --from=build /app/dist /usr/share/nginx/html
`;

interface Json {
  readonly steps: readonly {
    readonly line: number;
    readonly state: string;
    readonly reasons: readonly { readonly text: string }[];
  }[];
  readonly summary: Readonly<Record<string, number>>;
}

describe('layerwise rebuild', () => {
  let folder: TemporaryFolder;

  beforeEach(() => {
    folder = temporaryFolder({
      Dockerfile: dockerfile,
      'package.json': '{}',
      'src/index.js': '1',
      'src/old.js': '1',
      'conf/nginx.conf': '',
      'README.md': '',
      '.dockerignore': 'README.md\n',
    });
  });
  afterEach(() => folder.remove());

  const run = (args: string, setting: Partial<CliSetting> = {}) =>
    layerwise(`rebuild ${args}`, { cwd: folder.path, ...setting });
  /** `line state` of every step that is not cached. */
  const notCached = async (args: string, setting: Partial<CliSetting> = {}) => {
    const { stdout, stderr, code } = await run(`${args} --format json`, setting);
    assert.equal(code, 0, stderr);
    return (JSON.parse(stdout) as Json).steps
      .filter(({ state }) => state !== 'cached')
      .map(({ line, state }) => `${line} ${state}`);
  };
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
      cwd: folder.path,
      stdio: 'ignore',
    });

  describe('where the platform says which stage is built', () => {
    const chosen = (argument: string) =>
      `${argument}FROM node:22 AS app-linux\nCOPY src src\nRUN make\nFROM node:22 AS app-windows\nCOPY conf conf\nFROM app-$TARGETOS\n`;
    const changed = async (text: string, more = '') => {
      folder.write('Dockerfile', text);
      return {
        steps: await notCached(`--changed src/index.js ${more}`),
        ...(await run(`--changed src/index.js ${more}`)),
      };
    };

    it('takes it for Linux, and says so', async () => {
      const { steps, stderr } = await changed(chosen('ARG TARGETOS\n'));
      assert.deepEqual(steps, ['3 rebuilt', '4 rebuilt', '6 not-needed']);
      assert.equal(
        stderr,
        'layerwise: Dockerfile:7: app-$TARGETOS is taken to mean the stage app-linux; --build-arg TARGETOS=… says otherwise\n',
      );
    });

    it('takes what a build argument or a default says', async () => {
      for (const [text, more] of [
        [chosen('ARG OTHER\n'), '--build-arg TARGETOS=windows'],
        [chosen('ARG TARGETOS=windows\n'), ''],
      ] as const) {
        const { steps, stderr } = await changed(text, more);
        assert.deepEqual([steps.join(), stderr], ['3 not-needed,4 not-needed', '']);
      }
    });

    it('says that it does not know where an argument without a value decides', async () => {
      const { stderr } = await changed(chosen('ARG KIND\n').replace('$TARGETOS', '$KIND'));
      assert.equal(
        stderr,
        'layerwise: Dockerfile:7: which stage app-$KIND means is not known without --build-arg KIND=…; what only that stage needs is left out\n',
      );
    });
  });

  it('draws the Dockerfile with a gutter and names the first cause', async () => {
    const { stdout } = await run('--changed src/index.js');
    assert.match(stdout, /^✓ {2}3 WORKDIR \/app$/m);
    assert.match(stdout, /^↻ {2}6 COPY src src\s+src\/index\.js changed$/m);
    assert.match(stdout, /^↻ {2}7 RUN npm run build\s+line 6 runs again$/m);
    assert.match(stdout, /^\? 10 COPY --from=build .* cached if \/app\/dist of stage build/m);
    assert.match(
      stdout,
      /2 of 7 steps re-run because src\/index\.js changed; 1 more depends on the output of a step\.\n$/,
    );
  });

  it('takes several paths, folders, and files that are not there', async () => {
    assert.deepEqual(await notCached('--changed conf package.json'), [
      '4 rebuilt',
      '5 rebuilt',
      '6 rebuilt',
      '7 rebuilt',
      '9 rebuilt',
      '10 rebuilt',
    ]);
    assert.deepEqual(await notCached('--changed src/gone.js'), ['6 rebuilt', '7 rebuilt', '10 unknown']);
    assert.deepEqual(await notCached('Dockerfile --changed README.md'), [], 'the ignore file keeps it away');
  });

  it('says that it does not look at a .git that is copied', async () => {
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    folder.write('whole.Dockerfile', 'FROM alpine\nCOPY . .\nRUN make\n');
    git('add', '.');
    git('commit', '-qm', 'two');
    const note = /^layerwise: `COPY \. \.` takes \.git, which every commit changes: that it re-runs is not shown$/m;
    assert.match((await layerwise('rebuild whole.Dockerfile --since HEAD', { cwd: folder.path })).stderr, note);
    assert.doesNotMatch((await run('--since HEAD')).stderr, note);
  });

  it('compares with a Git revision, uncommitted work and the Dockerfile included', async () => {
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    folder.write('conf/nginx.conf', 'server {}');
    assert.deepEqual(await notCached('--since HEAD'), ['9 rebuilt', '10 rebuilt']);
    folder.write('conf/nginx.conf', '');
    folder.write('src/new.js', '');
    assert.deepEqual(await notCached('--since HEAD'), ['6 rebuilt', '7 rebuilt', '10 unknown'], 'a new file');
    rmSync(path.join(folder.path, 'src/new.js'));
    chmodSync(path.join(folder.path, 'package.json'), 0o755);
    assert.deepEqual((await notCached('--since HEAD'))[0], '4 rebuilt', 'a mode');
    chmodSync(path.join(folder.path, 'package.json'), 0o644);
    folder.write('.dockerignore', 'README.md\nsrc/old.js\n');
    assert.deepEqual((await notCached('--since HEAD'))[0], '6 rebuilt', 'a file that is ignored now');
    folder.write('.dockerignore', 'README.md\n');
    folder.write('Dockerfile', dockerfile.replace('npm run build', 'npm run build:prod'));
    assert.deepEqual(await notCached('--since HEAD'), ['7 rebuilt', '10 unknown']);
  });

  it('compares with another folder', async () => {
    const before = temporaryFolder({
      Dockerfile: dockerfile,
      'package.json': '{}',
      'src/index.js': '0',
      'src/old.js': '1',
      'conf/nginx.conf': '',
      '.dockerignore': 'README.md\n',
    });
    try {
      assert.deepEqual(await notCached(`--before ${before.path}`), ['6 rebuilt', '7 rebuilt', '10 unknown']);
      before.write('src/index.js', '1');
      assert.deepEqual(await notCached(`--before ${before.path}`), []);
      renameSync(path.join(before.path, 'src/old.js'), path.join(before.path, 'src/older.js'));
      assert.deepEqual((await notCached(`--before ${before.path}`))[0], '6 rebuilt', 'a renamed file');
    } finally {
      before.remove();
    }
  });

  it('compares with another Dockerfile and says what differs', async () => {
    folder.write('old.Dockerfile', dockerfile.replace('npm install', 'npm ci'));
    const { stdout } = await run('--before-file old.Dockerfile');
    assert.match(stdout, /^↻ {2}5 RUN npm install\s+the command changed$/m);
  });

  it('knows build arguments, from the environment too', async () => {
    assert.deepEqual(await notCached('--before-build-arg VERSION=1 --build-arg VERSION=2'), [
      '5 rebuilt',
      '6 rebuilt',
      '7 rebuilt',
      '10 unknown',
    ]);
    assert.deepEqual(
      await notCached('--before-build-arg VERSION=1 --build-arg VERSION', { env: { VERSION: '1' } }),
      [],
    );
    assert.match(
      (await run('--before-build-arg VERSION=1 --build-arg VERSION=2')).stdout,
      /ARG VERSION changed from "1" to "2"/,
    );
  });

  it('knows base images that moved, all or those of a stage', async () => {
    assert.deepEqual((await notCached('--base-moved')).length, 7);
    assert.deepEqual(await notCached('--base-moved=1'), ['9 rebuilt', '10 rebuilt']);
  });

  it('leaves out what the target does not need', async () => {
    assert.deepEqual(await notCached('--changed package.json --target build'), [
      '4 rebuilt',
      '5 rebuilt',
      '6 rebuilt',
      '7 rebuilt',
      '9 not-needed',
      '10 not-needed',
    ]);
  });

  it('writes JSON that its schema accepts, and Markdown', async () => {
    const schema = JSON.parse(readFileSync(path.join(root, 'docs/schema/rebuild.schema.json'), 'utf8'));
    const { stdout } = await run('--changed src/index.js --format json');
    const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
    assert.ok(validate(JSON.parse(stdout)), JSON.stringify(validate.errors));
    assert.deepEqual((JSON.parse(stdout) as Json).summary, { cached: 4, rebuilt: 2, unknown: 1, notNeeded: 0 });
    const { stdout: markdown } = await run('--changed src/index.js --format markdown');
    assert.match(markdown, /^\*\*Dockerfile\*\*: 2 of 7 steps re-run because src\/index\.js changed/);
    assert.match(markdown, /^\| ↻ rebuilt \| 6 \| ` COPY src src ` \| src\/index\.js changed \|$/m);
  });

  it('says of a path that was given where it changes nothing, or is not there', async () => {
    folder.write('.dockerignore', 'dist\n');
    folder.write('dist/app.js', '');
    const ignored = await run('--changed dist/app.js');
    assert.match(ignored.stdout, /^Nothing re-runs: all 7 steps are cached\.$/m);
    assert.equal(ignored.stderr, 'layerwise: dist/app.js: .dockerignore keeps it out of the build context\n');
    const gone = await run('--changed src/indx.js src/index.js');
    assert.equal(gone.stderr, 'layerwise: src/indx.js: does not exist, so it counts as deleted\n');
  });

  it('counts a single step as one', async () => {
    folder.write('Dockerfile', 'FROM alpine\nCOPY src /src\n');
    assert.match((await run('--changed package.json')).stdout, /^Nothing re-runs: the one step is cached\.$/m);
  });

  for (const [args, message] of [
    ['', /say what changed: --changed PATH/],
    ['--changed a --since HEAD', /--since and --changed exclude each other/],
    ['missing.Dockerfile --changed a', /missing\.Dockerfile: no such file/],
    ['--changed ../outside', /lies outside the build context/],
    ['--changed src --target nope', /--target nope: no such stage; there are build/],
    ['--changed src --target 0', /--target 0: no such stage; there are build/],
    ['--base-moved=nope', /--base-moved=nope: no such stage/],
    ['--before nowhere', /--before nowhere: no such folder/],
    ['--since HEAD', /not in a Git repository/],
  ] as const) {
    it(`says what is wrong with "${args}"`, async () => {
      const { code, stdout, stderr } = await run(args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
    });
  }
});

describe('layerwise keys', () => {
  it('shows each step as it is written, and names only what counts', async () => {
    const folder = temporaryFolder({
      Dockerfile: 'FROM a AS b\nCOPY . .\nFROM a\nCOPY --from=b /x \\\n  /y\n',
    });
    try {
      const { stdout } = await layerwise('keys', { cwd: folder.path });
      assert.match(stdout, /^4: COPY --from=b \/x …$/m);
      assert.doesNotMatch(stdout, /names +$/m);
    } finally {
      folder.remove();
    }
  });

  it('fails where the builder does not find the target', async () => {
    const folder = temporaryFolder({ Dockerfile: 'FROM alpine AS Build\nRUN a\nFROM alpine\nRUN b\n' });
    try {
      const { code, stderr } = await layerwise('keys --target 1', { cwd: folder.path });
      assert.deepEqual([code, stderr.trim()], [2, 'layerwise: --target 1: no such stage; there are Build']);
      assert.equal((await layerwise('keys --target 1 --builder buildah', { cwd: folder.path })).code, 0);
      assert.match((await layerwise('keys --target build', { cwd: folder.path })).stdout, /^2: RUN a$/m);
    } finally {
      folder.remove();
    }
  });

  it('names a Dockerfile that might be meant where there is none of the usual name', async () => {
    for (const [files, said] of [
      [
        { 'docker/Dockerfile.dev': '', 'docker/Dockerfile': '', 'a/README.md': '' },
        '; name one, such as docker/Dockerfile',
      ],
      [{ 'docker/Dockerfile': '', 'Dockerfile.dev': '' }, '; name one, such as Dockerfile.dev'],
      [{ 'Dockerfile.dev.dockerignore': '', 'node_modules/Dockerfile': '' }, '; name one'],
    ] as const) {
      const folder = temporaryFolder(files);
      const { code, stderr } = await layerwise('keys', { cwd: folder.path });
      folder.remove();
      assert.deepEqual([code, stderr], [2, `layerwise: no Dockerfile in this folder${said}\n`]);
    }
  });

  it('prints no keys of what the builder rejects, and says that there is nothing to print', async () => {
    for (const [text, expected] of [
      ['', [2, '', 'layerwise: Dockerfile: the builder rejects it: file with no instructions\n']],
      ['FROM {{ base }}\nRUN a\n', [2, '', /the builder rejects it: FROM requires either one or three arguments/]],
      ['FROM alpine\n', [0, 'The build has no steps.\n', '']],
    ] as const) {
      const folder = temporaryFolder({ Dockerfile: text });
      const { code, stdout, stderr } = await layerwise('keys', { cwd: folder.path });
      folder.remove();
      assert.deepEqual([code, stdout], [expected[0], expected[1]]);
      if (typeof expected[2] === 'string') assert.equal(stderr, expected[2]);
      else assert.match(stderr, expected[2]);
    }
  });

  it('writes variables of the base image as they are written', async () => {
    const folder = temporaryFolder({
      Dockerfile: `FROM eclipse-temurin:21
ENV A=1 PLACE=$HOME/a
COPY app-$A-$JAVA_VERSION.jar /app/
COPY --chown=$OWNER x $PLACE/
WORKDIR \${HOME:-/x}/$A
RUN --mount=type=bind,source=$LIB,target=$PLACE a
`,
    });
    try {
      const { stdout } = await layerwise('keys', { cwd: folder.path });
      assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f]/);
      assert.match(stdout, /^ {4}files +content and modes of app-1-\$JAVA_VERSION\.jar of the build context$/m);
      assert.match(stdout, /^ {4}names +app-1-\$JAVA_VERSION\.jar$/m);
      assert.match(stdout, /^ {4}destination +\$HOME\/a\/\n {4}option +chown=\$OWNER$/m);
      assert.match(stdout, /^ {4}folder +\$\{HOME:-\/x\}\/1$/m);
      assert.match(stdout, /^ {4}ENV +PLACE=\$HOME\/a$/m);
      assert.match(stdout, /^ {4}folder +depends on variables of the base image$/m);
      assert.match(stdout, /^ {4}mount +bind \$HOME\/a\n {4}files +content and modes of \$LIB of the build context$/m);
    } finally {
      folder.remove();
    }
  });

  it('prints what each step depends on', async () => {
    const folder = temporaryFolder({ Dockerfile: dockerfile, 'package.json': '{}' });
    try {
      const { stdout } = await layerwise('keys --build-arg VERSION=7', { cwd: folder.path });
      assert.match(
        stdout,
        /^4: COPY package\.json \.\/\n {4}step above .*\n {4}files +content and modes of package\.json of the build context$/m,
      );
      assert.match(
        stdout,
        /^5: RUN npm install\n {4}step above .*\n {4}command +\["\/bin\/sh","-c","npm install"\]\n {4}ARG +VERSION=7$/m,
      );
      assert.match(stdout, /^10: COPY .*\n.*\n {4}files +content and modes of \/app\/dist of stage build$/m);
    } finally {
      folder.remove();
    }
  });
});
