import type { Build } from '../../model/build.js';
import { stagesDown } from '../../model/caches.js';
import type { BuildContext } from '../../model/context.js';
import { areasMeet, entry } from '../../model/effects/area.js';
import { runEffects } from '../../model/effects/run-effects.js';
import { callOf, type Install } from '../../model/installs.js';
import type { Landing } from '../../model/landing.js';
import { joinPath } from '../../model/path.js';
import { parseShell, type ShellCommand } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import type { Stubs } from './cargo-stubs.js';

/** What the RUNs before a build may have put where a step would make and remove stubs. */
export interface Earlier {
  readonly doubts: readonly string[];
  /** `cargo new` has made folders, which hold just what the sources replace. */
  readonly makesFolders: boolean;
}

/** Undefined where something would be lost that the sources do not bring back. RUNs behind the sources are none of these: nothing passes them. */
export function earlierRuns(
  build: Build,
  { run, stage }: Install,
  context: BuildContext,
  landings: readonly Landing[],
  stubs: Stubs,
): Earlier | undefined {
  const doubts: string[] = [];
  let makesFolders = false;
  for (const one of stagesDown(stage)) {
    for (const earlier of one.instructions) {
      if (earlier.keyword !== 'RUN' || earlier.index >= run.index) continue;
      const made = filesOfNewProject(build, earlier);
      if (made) {
        const inside = made.filter((path) => stubs.areas.some((area) => areasMeet(area, entry(path))));
        if (!inside.every((path) => stubs.files.has(path))) return undefined;
        makesFolders ||= inside.length > 0;
        continue;
      }
      const before = landings.filter(({ transfer }) => transfer.instruction.index < earlier.index);
      const effects = runEffects(build, one, earlier, context, one === stage ? before : []);
      if (effects.unknown === undefined) {
        const touched = [...effects.writes, ...effects.folders.map(entry)];
        if (one !== stage && touched.some((area) => stubs.areas.some((own) => areasMeet(own, area)))) return undefined;
      } else if (!isHarmless(build, earlier))
        doubts.push(
          `\`${effects.command.replace(/\s+/g, ' ').slice(0, 40)}\` may make what the step makes and removes`,
        );
    }
  }
  return { doubts: [...new Set(doubts)], makesFolders };
}

/** What `cargo new` writes where a target lies (https://doc.rust-lang.org/cargo/commands/cargo-new.html); undefined for other RUNs. */
function filesOfNewProject(build: Build, run: RunInstruction): readonly string[] | undefined {
  const { commands } = parseShell(build.file, run, build.stateBefore(run).shell);
  const [command, other] = commands;
  const { cwd } = build.stateBefore(run);
  if (!command || other || command.name !== 'cargo' || cwd === undefined) return undefined;
  const words = command.args.map(({ value }) => value);
  const [verb, ...rest] = words.filter(
    (word) => word === undefined || !/^(?:--bin|--lib|-q|--quiet|--vcs=none)$/.test(word),
  );
  if ((verb !== 'new' && verb !== 'init') || rest.length > 1 || rest.includes(undefined) || rest[0]?.startsWith('-'))
    return undefined;
  if (verb === 'new' && rest.length === 0) return undefined;
  return [joinPath(joinPath(cwd, rest[0] ?? '.'), words.includes('--lib') ? 'src/lib.rs' : 'src/main.rs')];
}

/** It installs programs or toolchains, far from any project. */
function isHarmless(build: Build, run: RunInstruction): boolean {
  const script = parseShell(build.file, run, build.stateBefore(run).shell);
  const installsRust = /\bsh\.rustup\.rs\b/.test(run.text);
  return (
    script.complete && script.commands.length > 0 && script.commands.every((one) => isOfToolchain(one, installsRust))
  );
}

function isOfToolchain(command: ShellCommand, installsRust: boolean): boolean {
  const { name, args, redirects } = command;
  if (
    redirects.some(
      ({ operator, target }) =>
        operator.includes('>') && target?.value !== '/dev/null' && !/^\d$|&/.test(target?.value ?? '&'),
    )
  )
    return false;
  const call = callOf(command);
  if (call?.manager.name === 'cargo' && call.shape.kind === 'packages')
    return !args.some(({ text }) => /^(?:--target-dir|--root|--path)/.test(text));
  if (installsRust && /^(?:curl|wget|sh|bash)$/.test(name ?? '')) return true;
  if (name === 'cargo') return args.length === 1 && /^(?:--version|-V)$/.test(args[0]?.text ?? '');
  return /^(?:rustup|rustc|set|export|true|echo|uname|apt-get|apk|cd)$/.test(name ?? '');
}
