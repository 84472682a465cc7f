import type { AptCall } from '../../model/apt.js';
import { aptCall } from '../../model/apt.js';
import type { Build, Stage } from '../../model/build.js';
import { relativeTo } from '../../model/path.js';
import { mountsOf } from '../../syntax/mounts.js';
import type { ShellCommand } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';

/** The RUN whose `apt-get update` wrote the lists that are there. */
export interface AptLists {
  readonly run: RunInstruction;
  readonly update: ShellCommand;
  readonly stage: Stage;
  /** They are in a cache mount, not in the image. */
  readonly mounted: boolean;
}

/** An install that takes its versions from lists of an earlier step. */
export interface StaleInstall {
  readonly run: RunInstruction;
  readonly command: ShellCommand;
  readonly call: AptCall;
}

const listsFolder = '/var/lib/apt/lists';

const installs = new Set([
  'install',
  'reinstall',
  'satisfy',
  'build-dep',
  'source',
  'upgrade',
  'full-upgrade',
  'dist-upgrade',
  'safe-upgrade',
]);

/** Whether the call takes versions from the package lists; packages that are local files do not count. */
export function installsWith({ verb, packages }: AptCall): boolean {
  if (!installs.has(verb)) return false;
  if (/upgrade$/.test(verb)) return true;
  return packages.some(({ value, text }) => !/\.deb$|^\.{0,2}\//.test(value ?? text));
}

export function removesAptLists(command: ShellCommand): boolean {
  const { name, args } = command;
  if (/^dist-?clean$/.test(aptCall(command)?.verb ?? '')) return true;
  if (name !== 'rm' && name !== 'find') return false;
  return args.some(({ value, text }) =>
    /^\/var\/lib(?:\/\*|\/?$|\/apt(?:\/|$|\/lists)|\/\{[^}]*\bapt\b)/.test(value ?? text),
  );
}

/** Whether a mount stands in front of the image's package lists in this RUN. */
export function hidesAptLists(build: Build, run: RunInstruction): boolean {
  return mountsOf(build.file, run).mounts.some(
    ({ target }) => target !== undefined && relativeTo(target.replace(/(?<=.)\/+$/, ''), listsFolder) !== undefined,
  );
}
