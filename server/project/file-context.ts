import path from 'node:path';
import type { Parsed } from '../core/engine.js';
import { buildOf } from '../model/build.js';
import { parseDockerfile } from '../syntax/dockerfile.js';
import type { ContextChoice } from './choose-context.js';
import type { FileKind } from './dockerfile-name.js';
import type { ContextFinder } from './find-context.js';
import { type LoadedConfig, matchesAny } from './load-config.js';
import { unreadIgnoreFile } from './unread-ignore-file.js';

export interface FileContextQuestion {
  /** Absolute. */
  readonly file: string;
  readonly kind: FileKind;
  readonly parsed: Parsed;
  readonly loaded: LoadedConfig;
  /** Folder given by the user, absolute. */
  readonly option?: string | undefined;
  /** Text of another file (absolute); undefined where it cannot be read. */
  read(file: string): string | undefined;
}

/**
 * The build context of a Dockerfile or of an ignore file: a plain `.dockerignore` belongs to its own folder, one that is named
 * after a Dockerfile to that one's context.
 */
export async function findFileContext(finder: ContextFinder, question: FileContextQuestion): Promise<ContextChoice> {
  const { file, kind, parsed, loaded, option } = question;
  const dockerfile = dockerfileFor(file, kind);
  if (dockerfile === undefined) return plainContext(finder, question);
  const build = parsed.kind === 'dockerfile' ? parsed.build : buildOf(parseDockerfile(question.read(dockerfile) ?? ''));
  return finder.find(dockerfile, build, { option, configured: configuredContext(loaded, dockerfile) });
}

/** The folder of a plain `.dockerignore`, also where no known build reads it there. */
async function plainContext(
  finder: ContextFinder,
  { file, loaded, option, read }: FileContextQuestion,
): Promise<ContextChoice> {
  const folder = path.dirname(file);
  const own = { folder, origin: 'folder', plausible: true, note: undefined } as const;
  const unread = await unreadIgnoreFile(folder, finder, async (dockerfile) => {
    const configured = configuredContext(loaded, dockerfile);
    if (option === undefined && configured === undefined && !finder.mayMove(dockerfile)) return own;
    return finder.find(dockerfile, buildOf(parseDockerfile(read(dockerfile) ?? '')), { option, configured });
  });
  return unread === undefined ? own : { ...own, note: unread, unread: true };
}

/** The Dockerfile that a file is or belongs to (absolute); undefined for a plain `.dockerignore`. */
export function dockerfileFor(file: string, kind: FileKind): string | undefined {
  if (kind === 'dockerfile') return file;
  return path.basename(file) === '.dockerignore' ? undefined : file.replace(/\.dockerignore$/i, '');
}

/** The folder of the last entry of `contexts` that names the Dockerfile. */
function configuredContext({ files, folder }: LoadedConfig, dockerfile: string): string | undefined {
  if (files.length === 0) return undefined;
  const inner = path.relative(folder, dockerfile).split(path.sep).join('/');
  const entries = files.flatMap(({ config }) => Object.entries(config.contexts ?? {}));
  const entry = entries.findLast(([glob]) => matchesAny([glob], inner));
  return entry && path.resolve(folder, entry[1]);
}
