// node bench/lsp.mjs [--edits N] [--starts N]: the language server as an editor sees it. Prints, asserts nothing. See README.md.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { generateProjects } from './generate.mjs';
import { median } from './processes.mjs';

const server = fileURLToPath(new URL('../dist/server.cjs', import.meta.url));
const recorder = fileURLToPath(new URL('record-answers.cjs', import.meta.url));
const { values } = parseArgs({
  options: { edits: { type: 'string', default: '1000' }, starts: { type: 'string', default: '11' } },
});
const edits = Number(values.edits);

function start(recording) {
  const began = performance.now();
  const child = spawn(process.execPath, [...(recording ? ['-r', recorder] : []), server, '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, LAYERWISE_BENCH_ANSWERS: recording },
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  return { began, child, connection };
}

async function initialize(connection, folder) {
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: folder,
    workspaceFolders: folder ? [{ uri: folder, name: 'bench' }] : null,
    capabilities: { textDocument: { publishDiagnostics: { relatedInformation: true, dataSupport: true } } },
  });
  await connection.sendNotification('initialized', {});
}

async function stop({ child, connection }) {
  await connection.sendRequest('shutdown');
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await connection.sendNotification('exit');
  await exited;
}

/** Stages of generated projects one after another, about 300 lines. */
function bigDockerfile() {
  const lines = [];
  for (const [name, files] of generateProjects(40)) {
    if (lines.length > 300) break;
    lines.push(
      ...files.Dockerfile.replace(/^# syntax.*\n/, '')
        .replace(/ AS build/, ` AS build-${name}`)
        .replaceAll('--from=build', `--from=build-${name}`)
        .trimEnd()
        .split('\n'),
    );
  }
  return `${lines.slice(0, 300).join('\n')}\n`;
}

function report(what, times, goal) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
  console.log(`${what}: median ${at(0.5)} ms, p99 ${at(0.99)} ms, best ${at(0)} ms${goal ? ` (goal ${goal})` : ''}`);
}

/** Processor time of a process in ms so far; undefined where there is no /proc. */
function cpuOf(pid) {
  if (process.platform !== 'linux') return undefined;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const folder = mkdtempSync(join(tmpdir(), 'layerwise-bench-lsp-'));
const [[, files]] = generateProjects(1);
for (const [name, text] of Object.entries(files)) if (!name.includes('/')) writeFileSync(join(folder, name), text);
const uri = pathToFileURL(join(folder, 'Dockerfile')).href;

const empty = [];
const starts = [];
for (let round = 0; round < Number(values.starts); round++) {
  const began = performance.now();
  await new Promise((resolve) => spawn(process.execPath, ['-e', '0']).once('exit', resolve));
  empty.push(performance.now() - began);
  const one = start();
  await initialize(one.connection, null);
  starts.push(performance.now() - one.began);
  await stop(one);
}
report('node -e 0', empty);
report('initialize answered after spawn', starts, '120 ms');

const recording = join(folder, 'answers.json');
const running = start(recording);
const { connection, child } = running;
await initialize(connection, pathToFileURL(folder).href);
let arrived;
connection.onNotification('textDocument/publishDiagnostics', (params) => arrived?.(params));
const published = (version) =>
  new Promise((resolve) => {
    arrived = (params) => params.version === version && resolve(params);
  });

const text = bigDockerfile();
const lines = text.split('\n').length - 1;
let version = 1;
const first = published(version);
connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'dockerfile', version, text } });
const { diagnostics } = await first;

/** One key: a letter appears at the end of a comment, or goes. */
async function key() {
  version++;
  const place = { line: 0, character: 0 };
  const isTyped = version % 2 === 0;
  const change = isTyped
    ? { range: { start: place, end: place }, text: '#' }
    : { range: { start: place, end: { line: 0, character: 1 } }, text: '' };
  const began = performance.now();
  const done = published(version);
  connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [change] });
  await done;
  return performance.now() - began;
}

async function ping() {
  const began = performance.now();
  await connection.sendRequest('layerwise/explainRule', { rule: '' });
  return performance.now() - began;
}

const warm = 50;
for (let index = 0; index < warm; index++) await key();
const keys = [];
const pings = [];
const cpuBefore = cpuOf(child.pid);
for (let index = 0; index < edits; index++) {
  keys.push(await key());
  pings.push(await ping());
}
report(
  `key to diagnostics, ${lines} lines, ${diagnostics.length} findings, ${edits} edits, as the client sees it`,
  keys,
);
report('  of that the way there and back', pings);
if (cpuBefore !== undefined) {
  console.log(`  processor time of the server: ${((cpuOf(child.pid) - cpuBefore) / edits).toFixed(1)} ms per key`);
}

const script = Array.from(
  { length: 1600 },
  (_, index) => `    echo "step ${index} $HOME" && apk add --no-cache pkg${index}`,
);
const long = `FROM alpine:3.22\nRUN ${script.join(' && \\\n').trimStart()}\n`;
const longUri = pathToFileURL(join(folder, 'Long.Dockerfile')).href;
const tokens = [];
for (let index = 1; index <= 11; index++) {
  connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri: longUri, languageId: 'dockerfile', version: index, text: `${long}# ${index}\n` },
  });
  await ping();
  const began = performance.now();
  await connection.sendRequest('textDocument/semanticTokens/full', { textDocument: { uri: longUri } });
  tokens.push(performance.now() - began);
  connection.sendNotification('textDocument/didClose', { textDocument: { uri: longUri } });
}
report('semantic tokens of a RUN of 1,600 lines, parsing included', tokens, '50 ms');

if (process.platform === 'linux') {
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
  const sizes = [];
  for (let round = 0; round <= 10; round++) {
    sizes.push(resident().toFixed(0));
    if (round < 10) for (let index = 0; index < edits; index++) await key();
  }
  console.log(`resident memory every ${edits} edits: ${sizes.join(' ')} MB (goal: does not grow)`);
}
await stop(running);
// The first is that of the opening.
const answers = JSON.parse(readFileSync(recording, 'utf8')).slice(1 + warm, 1 + warm + edits);
report('key to diagnostics in the server', answers, 'p99 10 ms');
connection.dispose();
rmSync(folder, { recursive: true, force: true });
console.log(`median of the starts ×${(median(starts) / median(empty)).toFixed(2)} of node -e 0`);
