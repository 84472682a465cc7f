import type { ShellWord } from '../../syntax/shell.js';
import { joinPath } from '../path.js';
import { type Area, tree } from './area.js';

/** What counts as known: only what surely is so, or also what is so unless a caveat applies. */
export type Acceptance = 'proved' | 'likely';

/** What one command of a RUN does, as far as it is known. */
export interface CommandEffects {
  readonly reads: readonly Area[];
  readonly writes: readonly Area[];
  /** Folders that it makes where they are not there. */
  readonly folders: readonly string[];
  readonly system: boolean;
  /** It may put something into folders that web servers serve: see `isWeb`. */
  readonly web: boolean;
  readonly accounts: 'none' | 'adds' | 'writes';
  readonly network: boolean;
  /** Why the rest is not known, as the end of a sentence that begins with the command: "may read any file". */
  readonly unknown: string | undefined;
  /** Of `writes` those that matter only where a COPY has something there now; none unless `Acceptance` is `likely`. */
  readonly loose: readonly Area[];
  /** Files that it would read if they were there: manifests and settings of an install, wherever they come from. */
  readonly looksFor: readonly Area[];
  /** Lockfiles that it may write anew; of `writes` where nothing else is said of them. */
  readonly rewrites: readonly string[];
  /** Folders of which it is only known what it reads of the build context. */
  readonly projects: readonly Area[];
  /** What might differ if it ran before a COPY that it stands behind, as sentences; see `loose`. */
  readonly caveats: readonly string[];
  /**
   * It heeds no variables but those it names and those of the shell; of `most` all but those that tell it what is built, and of
   * `probably-most` too unless a caveat applies.
   */
  readonly variables: 'named' | 'most' | 'probably-most' | 'any';
}

/** What a command can be asked with. */
export interface CommandSetting {
  /** Working folder; undefined where it is not known. */
  readonly folder: string | undefined;
  readonly home: string | undefined;
  readonly acceptance: Acceptance;
  /** The project of the working folder has the lockfile of the first Yarn, and nothing there asks for a later one. */
  readonly classicYarn: () => boolean;
  /** Value of a word with the Dockerfile's variables; undefined where something else decides. */
  resolve(word: ShellWord): string | undefined;
}

/** Touches nothing. */
export const nothing: CommandEffects = {
  reads: [],
  writes: [],
  folders: [],
  system: false,
  web: false,
  accounts: 'none',
  network: false,
  unknown: undefined,
  loose: [],
  looksFor: [],
  rewrites: [],
  projects: [],
  caveats: [],
  variables: 'named',
};

/** Reads and writes what it likes. */
export const mayDoAnything: CommandEffects = {
  ...nothing,
  system: true,
  web: true,
  accounts: 'writes',
  network: true,
  unknown: 'may read or write any file',
  variables: 'any',
};

/** The area that a word names, of one with wildcards the folder that holds what it may match; undefined where it is not known. */
export function areaOf(
  value: string | undefined,
  folder: string | undefined,
  home: string | undefined,
  written = '',
): Area | undefined {
  let text = value;
  if (text === undefined && home !== undefined) {
    const inHome = /^"?\$(?:HOME|\{HOME\})"?((?:\/[\w./-]*)?)"?$/.exec(written);
    if (inHome) text = `${home}${inHome[1]}`;
  }
  if (text === undefined) return undefined;
  if (/^~(?=\/|$)/.test(text)) {
    if (home === undefined) return undefined;
    text = `${home}${text.slice(1)}`;
  } else if (text.startsWith('~')) return undefined;
  const wild = text.search(/[*?[{]/);
  if (wild !== -1) text = text.slice(0, text.lastIndexOf('/', wild) + 1) || '.';
  const path = pathIn(folder, text);
  return path === undefined ? undefined : tree(path);
}

function pathIn(folder: string | undefined, text: string): string | undefined {
  return folder === undefined && !text.startsWith('/') ? undefined : joinPath(folder ?? '/', text);
}
