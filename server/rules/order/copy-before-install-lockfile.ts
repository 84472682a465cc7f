import { hasOption } from '../../model/arguments.js';
import type { Build, Stage } from '../../model/build.js';
import type { Install } from '../../model/installs.js';
import { labelOf } from '../../model/label.js';
import { writesLocks } from '../../model/manifests/dotnet.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { baseName } from '../../syntax/go-path.js';
import type { Instruction } from '../../syntax/tree.js';
import type { Defect } from './copy-before-install-find.js';
import { isLockfileRead, isOrLiesAbove } from './copy-before-install-lockfile-readers.js';

/** Options with which a manager takes the lockfile as it is, or fails. */
const frozen = ['--frozen-lockfile', '--immutable', '--frozen', '--locked', '--deploy', '--locked-mode'];

/** Why the folder is not the one that the build sends: the install wants a lockfile that is not there. */
export function lockfileMissing({ install, project }: Defect): string | undefined {
  const { manager } = install;
  if (!project || manager.lockfiles.length === 0 || manager.name === 'dotnet') return undefined;
  const wants = hasOption(install, frozen) || isCleanInstall(install);
  if (!wants || lockfilesOf(install, project.reading.files).length > 0) return undefined;
  return `${labelOf(install)} needs ${manager.lockfiles[0]}, which is not in the build context that was found`;
}

/** What becomes of a lockfile that moves with the sources, where the image or a command behind them would show it; `isCut`: the RUN is. */
export function lockfileCaveats(build: Build, defect: Defect, isCut: boolean): string[] {
  const { install, project, offenders, landings } = defect;
  const caveats: string[] = [];
  const found = project ? lockfilesOf(install, project.reading.files) : [];
  if (install.manager.name === 'npm' && found.some((path) => landings.every((one) => !one.imagePathOf(path))))
    caveats.push('install scripts of dependencies would run before the sources are there');
  const isDotnet = install.manager.name === 'dotnet';
  if (isDotnet ? !project || !writesLocks(install, project.reading) : !mayWrite(build, install)) return caveats;
  for (const path of found) {
    const place = offenders.map(({ landing }) => landing?.imagePathOf(path)).find((one) => one !== undefined);
    if (place === undefined) continue;
    // With `dotnet` what builds restores again, perhaps days later.
    const matters =
      isDotnet || reachesImage(build, install.stage, place) || isLockfileRead(build, defect, place, isCut);
    if (!matters) continue;
    caveats.push(`${labelOf(install)} may write ${path} anew, and the COPY behind it brings the old one back`);
    break;
  }
  return caveats;
}

function lockfilesOf({ manager }: Install, files: ReadonlySet<string>): string[] {
  return [...files].filter((path) => manager.lockfiles.includes(baseName(path)));
}

function isCleanInstall({ manager, operands }: Install): boolean {
  const verb = operands[0]?.value ?? '';
  return manager.name === 'npm'
    ? /^(?:ci|clean-install|ic|install-clean)$/.test(verb)
    : verb === (manager.name === 'pipenv' ? 'sync' : 'ci') && manager.lockfiles.length > 0;
}

/** These write their lockfile where it does not fit the manifest, or the platform, or their version. */
const writers = new Set([
  'npm',
  'yarn',
  'pnpm',
  'bun',
  'deno',
  'pipenv',
  'pdm',
  'uv',
  'bundler',
  'cpan',
  'mix',
  'pub',
  'shards',
]);

function mayWrite(build: Build, install: Install): boolean {
  const { manager, run, command } = install;
  if (manager.name === 'cpan' && command.name !== 'carton') return false;
  if (!writers.has(manager.name) || isCleanInstall(install)) return false;
  const kept = ['--no-package-lock', '--no-save', '--no-lockfile', '--no-lock', '--pure-lockfile', '--ignore-pipfile'];
  const strict = [...frozen, ...kept, '--deployment', '--check-locked', '--enforce-lockfile'];
  if (manager.name === 'shards') strict.push('--production');
  const variables = ['BUNDLE_FROZEN', 'BUNDLE_DEPLOYMENT', 'UV_FROZEN', 'UV_LOCKED', 'PDM_FROZEN_LOCKFILE'];
  const isSet = (name: string) => /^(?:1|true|yes|on)$/i.test(build.variable(run, name) ?? '');
  return !hasOption(install, strict) && !variables.some(isSet) && !(manager.name === 'pnpm' && isSet('CI'));
}

/** Whether a path of a stage is one of the image's layers, or is copied out of it. */
function reachesImage(build: Build, stage: Stage, place: string): boolean {
  for (let at = build.target; at; at = at.base.kind === 'stage' ? at.base.stage : undefined)
    if (at === stage) return true;
  return build.stages.some((other) => other.instructions.some((one) => copiesOut(build, one, stage, place)));
}

function copiesOut(build: Build, instruction: Instruction, stage: Stage, place: string): boolean {
  if (instruction.keyword !== 'COPY') return false;
  const from = instruction.flags.find(({ name }) => name === 'from')?.value;
  if (from === undefined || !isOrLiesAbove(build.stageByReference(from), stage)) return false;
  return instruction.sources.some(({ text }) => {
    const path = build.expand(instruction, text);
    return path === undefined || /[*?[]/.test(path) || relativeTo(joinPath('/', path), place) !== undefined;
  });
}
