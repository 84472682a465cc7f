import { statSync } from 'node:fs';
import path from 'node:path';
import type { PastOfContext } from '../../cache/history.js';
import { needsHistory } from '../../core/config.js';
import type { Parsed } from '../../core/engine.js';
import { parseSource } from '../../core/engine.js';
import type { BuildContext } from '../../model/context.js';
import type { ContextChoice } from '../../project/choose-context.js';
import type { Discovery, FoundFile } from '../../project/discover.js';
import { discover } from '../../project/discover.js';
import type { FileKind } from '../../project/dockerfile-name.js';
import type { FileConfigs } from '../../project/file-configs.js';
import { dockerfileFor, findFileContext } from '../../project/file-context.js';
import { readTextFile } from '../../project/files.js';
import { createContextFinder } from '../../project/find-context.js';
import type { LoadedConfig } from '../../project/load-config.js';
import { openContext } from '../../project/open-context.js';
import { createSources } from '../../project/shared-sources.js';
import { shownPath } from '../../project/shown-path.js';
import type { Target } from '../../project/target.js';
import type { Io } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';
import type { LintOptions } from './lint-options.js';

/** Standard input stands among the found files as an empty path. */
const stdin = '';

/** Files in the order of the paths, excluded ones left out. */
export function findFiles(args: Args, { paths }: LintOptions, configs: FileConfigs, cwd: string): Discovery {
  const excluded = (file: string, isFolder: boolean) => !isFolder && configs.excludes(file);
  const named = paths.filter((one) => one !== '-');
  const found = discover(named, { cwd, exclude: args.values('exclude'), excluded });
  return named.length === paths.length
    ? found
    : { ...found, files: [{ path: stdin, kind: 'dockerfile' }, ...found.files] };
}

export interface TargetReader {
  /**
   * A file with its config and context, or why it cannot be read as a sentence that begins with the path. `planned` is what a
   * file that does not exist yet is to become.
   */
  read(found: FoundFile, planned?: string): Promise<Target | { readonly error: string }>;
}

/** `stdinText` is what standard input has. Make a new reader after files have been written. */
export function createTargetReader(
  args: Args,
  options: Pick<LintOptions, 'stdinFilename'>,
  configs: FileConfigs,
  io: Io,
  stdinText: string | undefined,
): TargetReader {
  const open = createOpener(configs, contextOption(args, io.cwd), io.cwd);
  return {
    read: async (found, planned) => {
      if (found.path === stdin) return open(stdinFile(stdinText ?? '', options.stdinFilename, io.cwd));
      const read = planned === undefined ? readTextFile(found.path) : { text: planned };
      const shown = shownPath(io.cwd, found.path);
      if ('error' in read) return { error: `${shown}: ${read.error}` };
      return open({ file: found.path, shown, kind: found.kind, text: read.text, saved: true });
    },
  };
}

function contextOption(args: Args, cwd: string): string | undefined {
  const given = args.value('context');
  if (given === undefined) return undefined;
  const folder = path.resolve(cwd, given);
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) throw new CliError(`--context ${given}: ${stats ? 'is not a folder' : 'no such folder'}`);
  return folder;
}

interface OpenFile {
  /** Absolute; undefined for standard input without a name. */
  readonly file: string | undefined;
  readonly shown: string;
  readonly kind: FileKind;
  readonly text: string;
  /** False for standard input, which the disk may have otherwise or not at all. */
  readonly saved: boolean;
}

function stdinFile(text: string, filename: string | undefined, cwd: string): OpenFile {
  const file = filename === undefined ? undefined : path.resolve(cwd, filename);
  const kind = filename !== undefined && /\.dockerignore$/i.test(filename) ? 'dockerignore' : 'dockerfile';
  return { file, shown: file === undefined ? '<stdin>' : shownPath(cwd, file), kind, text, saved: false };
}

function createOpener(
  configs: FileConfigs,
  option: string | undefined,
  cwd: string,
): (file: OpenFile) => Promise<Target> {
  const sources = createSources();
  const finder = createContextFinder(cwd, (folder) =>
    sources(folder)
      .list('')
      .map((entry) => entry.path),
  );
  const histories = createHistories();

  const choose = async ({ file, kind }: OpenFile, parsed: Parsed, loaded: LoadedConfig) => {
    if (file !== undefined) return findFileContext(finder, { file, kind, parsed, loaded, option, read: textOf });
    return option === undefined ? undefined : chosen(option);
  };

  return async (one) => {
    const { file, shown, kind, text, saved } = one;
    const place = file ?? path.join(cwd, 'Dockerfile');
    const loaded = configs.loaded(place);
    const parsed = parseSource(kind, text);
    const choice = await choose(one, parsed, loaded);
    const dockerfile = file === undefined ? undefined : dockerfileFor(file, kind);
    const opened = choice && openContext({ choice, dockerfile, cwd, source: sources(choice.folder) });
    const context = saved ? opened?.context : opened?.contextWith(unsavedFile(choice?.folder, file, text));
    // Standard input is printed, not written, so its fixes leave other files alone.
    const contextWith = opened && saved ? { contextWith: opened.contextWith } : {};
    const config = configs.resolved(place);
    const past = needsHistory(config) && choice && context ? await histories(choice.folder, context) : undefined;
    const history = past && { ...past, targets: dockerfile === undefined ? [] : await finder.targetsOf(dockerfile) };
    const source = { path: shown, text, kind, context, unread: choice?.unread, history, ...contextWith };
    return { file: saved ? file : undefined, source, parsed, config, loaded, root: choice?.folder, note: choice?.note };
  };
}

type PastOfFolder = Omit<PastOfContext, 'targets'>;

/** Undefined where there is no history; each is read once. */
function createHistories(): (root: string, context: BuildContext) => Promise<PastOfFolder | undefined> {
  const known = new Map<string, Promise<PastOfFolder | undefined>>();
  return (root, context) => {
    const key = `${root}\0${context.ignoreFile?.path ?? ''}`;
    const found =
      known.get(key) ??
      import('../../project/context-history.js')
        .then(({ contextHistoryOf }) => contextHistoryOf(root, context))
        .then(
          ({ commits, paths, propose, housekeeping }) => ({ commits, paths, propose, housekeeping }),
          () => undefined,
        );
    known.set(key, found);
    return found;
  };
}

function chosen(folder: string): ContextChoice {
  return { folder, origin: 'option', plausible: true, note: undefined };
}

function textOf(file: string): string | undefined {
  const read = readTextFile(file);
  return 'text' in read ? read.text : undefined;
}

function unsavedFile(folder: string | undefined, file: string | undefined, text: string): ReadonlyMap<string, string> {
  const inner = folder === undefined || file === undefined ? '..' : slashed(path.relative(folder, file));
  return new Map(inner === '..' || inner.startsWith('../') || path.isAbsolute(inner) ? [] : [[inner, text]]);
}

function slashed(relative: string): string {
  return path.sep === '/' ? relative : relative.split(path.sep).join('/');
}
