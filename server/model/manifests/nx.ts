import { inFolder, type Reading } from './reading.js';

/**
 * Whether the install script of Nx has nothing to do: where no `nx.json` lies at the root of the workspace, the highest folder above it with
 * one or with a file `nx` or `nx.bat` (`src/utils/workspace-root.js`), it ends at once (`bin/post-install.js`, before 16
 * `bin/compute-project-graph.js`, read in 14.8, 15.9, 16.10, 20.1 to 20.8, 21.6, 22.0 and 23.0). Versions between them list all files first.
 */
export function isNxIdle(root: string, { context, brings, missing }: Reading): boolean {
  const versions = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'].flatMap(
    (name) => [...(context.read(inFolder(root, name)) ?? '').matchAll(entry)].map(([, version = '']) => version),
  );
  if (versions.length === 0 || !versions.every((version) => /^(?:1[456]|20\.[1-9]|2[123])\./.test(version)))
    return false;
  for (const { path, type } of context.walk())
    if (type !== 'directory' && /(?:^|\/)nx(?:\.json|\.bat)?$/.test(path) && brings(path)) return false;
  for (const name of ['nx.json', 'nx', 'nx.bat']) missing.add(name);
  return true;
}

/** An entry of npm, yarn, pnpm or bun. */
const entry =
  /(?:"(?:[^"]*\/)?node_modules\/nx":\s*\{\s*"version":\s*"|^"?nx@[^\n]*:\n\s+version:? "?|^\s+'?\/?nx[@/]|^\s+"nx": \["nx@)(\d[\w.-]*)/gm;
