import { parseShell, type ShellCommand } from '../syntax/shell.js';
import type { Instruction, RunInstruction } from '../syntax/tree.js';
import type { Build, Stage } from './build.js';
import { rootImageOf, stagesDown } from './caches.js';

/** Images made from Debian or Ubuntu, in which docker-clean is at work. https://github.com/debuerreotype/debuerreotype, `scripts/debuerreotype-minimizing-config` */
const debianImages: ReadonlySet<string> = new Set([
  'debian',
  'ubuntu',
  'python',
  'node',
  'ruby',
  'php',
  'golang',
  'rust',
  'buildpack-deps',
  'perl',
  'openjdk',
  'eclipse-temurin',
  'gcc',
]);

/** True where the file has dealt with docker-clean before or in that RUN. In images without it, a command that removes it does nothing. */
export function dealsWithDockerClean(build: Build, stage: Stage, run: RunInstruction): boolean {
  return upTo(stage, run).some((one) => {
    return /docker-clean|Keep-Downloaded|keep-cache|apt\.conf\.d/.test(
      build.file.text.slice(one.span.start, one.span.end),
    );
  });
}

/** True where apt surely deletes in that RUN what it has downloaded: docker-clean is there, and no step before it may have removed it. */
export function deletesDownloads(build: Build, stage: Stage, run: RunInstruction): boolean {
  if (!debianImages.has(rootImageOf(stage) ?? '') || dealsWithDockerClean(build, stage, run)) return false;
  return !upTo(stage, run).some((one) => one !== run && mayRemove(build, one));
}

/** The instructions of the stage, and those below it, up to a RUN. */
function upTo(stage: Stage, run: RunInstruction): readonly Instruction[] {
  return stagesDown(stage).flatMap(({ instructions }) => instructions.filter(({ index }) => index <= run.index));
}

/** It runs a script or program that is no part of the image's system, or copies to where the settings of apt lie. */
function mayRemove(build: Build, one: Instruction): boolean {
  if (one.keyword === 'COPY' || one.keyword === 'ADD') {
    const target = build.expand(one, one.destination?.text ?? '');
    return target === undefined || /^\/(?:etc(?:\/apt)?\/?)?$/.test(target);
  }
  if (one.keyword !== 'RUN') return false;
  const { commands, language } = parseShell(build.file, one, build.stateBefore(one).shell);
  return language === 'none' || commands.some((command) => runsScript(build, command));
}

function runsScript({ file }: Build, { name, nameSpan, args }: ShellCommand): boolean {
  const written = file.text.slice(nameSpan.start, nameSpan.end);
  if (name === undefined || /\.(?:sh|py|pl|rb)$/.test(name)) return true;
  if (/^(?:\.|source|(?:ba|da|z)?sh)$/.test(name)) return args.some(({ text }) => !text.startsWith('-'));
  return written.includes('/') && !/^["']?\/(?:usr\/)?(?:local\/)?s?bin\//.test(written);
}
