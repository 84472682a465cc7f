import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import { join } from 'node:path';

/** What a test starts: VS Code in the shape of code-server, the Node it needs, and a browser. */
export interface Host {
  readonly node: string;
  readonly codeServer: string;
  readonly chromium: string;
}

const codeServer = 'code-server@4.139.1';
const nodePackage = `node-linux-${process.arch}`;
const nodeBinary = `${nodePackage}@24.21.0`;
const chromium = '/usr/bin/chromium';
const debianPackages = ['chromium', 'libkrb5-dev', 'pkg-config'];

/**
 * Finds or makes the host. code-server is installed once, into a cache folder outside the repository
 * (LAYERWISE_VSCODE_CACHE, else ~/.cache/layerwise); a half-made folder is never taken for a whole one.
 * @throws Error naming the command that failed or the packages that are missing
 */
export function installHost(): Host {
  installDebianPackages();
  const cache = process.env.LAYERWISE_VSCODE_CACHE ?? join(homedir(), '.cache', 'layerwise');
  const folder = join(cache, codeServer.replace('@', '-'));
  if (!isWhole(folder)) install(folder);
  return {
    node: nodeOf(folder),
    codeServer: join(folder, 'node_modules/code-server/out/node/entry.js'),
    chromium,
  };
}

function installDebianPackages(): void {
  const headers = spawnSync('pkg-config', ['--exists', 'krb5-gssapi']).status === 0;
  if (existsSync(chromium) && headers) return;
  if (process.getuid?.() !== 0) throw new Error(`As root: apt-get install ${debianPackages.join(' ')}`);
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...debianPackages]);
}

function install(folder: string): void {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, 'package.json'), '{ "private": true }\n');
  const npm = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', [...npm, nodeBinary], { cwd: partial });
  // The native parts are compiled against the Node that runs them, whose headers come in the same package.
  const node = join(partial, 'node_modules', nodePackage);
  const path = `${join(node, 'bin')}:${process.env.PATH}`;
  // code-server believes what npm says of itself; below `npm run` that would be the agent of the npm outside, with its Node.
  const { npm_config_user_agent: _outside, ...rest } = process.env;
  const env = { ...rest, PATH: path, npm_config_nodedir: node, JOBS: String(cpus().length) };
  run('npm', [...npm, codeServer], { cwd: partial, env });
  writeFileSync(join(partial, 'whole.json'), JSON.stringify({ codeServer, nodeBinary }));
  renameSync(partial, folder);
}

function isWhole(folder: string): boolean {
  try {
    const made = JSON.parse(readFileSync(join(folder, 'whole.json'), 'utf8'));
    return made.codeServer === codeServer && made.nodeBinary === nodeBinary && existsSync(nodeOf(folder));
  } catch {
    return false;
  }
}

function nodeOf(folder: string): string {
  return join(folder, 'node_modules', nodePackage, 'bin/node');
}

function run(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): void {
  const shown = `${command} ${args.join(' ')}`;
  console.log(`$ ${shown}`);
  const { status, stdout, stderr } = spawnSync(command, args, { ...options, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${shown} failed:\n${stdout}${stderr}`);
}

if (process.argv[1] === import.meta.filename) installHost();
