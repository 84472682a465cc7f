import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Build, imageName, type SaltedCase, type Tree } from './case.js';
import type { Engine } from './engine.js';
import { tarOf } from './images.js';

/** One operation as BuildKit reports it. */
export interface ShownVertex {
  readonly name: string;
  /** `cached`: its result was taken from the cache, or not even asked for. */
  readonly state: 'cached' | 'ran';
}

export type BuildResult = { readonly vertices: readonly ShownVertex[] } | { readonly error: string };

/** Builds both states of a case in one folder, one after the other, and gives what the later build did. */
export async function buildCase(engine: Engine, one: SaltedCase): Promise<BuildResult> {
  const folder = join(engine.folder, one.salt);
  try {
    writeTree(folder, one.before.files);
    const before = await build(engine, one, one.before);
    if ('error' in before) return { error: `the earlier build: ${before.error}` };
    rmSync(folder, { recursive: true });
    writeTree(folder, one.after.files);
    if (one.moved) await engine.docker(['tag', imageName(one.salt, '2'), imageName(one.salt, '1')]);
    return await build(engine, one, one.after);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every entry gets its mode by hand, so that the umask does not matter. */
export function writeTree(folder: string, files: Tree): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, file] of Object.entries(files)) {
    if (file === undefined) continue;
    const place = join(folder, path);
    makeFolders(folder, path.endsWith('/') ? path.slice(0, -1) : dirname(path));
    if (typeof file === 'object' && 'archive' in file) {
      writeFileSync(place, archiveOf(file.archive));
      chmodSync(place, 0o644);
      continue;
    }
    const { text = '', mode, link, owner = 0 } = typeof file === 'string' ? { text: file } : file;
    if (path.endsWith('/')) chmodSync(place, mode ?? 0o755);
    else if (link !== undefined) symlinkSync(link, place);
    else {
      writeFileSync(place, text);
      chmodSync(place, mode ?? 0o644);
      if (owner > 0) chownSync(place, owner, owner);
    }
  }
}

function archiveOf(files: Readonly<Record<string, string>>): Buffer {
  return tarOf(Object.entries(files).map(([path, text]) => ({ path, type: 'file', data: Buffer.from(text) })));
}

function makeFolders(root: string, path: string): void {
  if (path === '.') return;
  makeFolders(root, dirname(path));
  mkdirSync(join(root, path), { recursive: true });
}

/** What BuildKit needs to know of a build. */
export function optionsOf({ args = {}, target }: Build): string[] {
  return [
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...(target === undefined ? [] : ['--target', target]),
  ];
}

function build(engine: Engine, { salt }: SaltedCase, one: Build): Promise<BuildResult> {
  return runBuild(engine, salt, [...optionsOf(one), '--output', 'type=cacheonly']);
}

/** Builds a folder of the engine's, and says what each operation did. */
export async function runBuild(engine: Engine, folder: string, options: readonly string[]): Promise<BuildResult> {
  const { status, stderr } = await engine.buildx([
    ...['build', '--network', 'host', '--progress', 'rawjson', ...options],
    `${engine.clientFolder}/${folder}`,
  ]);
  const vertices = new Map<string, VertexState>();
  const rest: string[] = [];
  for (const line of stderr.split('\n')) {
    if (line.startsWith('{"vertexes"')) readVertices(line, vertices);
    else if (!line.startsWith('{') && line.trim() !== '') rest.push(line);
  }
  if (status !== 0) return { error: rest.slice(-3).join(' / ') || `status ${status}` };
  const shown = [...vertices.values()].filter((vertex) => !isDownload(vertex));
  return { vertices: shown.map((vertex) => ({ name: vertex.name, state: stateOf(vertex) })) };
}

interface RawVertex {
  readonly digest: string;
  readonly name: string;
  readonly inputs?: readonly string[];
  readonly cached?: boolean;
  readonly started?: string;
  readonly completed?: string;
}

interface VertexState {
  readonly name: string;
  readonly hasInputs: boolean;
  readonly starts: ReadonlySet<string>;
  readonly cached: boolean;
  readonly completed: boolean;
  /** Once completed on its inputs without the cache; asked for again in the same build, it is cached. */
  readonly ran: boolean;
}

function readVertices(line: string, into: Map<string, VertexState>): void {
  const { vertexes = [] } = JSON.parse(line) as { vertexes?: readonly RawVertex[] };
  for (const { digest, name, inputs = [], cached = false, started, completed } of vertexes) {
    const old = into.get(digest);
    into.set(digest, {
      name,
      hasInputs: old?.hasInputs || inputs.length > 0,
      starts: new Set([...(old?.starts ?? []), ...(started === undefined ? [] : [started])]),
      cached: old?.cached || cached,
      completed: old?.completed || completed !== undefined,
      ran: old?.ran || (inputs.length > 0 && completed !== undefined && !cached),
    });
  }
}

/** Of an ADD of a URL the download has the same name as the copy. */
function isDownload({ name, hasInputs }: VertexState): boolean {
  return !hasInputs && / ADD /.test(name);
}

/** What has no input is shown as started once for its key alone (`solver/jobs.go:CacheMap`). */
function stateOf({ hasInputs, starts, cached, completed, ran }: VertexState): ShownVertex['state'] {
  return ran || (completed && !cached && starts.size > (hasInputs ? 0 : 1)) ? 'ran' : 'cached';
}
