import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Build, Stage } from '../model/build.js';
import { createContext } from '../model/context.js';
import { filesTaken } from '../model/files-taken.js';
import { installsOf } from '../model/installs.js';
import { joinPath, relativeTo } from '../model/path.js';
import { contextTransfers } from '../model/transfers.js';
import { cleanInside } from '../syntax/go-path.js';
import { mountsOf } from '../syntax/mounts.js';
import { hasWildcard } from '../syntax/path-match.js';
import { folderSource } from './build-context.js';
import { openGitIgnore } from './git-ignore.js';

/** What COPY, ADD and bind mounts of a Dockerfile ask of its build context; what has an unknown variable is left out. */
export interface ContextDemand {
  /** Sources without wildcards, each once; not the root. */
  readonly literals: readonly string[];
  readonly wildcards: readonly string[];
  /** A COPY of the whole root. */
  readonly whole: boolean;
  /** Paths below such a COPY that a WORKDIR or a `COPY --from` names, as seen from the root. */
  readonly entered: readonly string[];
  /** Lockfiles of the managers with which RUNs install packages of Node.js, if COPYs of the whole root alone bring their manifests. */
  readonly lockfiles: readonly string[];
}

export function contextDemand(build: Build): ContextDemand {
  const literals = new Set<string>();
  const wildcards = new Set<string>();
  let isWhole = false;
  for (const { sources } of contextTransfers(build)) {
    for (const { path, whole } of sources) {
      if (whole) isWhole = true;
      else if (path !== undefined) (hasWildcard(path) ? wildcards : literals).add(path);
    }
  }
  addBoundSources(build, literals);
  const isBare = isWhole && literals.size + wildcards.size === 0;
  const lockfiles = isBare ? lockfilesOfNode(build) : [];
  return {
    literals: [...literals],
    wildcards: [...wildcards],
    whole: isWhole,
    entered: enteredPaths(build),
    lockfiles,
  };
}

function lockfilesOfNode(build: Build): readonly string[] {
  const installs = installsOf(build).filter(({ kind }) => kind === 'dependencies');
  return installs.flatMap(({ manager }) => (manager.manifests.includes('package.json') ? manager.lockfiles : []));
}

function enteredPaths(build: Build): readonly string[] {
  const found = new Set<string>();
  for (const { instruction, stage, sources } of contextTransfers(build)) {
    const word = build.expand(instruction, instruction.destination?.text ?? '');
    const { cwd } = build.stateBefore(instruction);
    if (word === undefined || cwd === undefined || !sources.some(({ whole }) => whole)) continue;
    const root = joinPath(cwd, word);
    for (const path of pathsNamed(build, stage)) {
      const inside = relativeTo(root, path);
      if (inside) found.add(inside);
    }
  }
  return [...found];
}

/** Of the image of a stage: its working folders, and what other stages take from it. */
function pathsNamed(build: Build, stage: Stage): readonly string[] {
  const folders = stage.instructions.flatMap((one) => build.stateBefore(one).cwd ?? []);
  const taken = build.stages.flatMap(({ instructions }) =>
    instructions.flatMap((one) => {
      const from = one.keyword === 'COPY' ? one.flags.find(({ name }) => name === 'from')?.value : undefined;
      if (one.keyword !== 'COPY' || from === undefined || build.stageByReference(from) !== stage) return [];
      return one.sources.flatMap(({ text }) => {
        const path = build.expand(one, text);
        return path === undefined ? [] : [joinPath('/', path)];
      });
    }),
  );
  return [...folders, ...taken];
}

function addBoundSources(build: Build, literals: Set<string>): void {
  for (const { instructions } of build.stages) {
    for (const instruction of instructions) {
      if (instruction.keyword !== 'RUN' || instruction.flags.length === 0) continue;
      for (const { type, from, source = '' } of mountsOf(build.file, instruction).mounts) {
        const path = cleanInside(source);
        if (type === 'bind' && from === undefined && path !== '' && !source.includes('$')) literals.add(path);
      }
    }
  }
}

/** How well a folder meets a demand. */
export interface ContextFit {
  /** Literals that are there; where the demand has none, wildcards that match. */
  readonly present: number;
  /** Those that are neither there nor ignored by Git (which would make them the output of some build). */
  readonly missing: readonly string[];
}

/** Says how well folders meet a demand; each folder is looked at once. */
export type FitOf = (folder: string) => ContextFit;

/** The names in a folder (absolute) where they have been listed already; none where it could not be read. */
export type NamesIn = (folder: string) => readonly string[] | undefined;

/** Looks only at what the sources name; the ignore file does not count. */
export function createFit(demand: ContextDemand, openGit = openGitIgnore, namesIn: NamesIn = () => undefined): FitOf {
  const known = new Map<string, ContextFit>();
  return (folder) => {
    const fit = known.get(folder) ?? measure(folder, demand, openGit, namesIn(folder));
    known.set(folder, fit);
    return fit;
  };
}

function measure(
  folder: string,
  { literals, wildcards }: ContextDemand,
  openGit: typeof openGitIgnore,
  names: readonly string[] | undefined,
): ContextFit {
  const generated = (source: string) => {
    const git = openGit(folder);
    const file = path.join(folder, source);
    return git !== undefined && (git.ignores(file, false) || git.ignores(file, true));
  };
  if (literals.length > 0) {
    const listed = names?.length ? new Set(names.map((name) => name.toLowerCase())) : undefined;
    const absent = literals.filter((source) => isUnlisted(source, listed) || !existsSync(path.join(folder, source)));
    return { present: literals.length - absent.length, missing: absent.filter((source) => !generated(source)) };
  }
  // Wildcards are often meant for files that may be missing, so one that matches is enough.
  const context = createContext({
    name: folder,
    origin: 'folder',
    source: folderSource(folder, openGit),
    ignoreFile: { path: '', text: '' },
  });
  const { emptyWildcards } = filesTaken(context, wildcards);
  const present = wildcards.length - emptyWildcards.length;
  return { present, missing: present > 0 ? [] : emptyWildcards.filter((source) => !generated(source)) };
}

/** Told without the disk, and only for plain names: a file system may fold letters in its own way. */
function isUnlisted(source: string, listed: ReadonlySet<string> | undefined): boolean {
  const first = /^[\w.-]+(?=\/|$)/.exec(source)?.[0];
  return listed !== undefined && first !== undefined && first !== '..' && !listed.has(first.toLowerCase());
}
