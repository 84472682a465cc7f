import { createMemo } from '../../syntax/memo.js';
import { parseShell } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import type { Build, Stage } from '../build.js';
import { effectiveUser, stagesDown } from '../caches.js';
import type { Landing } from '../landing.js';
import { joinPath } from '../path.js';
import { type Area, entry, isSystem, tree } from './area.js';
import { homeOption } from './home-option.js';

/** The home folder of the user of a RUN; undefined where the base image or a variable decides. */
export function homeOf(build: Build, stage: Stage, run: RunInstruction): string | undefined {
  const user = effectiveUser(build, run, stage);
  if (user?.home !== undefined || user === undefined) return user?.home;
  if (/^\d+$/.test(user.name)) return undefined;
  return homeOfMade(build, stage, run, user.name);
}

/** The home of a user that an earlier RUN makes. */
function homeOfMade(build: Build, stage: Stage, before: RunInstruction, user: string): string | undefined {
  for (const { index, texts } of stagesDown(stage).flatMap((one) => callsMaking(build, one))) {
    if (index >= before.index || !texts.includes(user)) continue;
    if (texts.includes(undefined)) return undefined;
    const given = homeOption(texts);
    if (given !== undefined) return given.startsWith('/') ? given : undefined;
    return `/home/${user}`;
  }
  return undefined;
}

interface Call {
  /** Of its RUN. */
  readonly index: number;
  readonly texts: readonly (string | undefined)[];
}

const known = createMemo<Stage, readonly Call[]>();

/** The calls in a stage that make users. */
function callsMaking(build: Build, stage: Stage): readonly Call[] {
  const calls =
    known.get(stage) ?? stage.instructions.flatMap((one) => (one.keyword === 'RUN' ? callsIn(build, one) : []));
  known.set(stage, calls);
  return calls;
}

function callsIn(build: Build, run: RunInstruction): readonly Call[] {
  return parseShell(build.file, run, build.stateBefore(run).shell)
    .commands.filter(({ name }) => name === 'useradd' || name === 'adduser')
    .map(({ args }) => ({ index: run.index, texts: args.map(({ value }) => value) }));
}

/** Folders below a home in which package managers keep what they need. */
export const homeFolders =
  '.npm .cache .config .local .bun .yarn .yarnrc .pnpm-store .bundle .gem .composer .pki .nuget .dotnet .templateengine .m2 .swiftpm'.split(
    ' ',
  );

/** Settings in a home that package managers and the programs that they call read. */
const homeSettings =
  '.npmrc .yarnrc .yarnrc.yml .bunfig.toml .netrc .gitconfig .ssh .curlrc .wgetrc .node-gyp .pip .pydistutils.cfg .pypirc .gemrc .condarc .gradle .cargo .profile .bashrc .bash_profile go'.split(
    ' ',
  );

const inHomes = new Set([...homeFolders, ...homeSettings]);

/**
 * A sent file or folder, other than those that are `read` anyway, that would be part of a home if some folder of the sources were it;
 * undefined where it makes no difference which folder is the home. `more` are names that count as well.
 */
export function strayHomeFile(
  landings: readonly Landing[],
  read: ReadonlySet<string>,
  more: readonly string[] = [],
): string | undefined {
  for (const { taken } of landings)
    for (const { path } of taken.entries) {
      const names = path.split('/');
      const at = names.findIndex((name) => inHomes.has(name) || more.includes(name));
      if (at !== -1 && !read.has(path)) return names.slice(0, at + 1).join('/');
    }
  return undefined;
}

/** Settings in a home outside of the system, where a project may have files of these names. */
export function settingsInHome(home: string | undefined): readonly Area[] {
  if (home === undefined || isSystem(entry(joinPath(home, '.cache')))) return [];
  return homeSettings.filter((name) => name.startsWith('.')).map((name) => tree(joinPath(home, name)));
}
