// Seconds of real builds, in the author's order and in the advisor's: a first build, then three edits of a source.
//   npm run build && npx tsc && node bench/real-builds.mjs [--repositories FOLDER] [--base ROOTFS.tar] [--only NAME]
// Needs an engine: DOCKER_HOST, or root on Linux (see CONTRIBUTING). Without a registry of images --base gives a root file system with
// Node, npm, yarn and pnpm, which then stands for all images that are named. Clones from GitHub, or from FOLDER/OWNER__NAME.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCli } from '../out/server/cli/cli.js';
import { openEngines } from '../out/test/engine/engine.js';

const { values } = parseArgs({
  options: { repositories: { type: 'string' }, base: { type: 'string' }, only: { type: 'string' } },
});
const cases = JSON.parse(readFileSync(new URL('real-builds.json', import.meta.url), 'utf8'));
const engines = await openEngines();
const engine = engines?.all[0];
if (!engine) process.exit(1);

const git = (cwd, ...args) => execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

function checkout({ repository, commit }, folder) {
  const name = repository.replace('/', '__');
  const local = values.repositories && path.join(path.resolve(values.repositories), name);
  const from = local ? ['--shared', local] : ['--filter=blob:none', `https://github.com/${repository}.git`];
  git(engine.folder, 'clone', '-q', '--no-checkout', ...from, folder);
  git(folder, 'update-ref', '--no-deref', 'HEAD', commit);
  git(folder, 'read-tree', 'HEAD');
  // A mirror may lack large files; the rest is enough.
  spawnSync('git', ['checkout-index', '--all', '--force', '--quiet'], { cwd: folder, stdio: 'ignore' });
}

async function nameImages(dockerfile) {
  if (!values.base) return;
  for (const [, image] of dockerfile.matchAll(/^FROM\s+(?:--\S+\s+)?(\S+)/gm))
    await engine.docker(['tag', 'layerwise-real-builds:1', image]);
}

async function importBase(file) {
  copyFileSync(file, path.join(engine.folder, 'base.tar'));
  const certificates = ['--change', 'ENV NODE_EXTRA_CA_CERTS=/etc/ca-all.pem'];
  await engine.docker(['import', ...certificates, `${engine.clientFolder}/base.tar`, 'layerwise-real-builds:1']);
  rmSync(path.join(engine.folder, 'base.tar'));
}

async function order(cwd, { dockerfile, context = '.', target }) {
  const io = {
    cwd,
    env: {},
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    readStdin: async () => '',
    progress() {},
  };
  const args = ['--context', context, '--no-config', '--unsafe', '--commits', '300', '--format', 'json'];
  const { stdout } = await runCli(['order', dockerfile, ...args, ...(target ? ['--target', target] : [])], io);
  return JSON.parse(stdout).proposed.text;
}

async function secondsOf(name, { dockerfile, context = '.', target }) {
  const start = performance.now();
  const place = `${engine.clientFolder}/${name}`;
  const options = ['--network', 'host', '--progress', 'plain', '--output', 'type=cacheonly'];
  const { status, stderr } = await engine.buildx([
    ...['build', ...options, ...(target ? ['--target', target] : [])],
    ...['--file', `${place}/${dockerfile}`, `${place}/${context}`],
  ]);
  if (status !== 0) throw new Error(stderr.slice(-2000));
  return (performance.now() - start) / 1000;
}

if (values.base) await importBase(values.base);
console.log(
  '| repository | commit | Dockerfile | manager | first build: author | advisor | after an edit: author | advisor |',
);
console.log('|---|---|---|---|---:|---:|---:|---:|');
for (const one of cases) {
  if (values.only && !one.repository.includes(values.only)) continue;
  const name = `real-${one.repository.replace('/', '__')}`;
  const folder = path.join(engine.folder, name);
  try {
    checkout(one, folder);
    const file = path.join(folder, one.dockerfile);
    const author = readFileSync(file, 'utf8');
    await nameImages(author);
    const firsts = [];
    const edits = [];
    for (const text of [author, await order(folder, one)]) {
      writeFileSync(file, text);
      firsts.push((await secondsOf(name, one)).toFixed(1));
      const times = [];
      for (let edit = 0; edit < 3; edit++) {
        appendFileSync(path.join(folder, one.edit), `\n// ${firsts.length} ${edit}\n`);
        times.push(await secondsOf(name, one));
      }
      edits.push(times.sort((a, b) => a - b)[1].toFixed(1));
    }
    const link = `[${one.repository}](https://github.com/${one.repository})`;
    const cells = [link, `\`${one.commit.slice(0, 12)}\``, `\`${one.dockerfile}\``, one.manager, ...firsts, ...edits];
    console.log(`| ${cells.join(' | ')} |`);
  } catch (error) {
    console.error(`${one.repository}: ${error.message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
engines.close();
