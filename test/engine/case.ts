import { createHash } from 'node:crypto';
import { compareContexts } from '../../server/cache/change.js';
import type { Rebuild } from '../../server/cache/rebuild.js';
import { rebuildOf } from '../../server/cache/rebuild.js';
import type { CacheBuilder, Side } from '../../server/cache/side.js';
import { createContext, memorySource } from '../../server/model/context.js';
import type { MemoryFile } from '../../server/model/memory-source.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

/** One file of a context; `text` is salted but in Dockerfiles and ignore files. */
export type TreeFile =
  | string
  | { readonly text?: string; readonly mode?: number; readonly link?: string; readonly owner?: number }
  /** A tar of these files. */
  | { readonly archive: Readonly<Record<string, string>> };

/** Path → file; an empty folder, or one with a mode, is written `name/`. `undefined` in a change takes a file away. */
export type Tree = Readonly<Record<string, TreeFile | undefined>>;

/** One of the two builds of a case. */
export interface Build {
  readonly dockerfile: string;
  readonly files: Tree;
  readonly args?: Readonly<Record<string, string>>;
  readonly target?: string;
}

/**
 * A build and what changes until the next one. `base:1` and `base:2` are two images of the case's own, `SALT` stands for a text
 * that no other case has, `SERVER` for a web server that answers `SERVER/TEXT/NAME` with the text, `SHA256-TEXT` for the checksum of that.
 */
export interface EngineCase {
  readonly name: string;
  readonly before: Build;
  readonly after: Build;
  /** `base:1` is another image in the later build. */
  readonly moved?: boolean;
  /** Config of `base:1` and `base:2`: `Env`, `WorkingDir`, `User`, `OnBuild`. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A case with its salt in it: ready to be built, or to be given to the model. */
export interface SaltedCase extends EngineCase {
  readonly salt: string;
}

/** The image that stands for `base:TAG`. */
export function imageName(salt: string, tag: string): string {
  return `layerwise-${salt}:${tag}`;
}

export function salted(one: EngineCase, salt: string, server = 'http://127.0.0.1:9'): SaltedCase {
  const [before, after] = [one.before, one.after].map((build) => saltBuild(build, salt, server)) as [Build, Build];
  return { ...one, salt, before, after };
}

function saltBuild(build: Build, salt: string, server: string): Build {
  const dockerfile = build.dockerfile
    .replaceAll('SALT', salt)
    .replaceAll(/SHA256-(\w+)/g, (_, text) => createHash('sha256').update(`${salt} ${text}\n`).digest('hex'))
    .replaceAll('SERVER', `${server}/${salt}`)
    .replaceAll(/\bbase:(?=[\w$])/g, imageName(salt, ''));
  const files: Record<string, TreeFile | undefined> = { Dockerfile: dockerfile };
  for (const [path, file] of Object.entries(build.files)) {
    if (file !== undefined) files[path] = saltFile(path, file, salt);
  }
  return { ...build, dockerfile, files };
}

function saltFile(path: string, file: TreeFile, salt: string): TreeFile {
  if (path.endsWith('/') || /\.(?:docker|container)ignore$/.test(path)) return file;
  if (typeof file === 'string') return `${file} ${salt}\n`;
  if ('archive' in file) {
    const entries = Object.entries(file.archive).map(([name, text]) => [name, `${text} ${salt}\n`]);
    return { archive: Object.fromEntries(entries) };
  }
  return file.link === undefined ? { ...file, text: `${file.text ?? ''} ${salt}\n` } : file;
}

/** What the model says of a case. */
export function modelOf(one: SaltedCase, builder: CacheBuilder): Rebuild {
  const [before, after] = [sideOf(one.before), sideOf(one.after)];
  const moved = new Set(one.moved ? [`docker.io/library/${imageName(one.salt, '1')}`] : []);
  return rebuildOf({ before, after, files: compareContexts(before, after), moved }, builder as 'buildkit');
}

export function sideOf({ dockerfile, files, args = {}, target }: Build): Side {
  const memory: Record<string, MemoryFile> = {};
  const texts = new Map<string, string>();
  for (const [path, file] of Object.entries(files)) {
    if (file === undefined) continue;
    const one = plainFile(file);
    memory[path] = one;
    texts.set(path, one.text ?? '');
  }
  const context = createContext({
    name: '.',
    origin: 'folder',
    dockerfile: 'Dockerfile',
    source: memorySource(memory),
  });
  return {
    file: parseDockerfile(dockerfile),
    context,
    buildArgs: new Map(Object.entries(args)),
    target,
    identity: (path) => texts.get(path),
  };
}

/** An archive is its listing: equal listing, equal bytes. */
function plainFile(file: TreeFile): MemoryFile {
  if (typeof file === 'string') return { text: file };
  return 'archive' in file ? { text: JSON.stringify(file.archive) } : file;
}
