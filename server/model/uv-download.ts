import { parseToml, stringsOf, tableAt, tablesIn } from '../syntax/toml.js';
import type { Build } from './build.js';
import type { BuildContext } from './context.js';
import { type Install, wordValue } from './installs.js';
import type { Landing } from './landing.js';
import { hasLocal } from './manifests/python-project.js';
import { joinPath } from './path.js';

/**
 * The words by which uv installs what a project depends on, in place of those by which `uv pip install .` names the project; undefined
 * where that may install anything else. uv marks all that it installs as asked for (`REQUESTED`), so that the files are the same:
 * https://github.com/astral-sh/uv/blob/main/crates/uv-install-wheel/src/install.rs. It reads a static list of dependencies without a
 * build: https://docs.astral.sh/uv/pip/packages/#installing-packages-from-files
 */
export function uvDownload(
  build: Build,
  install: Install,
  landings: readonly Landing[],
  context: BuildContext,
): string | undefined {
  const { manager, kind, shape, options, rest, directory, command, run } = install;
  if (manager.name !== 'uv' || kind !== 'build' || !/^pip install/.test(shape.words) || directory === undefined)
    return undefined;
  if (options.some(({ name, word }) => !known.test(name) && !known.test(word.text))) return undefined;
  if (/\bUV_(?:CONSTRAINT|OVERRIDE|EXCLUDE|NO_DEPS|BUILD_CONSTRAINT|PROJECT|WORKING_DIR)/.test(build.file.text))
    return undefined;
  const editable = options.find(({ name }) => name === '-e' || name === '--editable');
  const words = [...rest, ...(editable ? [editable.word] : [])];
  const text = editable ? editable.value : rest[0] && wordValue(build, run, rest[0]);
  const [, path, extras = ''] = /^([\w./-]+?)(?:\[([\w,.\s-]+)\])?$/.exec(text ?? '') ?? [];
  if (words.length !== 1 || path === undefined) return undefined;
  const manifest = `${path.replace(/\/*$/, '/').replace(/^(?:\.\/)+/, '')}pyproject.toml`;
  const place = joinPath(joinPath(directory, path), 'pyproject.toml');
  const source = landings.toReversed().flatMap((landing) => landing.contextPathOf(place) ?? [])[0];
  const toml = source === undefined ? undefined : context.read(source);
  if (toml === undefined || !isStatic(toml)) return undefined;
  const asked = extras.split(',').flatMap((extra) => (extra.trim() === '' ? [] : [`--extra ${extra.trim()}`]));
  const start = editable ? editable.word.span.start : (rest[0]?.span.start ?? 0);
  const end = editable ? endOfValue(command.args, editable.word) : (rest[0]?.span.end ?? 0);
  const own = build.file.text;
  const whole = `${own.slice(command.span.start, start)}${[`-r ${manifest}`, ...asked].join(' ')}${own.slice(end, command.span.end)}`;
  return /[\n\r]/.test(whole) ? undefined : whole;
}

function endOfValue(args: Install['command']['args'], word: Install['command']['args'][number]): number {
  const next = args[args.indexOf(word) + 1];
  return /^(?:-e|--editable)$/.test(word.text) && next ? next.span.end : word.span.end;
}

/** What says how uv goes about it, or where it installs. */
const known =
  /^(?:-e|--editable|--system|--no-cache|--no-cache-dir|-n|-q|--quiet|-v|--verbose|--compile-bytecode|--compile|--break-system-packages|--link-mode|--index-url|-i|--extra-index-url|--index|--index-strategy|--prerelease|--pre|--resolution|--no-progress|--native-tls|--cache-dir|--torch-backend|--color)(?:=.*)?$/;

/** The dependencies stand in the manifest, and none is a folder of the repository. */
function isStatic(text: string): boolean {
  const manifest = parseToml(text);
  if (!manifest) return false;
  const { name, dependencies, dynamic = [] } = tableAt(manifest, 'project');
  const left = stringsOf(dynamic);
  if (name === undefined || dependencies === undefined || !left) return false;
  if (left.some((key) => /dependencies|requires-python|name/.test(key))) return false;
  const sources = Object.values(tableAt(manifest, 'tool.uv.sources')).flatMap(tablesIn);
  return !hasLocal(manifest) && sources.every((one) => one.path === undefined && one.workspace === undefined);
}
