// Seconds of real builds, in the author's order and in the advisor's: a first build without cache, then three edits of a source.
// Then the files of both images, but for caches of package managers and what two builds in the author's order do not agree on.
//   npm run build && npx tsc && node bench/real-builds.mjs [--repositories FOLDER] [--base ROOTFS.tar] [--only NAME] [--ask]
// --ask asks the npm registry about install scripts, to tell what is proved. Needs an engine: DOCKER_HOST, or root on Linux (see CONTRIBUTING). Without a registry of images --base gives a root file system
// (made by real-builds.base.sh), which then stands for all images that are named. Clones from GitHub, or from FOLDER/OWNER__NAME.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCli } from '../out/server/cli/cli.js';
import { openEngines } from '../out/test/engine/engine.js';

const { values } = parseArgs({
  options: {
    repositories: { type: 'string' },
    base: { type: 'string' },
    only: { type: 'string' },
    ask: { type: 'boolean' },
  },
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
  // As its corepack is, not as the registry is today; a registry that is a mirror signs nothing.
  const env = 'ENV NODE_EXTRA_CA_CERTS=/etc/ca-all.pem COREPACK_DEFAULT_TO_LATEST=0 COREPACK_INTEGRITY_KEYS=0';
  await engine.docker(['import', '--change', env, `${engine.clientFolder}/base.tar`, 'layerwise-real-builds:1']);
  rmSync(path.join(engine.folder, 'base.tar'));
}

const io = {
  env: process.env,
  stdoutIsTerminal: false,
  stderrIsTerminal: false,
  readStdin: async () => '',
  progress() {},
};

async function propose(cwd, { dockerfile, context = '.', target }, ...more) {
  const args = ['--context', context, '--no-config', '--commits', '300', '--format', 'json', ...more];
  const { stdout } = await runCli(['order', dockerfile, ...args, ...(target ? ['--target', target] : [])], {
    ...io,
    cwd,
  });
  return JSON.parse(stdout).proposed?.text;
}

/** What is proved, where `--unsafe` finds no more than that; the fix of the rule, where the advisor refuses. */
async function order(cwd, one) {
  const file = path.join(cwd, one.dockerfile);
  const author = readFileSync(file, 'utf8');
  const text = (await propose(cwd, one, '--unsafe')) ?? author;
  if (text !== author) return { text, how: await howProved(cwd, one, text) };
  const fix = ['--context', one.context ?? '.', '--no-config', '--unsafe-fixes', '--fix-only', 'copy-before-install'];
  await runCli(['lint', one.dockerfile, ...fix], { ...io, cwd });
  const fixed = readFileSync(file, 'utf8');
  writeFileSync(file, author);
  if (fixed === author) throw new Error('nothing is proposed');
  return { text: fixed, how: '`lint --fix`' };
}

async function howProved(cwd, one, text) {
  if (text === (await propose(cwd, one))) return 'proved';
  if (text === (await propose(cwd, one, '--clean-checkout'))) return 'proved, clean';
  const asked = values.ask && (await propose(cwd, one, '--ask-registry', '--clean-checkout'));
  rmSync(path.join(cwd, '.layerwise'), { recursive: true, force: true });
  return text === asked ? 'proved, asked' : '`--unsafe`';
}

const targetOf = ({ target }) => (target ? ['--target', target] : []);

/** With the Dockerfile beside the context, so that the context is the same in both orders. */
async function build(name, { context = '.' }, text, ...options) {
  const file = path.join(engine.folder, `${name}.dockerfile`);
  // The engine's own syntax is as new, and without a registry no other can be had.
  writeFileSync(file, values.base ? text.replace(/^# syntax=.*\n/m, '') : text);
  const ignore = path.join(engine.folder, name, `${context}/.dockerignore`);
  if (existsSync(ignore)) copyFileSync(ignore, `${file}.dockerignore`);
  const place = `${engine.clientFolder}/${name}`;
  const { status, stderr } = await engine.buildx([
    ...['build', '--network', 'host', '--progress', 'plain', ...options],
    ...['--file', `${place}.dockerfile`, `${place}/${context}`],
  ]);
  if (status !== 0) throw new Error(stderr.slice(-4000));
}

async function secondsOf(name, one, text, ...options) {
  const start = performance.now();
  await build(name, one, text, ...targetOf(one), '--output', 'type=cacheonly', ...options);
  return (performance.now() - start) / 1000;
}

const caches = [
  ...[
    '/proc/',
    '/sys/',
    '/dev/',
    '/tmp/',
    '/root/.cache/',
    '/root/.npm/',
    '/home/node/.npm/',
    '/root/.local/share/pnpm/',
  ],
  ...['/usr/local/share/.cache/', '/var/cache/'],
];
const inCache = (file) => caches.some((one) => file.startsWith(one)) || /\/node_modules\/\.cache\/|\/\.nx\//.test(file);

/** Content, mode, owner and link of every file of the image: path → all that in one line. */
async function filesOf(name, one, text) {
  const froms = [...text.matchAll(/^FROM\s+(?:--\S+\s+)?(\S+)(?:[ \t]+AS[ \t]+(\S+))?/gim)];
  const last = froms.at(-1);
  const stage = one.target ?? last[2];
  const end = last.index + last[0].length;
  const named = stage ? text : `${text.slice(0, end)} AS layerwise-image${text.slice(end)}`;
  const image = `--mount=type=bind,from=${stage ?? 'layerwise-image'},target=/image`;
  const list = 'find . -exec stat -c "%n|%f|%u|%g|%N" {} + >/stat && find . -type f -exec sha256sum {} + >/sums';
  const stages = [
    `FROM ${froms[0][1]} AS layerwise-list`,
    'USER 0',
    `RUN ${image} cd /image && ${list}`,
    'FROM scratch AS layerwise-files',
    'COPY --from=layerwise-list /stat /sums /',
  ];
  const folder = `${name}-files`;
  const output = `type=local,dest=${engine.clientFolder}/${folder}`;
  await build(name, one, [named, ...stages, ''].join('\n'), '--target', 'layerwise-files', '--output', output);
  const files = new Map();
  const read = (file) =>
    readFileSync(path.join(engine.folder, folder, file), 'utf8')
      .split('\n')
      .filter(Boolean);
  for (const line of read('stat')) files.set(line.slice(1, line.indexOf('|')), line);
  for (const line of read('sums')) {
    const file = line.slice(line.indexOf('./') + 1);
    files.set(file, `${files.get(file)}|${line.slice(0, 64)}`);
  }
  rmSync(path.join(engine.folder, folder), { recursive: true, force: true });
  for (const file of files.keys()) if (inCache(file)) files.delete(file);
  return files;
}

const differing = (one, other) =>
  [...new Set([...one.keys(), ...other.keys()])].filter((file) => one.get(file) !== other.get(file));

let salt = 0;

/** The median of three edits, or of as many as the case says. */
async function secondsAfterEdit(name, one, text, source) {
  const times = [];
  for (let edit = 0; edit < (one.edits ?? 3); edit++) {
    // The cache knows every earlier build.
    appendFileSync(source, `\n// ${++salt}\n`);
    times.push(await secondsOf(name, one, text));
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

async function compare(name, one, folder) {
  const author = readFileSync(path.join(folder, one.dockerfile), 'utf8');
  await nameImages(author);
  const { text, how } = await order(folder, one);
  const source = path.join(folder, one.edit);
  const original = readFileSync(source);
  const firstByAuthor = await secondsOf(name, one, author, '--no-cache');
  const files = await filesOf(name, one, author);
  const afterByAuthor = await secondsAfterEdit(name, one, author, source);
  const unstable = new Set(differing(files, await filesOf(name, one, author)));
  writeFileSync(source, original);
  const first = await secondsOf(name, one, text, '--no-cache');
  const changed = differing(files, await filesOf(name, one, text));
  const after = await secondsAfterEdit(name, one, text, source);
  for (const file of changed) console.error(`${one.repository}: ${file}${unstable.has(file) ? ' (unstable)' : ''}`);
  const different = changed.filter((file) => !unstable.has(file)).length;
  return [
    how,
    ...[firstByAuthor, first, afterByAuthor, after].map((n) => n.toFixed(1)),
    `${different} of ${files.size}`,
  ];
}

if (values.base) await importBase(values.base);
console.log(
  '| repository | commit | Dockerfile | manager | order | first build: author | advisor | after an edit: author | advisor | files that differ |',
);
console.log('|---|---|---|---|---|---:|---:|---:|---:|---:|');
for (const one of cases) {
  if (values.only && !one.repository.includes(values.only)) continue;
  const name = `real-${one.repository.replace('/', '__')}`.toLowerCase();
  const folder = path.join(engine.folder, name);
  try {
    checkout(one, folder);
    const found = await compare(name, one, folder);
    const link = `[${one.repository}](https://github.com/${one.repository})`;
    const cells = [link, `\`${one.commit.slice(0, 12)}\``, `\`${one.dockerfile}\``, one.manager, ...found];
    console.log(`| ${cells.join(' | ')} |`);
  } catch (error) {
    console.error(`${one.repository}: ${error.message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    // The engine of the tests lives in memory.
    if (engines.debian) await engine.docker(['builder', 'prune', '--all', '--force']);
  }
}
engines.close();
