import path from 'node:path';
import { stageEffects } from '../cache/order/stage-effects.js';
import { type Build, buildOf } from '../model/build.js';
import type { BuildContext, ContextSource } from '../model/context.js';
import { type LockedPackage, packageKey } from '../model/package-facts.js';
import { folderSource } from '../project/build-context.js';
import { placeKept } from '../project/kept-file.js';
import { askRegistry, chooseRegistry } from '../project/npm-registry.js';
import { openContext } from '../project/open-context.js';
import { addPackages, packagesName } from '../project/package-file.js';
import { shownPath } from '../project/shown-path.js';
import { cleanPath, parentOf } from '../syntax/go-path.js';
import type { HistoryInput } from './history-input.js';
import type { Io } from './io.js';
import { CliError } from './io.js';
import type { Args } from './parse-args.js';

/** The context with what `--ask-registry` and `--clean-checkout` add to it, and what could not be found out. */
export async function orderContext(
  args: Args,
  io: Io,
  input: HistoryInput,
): Promise<{ readonly context: BuildContext; readonly notes: readonly string[] }> {
  const { root } = input.source;
  const asks = args.has('ask-registry');
  if (root === undefined || (!asks && !args.has('clean-checkout'))) return { context: input.context, notes: [] };
  const open = opener(root, io, input, args.has('clean-checkout'));
  const notes = asks ? await askAbout(buildOf(input.file), open, root, io) : [];
  return { context: open(folderSource(root)), notes };
}

/**
 * The context of a build that starts from a clean checkout; undefined where it has no folder, or it is not known what Git tracks.
 * Answers of the registry count as far as they were kept.
 */
export function checkedOutContext(io: Io, input: HistoryInput): BuildContext | undefined {
  const { root } = input.source;
  if (root === undefined || !input.history.paths) return undefined;
  return opener(root, io, input, true)(folderSource(root));
}

function opener(
  root: string,
  { cwd }: Io,
  input: HistoryInput,
  isCheckedOut: boolean,
): (source: ContextSource) => BuildContext {
  const absent = isCheckedOut ? ignoredByGit(folderSource(root), input) : undefined;
  const { origin, plausible } = input.context;
  const choice = { folder: root, origin, plausible };
  return (source) => openContext({ choice, dockerfile: input.source.dockerfile, cwd, source, absent }).context;
}

/** What Git ignores and does not track. */
function ignoredByGit(source: ContextSource, { history }: HistoryInput): (path: string) => boolean {
  if (!history.paths) throw new CliError('--clean-checkout: it is not known which files Git tracks');
  const tracked = new Set<string>();
  for (const path of history.paths)
    for (let at = path; at !== '' && !tracked.has(at); at = parentOf(at)) tracked.add(at);
  return (file) => source.gitIgnored(file) === true && !tracked.has(cleanPath(`/${file}`).slice(1));
}

/** Asks for all packages that somebody would have to know more of to prove an order, and keeps the answers. */
async function askAbout(
  build: Build,
  open: (source: ContextSource) => BuildContext,
  root: string,
  io: Io,
): Promise<readonly string[]> {
  const asked = new Map<string, LockedPackage>();
  const context = open(noting(folderSource(root), asked));
  for (const stage of build.stages) stageEffects(build, stage, context);
  if (asked.size === 0) return [];
  const progress = io.stderrIsTerminal
    ? (done: number, all: number) => io.progress(`Asking the registry: ${done} of ${all} packages`)
    : undefined;
  const { hasInstallScript, failures } = await askRegistry([...asked.values()], chooseRegistry(root, io.env), progress);
  if (progress) io.progress(undefined);
  const file = placeKept(root, packagesName);
  const failure = hasInstallScript.size > 0 ? addPackages(file, hasInstallScript) : undefined;
  if (failure) throw new CliError(`${shownPath(io.cwd, file)}: ${failure.error}`);
  const inner = path.relative(root, file).split(path.sep).join('/');
  const isSent = hasInstallScript.size > 0 && !inner.startsWith('../') && !context.ignored(inner);
  return [
    ...(isSent ? [`${shownPath(io.cwd, file)}: lies in the build context; list .layerwise in the ignore file`] : []),
    ...failures.map(({ one, reason }) => `${one.name}@${one.version}: ${reason}`),
  ];
}

/** A source that notes the packages of which it does not know enough. */
function noting(source: ContextSource, asked: Map<string, LockedPackage>): ContextSource {
  return {
    list: (folder) => source.list(folder),
    read: (file) => source.read(file),
    gitIgnored: (file) => source.gitIgnored(file),
    packageFacts: () => ({
      hasInstallScript(one) {
        const known = source.packageFacts?.()?.hasInstallScript(one);
        if (known === undefined) asked.set(packageKey(one), one);
        return known;
      },
    }),
  };
}
