import type { Build } from '../../model/build.js';
import { leavesAlone } from '../../model/effects.js';
import { foldersOf, installsOf, wordValue } from '../../model/installs.js';
import { relativeTo } from '../../model/path.js';
import { carriedBy, prefixOf, scriptAt, splitRun } from '../../model/split-run.js';
import { mountsOf } from '../../syntax/mounts.js';
import type { ShellCommand, ShellWord } from '../../syntax/shell.js';
import { type Defect, touchesMoved } from './copy-before-install-find.js';
import { shorten } from './copy-before-install-text.js';

/** The RUN that comes before the sources and the one behind them. */
export interface CutRun {
  /** Undefined where the RUN of the Dockerfile stays as it is and comes first. */
  readonly first: string | undefined;
  /** Undefined where nothing is left. */
  readonly rest: string | undefined;
  /** `rest` is the RUN of the Dockerfile as it stands. */
  readonly whole: boolean;
}

/** Cuts the RUN of the install: in front goes what needs the manifests only. */
export function cutRun(
  build: Build,
  defect: Defect,
  download: string | undefined,
): CutRun | { readonly reason: string } {
  const { install } = defect;
  const { file } = build;
  const { cwd, shell } = build.stateBefore(install.run);
  const place = scriptAt(file, install.run, shell, install.command);
  if (!place) return { reason: 'its RUN cannot be read' };
  const { script, at } = place;
  if (
    mountsOf(file, install.run).mounts.some(
      ({ type, from, source }) => type === 'bind' && from === undefined && /^[./]*$/.test(source ?? ''),
    )
  ) {
    return { reason: 'its RUN mounts the whole context' };
  }
  const resolve = (word: ShellWord) => wordValue(build, install.run, word);
  const folders = foldersOf(script, cwd, resolve);
  const touches = touchesMoved(defect);
  const alone = (command: ShellCommand) =>
    leavesAlone(command, folders[script.commands.indexOf(command)], touches, resolve) ||
    isShellItself(command, install.command);
  const before = script.commands.slice(0, at);
  const reader = before.find((command) => !alone(command));
  if (reader) return { reason: `${shorten(textOf(reader))} before it in the same RUN may read the sources` };
  if (download !== undefined) return cutBefore();
  const next = script.commands.findIndex((command, index) => index > at && !alone(command) && !isServed(command));
  if (next === -1) return { first: undefined, rest: undefined, whole: false };
  const split = splitRun(file, install.run, script, next);
  const second = script.commands[next];
  if (!split)
    return {
      reason: `${second ? shorten(textOf(second)) : 'what follows'} in the same RUN may read the sources, and the RUN cannot be cut safely`,
    };
  return { first: split.head, rest: split.tail, whole: false };

  function cutBefore(): CutRun | { readonly reason: string } {
    const carried = carriedBy(before);
    if (!carried || script.language !== 'shell' || install.command.depth > 0 || install.run.heredocs.length > 0) {
      return { reason: 'its RUN cannot be cut safely' };
    }
    const only = carried.length === before.length;
    const moves = carried.some(({ name }) => name === 'cd') && !isThere(defect);
    if (moves && install.manager.name !== 'go') return { reason: 'its folder is not there before the sources' };
    // Go finds the module from the folder above as well.
    const words = (moves ? carried.filter(({ name }) => name !== 'cd') : carried)
      .map((command) => `${textOf(command)} && `)
      .join('');
    if (only)
      return {
        first: `${prefixOf(file, install.run)}${words}${download}`,
        rest: file.text.slice(install.run.span.start, install.run.span.end),
        whole: true,
      };
    const split = splitRun(file, install.run, script, at);
    return split
      ? { first: `${split.head} && ${download}`, rest: split.tail, whole: false }
      : { reason: 'its RUN cannot be cut safely' };
  }

  function textOf({ span }: ShellCommand): string {
    return file.text.slice(span.start, span.end);
  }

  /** Another command of the same manager that needs the same manifests. */
  function isServed(command: ShellCommand): boolean {
    return installsOf(build).some(
      (one) =>
        one.command === command &&
        one.kind === 'dependencies' &&
        one.manager === install.manager &&
        one.directory === install.directory,
    );
  }
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
