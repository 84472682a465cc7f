import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { CliSetting } from '../helpers/run-cli.js';
import { layerwise } from '../helpers/run-cli.js';
import type { TemporaryFolder } from '../helpers/temporary-folder.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const broken = 'FROM alpine:3.22\nRUNN echo\n';
const clean = 'FROM alpine:3.22\nCMD ["sh"]\n';
/** An error, a warning with a safe fix, and an info with a safe fix. */
const three = { Dockerfile: broken, '.dockerignore': 'dist # built\nsrc\nsrc/a\n' };

interface Evident {
  readonly files: readonly {
    readonly path: string;
    readonly findings: readonly { readonly evidence: readonly { readonly text: string }[] }[];
  }[];
}

interface Json {
  readonly files: readonly {
    readonly path: string;
    readonly findings: readonly { readonly rule: string; readonly severity: string }[];
  }[];
}

describe('layerwise lint', () => {
  let folder: TemporaryFolder;

  const put = (files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files)) folder.write(file, text);
  };
  const read = (file: string) => readFileSync(path.join(folder.path, file), 'utf8');
  const run = (args: string, setting: Partial<CliSetting> = {}) => layerwise(args, { cwd: folder.path, ...setting });
  /** `path rule` of every finding. */
  const found = async (args: string, setting: Partial<CliSetting> = {}) => {
    const { stdout } = await run(`${args} --format json`, setting);
    return (JSON.parse(stdout) as Json).files.flatMap((file) =>
      file.findings.map(({ rule }) => `${file.path} ${rule}`),
    );
  };

  beforeEach(() => {
    folder = temporaryFolder({ '.git/HEAD': 'ref: refs/heads/main\n' });
  });
  afterEach(() => folder.remove());

  describe('exit status', () => {
    it('is 0 when nothing is found', async () => {
      put({ Dockerfile: clean });
      const { code, stdout, stderr } = await run('lint');
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /No findings in 1 file/);
    });

    it('is 0 where there are templates besides, and says that they were passed over', async () => {
      put({ Dockerfile: clean, 'a/Dockerfile': 'FROM a\n{{#b}}\n', 'b/Dockerfile': 'FROM a\n<% c %>\n' });
      const { code, stderr } = await run('lint');
      assert.equal(code, 0);
      assert.match(stderr, /^passed over a\/Dockerfile and 1 more: a template/);
      assert.equal((await run('lint --quiet')).stderr, '');
      assert.deepEqual(await found('lint a/Dockerfile --rule unpinned-base=off'), ['a/Dockerfile syntax-error']);
    });

    for (const [options, code] of [
      ['', 1],
      ['--fail-on error', 1],
      ['--fail-on never', 0],
      ['--rule syntax-error=off', 1],
      ['--rule syntax-error=off --fail-on error', 0],
      ['--rule syntax-error=off --rule inline-comment=off', 0],
      ['--rule syntax-error=off --rule inline-comment=off --fail-on info', 1],
      ['--rule syntax-error=off --max-warnings 1', 0],
      ['--rule syntax-error=off --max-warnings 0', 1],
      ['--max-warnings 1', 1],
    ] as const) {
      it(`is ${code} for an error, a warning and an info with "${options}"`, async () => {
        put(three);
        assert.equal((await run(`lint ${options}`)).code, code);
      });
    }

    it('is 2 when there is nothing to lint, unless that is allowed', async () => {
      const { code, stdout, stderr } = await run('lint');
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /no Dockerfile and no \.dockerignore in \.; .*--allow-no-files/);
      assert.equal((await run('lint --allow-no-files')).code, 0);
    });

    it('is 2 where there are templates alone, and says that they were passed over', async () => {
      put({ Dockerfile: 'FROM a:{{VERSION}}\n' });
      const { code, stderr } = await run('lint');
      assert.equal(code, 2);
      assert.match(stderr, /^passed over Dockerfile: a template.*\nlayerwise: no Dockerfile/);
    });

    it('is 2 for a path that is not there, and the others are linted', async () => {
      put({ Dockerfile: broken });
      const { code, stdout, stderr } = await run('lint gone Dockerfile');
      assert.equal(code, 2);
      assert.equal(stderr, 'layerwise: gone: no such file or folder\n');
      assert.match(stdout, /syntax-error/);
    });

    it('is 2 for a file that is not text, and the others are linted', async () => {
      put({ 'a/Dockerfile': 'FROM a\0', 'b/Dockerfile': broken });
      const { code, stdout, stderr } = await run('lint');
      assert.equal(code, 2);
      assert.equal(stderr, 'layerwise: a/Dockerfile: is not a text file\n');
      assert.match(stdout, /b\/Dockerfile/);
    });

    for (const [options, reason] of [
      ['--max-warnings few', /--max-warnings few: give a whole number/],
      ['--unsafe-fixes', /--unsafe-fixes needs --fix or --diff/],
      ['--update-baseline', /needs --baseline FILE/],
      ['--stdin-filename x', /needs - among the paths/],
      ['--context gone', /--context gone: no such folder/],
      ['--config gone', /--config gone: no such file/],
      ['--config c.json --no-config', /exclude each other/],
      ['--rule inline-comment', /--rule inline-comment: write inline-comment=error/],
      ['--rule inline-comment=warn', /did you mean inline-comment=warning\?/],
      ['--only copy-before', /no rule copy-before; did you mean copy-before-install\?/],
      ['--rule inline-coment=off', /no rule inline-coment; did you mean inline-comment\?/],
      ['--only nothing-like-it', /There is no rule nothing-like-it/],
      ['--format json --format sarif', /Only one report fits/],
      ['--format json:x --output y', /--output has no report to take/],
      ['--diff --format json', /--diff takes standard output; write --format json:FILE/],
      ['--fix --since HEAD', /--since cannot limit --fix/],
      ['--baseline gone.json', /--baseline gone\.json: no such file.*--update-baseline writes it/],
    ] as const) {
      it(`is 2 for ${options}`, async () => {
        put({ Dockerfile: broken });
        const { code, stdout, stderr } = await run(`lint ${options}`);
        assert.deepEqual([code, stdout], [2, '']);
        assert.match(stderr, reason);
      });
    }
  });

  describe('files', () => {
    it('walks folders, leaves out what is ignored or excluded, and takes what is named', async () => {
      put({
        '.gitignore': 'out\n',
        'out/Dockerfile': broken,
        'a/Dockerfile': broken,
        'b/x.Dockerfile': broken,
        'b/notes.txt': broken,
      });
      assert.deepEqual(await found('lint'), ['a/Dockerfile syntax-error', 'b/x.Dockerfile syntax-error']);
      assert.deepEqual(await found('lint --exclude b'), ['a/Dockerfile syntax-error']);
      assert.deepEqual(await found('lint b/notes.txt out/Dockerfile'), [
        'b/notes.txt syntax-error',
        'out/Dockerfile syntax-error',
      ]);
    });

    it('leaves out what the nearest config excludes, relative to that config', async () => {
      put({ 'a/.layerwise.json': '{"exclude": ["old/**"]}', 'a/old/Dockerfile': broken, 'old/Dockerfile': broken });
      assert.deepEqual(await found('lint'), ['old/Dockerfile syntax-error']);
    });

    it('shows paths relative to the working folder', async () => {
      put({ 'a/Dockerfile': broken, 'b/c/x': '' });
      assert.deepEqual(await found('lint ../../a', { cwd: path.join(folder.path, 'b/c') }), [
        '../../a/Dockerfile syntax-error',
      ]);
    });

    it('reads standard input', async () => {
      assert.deepEqual(await found('lint -', { stdin: broken }), ['<stdin> syntax-error']);
    });

    it('finds the config and the context of standard input by its file name', async () => {
      put({ 'api/.layerwise.json': '{"rules": {"syntax-error": "warning"}}', 'api/Dockerfile': clean });
      const { stdout } = await run('lint - --stdin-filename api/Dockerfile --format json', { stdin: broken });
      const [file] = (JSON.parse(stdout) as Json).files;
      assert.equal(file?.path, 'api/Dockerfile');
      assert.deepEqual(
        file?.findings.map(({ severity }) => severity),
        ['warning'],
      );
    });

    it('reads standard input named .dockerignore as an ignore file', async () => {
      assert.deepEqual(await found('lint - --stdin-filename .dockerignore', { stdin: 'a # b\n' }), [
        '.dockerignore inline-comment',
      ]);
    });
  });

  describe('config', () => {
    it('takes the nearest, one by --config, or none', async () => {
      put({
        Dockerfile: broken,
        '.layerwise.jsonc': '{"rules": {"syntax-error": "off"}}',
        'info.json': '{"rules": {"syntax-error": "info"}}',
      });
      assert.deepEqual(await found('lint'), []);
      assert.deepEqual(await found('lint --no-config'), ['Dockerfile syntax-error']);
      assert.equal((await run('lint --config info.json')).code, 0);
      assert.equal((await run('lint --config info.json --fail-on info')).code, 1);
    });

    it('reports a mistake as a finding at its place and keeps the rest', async () => {
      put({
        Dockerfile: broken,
        '.layerwise.jsonc': '{\n  "rules": { "sintax-error": "off", "syntax-error": "info" }\n}\n',
      });
      const { code, stdout } = await run('lint');
      assert.equal(code, 2);
      assert.equal((await run('lint --fail-on never')).code, 2);
      assert.equal((await run('lint --rule invalid-config=warning')).code, 1);
      assert.match(stdout, /\.layerwise\.jsonc:2:14.*invalid-config/);
      assert.match(stdout, /did you mean "syntax-error"\?/);
      assert.match(stdout, /Dockerfile:2:1.*syntax-error.*info/);
    });

    it('is 2 for a config given by --config that is not JSON, with the place', async () => {
      put({ Dockerfile: clean, 'c.json': '{\n  "rules" {}\n}' });
      const { code, stderr } = await run('lint --config c.json');
      assert.equal(code, 2);
      assert.match(stderr, /^layerwise: c\.json:2:11: a colon is missing here/);
    });

    it('keeps with --only the given rules and those that say what could not be checked', async () => {
      put(three);
      assert.deepEqual(await found('lint --only inline-comment'), [
        '.dockerignore inline-comment',
        'Dockerfile syntax-error',
      ]);
    });
  });

  describe('reports', () => {
    it('writes several, each to its file', async () => {
      put({ Dockerfile: broken });
      const { stdout } = await run('lint --format json:out/a.json --format gitlab:b.json --format checkstyle');
      assert.equal(JSON.parse(read('out/a.json')).version, 1);
      assert.equal(JSON.parse(read('b.json')).length, 1);
      assert.match(stdout, /^<\?xml/);
    });

    it('writes to --output instead of standard output', async () => {
      put({ Dockerfile: broken });
      const { stdout } = await run('lint -f json -o report.json');
      assert.equal(stdout, '');
      assert.equal(JSON.parse(read('report.json')).version, 1);
    });

    it('says which report cannot be written', async () => {
      put({ Dockerfile: clean, file: '' });
      const { code, stderr } = await run('lint --format json:file/x.json');
      assert.equal(code, 2);
      assert.match(stderr, /file\/x\.json: the json report cannot be written/);
    });

    it('adds annotations and a step summary in GitHub Actions, where nothing else is asked for', async () => {
      put({ Dockerfile: broken, summary: 'before\n' });
      const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path.join(folder.path, 'summary') };
      const { stdout } = await run('lint', { env });
      assert.match(stdout, /^Dockerfile:2:1 .*\n[\s\S]*^::error .*file=Dockerfile/m);
      assert.match(read('summary'), /^before\n[\s\S]*syntax-error/);
      const asked = await run('lint --format pretty', { env });
      assert.doesNotMatch(asked.stdout, /^::/m);
    });

    it('gives GitHub paths from the root of the checkout', async () => {
      put({ 'api/Dockerfile': broken });
      const setting = { cwd: path.join(folder.path, 'api'), env: { GITHUB_WORKSPACE: folder.path } };
      assert.match((await run('lint --format github', setting)).stdout, /file=api\/Dockerfile/);
    });

    it('colours for a terminal, and as NO_COLOR, FORCE_COLOR and --color say', async () => {
      put({ Dockerfile: broken });
      const colored = async (args: string, setting: Partial<CliSetting> = {}) =>
        (await run(`lint ${args}`, setting)).stdout.includes('\u001b[');
      assert.equal(await colored(''), false);
      assert.equal(await colored('', { terminal: true }), true);
      assert.equal(await colored('', { terminal: true, env: { NO_COLOR: '1' } }), false);
      assert.equal(await colored('', { terminal: true, env: { TERM: 'dumb' } }), false);
      assert.equal(await colored('', { env: { FORCE_COLOR: '1' } }), true);
      assert.equal(await colored('--color always', { env: { NO_COLOR: '1' } }), true);
      assert.equal(await colored('--color never', { terminal: true, env: { FORCE_COLOR: '1' } }), false);
    });

    it('says with --verbose which config and context each file gets, on stderr', async () => {
      put({ 'api/Dockerfile': clean, '.layerwise.jsonc': '{}' });
      const { stdout, stderr } = await run('lint --verbose --context .');
      assert.equal(stderr, 'api/Dockerfile: context . (option), config .layerwise.jsonc\n');
      assert.match(stdout, /No findings/);
    });

    it('leaves an ignore file alone that no known build reads, and says why with --verbose', async () => {
      put({
        'docker-bake.hcl': 'target "api" { dockerfile = "api/Dockerfile" }\n',
        'api/Dockerfile': clean,
        'api/.dockerignore': 'dist # built\n',
      });
      const { stdout, stderr } = await run('lint --verbose --no-config');
      assert.match(stdout, /No findings/);
      assert.match(
        stderr,
        /^api\/\.dockerignore: Dockerfile is built with \.\. as its context \(bake\), so no known build /m,
      );
      assert.match(stderr, /^api\/\.dockerignore: skipped inline-comment: no known build reads this file$/m);
    });
  });

  describe('fixes', () => {
    const ignore = 'dist # built\nsrc\nsrc/a\n';

    it('applies the safe ones and reports what remains', async () => {
      put({ Dockerfile: broken, '.dockerignore': ignore });
      const { code, stdout, stderr } = await run('lint --fix');
      assert.equal(code, 1);
      assert.equal(stderr, 'Fixed 1 finding in 1 file\n');
      assert.doesNotMatch(stdout, /shadowed-pattern/);
      assert.match(stdout, /syntax-error/);
      assert.equal(read('.dockerignore'), 'dist # built\nsrc\n');
    });

    it('applies those of one rule only', async () => {
      put({ '.dockerignore': ignore });
      assert.match((await run('lint --fix-only shadowed-pattern')).stderr, /^Fixed 1 finding in 1 file/);
      assert.equal(read('.dockerignore'), 'dist # built\nsrc\n');
    });

    it('prints a diff and writes nothing', async () => {
      put({ '.dockerignore': ignore });
      const { code, stdout, stderr } = await run('lint --diff');
      assert.equal(code, 1);
      assert.match(stdout, /^--- a\/\.dockerignore\n\+\+\+ b\/\.dockerignore\n@@ /);
      assert.match(stdout, /^-src\/a$/m);
      assert.equal(stderr, 'Would fix 1 finding in 1 file\n');
      assert.equal(read('.dockerignore'), ignore);
    });

    it('reports once what one line of an ignore file would mend for all Dockerfiles of a context', async () => {
      const copies = 'FROM alpine:3.22\nCOPY . .\nRUN make\n';
      put({ 'main.c': '', '.git/HEAD': '', 'a.Dockerfile': copies, 'b.Dockerfile': copies, '.dockerignore': 'x\n' });
      const options = '--only context-includes-vcs --format json';
      const found = async () => {
        const { files }: Evident = JSON.parse((await run(`lint ${options}`)).stdout);
        return files.flatMap(({ path: name, findings }) =>
          findings.map(({ evidence }) => [name, evidence.at(-1)?.text]),
        );
      };
      assert.deepEqual(await found(), [['a.Dockerfile', 'the same holds for b.Dockerfile:2']]);
      put({ 'c.Dockerfile': copies, 'd.Dockerfile': copies });
      assert.deepEqual(await found(), [['a.Dockerfile', 'the same holds for b.Dockerfile:2 and 2 other files']]);
      const ignored = '# layerwise ignore=context-includes-vcs reason="asks Git"\nCOPY';
      put({ 'a.Dockerfile': copies.replace('COPY', ignored) });
      assert.equal((await found())[0]?.[0], 'b.Dockerfile', 'the first that nothing suppresses');
    });

    it('creates other files, once for all Dockerfiles of a context', async () => {
      const copies = 'FROM alpine:3.22\nCOPY . .\n';
      put({
        Dockerfile: copies,
        'Dockerfile.dev': copies,
        'node_modules/a/index.js': 'x',
        'main.js': '',
        'package.json': '{}',
      });
      const options = '--fix-only missing-ignore-file --unsafe-fixes --only missing-ignore-file';
      const shown = await run(`lint --diff ${options}`);
      assert.equal(shown.stdout.match(/^\+\.git$/gm)?.length, 1);
      assert.equal(existsSync(path.join(folder.path, '.dockerignore')), false);
      const { code } = await run(`lint --fix ${options}`);
      assert.equal(code, 0);
      assert.equal(read('.dockerignore'), '.git\n');
    });

    it('mends what it has created as well, so that a second run has nothing to do', async () => {
      put({
        Dockerfile: 'FROM alpine:3.22\nCOPY . .\n',
        'node_modules/a.js': 'x',
        'api/node_modules/a.js': 'x',
        'package.json': '{}',
        'api/package.json': '{}',
      });
      const options = '--fix --unsafe-fixes --only missing-ignore-file --only gitignore-style-pattern';
      await run(`lint ${options}`);
      assert.notEqual(read('.dockerignore'), '');
      assert.match((await run(`lint ${options}`)).stderr, /^Nothing to fix$/m);
    });

    it('prints fixed standard input, and the report to stderr', async () => {
      const { stdout, stderr } = await run('lint - --stdin-filename .dockerignore --fix', { stdin: ignore });
      assert.equal(stdout, 'dist # built\nsrc\n');
      assert.match(stderr, /inline-comment[\s\S]*Fixed 1 finding/);
      assert.equal(existsSync(path.join(folder.path, '.dockerignore')), false);
    });

    it('prints clean standard input as it is', async () => {
      assert.equal((await run('lint - --fix', { stdin: clean })).stdout, clean);
    });

    it('keeps CRLF and a BOM', async () => {
      put({ '.dockerignore': '\uFEFFsrc\r\nsrc/a\r\n' });
      await run('lint --fix');
      assert.equal(read('.dockerignore'), '\uFEFFsrc\r\n');
    });
  });

  describe('baseline', () => {
    it('hides what it lists, wherever that has moved, and reports what is new', async () => {
      put(three);
      const written = await run('lint --baseline base.json --update-baseline');
      assert.equal(written.code, 0);
      assert.match(written.stderr, /Baseline base\.json: 3 findings, before 0/);
      put({ Dockerfile: `# moved\n\n${broken}` });
      assert.deepEqual(await found('lint --baseline base.json'), []);
      put({ '.dockerignore': `${three['.dockerignore']}new # one\n` });
      assert.deepEqual(await found('lint --baseline base.json'), ['.dockerignore inline-comment']);
    });

    it('tells what no longer occurs and drops it on update', async () => {
      put(three);
      await run('lint --baseline base.json --update-baseline');
      put({ Dockerfile: clean });
      const { stderr } = await run('lint --baseline base.json');
      assert.match(stderr, /lists 1 finding that no longer occurs; --update-baseline/);
      assert.match((await run('lint --baseline base.json --update-baseline')).stderr, /2 findings, before 3/);
      assert.equal((await run('lint --baseline base.json')).stderr, '');
    });

    it('holds from another folder and for a part of the files', async () => {
      put({ 'a/Dockerfile': broken, 'b/Dockerfile': broken });
      await run('lint --baseline base.json --update-baseline');
      assert.equal((await run('lint --baseline ../base.json', { cwd: path.join(folder.path, 'a') })).code, 0);
      assert.match((await run('lint a --baseline base.json --update-baseline')).stderr, /2 findings, before 2/);
      assert.equal((await run('lint --baseline base.json')).code, 0);
    });

    it('keeps with --only what the other rules have', async () => {
      put(three);
      await run('lint --baseline base.json --update-baseline');
      await run('lint --only inline-comment --baseline base.json --update-baseline');
      assert.equal((await run('lint --baseline base.json --fail-on info')).code, 0);
    });
  });

  describe('--since', () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: folder.path,
        stdio: 'pipe',
      });
    const ignore = 'one # x\ntwo\nthree # y\n';

    beforeEach(() => {
      rmSync(path.join(folder.path, '.git'), { recursive: true });
      git('init', '-q', '-b', 'main');
      put({ '.dockerignore': ignore, 'old/Dockerfile': broken });
      git('add', '-A');
      git('commit', '-q', '-m', 'first');
    });

    it('finds nothing where nothing has changed', async () => {
      assert.deepEqual(await found('lint --since HEAD'), []);
    });

    it('keeps findings on changed lines and in new files', async () => {
      put({ '.dockerignore': ignore.replace('three', 'four'), 'new/Dockerfile': broken });
      const { stdout } = await run('lint --since main');
      assert.match(stdout, /^\.dockerignore:3:/m);
      assert.match(stdout, /^new\/Dockerfile:2:/m);
      assert.doesNotMatch(stdout, /^\.dockerignore:1:|^old/m);
    });

    it('keeps a finding when another line of its instruction has changed', async () => {
      put({ 'old/Dockerfile': 'FROM alpine:3.22\nRUNN a \\\n  b\nRUN c\n' });
      git('add', '-A');
      git('commit', '-q', '-m', 'second');
      put({ 'old/Dockerfile': 'FROM alpine:3.22\nRUNN a \\\n  changed\nRUN c\n' });
      assert.deepEqual(await found('lint --since HEAD'), ['old/Dockerfile syntax-error']);
      put({ 'old/Dockerfile': 'FROM alpine:3.22\nRUNN a \\\n  b\nRUN changed\n' });
      assert.deepEqual(await found('lint --since HEAD'), []);
    });

    it('is 2 for a revision that Git does not know', async () => {
      const { code, stdout, stderr } = await run('lint --since nowhere');
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /--since nowhere: Git knows no revision "nowhere"/);
    });
  });

  it('shows how far it is on a terminal when there are many files', async () => {
    for (let index = 0; index < 60; index++) put({ [`${index}/Dockerfile`]: clean });
    const progress: (string | undefined)[] = [];
    await run('lint', { terminal: true, progress });
    assert.equal(progress[0], 'Linting 0 of 60 files');
    assert.equal(progress.at(-1), undefined);
    const quiet: (string | undefined)[] = [];
    await run('lint --quiet', { terminal: true, progress: quiet });
    assert.deepEqual(quiet, []);
  });
});
