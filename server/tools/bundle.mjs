// Bundles what is shipped: dist/cli.cjs, dist/server.cjs, dist/extension.cjs and the library dist/index.js.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(await (await import('node:fs/promises')).readFile(`${root}/package.json`, 'utf8'));

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  define: { LAYERWISE_VERSION: JSON.stringify(version) },
};

const bundles = [
  { entryPoints: ['server/cli/main.ts'], outfile: 'dist/cli-program.cjs', format: 'cjs' },
  { entryPoints: ['server/lsp/main.ts'], outfile: 'dist/server.cjs', format: 'cjs' },
  { entryPoints: ['client/extension.ts'], outfile: 'dist/extension.cjs', format: 'cjs', external: ['vscode'] },
  { entryPoints: ['server/index.ts'], outfile: 'dist/index.js', format: 'esm' },
];

rmSync(`${root}/dist`, { recursive: true, force: true });
for (const bundle of bundles) {
  if (!existsSync(`${root}/${bundle.entryPoints[0]}`)) continue;
  await build({ ...common, ...bundle });
  console.log(`${bundle.outfile} ${Math.round(statSync(`${root}/${bundle.outfile}`).size / 1024)} kB`);
}

// dist/cli.cjs starts the program from what V8 compiled here, which takes a third off the start-up time.
copyFileSync(`${root}/server/cli/start.cjs`, `${root}/dist/cli.cjs`);
chmodSync(`${root}/dist/cli.cjs`, 0o755);
execFileSync(process.execPath, [`${root}/server/tools/code-cache.mjs`, `${root}/fixtures/projects/shop`], {
  stdio: 'ignore',
});
