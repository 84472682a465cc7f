import { versionFromGit } from '../knowledge/version-control.js';
import { baseName } from '../syntax/go-path.js';
import { parseShell } from '../syntax/shell.js';
import type { Build } from './build.js';
import type { BuildContext } from './context.js';

/** Where a manifest of that name is: in the root, and for Cargo in the members of a workspace. */
function manifestsNamed(context: BuildContext, file: string): readonly string[] {
  if ((file !== 'Cargo.toml' && file !== 'build.rs') || !context.entry('Cargo.toml')) return [file];
  const folders = (above: string) =>
    context
      .children(above)
      .flatMap(({ path, type }) =>
        type === 'directory' && !/^(?:\.|target$|node_modules$)/.test(baseName(path)) ? [path] : [],
      );
  const top = folders('');
  return [file, ...[...top, ...top.flatMap(folders)].map((folder) => `${folder}/${file}`)];
}

/** Whether a step may ask Git; `isReader` knows further programs that do. */
export function readsVcs(
  build: Build,
  context: BuildContext,
  isReader: (program: string) => boolean = () => false,
): boolean {
  const { file } = build;
  if (
    versionFromGit.some((one) =>
      manifestsNamed(context, one.file).some((path) => one.words.test(context.read(path) ?? '')),
    )
  )
    return true;
  return file.instructions.some(
    (one) =>
      one.keyword === 'RUN' &&
      (/\bgit\b|\.git\b|buildvcs/.test(one.text) ||
        one.heredocs.some(({ content }) => /\bgit\b/.test(content)) ||
        parseShell(file, one, build.stateBefore(one).shell).commands.some(
          ({ name }) => name !== undefined && (name === 'git' || isReader(name) || isReader(baseName(name))),
        )),
  );
}
