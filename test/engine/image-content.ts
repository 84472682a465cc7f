import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { optionsOf, writeTree } from './build.js';
import type { Build } from './case.js';
import type { Engine } from './engine.js';
import { tarEntries } from './tar-entries.js';

/** What a container of an image sees: of each path type, mode, owner and content or target, and the config. Times do not count. */
export interface ImageContent {
  /** Absolute path → one line. */
  readonly files: ReadonlyMap<string, string>;
  /** `Env`, `Cmd`, `WorkingDir`, `Labels` … as JSON. */
  readonly config: string;
}

let builds = 0;

/** Builds the image and takes it apart. Throws with the builder's last words where the build fails. */
export async function imageContent(engine: Engine, build: Build): Promise<ImageContent> {
  const tag = `layerwise-content-${process.pid}-${builds++}`;
  const tar = join(engine.folder, `${tag}.tar`);
  try {
    await buildImage(engine, build, ['--output', `type=tar,dest=${engine.clientFolder}/${tag}.tar`]);
    await buildImage(engine, build, ['--load', '--tag', tag]);
    const inspect = engine.docker(['image', 'inspect', '--format', '{{json .Config}}', tag]);
    return { files: filesOf(readFileSync(tar)), config: (await done(inspect, tag)).trim() };
  } finally {
    rmSync(tar, { force: true });
    await engine.docker(['image', 'rm', '--force', tag]);
  }
}

/** Builds with BuildKit; `output` are its options. */
export async function buildImage(engine: Engine, build: Build, output: readonly string[]): Promise<void> {
  const name = `layerwise-context-${process.pid}-${builds++}`;
  const folder = join(engine.folder, name);
  try {
    writeTree(folder, { ...build.files, Dockerfile: build.dockerfile });
    const options = ['--network', 'host', '--progress', 'plain', ...optionsOf(build), ...output];
    await done(engine.buildx(['build', ...options, `${engine.clientFolder}/${name}`]), build.dockerfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function done(output: ReturnType<Engine['docker']>, dockerfile: string): Promise<string> {
  const { status, stdout, stderr } = await output;
  if (status !== 0) throw new Error(`${stderr.trim().split('\n').slice(-12).join('\n')}\n---\n${dockerfile}`);
  return stdout;
}

/** The files of a tar that a build has written. */
export function filesOf(tar: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  for (const { path, type, mode, owner, link, data } of tarEntries(tar)) {
    const place = `/${path.replace(/^\.?\//, '').replace(/\/$/, '')}`;
    const content = type === '0' ? createHash('sha256').update(data).digest('hex').slice(0, 16) : link;
    files.set(place, `${type} ${(mode & 0o7777).toString(8)} ${owner} ${content}`);
  }
  return files;
}

/** The differences of two images, one line each. */
export function differences(before: ImageContent, after: ImageContent): string[] {
  const found = [...new Set([...before.files.keys(), ...after.files.keys()])].sort().flatMap((path) => {
    const [old, now] = [before.files.get(path), after.files.get(path)];
    return old === now ? [] : [`${path}: ${old ?? 'not there'} → ${now ?? 'not there'}`];
  });
  return before.config === after.config ? found : [...found, `config: ${before.config} → ${after.config}`];
}
