import { type LockedInstall, lockedInstalls } from '../../knowledge/locked-installs.js';
import type { Build } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import type { Install } from '../../model/installs.js';
import { joinPath } from '../../model/path.js';
import type { ProjectFiles } from '../../model/project-files.js';
import { parseShell, type ShellWord } from '../../syntax/shell.js';

/** What the table says of a command; undefined where it is none that could do better. `lockfile` is the lockfile's text. */
export function lockingOf(install: Install, lockfile: string | undefined): LockedInstall | undefined {
  const { manager, operands, options, kind, manifestArguments } = install;
  const isBerry = manager.name === 'yarn' && lockfile !== undefined && /^__metadata:/m.test(lockfile);
  const name = isBerry ? 'yarn-berry' : manager.name;
  if (
    kind === 'packages' ||
    kind === 'index' ||
    options.some((option) => /^(?:-g|--global|--help|--version)$/.test(option.name))
  )
    return undefined;
  if (manifestArguments.length > 0 && manager.name !== 'dotnet') return undefined;
  const words = operands.map(({ value }) => value ?? '').join(' ');
  const row = lockedInstalls.find(
    (one) =>
      one.manager === name &&
      one.words.some((word) => (word === '' ? words === '' : words === word || words.startsWith(`${word} `))),
  );
  if (!row) return undefined;
  // `cargo install NAME` and the like install something else than the project
  if (manager.name === 'cargo' && row.words.includes('install') && !options.some((option) => option.name === '--path'))
    return undefined;
  return row;
}

/** The words that say what the command does: `install`, `pub get`; none for a bare `yarn`. */
export function verbsOf({ operands }: Install, { words }: LockedInstall): readonly ShellWord[] {
  const given = operands.map(({ value }) => value ?? '').join(' ');
  const verb = words.find((word) => word !== '' && (given === word || given.startsWith(`${word} `)));
  return verb === undefined ? [] : operands.slice(0, verb.split(' ').length);
}

/** Where an install happens. */
export interface Surroundings {
  readonly build: Build;
  readonly context: BuildContext;
  readonly files: ProjectFiles;
}

/** Whether an option, a variable or a settings file decides already. */
export function isSettled(
  { build, context, files }: Surroundings,
  install: Install,
  { settled, variables, settings = [] }: LockedInstall,
): boolean {
  const { options, command, run, stage, directory } = install;
  if (options.some(({ name, word }) => settled.includes(name) || settled.includes(word.value ?? word.text)))
    return true;
  if (
    variables.some(
      (name) => command.assignments.some((one) => one.name === name) || build.variable(run, name) !== undefined,
    )
  )
    return true;
  if (configuredBefore(build, install)) return true;
  if (settings.length === 0 || directory === undefined) return false;
  return settings.some(({ file, pattern }) => {
    const found = files.suppliedTo(run, stage, joinPath(directory, file));
    return found !== undefined && pattern.test(context.read(found.path) ?? '');
  });
}

/** `bundle config set frozen true`, `export CI=1`, `npm config set package-lock false`, `yarn config set …` in a RUN above or the same. */
function configuredBefore(build: Build, install: Install): boolean {
  return commandsBefore(build, install).some((command) => {
    const words = [command.name, ...command.args.map(({ value, text }) => value ?? text)].join(' ');
    if (/^(?:bundle|bundler) config\b.*\b(?:frozen|deployment)\b/.test(words)) return true;
    if (/^(?:npm|yarn|pnpm) (?:config )?set\b.*(?:lock|immutable)/i.test(words)) return true;
    if (/^(?:export|)\s*(?:CI|BUNDLE_FROZEN|BUNDLE_DEPLOYMENT)=/.test(words)) return true;
    return (
      command.name === '' &&
      command.assignments.some(({ name }) => /^(?:CI|BUNDLE_FROZEN|BUNDLE_DEPLOYMENT)$/.test(name))
    );
  });
}

/** Whether a command before the install works on the lockfile or on a manifest: then it may be meant as it is. */
export function touchesFiles(build: Build, install: Install, lockfiles: readonly string[]): boolean {
  const names = [...lockfiles, ...install.manager.manifests.filter((name) => !name.includes('*'))];
  return commandsBefore(build, install).some(({ name, args, redirects }) => {
    if (/^(?:cat|ls|echo|test|\[)$/.test(name ?? '') && redirects.length === 0) return false;
    const words = [...args, ...redirects.flatMap(({ target }) => (target ? [target] : []))];
    if (name === 'npm' && words[0]?.value === 'pkg') return true;
    return words.some(({ value, text }) => names.some((file) => (value ?? text).includes(file)));
  });
}

/** RUNs above an install that are looked at. */
const mostRuns = 50;

function commandsBefore({ file, stateBefore }: Build, { run, stage, command }: Install) {
  const own = parseShell(file, run, stateBefore(run).shell).commands.filter(
    ({ span }) => span.start < command.span.start,
  );
  const above = stage.instructions.filter((one) => one.keyword === 'RUN' && one.index < run.index).slice(-mostRuns);
  return [
    ...above.flatMap((one) => (one.keyword === 'RUN' ? parseShell(file, one, stateBefore(one).shell).commands : [])),
    ...own,
  ];
}
