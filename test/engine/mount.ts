import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Debian } from './debian.js';
import { NoEngine } from './no-engine.js';

/**
 * Mounts a system for this process. Inside, `/` must be a mount point of its own, or images cannot be imported; `/sys` needs what
 * is mounted in it, for cgroups. All is taken away at the end of the process, also if it is killed.
 */
export function mountSystem(rootFolder: string, cacheFolder: string): Debian {
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
  watch(root, join(rootFolder, scratch));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  mount(['--bind', rootFolder, root]);
  mount(['--make-rprivate', root]);
  mount(['-t', 'proc', 'proc', join(root, 'proc')]);
  for (const name of ['dev', 'sys']) {
    mount(['--rbind', `/${name}`, join(root, name)]);
    mount(['--make-rslave', join(root, name)]);
  }
  mkdirSync(join(root, scratch), { recursive: true });
  // In memory, an engine is several times faster: its databases wait for the disk after every step.
  mount(['-t', 'tmpfs', '-o', 'size=6g', 'tmpfs', join(root, scratch)]);
  return { root, scratch, close };
}

function mount(args: readonly string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0) throw new NoEngine(`mount ${args.join(' ')}: ${stderr.trim()}`);
}

/** Does what `release` does once this process is gone without having done it. */
function watch(root: string, scratch: string): void {
  const script = `
    tail --pid="$1" -f /dev/null
    [ -d "$2" ] || exit 0
    for process in /proc/[0-9]*; do
      [ "$(readlink "$process/root")" = "$2" ] && kill -9 "\${process#/proc/}"
    done
    awk -v root="$2" '$5 == root || index($5, root "/") == 1 { print $5 }' /proc/self/mountinfo | tac | while read -r place; do
      umount -l "$place"
    done
    rmdir "$2" && rm -rf --one-file-system "$3"
  `;
  spawn('sh', ['-c', script, 'sh', String(process.pid), root, scratch], { detached: true, stdio: 'ignore' }).unref();
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
  rmdirSync(root);
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

/** Takes away what is left where even `watch` was killed. */
export function sweep(rootFolder: string, cacheFolder: string): void {
  if (!existsSync(cacheFolder)) return;
  for (const name of readdirSync(cacheFolder)) {
    const pid = /^mount-(\d+)$/.exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) release(join(cacheFolder, name), join(rootFolder, `layerwise-${pid}`));
  }
}
