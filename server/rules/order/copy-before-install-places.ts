import type { Build } from '../../model/build.js';
import { leavesAlone, type Resolve } from '../../model/effects.js';
import { foldersOf } from '../../model/installs.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { isUsualFolder } from '../../model/placements.js';
import { parentOf } from '../../syntax/go-path.js';
import type { ShellCommand, ShellScript } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import { type Defect, touchesMoved } from './copy-before-install-find.js';

/** Which commands of a script do the same before the sources as behind them. */
export function areAside(
  build: Build,
  defect: Defect,
  run: RunInstruction,
  script: ShellScript,
  resolve: Resolve,
): readonly boolean[] {
  const folders = foldersOf(script, build.stateBefore(run).cwd, resolve);
  const touches = touchesMoved(defect);
  const isMissing = missingFolders(build, defect, run);
  return script.commands.map((command, index) => {
    const folder = folders[index];
    if (command.name === 'cd' || command.name === 'pushd') return !goesTo(command, folder, resolve).some(isMissing);
    return leavesAlone(command, folder, (path) => touches(path) || isMissing(parentOf(path) || '/'), resolve);
  });
}

function goesTo({ args }: ShellCommand, folder: string | undefined, resolve: Resolve): string[] {
  return args.flatMap((word) => {
    const path = resolve(word);
    if (path === undefined || path.startsWith('-') || path.startsWith('~')) return [];
    return path.startsWith('/') || folder !== undefined ? [joinPath(folder ?? '/', path)] : [];
  });
}

/** Whether a folder is in the image only by what moves, so that it is not there before. */
export function missingFolders(build: Build, defect: Defect, run: RunInstruction): (folder: string) => boolean {
  const { offenders, landings, project } = defect;
  const moved = offenders.flatMap(({ landing }) => landing ?? []);
  const staying = landings.filter((landing) => !moved.includes(landing));
  const read = [...(project?.reading.files ?? []), ...(project?.reading.folders ?? [])];
  const there = [
    ...[offenders[0].transfer.instruction, run].flatMap((one) => build.stateBefore(one).cwd ?? []),
    ...moved.flatMap((landing) => read.flatMap((path) => landing.imagePathOf(path) ?? []).map(parentOf)),
    ...staying.map(({ target }) => target),
  ];
  return (folder) =>
    !isUsualFolder(folder) &&
    !there.some((one) => relativeTo(folder, one) !== undefined) &&
    !staying.some((landing) => landing.contextPathOf(folder) !== undefined) &&
    moved.some(
      (landing) => relativeTo(folder, landing.target) !== undefined || landing.contextPathOf(folder) !== undefined,
    );
}
