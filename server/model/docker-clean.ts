import type { RunInstruction } from '../syntax/tree.js';
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

/** True where /var/cache/apt keeps what a RUN installs, or where the base may be no Debian image: docker-clean was dealt with, or is not known to be there. */
export function keepsDownloads(build: Build, stage: Stage, run: RunInstruction): boolean {
  const image = rootImageOf(stage);
  if (image === undefined || !debianImages.has(image)) return true;
  return stagesDown(stage).some((one) =>
    one.instructions.some(
      (instruction) =>
        instruction.index <= run.index &&
        /docker-clean|Keep-Downloaded|keep-cache|apt\.conf\.d/.test(
          build.file.text.slice(instruction.span.start, instruction.span.end),
        ),
    ),
  );
}
