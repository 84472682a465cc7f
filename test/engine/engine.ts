import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheBuilder } from '../../server/cache/side.js';
import { type Debian, execute, type Output, openDebian, startInside } from './debian.js';
import { NoEngine } from './no-engine.js';

/** A running Docker engine. */
export interface Engine {
  /** Which of the caches it has. */
  readonly builder: Extract<CacheBuilder, 'buildkit' | 'buildkit-graphdriver'>;
  /** Folder for contexts as this process sees it. */
  readonly folder: string;
  /** The same folder as the client sees it. */
  readonly clientFolder: string;
  docker(args: readonly string[], input?: Buffer): Promise<Output>;
  buildx(args: readonly string[]): Promise<Output>;
  /** With `DOCKER_BUILDKIT=0`. */
  classic(args: readonly string[]): Promise<Output>;
}

/** Both image stores, and where there is one the system they run in. */
export interface Engines {
  readonly all: readonly Engine[];
  /** Undefined where `DOCKER_HOST` names the engine. */
  readonly debian: Debian | undefined;
  close(): void;
}

let opened: Promise<Engines | undefined> | undefined;

/** The engines of this process, started once and closed at its end. Undefined, with one line on stderr, where this machine cannot run them. */
export function openEngines(): Promise<Engines | undefined> {
  opened ??= start().catch((error: unknown) => {
    if (!(error instanceof NoEngine)) throw error;
    const text = `\nENGINE TESTS SKIPPED, the ticks above and below compare nothing with an engine: ${error.message}\n\n`;
    process.stderr.write(text);
    // Once more behind the summary, which counts them as passed.
    process.on('exit', () => process.stderr.write(text));
    return undefined;
  });
  return opened;
}

async function start(): Promise<Engines> {
  const host = process.env.DOCKER_HOST;
  if (host) return named(host);
  const debian = openDebian();
  try {
    const all = await Promise.all([
      startDaemon(debian, 'buildkit', ['--feature', 'containerd-snapshotter=true']),
      startDaemon(debian, 'buildkit-graphdriver', [
        '--feature',
        'containerd-snapshotter=false',
        '--storage-driver=overlay2',
      ]),
    ]);
    return { all, debian, close: () => debian.close() };
  } catch (error) {
    debian.close();
    throw error;
  }
}

async function startDaemon(debian: Debian, builder: Engine['builder'], options: readonly string[]): Promise<Engine> {
  const home = `${debian.scratch}/${builder}`;
  const socket = `unix://${home}/docker.sock`;
  mkdirSync(join(debian.root, home, 'contexts'), { recursive: true });
  const log = join(debian.root, home, 'log');
  startInside(
    debian.root,
    [
      ...['dockerd', '--data-root', `${home}/data`, '--exec-root', `${home}/exec`, '--host', socket],
      ...['--pidfile', `${home}/pid`, '--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false'],
      ...options,
    ],
    log,
  );
  const env = { DOCKER_HOST: socket, DOCKER_CONFIG: `${home}/config`, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };
  const { root } = debian;
  const docker: Engine['docker'] = (args, input) =>
    execute(['docker', ...args], { root, env, ...(input === undefined ? {} : { input }) });
  for (const end = Date.now() + 60_000; ; ) {
    if ((await docker(['version'])).status === 0) break;
    if (Date.now() > end) throw new NoEngine(`dockerd does not start: ${lastLines(log)}`);
    await sleep(200);
  }
  return {
    builder,
    folder: join(root, home, 'contexts'),
    clientFolder: `${home}/contexts`,
    docker,
    buildx: (args) => execute(['/usr/libexec/docker/cli-plugins/docker-buildx', ...args], { root, env }),
    classic: (args) => execute(['docker', ...args], { root, env: { ...env, DOCKER_BUILDKIT: '0' } }),
  };
}

function lastLines(log: string): string {
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' / ') : 'no log';
}

/** The engine that `DOCKER_HOST` names, as it is. */
async function named(host: string): Promise<Engines> {
  const env = { ...process.env, DOCKER_HOST: host };
  const docker: Engine['docker'] = (args, input) =>
    execute(['docker', ...args], { env, ...(input === undefined ? {} : { input }) });
  const info = await docker(['info', '--format', '{{json .DriverStatus}}']).catch(() => undefined);
  if (info?.status !== 0)
    throw new NoEngine(`DOCKER_HOST is set, but docker info fails: ${info?.stderr ?? 'no client'}`);
  const folder = mkdtempSync(join(tmpdir(), 'layerwise-contexts-'));
  const close = () => rmSync(folder, { recursive: true, force: true });
  process.on('exit', close);
  const engine: Engine = {
    builder: info.stdout.includes('io.containerd.snapshotter') ? 'buildkit' : 'buildkit-graphdriver',
    folder,
    clientFolder: folder,
    docker,
    buildx: (args) => execute(['docker', 'buildx', ...args], { env }),
    classic: (args) => execute(['docker', ...args], { env: { ...env, DOCKER_BUILDKIT: '0' } }),
  };
  return { all: [engine], debian: undefined, close };
}
