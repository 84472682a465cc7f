// node test/editors/check.mjs: starts Neovim and Helix with the snippets of docs/editors.md as their configuration and waits for
// findings. Editors are looked for on the PATH, or named by NVIM and HX. One that is not there is passed over, and said so.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/editors.md'), 'utf8');
const [newNeovim, oldNeovim, fixOnWrite] = snippets('lua');
const [helix] = snippets('toml');

const home = mkdtempSync(join(tmpdir(), 'layerwise-editors-'));
const project = join(home, 'project');
write('project/.git/HEAD', '');
write('project/Dockerfile', 'FROM alpine\n');
write('project/.dockerignore', 'src\nsrc/a\n');
write('project/src/a', '');
write('bin/layerwise', `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist/cli.cjs')}" "$@"\n`);
chmodSync(join(home, 'bin/layerwise'), 0o755);
const env = {
  ...process.env,
  HOME: home,
  XDG_CONFIG_HOME: join(home, 'config'),
  XDG_STATE_HOME: join(home, 'state'),
  XDG_CACHE_HOME: join(home, 'cache'),
  PATH: `${join(home, 'bin')}${delimiter}${process.env.PATH}`,
  TERM: 'xterm-256color',
};

/** What each file must be found to have. */
const expected = { Dockerfile: 'unpinned-base', '.dockerignore': 'shadowed-pattern' };

const outcomes = [...checkNeovim(), ...(await checkHelix())];
for (const { what, problem } of outcomes)
  console.log(`${problem ? 'FAILED' : 'ok'}  ${what}${problem ? `: ${problem}` : ''}`);
rmSync(home, { recursive: true, force: true });
process.exitCode = outcomes.some(({ problem }) => problem) ? 1 : 0;

function checkNeovim() {
  const program = process.env.NVIM ?? 'nvim';
  const version = /NVIM v(\d+)\.(\d+)/.exec(spawnSync(program, ['--version'], { env, encoding: 'utf8' }).stdout ?? '');
  if (!version) return passOver('Neovim');
  const minor = Number(version[1]) > 0 ? 99 : Number(version[2]);
  if (minor < 8) return passOver(`Neovim ${version[0]}, which has no vim.lsp.start,`);
  write(
    'wait.lua',
    `vim.wait(15000, function() return #vim.diagnostic.get(0) > 0 end, 50)
for _, one in ipairs(vim.diagnostic.get(0)) do io.stdout:write(one.source .. ' ' .. one.code .. '\\n') end
vim.cmd('qa!')\n`,
  );
  // The snippet for older versions holds for the newer ones as well.
  const snippets = minor < 11 ? { old: oldNeovim } : { old: oldNeovim, new: newNeovim };
  const tries = Object.entries(snippets).flatMap(([name, text]) =>
    Object.entries(expected).map(([file, code]) => ({ name, text, file, code })),
  );
  const found = tries.map(({ name, text, file, code }) => {
    write('init.lua', text);
    const args = ['--headless', '-u', join(home, 'init.lua'), file, '-c', `luafile ${join(home, 'wait.lua')}`];
    const { stdout, stderr } = spawnSync(program, args, { cwd: project, env, encoding: 'utf8', timeout: 30_000 });
    const problem = stdout.includes(`layerwise ${code}`)
      ? undefined
      : `no ${code} in ${JSON.stringify(stdout + stderr)}`;
    return { what: `${version[0]}, ${name} snippet: ${file}`, problem };
  });
  return minor < 11 ? found : [...found, checkFixOnWrite(program, version[0])];
}

function checkFixOnWrite(program, version) {
  const file = 'fix.Dockerfile';
  write(`project/${file}`, 'FROM debian:13\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends git\n');
  write('init.lua', `${newNeovim}\n${fixOnWrite}`);
  write(
    'write.lua',
    `vim.wait(15000, function() return #vim.diagnostic.get(0) > 0 end, 50)
vim.cmd('write')
vim.cmd('qa!')\n`,
  );
  const args = ['--headless', '-u', join(home, 'init.lua'), file, '-c', `luafile ${join(home, 'write.lua')}`];
  const { stderr } = spawnSync(program, args, { cwd: project, env, encoding: 'utf8', timeout: 30_000 });
  const text = readFileSync(join(project, file), 'utf8');
  const problem = text.includes('RUN apt-get update && apt-get install') ? undefined : text + stderr;
  return { what: `${version}: fixes on write`, problem };
}

/** Helix has no headless mode: it gets a terminal of \`script\`, and its log tells what it has received. */
async function checkHelix() {
  const program =
    process.env.HX ?? ['hx', 'helix'].find((name) => spawnSync(name, ['--version'], { env }).status === 0);
  const version = program && spawnSync(program, ['--version'], { env, encoding: 'utf8' }).stdout?.trim();
  if (!version) return passOver('Helix');
  if (spawnSync('script', ['--version']).status !== 0) return passOver('Helix without the command script');
  write('config/helix/languages.toml', helix);
  const outcomes = [];
  for (const [file, code] of Object.entries(expected)) {
    const log = join(home, `helix${file}.log`);
    const editor = spawn('script', ['-qfec', `"${program}" -vvv --log "${log}" "${file}"`, '/dev/null'], {
      cwd: project,
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const isThere = await eventually(() => existsSync(log) && hasFinding(readFileSync(log, 'utf8'), code));
    editor.stdin.write('\u001b:q!\r');
    editor.stdin.end();
    editor.kill();
    const tail = existsSync(log) ? readFileSync(log, 'utf8').slice(-500) : 'no log';
    outcomes.push({ what: `${version}: ${file}`, problem: isThere ? undefined : tail });
  }
  return outcomes;
}

function hasFinding(log, code) {
  // Older ones are told, newer ones ask.
  const answers = log.split('\n').filter((line) => line.includes('layerwise <-'));
  return answers.some((line) => /publishDiagnostics|"items":/.test(line) && line.includes(`"code":"${code}"`));
}

async function eventually(test) {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    if (test()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function passOver(what) {
  console.log(`--  ${what} is passed over: not here`);
  return [];
}

function snippets(language) {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text);
}

function write(file, text) {
  mkdirSync(join(home, file, '..'), { recursive: true });
  writeFileSync(join(home, file), text);
}
