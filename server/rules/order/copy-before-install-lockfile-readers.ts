import type { Build, Stage } from '../../model/build.js';
import { leavesAlone } from '../../model/effects.js';
import { foldersOf, wordValue } from '../../model/installs.js';
import { berryIn } from '../../model/manifests/berry.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { mountsOf } from '../../syntax/mounts.js';
import { parseShell, type ShellCommand, type ShellWord } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import type { Defect } from './copy-before-install-find.js';

type Asks = (command: ShellCommand) => boolean;

/**
 * Whether a command that comes after the sources may look at the lockfile which they bring to `place` of the stage. What runs a script
 * or a tool of a Node project does not, but for Yarn 2 and later. `isCut`: of the RUN of the install the commands behind it come after
 * the sources too.
 */
export function isLockfileRead(build: Build, defect: Defect, place: string, isCut: boolean): boolean {
  const { stage, run, command } = defect.install;
  const asks = askerFor(build, defect);
  for (const one of build.stages) {
    const isBuiltFrom = isOrLiesAbove(one, stage);
    for (const instruction of one.instructions) {
      if (instruction.keyword !== 'RUN') continue;
      if (mounts(build, instruction, stage, place)) return true;
      if (!isBuiltFrom || (one === stage && instruction.index < run.index)) continue;
      const after = instruction !== run ? 'all' : isCut ? command : undefined;
      if (after && hasReader(build, instruction, after, asks, place)) return true;
    }
  }
  return false;
}

/** Of the commands of a RUN, all or those behind one of them, one asks for the file in `place`. */
function hasReader(build: Build, run: RunInstruction, after: ShellCommand | 'all', asks: Asks, place: string): boolean {
  const { cwd, shell } = build.stateBefore(run);
  const script = parseShell(build.file, run, shell);
  const resolve = (word: ShellWord) => wordValue(build, run, word);
  const folders = foldersOf(script, cwd, resolve);
  const start = after === 'all' ? 0 : script.commands.indexOf(after) + 1;
  return script.commands.some(
    (one, at) => at >= start && asks(one) && !leavesAlone(one, folders[at], (path) => path === place, resolve),
  );
}

function mounts(build: Build, run: RunInstruction, stage: Stage, place: string): boolean {
  return mountsOf(build.file, run).mounts.some(
    ({ from, source }) =>
      from !== undefined &&
      isOrLiesAbove(build.stageByReference(from), stage) &&
      (/\$/.test(source ?? '') || relativeTo(joinPath('/', source ?? '/'), place) !== undefined),
  );
}

/** Words with which the package managers of Node resolve, list or check dependencies. */
const resolving =
  /^(?:ci|i|ins?|install|isntall|clean-install|ic|install-clean|install-test|it|cit|add|a|remove|rm|uninstall|un|update|up|upgrade|prune|dedupe|ddp|deploy|rebuild|fetch|import|audit|shrinkwrap|sbom|list|ls|ll|la|why|explain|query|outdated|licenses|focus|check|pm|link|ln|turbo|nx|lerna)$/;

/** They run what nobody sees here. */
const runners = /^(?:make|just|task|sh|bash|ash|zsh|dash|turbo|nx|lerna|rush|wireit|\S+\.sh)$/;

/** Programs that look at the lockfile of their package manager, most of them each time. */
const programs: ReadonlyMap<string, RegExp> = new Map([
  ['deno', /^deno$/],
  ['pipenv', /^pipenv$/],
  ['pdm', /^pdm$/],
  ['uv', /^uvx?$/],
  ['cpan', /^(?:carton|cpm)$/],
  ['mix', /^(?:mix|iex|elixir)$/],
  ['pub', /^(?:dart|flutter|pub)$/],
  ['shards', /^shards$/],
]);

/** Which commands may ask for the lockfile of the install. */
function askerFor(build: Build, { install, project }: Defect): Asks {
  const { name } = install.manager;
  // With bin/rails or `require 'bundler/setup'` any program does.
  if (name === 'bundler') return () => true;
  const isRunner = ({ name: program, args, nameSpan }: ShellCommand) =>
    program === undefined ||
    (runners.test(program) && !args.some(({ text }) => /^-[a-z]*c$/.test(text))) ||
    /^\.{0,2}\/(?!.*node_modules)/.test(build.file.text.slice(nameSpan.start, nameSpan.end));
  const own = programs.get(name);
  if (own) return (command) => isRunner(command) || own.test(command.name ?? '');
  const isBerry = name === 'yarn' && project !== undefined && berryIn(project) !== undefined;
  const resolves = ({ name: program, args }: ShellCommand) => {
    if (!/^(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|bun|bunx|corepack)$/.test(program ?? '')) return false;
    const isYarn = /^yarn/.test(program ?? '');
    return (
      (isBerry && isYarn) ||
      (isYarn && args.every(({ text }) => text.startsWith('-'))) ||
      args.some(({ text }) => resolving.test(text))
    );
  };
  return (command) => isRunner(command) || resolves(command);
}

/** The stage itself, or one that is built from it. */
export function isOrLiesAbove(stage: Stage | undefined, other: Stage): boolean {
  for (let at = stage; at; at = at.base.kind === 'stage' ? at.base.stage : undefined) if (at === other) return true;
  return false;
}
