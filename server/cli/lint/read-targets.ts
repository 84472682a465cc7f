import { statSync } from 'node:fs';
import path from 'node:path';
import type { Parsed } from '../../core/engine.js';
import { parseSource } from '../../core/engine.js';
import type { Build } from '../../model/build.js';
import { buildOf } from '../../model/build.js';
import type { ContextChoice } from '../../project/choose-context.js';
import type { Discovery, FoundFile } from '../../project/discover.js';
import { createExcluder, discover } from '../../project/discover.js';
import type { FileKind } from '../../project/dockerfile-name.js';
import { readTextFile } from '../../project/files.js';
import { createContextFinder } from '../../project/find-context.js';
import type { LoadedConfig } from '../../project/load-config.js';
import { matchesAny } from '../../project/load-config.js';
import { openContext } from '../../project/open-context.js';
import { createSources } from '../../project/shared-sources.js';
import { parseDockerfile } from '../../syntax/dockerfile.js';
import type { FileConfigs } from '../file-config.js';
import type { Io } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';
import { shownPath } from '../shown-path.js';
import type { LintOptions } from './lint-options.js';
import type { Target } from './target.js';

/** Standard input stands among the found files as an empty path. */
const stdin = '';

/** Files in the order of the paths, excluded ones left out. */
export function findFiles(args: Args, { paths }: LintOptions, configs: FileConfigs, cwd: string): Discovery {
  const excluders = new Map<LoadedConfig, (file: string) => boolean>();
  const excluded = (file: string, isFolder: boolean) => {
    if (isFolder) return false;
    const config = configs.loaded(file);
    const excludes =
      excluders.get(config) ??
      createExcluder(
        config.files.flatMap((one) => one.config.exclude ?? []),
        config.folder,
      );
    excluders.set(config, excludes);
    return excludes(file);
  };
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
  const finder = createContextFinder(cwd);
  const sources = createSources();

  const choose = async (
    { file, kind }: OpenFile,
    parsed: Parsed,
    loaded: LoadedConfig,
  ): Promise<ContextChoice | undefined> => {
    if (file === undefined) return option === undefined ? undefined : chosen(option, 'option');
    if (path.basename(file) === '.dockerignore') return chosen(path.dirname(file), 'folder');
    const dockerfile = dockerfileOf(file, kind);
    const build = parsed.kind === 'dockerfile' ? parsed.build : readBuild(dockerfile);
    return finder.find(dockerfile, build, { option, configured: configuredContext(loaded, dockerfile) });
  };

  return async (one) => {
    const { file, shown, kind, text, saved } = one;
    const place = file ?? path.join(cwd, 'Dockerfile');
    const loaded = configs.loaded(place);
    const parsed = parseSource(kind, text);
    const choice = await choose(one, parsed, loaded);
    const dockerfile =
      file === undefined || path.basename(file) === '.dockerignore' ? undefined : dockerfileOf(file, kind);
    const opened = choice && openContext({ choice, dockerfile, cwd, source: sources(choice.folder) });
    const context = saved ? opened?.context : opened?.contextWith(unsavedFile(choice?.folder, file, text));
    // Standard input is printed, not written, so its fixes leave other files alone.
    const contextWith = opened && saved ? { contextWith: opened.contextWith } : {};
    const source = { path: shown, text, kind, context, ...contextWith };
    const config = configs.resolved(place);
    return { file: saved ? file : undefined, source, parsed, config, loaded, root: choice?.folder, note: choice?.note };
  };
}

function chosen(folder: string, origin: ContextChoice['origin']): ContextChoice {
  return { folder, origin, plausible: true, note: undefined };
}

function dockerfileOf(file: string, kind: FileKind): string {
  return kind === 'dockerfile' ? file : file.replace(/\.dockerignore$/i, '');
}

function readBuild(dockerfile: string): Build {
  const read = readTextFile(dockerfile);
  return buildOf(parseDockerfile('text' in read ? read.text : ''));
}

function unsavedFile(folder: string | undefined, file: string | undefined, text: string): ReadonlyMap<string, string> {
  const inner = folder === undefined || file === undefined ? '..' : slashed(path.relative(folder, file));
  return new Map(inner === '..' || inner.startsWith('../') || path.isAbsolute(inner) ? [] : [[inner, text]]);
}

/** The folder of the last entry of `contexts` that names the Dockerfile. */
function configuredContext({ files, folder }: LoadedConfig, dockerfile: string): string | undefined {
  const inner = slashed(path.relative(folder, dockerfile));
  const entries = files.flatMap(({ config }) => Object.entries(config.contexts ?? {}));
  const entry = entries.findLast(([glob]) => matchesAny([glob], inner));
  return entry && path.resolve(folder, entry[1]);
}

function slashed(relative: string): string {
  return path.sep === '/' ? relative : relative.split(path.sep).join('/');
}
