import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commands, optionsOf } from '../../server/cli/options.js';
import { renderReference } from '../../server/cli/reference.js';
import { rules } from '../../server/rules/index.js';
import { layerwise } from '../helpers/run-cli.js';
import type { TemporaryFolder } from '../helpers/temporary-folder.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

describe('layerwise', () => {
  let folder: TemporaryFolder;
  const run = (args: string) => layerwise(args, { cwd: folder.path });

  beforeEach(() => {
    folder = temporaryFolder({ '.git/HEAD': '' });
  });
  afterEach(() => folder.remove());

  describe('help', () => {
    it('lists the commands; without a command on stderr, with status 2', async () => {
      const help = await run('help');
      for (const { name, summary } of commands)
        assert.ok(help.stdout.includes(`${name} `) && help.stdout.includes(summary));
      assert.deepEqual(await run('--help'), help);
      assert.deepEqual(await run(''), { stdout: '', stderr: help.stdout, code: 2 });
    });

    for (const command of commands) {
      it(`tells about every option of ${command.name}, at most 100 columns wide`, async () => {
        const { stdout, code } = await run(`${command.name} --help`);
        assert.equal(code, 0);
        for (const { name } of optionsOf(command)) assert.ok(stdout.includes(`--${name}`), name);
        for (const line of stdout.split('\n')) assert.ok(line.length <= 100, line);
      });
    }

    it('tells about one command and refuses an unknown one', async () => {
      assert.deepEqual(await run('help lint'), await run('lint -h'));
      assert.equal((await run('help lnt')).code, 2);
    });

    it('has a page with every option of every command', () => {
      const page = renderReference();
      for (const command of commands) {
        assert.ok(page.includes(`## layerwise ${command.name}\n`));
        for (const { name } of optionsOf(command)) assert.ok(page.includes(`--${name}`), name);
      }
    });
  });

  it('prints its version', async () => {
    const { stdout, code } = await run('--version');
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    assert.deepEqual(await run('lint -V'), { stdout, stderr: '', code });
  });

  it('says what is wrong with a command line, and where help is', async () => {
    assert.deepEqual(await run('lnt'), {
      stdout: '',
      stderr: 'layerwise: Unknown command lnt; did you mean lint?\nlayerwise help tells more.\n',
      code: 2,
    });
    assert.match((await run('lint --fixx')).stderr, /layerwise lint --help tells more\.\n$/);
  });

  describe('explain', () => {
    it('explains a rule by its name', async () => {
      const { stdout, code } = await run('explain inline-comment');
      assert.equal(code, 0);
      assert.match(stdout, /^# inline-comment\n/);
      assert.match(stdout, /## Bad\n[\s\S]*## Good\n/);
    });

    it("explains by another tool's id, in any case", async () => {
      const rule = rules.find(({ aliases }) => aliases.length > 0);
      const alias = rule?.aliases[0] ?? '';
      assert.ok((await run(`explain ${alias.toLowerCase()}`)).stdout.includes(`# ${rule?.name}\n`));
    });

    it('explains all rules', async () => {
      const { stdout } = await run('explain --all');
      for (const { name } of rules) assert.ok(stdout.includes(`# ${name}\n`), name);
    });

    it('gives JSON: an object for one rule, a list for more', async () => {
      assert.equal(JSON.parse((await run('explain inline-comment --format json')).stdout).name, 'inline-comment');
      assert.equal(JSON.parse((await run('explain --all --format json')).stdout).length, rules.length);
    });

    it('guesses what was meant', async () => {
      const { stderr, code } = await run('explain inlin-comment');
      assert.deepEqual(
        [stderr, code],
        ['layerwise: There is no rule inlin-comment; did you mean inline-comment?\n', 2],
      );
      assert.equal((await run('explain')).code, 2);
    });
  });

  describe('rules', () => {
    it('lists every rule', async () => {
      const { stdout } = await run('rules');
      for (const { name, docs } of rules) assert.ok(stdout.includes(name) && stdout.includes(docs.summary), name);
    });

    it('lists them as JSON with their options', async () => {
      const listed = JSON.parse((await run('rules --format json')).stdout) as { name: string; options: object[] }[];
      assert.deepEqual(
        listed.map(({ name }) => name),
        rules.map(({ name }) => name),
      );
    });
  });

  describe('init', () => {
    it('writes a config that is valid and changes nothing', async () => {
      folder.write('Dockerfile', 'FROM alpine:3.22\nCMD ["sh"]\n');
      const before = (await run('print-config Dockerfile')).stdout;
      assert.deepEqual(await run('init'), { stdout: '', stderr: 'Wrote .layerwise.jsonc\n', code: 0 });
      assert.equal((await run('lint')).code, 0);
      assert.equal((await run('print-config Dockerfile')).stdout, before);
    });

    it('shows only keys and rules that exist, also in the comments', async () => {
      await run('init');
      const text = readFileSync(path.join(folder.path, '.layerwise.jsonc'), 'utf8');
      const uncommented = text.replace(/^(\s*)\/\/ ("[^"\n]+": .*)$/gm, '$1$2');
      assert.ok(uncommented.split('//').length < text.split('//').length - 5);
      folder.write('.layerwise.jsonc', uncommented);
      folder.write('Dockerfile', 'FROM alpine:3.22\n');
      const { stdout } = await run('lint --only invalid-config --format json');
      const messages = JSON.parse(stdout).files.flatMap((file: { findings: { message: string }[] }) =>
        file.findings.map(({ message }) => message),
      );
      assert.deepEqual(messages, ['extends "./layerwise.shared.jsonc": no such file or folder']);
    });

    it('never overwrites, whatever the name of the config', async () => {
      folder.write('package.json', '{"layerwise": {}}');
      assert.deepEqual(await run('init'), {
        stdout: '',
        stderr: 'layerwise: package.json exists already; it is left as it is\n',
        code: 2,
      });
    });

    it('says which config it takes the place of', async () => {
      folder.write('.layerwise.jsonc', '{}');
      folder.write('api/x', '');
      const { stderr, code } = await run('init api');
      assert.equal(code, 0);
      assert.match(stderr, /Wrote api\/\.layerwise\.jsonc\nIt takes the place of \.layerwise\.jsonc/);
    });
  });

  describe('print-config', () => {
    it('gives every value with its origin', async () => {
      folder.write('base.json', '{"cacheStrategy": "clean", "rules": {"syntax-error": "warning"}}');
      folder.write(
        '.layerwise.jsonc',
        '{"extends": "base.json", "builder": "kaniko", "overrides": [{"files": ["*.dev"], "rules": {"inline-comment": "off"}}]}',
      );
      const values = JSON.parse((await run('print-config Dockerfile.dev --format json')).stdout);
      assert.deepEqual(values.builder, { value: 'kaniko', origin: '.layerwise.jsonc' });
      assert.deepEqual(values.cacheStrategy, { value: 'clean', origin: 'base.json' });
      assert.deepEqual(values['rules.syntax-error'], { value: 'warning', origin: 'base.json' });
      assert.deepEqual(values['rules.inline-comment'], { value: 'off', origin: '.layerwise.jsonc overrides[0]' });
      assert.equal(values['rules.internal-error'].origin, 'default');
      assert.equal(Object.keys(values).length, rules.length + 2);
      assert.match((await run('print-config Dockerfile')).stdout, /^builder +kaniko +\.layerwise\.jsonc$/m);
    });

    it('tells that the config has mistakes', async () => {
      folder.write('.layerwise.jsonc', '{"bilder": "kaniko"}');
      assert.match((await run('print-config Dockerfile')).stderr, /1 mistake; layerwise lint shows them/);
    });
  });

  it('prints completion scripts with the rules', async () => {
    assert.match((await run('completion bash')).stdout, /complete .*layerwise\n[\s\S]*$/);
    assert.ok((await run('completion fish')).stdout.includes('inline-comment'));
  });
});
