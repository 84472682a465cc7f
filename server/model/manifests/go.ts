import { parentOf } from '../../syntax/go-path.js';
import { inFolder, leaves, type Reading } from './reading.js';

/**
 * What `go mod download` reads for a package in a folder: the module is looked for upwards, as is a workspace. False without a
 * module and a workspace.
 */
export function readGo(folder: string, reading: Reading): boolean {
  const module = upwards(folder, 'go.mod', reading);
  const workspace = upwards(folder, 'go.work', reading);
  if (module === undefined && workspace === undefined) return false;
  let needs = module !== undefined && readModule(module, reading);
  if (workspace !== undefined) {
    const text = reading.read(inFolder(workspace, 'go.work')) ?? '';
    reading.add(inFolder(workspace, 'go.work.sum'));
    for (const path of usedBy(text)) needs = readModule(inFolder(workspace, path), reading) || needs;
    readReplaced(workspace, text, reading);
    if (isVendored(workspace, reading)) needs = false;
  }
  reading.idle = !needs;
  return true;
}

/** Folders that a workspace names: https://go.dev/ref/mod#go-work-file-use */
function usedBy(text: string): readonly string[] {
  const plain = text.replaceAll(/(?:^|\s)\/\/.*$/gm, '');
  const uses = [...plain.matchAll(/^\s*use(?:\s*\(([^)]*)\)|\s+([^\s(].*))/gm)].map(
    ([, many, one]) => many ?? one ?? '',
  );
  return uses.flatMap((use) => [...use.matchAll(/"([^"]*)"|`([^`]*)`|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? ''));
}

/** The folder of the module that a package belongs to. */
export function upwards(folder: string, name: string, { context }: Reading): string | undefined {
  for (let at = folder; ; at = parentOf(at)) {
    if (context.entry(inFolder(at, name))?.type === 'file') return at;
    if (at === '') return undefined;
  }
}

/** Whether the module needs others that are not vendored. */
function readModule(folder: string, reading: Reading): boolean {
  const text = reading.read(inFolder(folder, 'go.mod'));
  if (text === undefined) return false;
  reading.add(inFolder(folder, 'go.sum'));
  if (isVendored(folder, reading)) return false;
  readReplaced(folder, text, reading);
  const excluded = new Set(listed(text, 'exclude'));
  const contradiction = listed(text, 'require').find((one) => excluded.has(one));
  // `go mod download` fails, `go get` and `go mod tidy` take the next version (tried with Go 1.19 and 1.23).
  if (contradiction !== undefined) reading.doubts.add(`go.mod requires ${contradiction} and excludes it`);
  const sums = reading.context.read(inFolder(folder, 'go.sum')) ?? '';
  const known = new Set(sums.split('\n').map((line) => line.replace(/\s+h1:.*$/, '')));
  // Its manifest was enough so far. `go mod download` fetches all of it, and fails where it is gone (tried with Go 1.19 and 1.23).
  const unneeded = listed(text, 'require').find((one) => known.has(`${one}/go.mod`) && !known.has(one));
  if (unneeded !== undefined) reading.doubts.add(`go.sum does not know ${unneeded}, which go.mod requires`);
  return /^\s*require\s*(?:\(|\S)/m.test(text);
}

/** https://go.dev/ref/mod#vendoring, of a workspace https://go.dev/doc/go1.22#go-command */
function isVendored(folder: string, { context }: Reading): boolean {
  return (
    context.entry(inFolder(folder, 'vendor/modules.txt')) !== undefined && !context.ignored(inFolder(folder, 'vendor'))
  );
}

/** `path version` of each line of a kind. */
function listed(text: string, kind: 'require' | 'exclude'): readonly string[] {
  const plain = text.replaceAll(/\/\/.*$/gm, '');
  const blocks = [...plain.matchAll(new RegExp(`^\\s*${kind}(?:\\s*\\(([^)]*)\\)|\\s+([^\\s(].*))`, 'gm'))];
  return blocks.flatMap(([, many, one]) =>
    (many ?? one ?? '').split('\n').flatMap((line) => line.trim().split(/\s+/).join(' ') || []),
  );
}

/** The modules of this repository that others are replaced by. */
function readReplaced(folder: string, text: string, reading: Reading): void {
  const plain = text.replaceAll(/\/\/.*$/gm, '');
  const absolute = /=>\s*["`]?(\/\S*|[A-Za-z]:\\\S*)/.exec(plain)?.[1];
  if (absolute !== undefined) reading.doubts.add(`a module is replaced by ${absolute}`);
  for (const match of plain.matchAll(/=>\s*["`]?(\.{1,2}(?:\/[^\s"`]*)?)(?![^\s"`])/g)) {
    const path = inFolder(folder, match[1] ?? '');
    if (leaves(folder, match[1] ?? '') || reading.context.entry(inFolder(path, 'go.mod')) === undefined)
      reading.doubts.add(`the module ${match[1]}, by which another is replaced, is not in the build context`);
    if (!reading.files.has(inFolder(path, 'go.mod'))) readModule(path, reading);
  }
}
