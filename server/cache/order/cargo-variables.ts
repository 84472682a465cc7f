import type { Build } from '../../model/build.js';
import { variableDefinitions } from '../../model/effects/search-paths.js';
import type { Install } from '../../model/installs.js';
import type { ImageFiles } from '../../model/manifests/cargo.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { parseShell } from '../../syntax/shell.js';

/**
 * Whether a variable names a file or folder of the project below its root, which the build script of a dependency may look for:
 * `OPENSSL_DIR`, `PKG_CONFIG_PATH`, `PROTOC`, PATH. `named` are paths that settings give to variables.
 */
export function namesProject(
  build: Build,
  { stage, run }: Install,
  files: ImageFiles,
  root: string,
  named: readonly string[],
): boolean {
  const script = parseShell(build.file, run, build.stateBefore(run).shell);
  const words = [...variableDefinitions(build, stage, run, script)].flatMap(({ text, at }) =>
    text.split(/[\s:=,;"']+/).map((word) => (word.includes('$') ? build.expand(at, word) : word)),
  );
  return [...named, ...words].some((word) => {
    if (!word?.startsWith('/')) return false;
    const path = joinPath('/', word);
    return relativeTo(path, root) === undefined && (files.isFile(path) || files.list(path).length > 0);
  });
}
