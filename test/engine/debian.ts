import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountSystem, sweep } from './mount.js';
import { NoEngine } from './no-engine.js';

/** A Debian system in a folder, mounted so that an engine runs in it. */
export interface Debian {
  /** Where it is mounted; `/` of what runs in it. */
  readonly root: string;
  /** Unmounts it; what was written below `scratch` is gone. Safe to call twice. */
  close(): void;
  /** Path inside for files of this run, the same for host and guest but for `root`. */
  readonly scratch: string;
}

const packages = [
  ...['docker.io', 'docker-cli', 'docker-buildx', 'iptables', 'busybox-static'],
  ...['buildah', 'crun', 'ca-certificates'],
  // For editors.engine.ts.
  ...['neovim', 'hx'],
];

/** Outside the repository and kept between runs; a new list of packages makes a new one. */
const cacheFolder = join(tmpdir(), 'layerwise-engine');
const rootFolder = join(cacheFolder, 'debian-2');

/**
 * Makes the system on first use (40 seconds), then mounts it. Debian's own mirror is the one that this system's sources name.
 * @throws NoEngine where this is not possible here
 */
export function openDebian(): Debian {
  if (process.platform !== 'linux') throw new NoEngine('this is not Linux');
  if (process.getuid?.() !== 0) throw new NoEngine('this needs root (or DOCKER_HOST)');
  sweep(rootFolder, cacheFolder);
  if (!existsSync(rootFolder)) install();
  return mountSystem(rootFolder, cacheFolder);
}

function install(): void {
  const mirror = debianMirror();
  if (mirror === undefined) throw new NoEngine('the sources of apt name no Debian mirror');
  mkdirSync(cacheFolder, { recursive: true });
  const unfinished = join(cacheFolder, `unfinished-${process.pid}`);
  if (!existsSync('/usr/sbin/debootstrap')) {
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'debootstrap']);
  }
  try {
    run('debootstrap', ['--variant=minbase', '--no-check-gpg', 'sid', unfinished, mirror]);
    shareNetwork(unfinished);
    run('chroot', [unfinished, 'apt-get', 'update', '-qq']);
    run('chroot', [unfinished, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages]);
    run('chroot', [unfinished, 'apt-get', 'clean']);
    if (!existsSync(rootFolder)) renameSync(unfinished, rootFolder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** In `URIs: http://…/debian` and in `deb http://…/debian suite main`. */
function debianMirror(): string | undefined {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  for (const file of ['/etc/apt/sources.list', ...files]) {
    if (!existsSync(file)) continue;
    const found = /^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(https?:\/\/\S+\/debian)\/?(?:\s|$)/m.exec(
      readFileSync(file, 'utf8'),
    );
    if (found) return found[1];
  }
  return undefined;
}

function shareNetwork(root: string): void {
  for (const file of ['/etc/resolv.conf', '/etc/hosts']) if (existsSync(file)) cpSync(file, join(root, file));
  const folder = '/etc/apt/apt.conf.d';
  if (existsSync(folder)) cpSync(folder, join(root, folder), { recursive: true });
}

function run(command: string, args: readonly string[]): void {
  // A folder for temporary files that is not there inside would fail the packages' scripts.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C', TMPDIR: '/tmp' };
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', env, timeout: 900_000 });
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim().split('\n').slice(-3).join(' / ');
  throw new NoEngine(`${command} ${args.slice(0, 3).join(' ')}: ${reason}`);
}

/** What a command run inside has said. */
export interface Output {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command, in the given folder as root where there is one. */
export function execute(
  argv: readonly string[],
  options: { readonly root?: string | undefined; readonly env?: NodeJS.ProcessEnv; readonly input?: Buffer } = {},
): Promise<Output> {
  const [command = '', ...args] = options.root === undefined ? argv : ['chroot', options.root, ...argv];
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', ...options.env };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.stdin.on('error', () => undefined);
    child.on('close', (status) =>
      resolve({ status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
    child.stdin.end(options.input);
  });
}

/** Starts a command that stays; its output goes to a file. */
export function startInside(root: string, argv: readonly string[], log: string): void {
  writeFileSync(log, '');
  const shell = `exec "$@" >>"$0" 2>&1`;
  const child = spawn('chroot', [root, 'sh', '-c', shell, log.slice(root.length), ...argv], {
    detached: true,
    stdio: 'ignore',
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
  });
  child.unref();
}
