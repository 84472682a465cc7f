import type { Mount } from '../syntax/mounts.js';
import { parseShell, type ShellCommand, type ShellScript, type ShellWord } from '../syntax/shell.js';
import type { Instruction, RunInstruction, TransferInstruction } from '../syntax/tree.js';
import type { Build, Stage } from './build.js';
import { cacheMountsOf, hasCacheMounts, isInside, stagesDown } from './caches.js';
import type { BuildContext } from './context.js';
import { destinationOf } from './destination.js';
import { foldersOf, wordValue } from './installs.js';
import { landingOf } from './landing.js';
import { joinPath } from './path.js';
import { contextTransfers } from './transfers.js';

/** What a RUN makes in a cache mount, and a step behind it that only takes it from there. */
export interface OutputNeed {
  readonly maker: RunInstruction;
  readonly mount: Mount;
  /** What is taken, absolute. */
  readonly path: string;
  /** A RUN that has the mount too, or a COPY from the stage, which has not. */
  readonly by: RunInstruction | TransferInstruction;
}

/** Programs that make nothing of what they are given. */
const bringing = new Set(
  'cp mv install strip upx ln rm mkdir rmdir chmod chown touch tar ls du file cat echo printf set cd test [ true :'.split(
    ' ',
  ),
);

/** Of these, what brings files from one place to another. */
const moving = new Set(['cp', 'mv', 'install']);

/** What needs all files that it is given, but for one that `-o` names. */
const changing = new Set(['strip', 'upx', 'cat']);

/** What leaves everything as it is. */
const looking = new Set(['ls', 'du', 'file', 'echo', 'printf', 'set', 'cd', 'test', '[', 'true', ':']);

/** Programs that put nothing of the project into the image. */
const installing = new Set('apt-get apt apk dnf yum microdnf zypper pacman rustup corepack'.split(' '));

/** Where base images and installers put files, corepack and rustup too. */
const systemFolders = /^\/(?:bin|etc|go|home|lib\w*|opt|root|sbin|usr|var)\//;

/** In the order of the steps that need something. */
export function outputNeedsOf(build: Build, context: BuildContext | undefined): readonly OutputNeed[] {
  if (!hasCacheMounts(build)) return [];
  return build.stages.flatMap((stage) => [...needsOfRuns(build, stage), ...needsOfCopies(build, context, stage)]);
}

function needsOfRuns(build: Build, stage: Stage): OutputNeed[] {
  const makers = new Map<string, Pick<OutputNeed, 'maker' | 'mount'>>();
  return stage.instructions.flatMap((by): OutputNeed[] => {
    if (by.keyword !== 'RUN') return [];
    return ownMounts(build, by).flatMap(({ mount, target }): OutputNeed[] => {
      const key = `${target} ${mount.id}`;
      const script = scriptOf(build, by);
      if (!callsOnly(script, bringing)) {
        makers.set(key, { maker: by, mount });
        return [];
      }
      const made = makers.get(key);
      const path = made && namedIn(build, by, script, target);
      return made && path !== undefined ? [{ ...made, path, by }] : [];
    });
  });
}

/** `COPY --from=build /app/target/release/app …`, where `/app/target` was a mount whenever something was made there. */
function needsOfCopies(build: Build, context: BuildContext | undefined, stage: Stage): OutputNeed[] {
  return stage.instructions.flatMap((by): OutputNeed[] => {
    const from = by.keyword === 'COPY' && by.flags.find(({ name }) => name === 'from')?.value;
    const giver = from ? build.stageByReference(build.expand(by, from) ?? '') : undefined;
    if (by.keyword !== 'COPY' || !giver) return [];
    return by.sources.flatMap(({ text }): OutputNeed[] => {
      const source = build.expand(by, text);
      if (source === undefined || /[*?[$]/.test(source)) return [];
      const path = joinPath('/', source);
      const made = makerOf(build, context, giver, path);
      return made ? [{ ...made, path, by }] : [];
    });
  });
}

/** The RUN that may have made the path in its mount; undefined where something may have put it into the image. */
function makerOf(
  build: Build,
  context: BuildContext | undefined,
  giver: Stage,
  path: string,
): Pick<OutputNeed, 'maker' | 'mount'> | undefined {
  const chain = stagesDown(giver);
  const copied = contextTransfers(build).some((one) => {
    const landing = chain.includes(one.stage) && context ? landingOf(build, context, one) : undefined;
    const place = landing?.contextPathOf(path);
    return place !== undefined && context?.entry(place) !== undefined && !context.ignored(place);
  });
  let found: Pick<OutputNeed, 'maker' | 'mount'> | undefined;
  if (copied) return undefined;
  for (const one of chain.flatMap(({ instructions }) => instructions)) {
    if (one.keyword === 'ONBUILD') return undefined;
    if (bringsOthers(one) && mayLandAt(build, one, path)) return undefined;
    if (one.keyword !== 'RUN') continue;
    const over = ownMounts(build, one).find(({ target }) => target !== path && isInside(path, target));
    const script = scriptOf(build, one);
    if (!over && !callsOnly(script, installing)) return undefined;
    if (!over || callsOnly(script, bringing)) continue;
    if (!isOfProject(build, one, path)) return undefined;
    found ??= { maker: one, mount: over.mount };
  }
  return found;
}

/** In the working folder, or at least where no image and no installer puts anything. */
function isOfProject(build: Build, run: RunInstruction, path: string): boolean {
  const { cwd = '/' } = build.stateBefore(run);
  return (cwd !== '/' && isInside(path, cwd)) || !systemFolders.test(path);
}

/** It brings what is not, or not so, in the context: files of a stage, an address, an archive, or texts of the Dockerfile. */
function bringsOthers(one: Instruction): one is TransferInstruction {
  if (one.keyword !== 'COPY' && one.keyword !== 'ADD') return false;
  const isFetched =
    one.keyword === 'ADD' &&
    one.sources.some(({ text }) => /:\/\/|^git@|\.(?:t[a-z0-9]{2,3}|[gx]z|bz2|zst)\b|\$/.test(text));
  return isFetched || one.heredocs.length > 0 || one.flags.some(({ name }) => name === 'from');
}

/** Its destination holds the path, or lies in it; true where that is not known. */
function mayLandAt(build: Build, copy: TransferInstruction, path: string): boolean {
  const target = destinationOf(build, copy);
  return target === undefined || isInside(target, path) || isInside(path, target);
}

/** Those that start empty, at known places. */
function ownMounts(build: Build, run: RunInstruction): { readonly mount: Mount; readonly target: string }[] {
  return cacheMountsOf(build, run).flatMap(({ mount, target }) =>
    target === undefined || mount.from !== undefined ? [] : [{ mount, target }],
  );
}

function scriptOf(build: Build, run: RunInstruction): ShellScript {
  return parseShell(build.file, run, build.stateBefore(run).shell);
}

function callsOnly({ commands, complete, language }: ShellScript, names: ReadonlySet<string>): boolean {
  return complete && language === 'shell' && commands.every(({ name }) => name !== undefined && names.has(name));
}

/** What the script cannot do without in the folder, absolute: the first such word, where it puts nothing there itself before. */
function namedIn(build: Build, run: RunInstruction, script: ShellScript, folder: string): string | undefined {
  if (script.commands.some(({ joinedBy }) => joinedBy === '||')) return undefined;
  const resolve = (word: ShellWord) => wordValue(build, run, word);
  const folders = foldersOf(script, build.stateBefore(run).cwd, resolve);
  for (const [index, command] of script.commands.entries()) {
    const taken = takenBy(command);
    const written = command.redirects.flatMap(({ operator, target }) => (operator.includes('>') && target) || []);
    for (const word of [...written, ...command.args]) {
      const [value, cwd] = [resolve(word), folders[index]];
      if (value === undefined || value.startsWith('-') || (cwd === undefined && !value.startsWith('/'))) continue;
      const path = joinPath(cwd ?? '/', value);
      if (!isInside(path, folder)) continue;
      if (taken.includes(word)) {
        if (path !== folder) return path;
      } else if (written.includes(word) || !looking.has(command.name ?? '')) return undefined;
    }
  }
  return undefined;
}

/** Words without whose files a command fails, and the RUN with it: of `cp` and its like all but the destination. */
function takenBy({ name = '', args, certain }: ShellCommand): readonly ShellWord[] {
  if (!certain) return [];
  if (changing.has(name)) return args.some(({ text }) => text.startsWith('-o')) ? [] : args;
  if (!moving.has(name)) return [];
  if (args.some(({ text }) => /^(?:-[a-zA-Z]*[dt]|--directory|--target-directory)/.test(text))) return [];
  const operands = args.filter(({ text }) => !text.startsWith('-'));
  return operands.slice(0, -1);
}
