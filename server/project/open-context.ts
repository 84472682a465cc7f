import path from 'node:path';
import { type BuildContext, type ContextSource, createContext } from '../model/context.js';
import { overlaySource } from '../model/overlay.js';
import { folderSource } from './build-context.js';
import type { ContextChoice } from './choose-context.js';
import { readTextFile } from './files.js';

export interface OpenContextOptions {
  readonly choice: Pick<ContextChoice, 'folder' | 'origin' | 'plausible'>;
  /** Absolute; undefined for a plain `.dockerignore`, which belongs to no Dockerfile in particular. */
  readonly dockerfile: string | undefined;
  /** Working folder, absolute; the context is named relative to it. */
  readonly cwd: string;
  /** Reads the chosen folder; left out, a fresh one. Contexts of one folder may share one as long as no file changes. */
  readonly source?: ContextSource | undefined;
  /** See `ContextOptions`. */
  readonly absent?: ((path: string) => boolean) | undefined;
}

export interface OpenedContext {
  readonly context: BuildContext;
  /** The context as it would be with these files written: path in the context → text. */
  contextWith(files: ReadonlyMap<string, string>): BuildContext;
}

/** Opens the chosen folder. The `<Dockerfile>.dockerignore` of a Dockerfile outside the context counts as well. */
export function openContext({ choice, dockerfile, cwd, ...given }: OpenContextOptions): OpenedContext {
  const { folder, origin, plausible } = choice;
  const inner = dockerfile === undefined ? undefined : insideOf(folder, dockerfile);
  const source = given.source ?? folderSource(folder);
  const ignoreFile = dockerfile !== undefined && inner === undefined ? outerIgnoreFile(folder, dockerfile) : undefined;
  const name = slashes(path.relative(cwd, folder)) || '.';
  const { absent } = given;
  // Named one by one: a spread makes each of them an object that V8 looks its properties up in.
  const over = (source: ContextSource) =>
    createContext({ name, origin, plausible, dockerfile: inner, absent, ignoreFile, source });
  return {
    context: over(source),
    contextWith: (files) => over(overlaySource(source, files)),
  };
}

function outerIgnoreFile(folder: string, dockerfile: string): { path: string; text: string } | undefined {
  const file = `${dockerfile}.dockerignore`;
  const read = readTextFile(file);
  return 'error' in read ? undefined : { path: slashes(path.relative(folder, file)), text: read.text };
}

/** Relative with `/`; undefined where the file lies outside the folder. */
function insideOf(folder: string, file: string): string | undefined {
  if (path.dirname(file) === folder) return path.basename(file);
  const relative = slashes(path.relative(folder, file));
  return relative === '..' || relative.startsWith('../') || path.isAbsolute(relative) ? undefined : relative;
}

function slashes(file: string): string {
  return path.sep === '/' ? file : file.split(path.sep).join('/');
}
