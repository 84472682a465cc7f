import { type DependencyFolder, dependencyFolders } from '../knowledge/dependency-folders.js';
import { cleanInside } from '../syntax/go-path.js';
import { createMemo } from '../syntax/memo.js';
import { mountsOf } from '../syntax/mounts.js';
import type { Instruction } from '../syntax/tree.js';
import type { Build, Stage } from './build.js';
import type { BuildContext } from './context.js';
import { installsInStage } from './installs.js';
import { contextTransfers, foldersAndSelf, measureFolder, sizeText, type Transfer, takenBy } from './transfers.js';

/** A path that a COPY takes and that should not reach an image. */
export interface Unwanted {
  /** What the ignore file should say. */
  readonly path: string;
  /** Why it is counted, as a fact. */
  readonly text: string;
  /** It is in the context now; else only on machines where the package manager has run. */
  readonly present: boolean;
}

/** `.git` of the context's root, where the transfer takes it and no source of the file names it. */
export function unwantedVcs(build: Build, context: BuildContext, transfer: Transfer): Unwanted | undefined {
  if (context.entry('.git')?.type !== 'directory' || context.ignored('.git') || context.ignored('.git/HEAD'))
    return undefined;
  if (!takenBy(transfer, '.git/HEAD') || isNamed(build, '.git')) return undefined;
  return { path: '.git', text: `.git: ${sizeText(measureFolder(context, '.git'))}`, present: true };
}

/**
 * Folders of installed dependencies that the transfer takes although its stage installs them itself. A folder that is not there
 * counts where Git ignores it and its package manager makes it wherever it runs.
 */
export function unwantedDependencies(build: Build, context: BuildContext, transfer: Transfer): readonly Unwanted[] {
  const managers = managersIn(build, transfer.stage);
  if (managers.size === 0) return [];
  const found = new Map<string, Unwanted>();
  for (const folder of dependencyFolders) {
    const { name } = folder;
    if (found.has(name) || !folder.managers.some((one) => managers.has(one)) || !takenBy(transfer, `${name}/x`))
      continue;
    // `target/*` ignores all that is in it
    if (context.ignored(name) || context.ignored(`${name}/x`)) continue;
    if (isNamed(build, name) || !hasManifest(context, folder)) continue;
    const one = judge(context, folder, managers);
    if (one) found.set(name, one);
  }
  return [...found.values()];
}

const knownManagers = createMemo<Stage, ReadonlySet<string>>();

/** Names of the managers with which a stage installs more than named packages. */
function managersIn(build: Build, stage: Stage): ReadonlySet<string> {
  const known = knownManagers.get(stage);
  if (known) return known;
  const installs = installsInStage(build, stage).filter(({ kind }) => kind !== 'packages' && kind !== 'index');
  const managers = new Set(installs.map(({ manager }) => manager.name));
  knownManagers.set(stage, managers);
  return managers;
}

function judge(
  context: BuildContext,
  { name, always }: DependencyFolder,
  managers: ReadonlySet<string>,
): Unwanted | undefined {
  const entry = context.entry(name);
  const ignoredByGit = context.gitIgnored(`${name}/`);
  if (entry?.type === 'directory' && (ignoredByGit !== false || name === 'node_modules')) {
    return { path: name, text: `${name}: ${sizeText(measureFolder(context, name))}`, present: true };
  }
  if (entry || ignoredByGit !== true || !always.some((one) => managers.has(one))) return undefined;
  return {
    path: name,
    text: `${name} is not here now; Git ignores it, so it is on machines where the project was installed or built`,
    present: false,
  };
}

/** `.env` and its like, where Git does not keep them: they may hold secrets. */
export function unwantedSecrets(build: Build, context: BuildContext, transfer: Transfer): readonly Unwanted[] {
  return context.children('').flatMap(({ path, type }) => {
    if (!/^\.env(?:\.(?!example|sample|template|dist|defaults?|test|ci)[\w-]+)*$/.test(path) || type !== 'file')
      return [];
    if (context.gitIgnored(path) !== true || context.ignored(path) || !takenBy(transfer, path) || isNamed(build, path))
      return [];
    return [{ path, text: `${path} is not in Git, so it may hold secrets`, present: true }];
  });
}

/** A source that names the path, or something in it, wants it: the build fails where it is not sent. */
export function isNamed(build: Build, path: string): boolean {
  const named = knownNames.get(build) ?? namedPaths(build);
  knownNames.set(build, named);
  return named.has(path);
}

const knownNames = createMemo<Build, ReadonlySet<string>>();

/** The sources of all transfers, those of triggers too, and of mounts, and the folders above them. */
function namedPaths(build: Build): ReadonlySet<string> {
  const sources = contextTransfers(build).flatMap((transfer) => transfer.sources.flatMap(({ path }) => path ?? []));
  const others = build.file.instructions.flatMap((one) =>
    sourcesOf(build, one.keyword === 'ONBUILD' && one.trigger ? one.trigger : one, one),
  );
  return new Set([...sources, ...others].flatMap(foldersAndSelf));
}

/** What a mount shows of the context, or a trigger will copy; `at` is where its variables are known. */
function sourcesOf(build: Build, one: Instruction, at: Instruction): readonly string[] {
  const words =
    one.keyword === 'RUN'
      ? mountsOf(build.file, one).mounts.flatMap(({ from, source }) => (from === undefined && source ? [source] : []))
      : one !== at &&
          (one.keyword === 'COPY' || one.keyword === 'ADD') &&
          !one.flags.some(({ name }) => name === 'from')
        ? one.sources.map(({ text }) => text)
        : [];
  return words.flatMap((word) => build.expand(at, word) ?? []).map(cleanInside);
}

function hasManifest(context: BuildContext, { beside }: DependencyFolder): boolean {
  return beside.some((file) =>
    file.startsWith('*')
      ? context.children('').some(({ path }) => path.endsWith(file.slice(1)))
      : context.entry(file) !== undefined,
  );
}

/** `a, b and c` */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
