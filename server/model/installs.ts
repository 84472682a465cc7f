import {
  type CommandShape,
  type InstallKind,
  type PackageManager,
  packageManagers,
} from '../knowledge/package-managers.js';
import { createMemo } from '../syntax/memo.js';
import { parseShell, type ShellCommand, type ShellScript, type ShellWord } from '../syntax/shell.js';
import type { RunInstruction } from '../syntax/tree.js';
import { type Arguments, hasOption, readArguments } from './arguments.js';
import type { Build, Stage } from './build.js';
import { joinPath } from './path.js';

/** A command of a RUN that calls a package manager. */
export interface Install extends Arguments {
  readonly manager: PackageManager;
  readonly shape: CommandShape;
  /** That of the shape, but `build` where an operand is a folder or file of the project (`pip install .`). */
  readonly kind: InstallKind;
  readonly command: ShellCommand;
  readonly run: RunInstruction;
  readonly stage: Stage;
  /** Absolute folder whose project it works on: that of the shell, or the one an option names; undefined where it is not known. */
  readonly directory: string | undefined;
  /** Files that options and operands name, as written; undefined where an expansion decides. */
  readonly manifestArguments: readonly (string | undefined)[];
  /** Lifecycle scripts of the project itself may run: no option or variable forbids them. */
  readonly scripts: boolean;
  /** An option or variable has them run, whatever files with settings say. */
  readonly insistsOnScripts: boolean;
  /** An operand is a path (`./tool.deb`, `.`). */
  readonly local: boolean;
  /** Operands behind the words of the shape. */
  readonly rest: readonly ShellWord[];
}

const known = createMemo<Build, readonly Install[]>();
const knownIn = createMemo<RunInstruction, readonly Install[]>();
const knownInStage = createMemo<Stage, readonly Install[]>();

/** Every call of a package manager in the file's RUNs, in order, certain or not; kept per build. */
export function installsOf(build: Build): readonly Install[] {
  const found = known.get(build);
  if (found) return found;
  const installs = build.stages.flatMap((stage) => {
    const ofStage = stage.instructions.flatMap((one) => (one.keyword === 'RUN' ? readInstalls(build, stage, one) : []));
    knownInStage.set(stage, ofStage);
    return ofStage;
  });
  known.set(build, installs);
  return installs;
}

/** The calls of one RUN, the same objects as in `installsOf`. */
export function installsIn(build: Build, run: RunInstruction): readonly Install[] {
  installsOf(build);
  return knownIn.get(run) ?? [];
}

/** The calls of one stage, the same objects as in `installsOf`. */
export function installsInStage(build: Build, stage: Stage): readonly Install[] {
  installsOf(build);
  return knownInStage.get(stage) ?? [];
}

function readInstalls(build: Build, stage: Stage, run: RunInstruction): readonly Install[] {
  const installs = callsIn(build, stage, run);
  knownIn.set(run, installs);
  return installs;
}

function callsIn(build: Build, stage: Stage, run: RunInstruction): Install[] {
  const { cwd, shell } = build.stateBefore(run);
  const script = parseShell(build.file, run, shell);
  const installs: Install[] = [];
  let folders: ReturnType<typeof foldersOf> | undefined;
  const { commands } = script;
  for (let index = 0; index < commands.length; index++) {
    const command = commands[index];
    const call = command && callOf(command);
    if (!call) continue;
    folders ??= foldersOf(script, cwd, (word) => wordValue(build, run, word));
    const { options, operands, manager, shape, rest } = call;
    const asked = scriptsAsked(build, run, command, call);
    installs.push({
      options,
      operands,
      manager,
      shape,
      kind: kindOf(call, rest),
      command,
      run,
      stage,
      directory: directoryOf(call, folders[index]),
      manifestArguments: manifestsNamed(call, rest),
      scripts: asked !== false,
      insistsOnScripts: asked === true,
      local: rest.some(isPath),
      rest,
    });
  }
  return installs;
}

/** A word with the variables of the Dockerfile resolved; undefined where a command or an unknown variable decides. */
export function wordValue(build: Build, run: RunInstruction, word: ShellWord): string | undefined {
  if (word.value !== undefined) return word.value;
  return /\$\(|`/.test(word.text) ? undefined : build.expand(run, word.text);
}

interface Call extends Arguments {
  readonly manager: PackageManager;
  readonly shape: CommandShape;
  /** Operands behind the words of the shape. */
  readonly rest: readonly ShellWord[];
}

/** Programs that run another program which their first operand names. */
const runners = new Set(['npx', 'pnpx', 'bunx', 'corepack']);

/** What a command calls; undefined where it is no package manager, or a shape that the table does not have. */
export function callOf(command: Pick<ShellCommand, 'name' | 'args'>): Call | undefined {
  let { name, args } = command;
  if (!name) return undefined;
  if (runners.has(name)) {
    const at = args.findIndex((word) => !word.text.startsWith('-'));
    name = (args[at]?.value ?? '').replace(/@[^/]*$/, '');
    args = args.slice(at + 1);
  }
  const call = findCall(name, args);
  if (call || !endsInDigit.test(name)) return call;
  return findCall(name.replace(/-?\d+(?:\.\d+)*$/, ''), args);
}

const endsInDigit = /\d$/;

/** Managers by the names of their programs and of what launches them. */
const byProgram = new Map<string, PackageManager[]>();
for (const manager of packageManagers) {
  for (const name of new Set([...manager.programs, ...(manager.launchers ?? []).map(([program]) => program)])) {
    byProgram.set(name, [...(byProgram.get(name) ?? []), manager]);
  }
}

function findCall(name: string, args: readonly ShellWord[]): Call | undefined {
  const managers = byProgram.get(name);
  if (managers === undefined) return undefined;
  for (const manager of managers) {
    const words = wordsAfter(manager, name, args);
    if (!words) continue;
    const read = readArguments(manager, words);
    for (const shape of manager.commands) {
      const rest = restOf(shape, read);
      if (rest) return { options: read.options, operands: read.operands, manager, shape, rest };
    }
  }
  return undefined;
}

function wordsAfter(
  manager: PackageManager,
  name: string,
  args: readonly ShellWord[],
): readonly ShellWord[] | undefined {
  if (manager.programs.includes(name)) return args;
  const launcher = manager.launchers?.find(
    ([program, ...words]) => program === name && words.every((word, index) => args[index]?.value === word),
  );
  return launcher && args.slice(launcher.length - 1);
}

/** The operands behind the words of a shape; undefined where the shape does not fit. */
function restOf(shape: CommandShape, read: Arguments): readonly ShellWord[] | undefined {
  if (shape.with && !hasOption(read, shape.with)) return undefined;
  if (shape.without && hasOption(read, shape.without)) return undefined;
  for (const words of wordsOf(shape)) {
    if (!words.every((word, index) => read.operands[index]?.value === word)) continue;
    const rest = read.operands.slice(words.length).filter(({ value }) => !shape.paths || !isSwitch(value));
    if (shape.operands === 'none' && rest.length > 0) continue;
    if (shape.operands === 'some' && rest.length === 0) continue;
    return rest;
  }
  return undefined;
}

/** The value of an option that may also stand alone: `--self-contained true`. */
function isSwitch(value: string | undefined): boolean {
  return value === 'true' || value === 'false';
}

const split = new WeakMap<CommandShape, readonly (readonly string[])[]>();

/** `install|pkg add` word by word. */
function wordsOf(shape: CommandShape): readonly (readonly string[])[] {
  const known = split.get(shape);
  if (known) return known;
  const words = shape.words.split('|').map((alternative) => (alternative === '' ? [] : alternative.split(' ')));
  split.set(shape, words);
  return words;
}

function kindOf({ manager, shape }: Call, rest: readonly ShellWord[]): InstallKind {
  const ofProject = manager.manifests.length > 0 || manager.name === 'pip';
  if (!ofProject || shape.paths || shape.kind === 'index') return shape.kind;
  return rest.some(isPath) ? 'build' : shape.kind;
}

function isPath(word: ShellWord): boolean {
  const text = word.value ?? word.text;
  return /^(?:\.|\/|~|file:)|\.(?:whl|tgz|tar\.gz|gem|zip|deb|rpm|apk)$/.test(text);
}

function directoryOf({ manager, options }: Call, folder: string | undefined): string | undefined {
  const option = options.find(({ name }) => manager.directoryOptions?.includes(name));
  return option ? folderFrom(folder, option.value) : folder;
}

/** `path` seen from a folder; undefined where either decides and is not known. */
function folderFrom(folder: string | undefined, path: string | undefined): string | undefined {
  return path === undefined || (folder === undefined && !path.startsWith('/'))
    ? undefined
    : joinPath(folder ?? '/', path);
}

function manifestsNamed({ manager, shape, options }: Call, rest: readonly ShellWord[]): (string | undefined)[] {
  const named = options.filter(({ name }) => manager.manifestOptions?.includes(name)).map(({ value }) => value);
  return shape.paths ? [...named, ...rest.map((word) => word.value)] : named;
}

/** Whether lifecycle scripts are to run; undefined where neither an option nor a variable says so. */
function scriptsAsked(build: Build, run: RunInstruction, command: ShellCommand, call: Call): boolean | undefined {
  const option = call.options.findLast(({ name }) => /^--(?:no-)?ignore-scripts$/.test(name));
  if (option) return option.name.startsWith('--no-') || option.value === 'false' || option.word.value === undefined;
  if (hasOption(call, ['--no-scripts', '--mode=skip-build'])) return false;
  const variables = ['npm_config_ignore_scripts', 'NPM_CONFIG_IGNORE_SCRIPTS', 'YARN_ENABLE_SCRIPTS'];
  const asked = variables.flatMap((name) => {
    const own = command.assignments.find((assignment) => assignment.name === name)?.value;
    const value = own ?? build.variable(run, name);
    return value === undefined ? [] : (name === 'YARN_ENABLE_SCRIPTS') !== /^(?:false|0)$/.test(value);
  });
  return asked.length === 0 ? undefined : !asked.includes(false);
}

/** `go mod tidy`, `go get`: looks at all packages and compiles none. */
export function onlyLoads({ manager, operands }: Install): boolean {
  return manager.name === 'go' && /^(?:mod|get|list|work)$/.test(operands[0]?.value ?? '');
}

/** Whether it works with what an earlier command has downloaded, and fails where that is gone. */
export function worksOffline(install: Install): boolean {
  const { manager, shape, options } = install;
  return (
    shape.offline === true ||
    hasOption(install, manager.offlineOptions ?? ['--offline']) ||
    options.some(({ name, value }) => name === '-mod' && value === 'vendor')
  );
}

/** The working folder of each command of a script; undefined behind a `cd` that cannot be followed. */
export function foldersOf(
  script: ShellScript,
  start: string | undefined,
  resolve: (word: ShellWord) => string | undefined,
): readonly (string | undefined)[] {
  const folders: (string | undefined)[] = [];
  const stack: (string | undefined)[] = [start];
  for (const command of script.commands) {
    const { depth } = command;
    while (stack.length > depth + 1) stack.pop();
    while (stack.length <= depth) stack.push(stack.at(-1));
    if (depth > 0 && command.previous === undefined) stack[depth] = stack[depth - 1];
    const here = stack[depth];
    folders.push(here);
    if (command.name === 'cd' || command.name === 'pushd') stack[depth] = folderAfter(command, here, resolve);
    if (command.name === 'popd') stack[depth] = undefined;
  }
  return folders;
}

function folderAfter(
  command: ShellCommand,
  here: string | undefined,
  resolve: (word: ShellWord) => string | undefined,
): string | undefined {
  const target = command.args.find((word) => !/^-[LPe@]*$/.test(word.text) || word.text === '-');
  const path = target && resolve(target);
  return command.certain && path !== '-' && !path?.startsWith('~') ? folderFrom(here, path) : undefined;
}
