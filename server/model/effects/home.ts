import { parseShell } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import type { Build, Stage } from '../build.js';
import { effectiveUser, stagesDown } from '../caches.js';

/** The home folder of the user of a RUN; undefined where the base image or a variable decides. */
export function homeOf(build: Build, stage: Stage, run: RunInstruction): string | undefined {
  const user = effectiveUser(build, run, stage);
  if (user?.home !== undefined || user === undefined) return user?.home;
  if (/^\d+$/.test(user.name)) return undefined;
  return homeOfMade(build, stage, run, user.name);
}

/** The home of a user that an earlier RUN makes. */
function homeOfMade(build: Build, stage: Stage, before: RunInstruction, user: string): string | undefined {
  for (const one of stagesDown(stage).flatMap(({ instructions }) => instructions)) {
    if (one.keyword !== 'RUN' || one.index >= before.index) continue;
    for (const { name, args } of parseShell(build.file, one, build.stateBefore(one).shell).commands) {
      if (name !== 'useradd' && name !== 'adduser') continue;
      const texts = args.map(({ value }) => value);
      if (!texts.includes(user)) continue;
      if (texts.includes(undefined)) return undefined;
      const at = texts.findIndex((text) => /^(?:-d|-h|--home|--home-dir)$/.test(text ?? ''));
      const given =
        at === -1 ? texts.flatMap((text) => /^--home(?:-dir)?=(.+)$/.exec(text ?? '')?.[1] ?? [])[0] : texts[at + 1];
      if (given !== undefined) return given.startsWith('/') ? given : undefined;
      return `/home/${user}`;
    }
  }
  return undefined;
}
