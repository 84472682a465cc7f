import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Debian system in a folder, mounted so that an engine runs in it. */
export interface Debian {
  /** Where it is mounted; `/` of what runs in it. */
  readonly root: string;
  /** Unmounts it; what was written below `scratch` is gone. Safe to call twice. */
  close(): void;
  /** Path inside for files of this run, the same for host and guest but for `root`. */
  readonly scratch: string;
}

/** Raised where this machine cannot run an engine; the message says why. */
export class NoEngine extends Error {}

const packages = [
  ...['docker.io', 'docker-cli', 'docker-buildx', 'iptables', 'busybox-static'],
  ...['buildah', 'crun', 'ca-certificates'],
];

/** Outside the repository and kept between runs; a new list of packages makes a new one. */
const cacheFolder = join(tmpdir(), 'layerwise-engine');
const rootFolder = join(cacheFolder, 'debian-1');

/**
 * Makes the system on first use (40 seconds), then mounts it. Debian's own mirror is the one that this system's sources name.
 * @throws NoEngine where this is not possible here
 */
export function openDebian(): Debian {
  if (process.platform !== 'linux') throw new NoEngine('this is not Linux');
  if (process.getuid?.() !== 0) throw new NoEngine('this needs root (or DOCKER_HOST)');
  sweep();
  if (!existsSync(rootFolder)) install();
  return mount();
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
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', env, timeout: 900_000 });
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim().split('\n').slice(-3).join(' / ');
  throw new NoEngine(`${command} ${args.slice(0, 3).join(' ')}: ${reason}`);
}

/** Inside, `/` must be a mount point of its own, or images cannot be imported; `/sys` needs what is mounted in it, for cgroups. */
function mount(): Debian {
  const root = join(cacheFolder, `mount-${process.pid}`);
  const scratch = `/layerwise-${process.pid}`;
  mkdirSync(root, { recursive: true });
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    process.off('exit', close);
    release(root, join(rootFolder, scratch));
  };
  process.on('exit', close);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  run('mount', ['--bind', rootFolder, root]);
  run('mount', ['--make-rprivate', root]);
  run('mount', ['-t', 'proc', 'proc', join(root, 'proc')]);
  for (const name of ['dev', 'sys']) {
    run('mount', ['--rbind', `/${name}`, join(root, name)]);
    run('mount', ['--make-rslave', join(root, name)]);
  }
  mkdirSync(join(root, scratch), { recursive: true });
  // In memory, an engine is several times faster: its databases wait for the disk after every step.
  run('mount', ['-t', 'tmpfs', '-o', 'size=6g', 'tmpfs', join(root, scratch)]);
  return { root, scratch, close };
}

/** Ends what runs inside, unmounts, and deletes the run's own files. */
function release(root: string, scratch: string): void {
  for (const pid of processesIn(root)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
  for (const place of mountsBelow(root).toReversed()) spawnSync('umount', ['-l', place]);
  if (mountsBelow(root).length > 0) return;
  rmSync(root, { recursive: true, force: true });
  spawnSync('rm', ['-rf', '--one-file-system', scratch]);
}

function mountsBelow(root: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .filter((place) => place === root || place.startsWith(`${root}/`));
}

/** Process ids whose root folder is this one. */
function processesIn(root: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/root`) === root;
      } catch {
        return false;
      }
    });
}

/** Takes away what runs that were killed have left. */
function sweep(): void {
  if (!existsSync(cacheFolder)) return;
  for (const name of readdirSync(cacheFolder)) {
    const pid = /^mount-(\d+)$/.exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) release(join(cacheFolder, name), join(rootFolder, `layerwise-${pid}`));
  }
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
