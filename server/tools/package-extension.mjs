// Packs layerwise.vsix. A folder of its own holds just what VS Code needs: the manifest without what is npm's (its
// "type" would make the web entry a module, its "files" would pack the command line), bundles, contributions, pages.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stage = join(root, 'dist/vsix');
const vsix = join(root, 'layerwise.vsix');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const npmOnly = ['type', 'bin', 'exports', 'files', 'scripts', 'dependencies', 'devDependencies'];
for (const key of npmOnly) delete manifest[key];
manifest.engines = { vscode: manifest.engines.vscode };

const contributed = ['grammars', 'snippets', 'languages'].flatMap((kind) =>
  manifest.contributes[kind].map((item) => item.path ?? item.configuration),
);
const files = [
  ...['README.md', 'CHANGELOG.md', 'LICENSE', manifest.icon, manifest.main, manifest.browser],
  ...['dist/server.cjs', 'dist/server-program.cjs', 'dist/server.web.js'],
  ...contributed,
  ...manifest.contributes.jsonValidation.map((item) => item.url),
];

rmSync(stage, { recursive: true, force: true });
for (const file of files) {
  mkdirSync(dirname(join(stage, file)), { recursive: true });
  cpSync(join(root, file), join(stage, file));
}
writeFileSync(join(stage, '.vscodeignore'), '');
writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

const vsce = ['--yes', '@vscode/vsce@3.9.2', 'package', '--no-dependencies', '--out', vsix];
const { status } = spawnSync('npx', vsce, { cwd: stage, stdio: ['ignore', 'inherit', 'inherit'] });
if (status !== 0) process.exit(status ?? 1);
rmSync(stage, { recursive: true });
console.log(`layerwise.vsix ${Math.round(statSync(vsix).size / 1024)} kB`);
