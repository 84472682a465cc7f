import type { Mount } from '../syntax/mounts.js';
import { parseShell, type ShellScript } from '../syntax/shell.js';
import type { RunInstruction, TransferInstruction } from '../syntax/tree.js';
import type { Build, Stage } from './build.js';
import { cacheMountsOf, isInside, stagesDown } from './caches.js';
import type { BuildContext } from './context.js';
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

/** Programs that put nothing of the project into the image. */
const installing = new Set('apt-get apt apk dnf yum microdnf zypper pacman rustup corepack'.split(' '));

/** In the order of the steps that need something. */
export function outputNeedsOf(build: Build, context: BuildContext | undefined): readonly OutputNeed[] {
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
    if ((one.keyword === 'COPY' || one.keyword === 'ADD') && one.flags.some(({ name }) => name === 'from')) {
      if (mayLandAt(build, one, path)) return undefined;
    }
    if (one.keyword !== 'RUN') continue;
    const over = ownMounts(build, one).find(({ target }) => target !== path && isInside(path, target));
    const script = scriptOf(build, one);
    if (!over && !callsOnly(script, installing)) return undefined;
    if (over && !callsOnly(script, bringing)) found ??= { maker: one, mount: over.mount };
  }
  return found;
}

/** Its destination holds the path, or lies in it; true where that is not known. */
function mayLandAt(build: Build, copy: TransferInstruction, path: string): boolean {
  const { cwd } = build.stateBefore(copy);
  const word = build.expand(copy, copy.destination?.text ?? '');
  if (word === undefined || (cwd === undefined && !word.startsWith('/'))) return true;
  const target = joinPath(cwd ?? '/', word);
  return isInside(target, path) || isInside(path, target);
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

/** The first word of a command that lies in the folder, absolute. */
function namedIn(build: Build, run: RunInstruction, script: ShellScript, folder: string): string | undefined {
  const resolve = (word: ShellScript['commands'][number]['args'][number]) => wordValue(build, run, word);
  const folders = foldersOf(script, build.stateBefore(run).cwd, resolve);
  for (const [index, { args }] of script.commands.entries()) {
    for (const word of args) {
      const [value, cwd] = [resolve(word), folders[index]];
      if (value === undefined || value.startsWith('-') || (cwd === undefined && !value.startsWith('/'))) continue;
      const path = joinPath(cwd ?? '/', value);
      if (path !== folder && isInside(path, folder)) return path;
    }
  }
  return undefined;
}
