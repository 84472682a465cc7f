import { distributionManagers } from '../../knowledge/known-commands.js';
import type { Build, Stage } from '../../model/build.js';
import { foldersOf, wordValue } from '../../model/installs.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { parseShell, type ShellCommand } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import { removing } from './removing.js';

/** Where Cargo leaves what it fetched and compiled. Paths of the image. */
export interface Leftovers {
  readonly target: string;
  /** Folder below `target` in which the finished programs lie. */
  readonly folder: string;
  /** `CARGO_HOME` */
  readonly home: string;
}

/** https://doc.rust-lang.org/cargo/reference/build-cache.html: all else there is a finished program or library. */
const kept = new Set(['deps', 'build', '.fingerprint', 'examples', 'incremental', '.cargo-lock']);

/**
 * A file that the build writes whatever was there: after `cargo clean -p` of all packages of the repository that folder holds none (tried
 * with Cargo 1.95).
 */
export function isFinished({ target, folder }: Leftovers, path: string): boolean {
  const name = relativeTo(joinPath(target, folder), path);
  return name !== undefined && name !== '' && !kept.has(name.split('/')[0] ?? '');
}

/** RUNs of the stage, or of one built from it, that come with or after the one at an index. */
function laterRuns(build: Build, stage: Stage, index: number): readonly RunInstruction[] {
  const heirs = new Set([stage]);
  for (const one of build.stages) if (one.base.kind === 'stage' && heirs.has(one.base.stage)) heirs.add(one);
  return [...heirs].flatMap(({ instructions }) =>
    instructions.flatMap((one) => (one.keyword === 'RUN' && one.index >= index ? [one] : [])),
  );
}

/** What the step leaves stays in its layer: an image that holds it would grow. */
export function removesLater(build: Build, { index }: RunInstruction, stage: Stage): boolean {
  return laterRuns(build, stage, index).some(({ text }) => removing.test(text));
}

/** Some RUN with or behind the build may take more of these folders than finished programs. */
export function looksInto(build: Build, { index }: RunInstruction, stage: Stage, left: Leftovers): boolean {
  return laterRuns(build, stage, index).some((run) => {
    const script = parseShell(build.file, run, build.stateBefore(run).shell);
    if (script.language === 'none' || !script.complete || run.heredocs.length > 0) return true;
    const folders = foldersOf(script, build.stateBefore(run).cwd, (word) => wordValue(build, run, word));
    return script.commands.some((command, at) => mayTake(build, run, command, folders[at], left));
  });
}

/** Programs that take nothing of the files that they are told of; of Cargo's own it is known where it leaves what. */
const harmless = new Set(
  ': true set cd mkdir echo printf export test [ chmod chown chgrp strip upx rm rmdir touch adduser addgroup useradd groupadd usermod setcap ldconfig update-ca-certificates rustup cargo rustc apt-mark which id whoami date'.split(
    ' ',
  ),
);
/** Programs that touch just the files that their words name. */
const naming = new Set(
  'cp mv ln install ls du find cat stat file ldd head tail sha256sum sha1sum md5sum tar zip gzip objcopy readelf'.split(
    ' ',
  ),
);

function mayTake(
  build: Build,
  run: RunInstruction,
  command: ShellCommand,
  folder: string | undefined,
  left: Leftovers,
): boolean {
  const { name } = command;
  if (name === '' || name === undefined) return name === undefined;
  if (name === 'cargo')
    return !/^(?:build|b|install|test|t|check|c|clean|fetch|strip|--version|-V)$/.test(command.args[0]?.text ?? '');
  if (harmless.has(name) || distributionManagers.has(name)) return false;
  if (!naming.has(name)) return true;
  const words = command.args.filter(({ text }) => !text.startsWith('-'));
  const isInto = /^(?:cp|mv|ln|install)$/.test(name) && words.length > 1;
  const sources = isInto ? words.slice(0, -1) : words;
  if (sources.length === 0) return true;
  return sources.some((word) => {
    const value = wordValue(build, run, word);
    return value === undefined || folder === undefined || holds(joinPath(folder, value), left);
  });
}

/** The path is one of what is left, or of a folder in which it lies. */
function holds(path: string, left: Leftovers): boolean {
  const wild = path.search(/[*?[{~]/);
  const place = wild === -1 ? path : path.slice(0, path.lastIndexOf('/', wild)) || '/';
  if (wild === -1 && isFinished(left, path)) return false;
  const own = [left.target, ...['registry', 'git'].map((name) => joinPath(left.home, name))];
  return own.some((one) => relativeTo(one, place) !== undefined || relativeTo(place, one) !== undefined);
}
