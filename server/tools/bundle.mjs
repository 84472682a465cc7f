// Bundles what is shipped into dist/: the command line and the library for Node, the language server and the extension
// for Node, and both once more for hosts without Node (a web worker each).
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

const common = {
  absWorkingDir: root,
  bundle: true,
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  define: { LAYERWISE_VERSION: JSON.stringify(version) },
};
const node = { ...common, platform: 'node', target: 'node20.19' };
const browser = { ...common, platform: 'browser', target: 'es2022', mainFields: ['browser', 'module', 'main'] };
// In a worker the files are those that the client hands on: see server/lsp/web.
const worker = {
  ...browser,
  format: 'iife',
  alias: { 'node:fs': './server/lsp/web/fs.ts', 'node:path': './server/lsp/web/path.ts' },
  inject: ['server/lsp/web/buffer.ts'],
  define: { ...common.define, 'process.platform': '"linux"' },
};

// esbuild gives every importing file its own copy of a CommonJS module's exports, 320 getters of this one at each start: one
// module in between takes them once.
const takenOnce = {
  name: 'taken-once',
  setup: ({ onResolve, onLoad }) => {
    const all = Object.keys(createRequire(import.meta.url)('vscode-languageserver')).filter(
      (name) => name !== 'default',
    );
    const names = all.map((name) => `export const ${name} = all.${name};`);
    onResolve({ filter: /^vscode-languageserver$/ }, ({ namespace, path }) =>
      namespace === 'taken-once' ? undefined : { path, namespace: 'taken-once' },
    );
    onLoad({ filter: /.*/, namespace: 'taken-once' }, ({ path }) => ({
      contents: [`const all = require(${JSON.stringify(path)});`, ...names].join('\n'),
      resolveDir: root,
    }));
  },
};

// `vscode-languageserver/node` brings functions of its own that start processes; nobody here calls them.
const lateProcesses = {
  name: 'late-processes',
  setup: ({ onLoad }) =>
    onLoad({ filter: /vscode-languageserver[/\\]lib[/\\]node[/\\]files\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        'const child_process_1 = require("child_process");',
        'const child_process_1 = new Proxy({}, { get: (_, name) => require("child_process")[name] });',
      ),
    })),
};

// Whether there are colours is for the command line to say: picocolors asks the stream at its load, which takes longer than
// all that it does.
const colourless = {
  name: 'colourless',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[/\\]picocolors\.js$/ }, ({ path }) => ({
      contents: `const process = { env: { NO_COLOR: '1' }, argv: [] };\n${readFileSync(path, 'utf8')}`,
    })),
};

// `layerwise lsp` starts the server that stands beside the command line: bundled once. `require`, for compiled code that is
// run by start.cjs cannot import.
const besideServer = {
  supported: { 'dynamic-import': false },
  plugins: [
    colourless,
    {
      name: 'beside-server',
      setup: ({ onResolve }) =>
        onResolve({ filter: /\/lsp\/main\.js$/ }, () => ({ path: './server.cjs', external: true })),
    },
  ],
};

const bundles = [
  { ...node, ...besideServer, entryPoints: ['server/cli/main.ts'], outfile: 'dist/cli-program.cjs' },
  { ...node, entryPoints: ['server/index.ts'], outfile: 'dist/index.js', format: 'esm' },
  {
    ...node,
    plugins: [takenOnce, lateProcesses],
    entryPoints: ['server/lsp/main.ts'],
    outfile: 'dist/server-program.cjs',
  },
  { ...node, entryPoints: ['client/extension.ts'], outfile: 'dist/extension.cjs', external: ['vscode'] },
  { ...worker, plugins: [takenOnce], entryPoints: ['server/lsp/web-main.ts'], outfile: 'dist/server.web.js' },
  { ...browser, entryPoints: ['client/web-extension.ts'], outfile: 'dist/extension.web.js', external: ['vscode'] },
].filter(({ entryPoints }) => existsSync(`${root}/${entryPoints[0]}`));

const cacheOf = (name) => `dist/${name}-${process.versions.v8}-${process.arch}.cache`;
const caches = ['cli-program', 'server-program'].map(cacheOf);

mkdirSync(`${root}/dist`, { recursive: true });
for (const cache of caches) rmSync(`${root}/${cache}`, { force: true });
await Promise.all(bundles.map((options) => build({ format: 'cjs', ...options })));
for (const { outfile } of bundles) {
  console.log(`${outfile} ${Math.round(statSync(`${root}/${outfile}`).size / 1024)} kB`);
}

// Both are started from what V8 compiles here, which takes a third off the start-up time.
const starters = ['dist/cli.cjs', 'dist/server.cjs'];
for (const starter of starters) copyFileSync(`${root}/server/cli/start.cjs`, `${root}/${starter}`);
chmodSync(`${root}/dist/cli.cjs`, 0o755);
// What usual files need; more of it would take longer to read at each start than it saves.
const usual = [`${root}/fixtures/projects`, `${root}/fixtures/ok`];
await compile('cli-program', ['lint', '--no-config', '--quiet', ...usual]);
await compile('server-program', ['--stdio'], conversation(`${root}/fixtures/projects/shop/api/Dockerfile`));

/** Standard input stays open, since a server without a client ends at once. */
function compile(name, args, input = '') {
  const options = { stdio: ['pipe', 'ignore', 'ignore'] };
  const child = spawn(process.execPath, [`${root}/server/tools/code-cache.mjs`, name, ...args], options);
  child.stdin.write(input);
  return new Promise((resolve) => child.once('exit', resolve));
}

/** What a client says that opens a file and leaves. */
function conversation(file) {
  const uri = pathToFileURL(file).href;
  const textDocument = { uri, languageId: 'dockerfile', version: 1, text: readFileSync(file, 'utf8') };
  const messages = [
    { id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } },
    { method: 'textDocument/didOpen', params: { textDocument } },
    { id: 2, method: 'textDocument/diagnostic', params: { textDocument: { uri } } },
    { id: 3, method: 'textDocument/hover', params: { textDocument: { uri }, position: { line: 0, character: 6 } } },
    // Each takes a turn, so that what was asked before is answered before the end.
    ...Array.from({ length: 50 }, (_, index) => ({ id: 4 + index, method: 'layerwise/configTemplate' })),
    { id: 60, method: 'shutdown' },
    { method: 'exit' },
  ];
  const frame = (body) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  return messages.map((message) => frame(JSON.stringify({ jsonrpc: '2.0', ...message }))).join('');
}

const made = new Set([...bundles.map(({ outfile }) => outfile), ...starters, ...caches]);
for (const entry of readdirSync(`${root}/dist`, { withFileTypes: true })) {
  if (entry.isFile() && !made.has(`dist/${entry.name}`)) rmSync(`${root}/dist/${entry.name}`);
}
