import type { Build } from '../../model/build.js';
import type { Resolve } from '../../model/effects.js';
import { callOf, installsIn, wordValue } from '../../model/installs.js';
import { shorten } from '../../model/label.js';
import { separatesLists } from '../../model/package-lists.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { carriedBy, prefixOf, scriptAt, splitRun } from '../../model/split-run.js';
import { parentOf } from '../../syntax/go-path.js';
import { mountsOf } from '../../syntax/mounts.js';
import type { ShellCommand, ShellScript, ShellWord } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import { type Defect, touchesMoved } from './copy-before-install-find.js';
import { areAside, missingFolders } from './copy-before-install-places.js';

/** The RUN that comes before the sources and the one behind them. */
export interface CutRun {
  /** Undefined where the RUN of the Dockerfile stays as it is and comes first. */
  readonly first: string | undefined;
  /** Undefined where nothing is left. */
  readonly rest: string | undefined;
  /** `rest` is the RUN of the Dockerfile as it stands. */
  readonly whole: boolean;
}

type Cut = CutRun | { readonly reason: string };

/** The RUN of the install, taken apart. */
interface Parts {
  readonly build: Build;
  readonly defect: Defect;
  readonly script: ShellScript;
  /** Position of the install among the commands. */
  readonly at: number;
}

/** Cuts the RUN of the install: in front goes what needs the manifests only. */
export function cutRun(build: Build, defect: Defect, download: string | undefined): Cut {
  const { run, command } = defect.install;
  const { shell } = build.stateBefore(run);
  const place = scriptAt(build.file, run, shell, command);
  if (!place) return { reason: 'its RUN cannot be read' };
  if (mountsWholeContext(build, run)) return { reason: 'its RUN mounts the whole context' };
  const { script, at } = place;
  const resolve = (word: ShellWord) => wordValue(build, run, word);
  const aside = areAside(build, defect, run, script, resolve);
  const reads = script.commands.map(
    (one, index) =>
      !aside[index] &&
      !isShellItself(one, command) &&
      !isIndexOf(one, defect) &&
      // The download takes it along where the folder is there, see `cutBefore`.
      !(download !== undefined && index < at && one.name === 'cd'),
  );
  if (writesThere(build, defect, resolve)) return { reason: 'its output goes to the sources' };
  const reader = reads.indexOf(true);
  const first = script.commands[reader];
  if (first && reader < at) return { reason: `${textOf(build, first)} before it in the same RUN may read the sources` };
  const parts: Parts = { build, defect, script, at };
  return download === undefined ? cutBehind(parts, reads) : cutBefore(parts, download);
}

/** The output of the install goes to a file that moves, or to a folder that is not there before. */
function writesThere(build: Build, defect: Defect, resolve: Resolve): boolean {
  const { run, command, directory = '/' } = defect.install;
  const touches = touchesMoved(defect);
  const isMissing = missingFolders(build, defect, run);
  return command.redirects.some(({ target }) => {
    const path = target && resolve(target);
    const place = path === undefined ? undefined : joinPath(directory, path);
    return place !== undefined && (touches(place) || isMissing(parentOf(place) || '/'));
  });
}

/** Fetches the list of packages that the install goes by; of the project it reads what the install reads. */
export function isIndexOf(command: ShellCommand, { install }: Pick<Defect, 'install'>): boolean {
  const call = callOf(command);
  return call?.shape.kind === 'index' && call.manager === install.manager;
}

function mountsWholeContext(build: Build, run: RunInstruction): boolean {
  return mountsOf(build.file, run).mounts.some(
    ({ type, from, source }) => type === 'bind' && from === undefined && /^[./]*$/.test(source ?? ''),
  );
}

function textOf({ file }: Build, { span }: ShellCommand): string {
  return shorten(file.text.slice(span.start, span.end));
}

/** The install goes first with all that follows it and needs no sources. */
function cutBehind({ build, defect, script, at }: Parts, reads: readonly boolean[]): Cut {
  const { install } = defect;
  const served = new Set(
    installsIn(build, install.run)
      .filter(
        ({ kind, manager, directory }) =>
          kind === 'dependencies' && manager === install.manager && directory === install.directory,
      )
      .map(({ command }) => command),
  );
  const next = script.commands.findIndex((command, index) => index > at && reads[index] && !served.has(command));
  const second = script.commands[next];
  if (!second) return { first: undefined, rest: undefined, whole: false };
  if (separatesLists(script.commands.slice(0, next), script.commands.slice(next), undefined))
    return {
      reason: `${textOf(build, second)} in the same RUN may install by package lists that would be cached apart`,
    };
  const split = splitRun(build.file, install.run, script, next);
  return split
    ? { first: split.head, rest: split.tail, whole: false }
    : { reason: `${textOf(build, second)} in the same RUN may read the sources, and the RUN cannot be cut safely` };
}

/** What stands before the install goes first, and the download with it. */
function cutBefore({ build: { file }, defect, script, at }: Parts, download: string): Cut {
  const { run, command, manager } = defect.install;
  const before = script.commands.slice(0, at);
  const carried = carriedBy(before);
  if (!carried || script.language !== 'shell' || command.depth > 0 || run.heredocs.length > 0) {
    return { reason: 'its RUN cannot be cut safely' };
  }
  const isLost = carried.some(({ name }) => name === 'cd') && !isThere(defect);
  if (isLost && (manager.name !== 'go' || carried.length < before.length))
    return { reason: 'its folder is not there before the sources' };
  if (carried.length < before.length) {
    const isApart = separatesLists(script.commands.slice(0, at), script.commands.slice(at), undefined);
    const split = isApart ? undefined : splitRun(file, run, script, at);
    if (!split) return { reason: 'its RUN cannot be cut safely' };
    return { first: `${split.head} && ${download}`, rest: split.tail, whole: false };
  }
  // Go finds the module from the folder above as well.
  const words = carried
    .filter(({ name }) => !isLost || name !== 'cd')
    .map(({ span }) => `${file.text.slice(span.start, span.end)} && `);
  const rest = file.text.slice(run.span.start, run.span.end);
  return { first: `${prefixOf(file, run)}${words.join('')}${download}`, rest, whole: true };
}

/** Some manifest lands in the folder of the install, or below it. */
function isThere({ install, project, landings }: Defect): boolean {
  const { directory } = install;
  const files = [...(project?.reading.files ?? [])];
  return landings.some((landing) =>
    files.some((file) => {
      const place = landing.imagePathOf(file);
      return place !== undefined && directory !== undefined && relativeTo(directory, place) !== undefined;
    }),
  );
}

/** `sh -c '…'` is listed itself, and behind it what it runs. */
function isShellItself(command: ShellCommand, inner: ShellCommand): boolean {
  return command.span.start <= inner.span.start && inner.span.end <= command.span.end;
}
