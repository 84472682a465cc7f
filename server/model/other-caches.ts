import { otherCaches } from '../knowledge/other-caches.js';
import type { Build } from './build.js';
import type { BuildContext } from './context.js';
import type { Install } from './installs.js';
import { joinPath } from './path.js';
import { projectFiles } from './project-files.js';

/** The installs whose cache can be a mount: its packages are not used where they lie, and no setting of the project moves it. */
export function withUsualCaches(
  build: Build,
  context: BuildContext | undefined,
  installs: readonly Install[],
): readonly Install[] {
  const rows = otherCaches.filter(({ manager }) => installs.some((one) => one.manager.name === manager));
  if (rows.length === 0) return installs;
  const files = context && projectFiles(build, context);
  return installs.filter(({ manager, run, stage, directory }) =>
    rows.every((row) => {
      if (row.manager !== manager.name) return true;
      if (row.text?.test(build.file.text)) return false;
      return Object.entries(row.files ?? {}).every(([name, pattern]) => {
        const found = directory === undefined ? undefined : files?.suppliedTo(run, stage, joinPath(directory, name));
        return !found || !pattern.test(context?.read(found.path) ?? '');
      });
    }),
  );
}
