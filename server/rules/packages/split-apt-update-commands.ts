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

/** Programs of which it is known that they leave the package lists and the package sources as they are. */
const harmless =
  /^(?:apt-get|apt|aptitude|apt-cache|apt-mark|apt-config|basename|cat|cd|chmod|chown|cp|curl|cut|date|debconf-set-selections|dirname|dpkg|echo|env|export|false|find|getent|git|gpg|grep|groupadd|addgroup|adduser|gunzip|head|hostname|id|install|jq|ldconfig|ln|locale-gen|ls|mkdir|mktemp|mv|npm|pip3?|printf|pwd|readlink|rm|rmdir|sed|set|shift|sleep|sort|tail|tar|tee|test|touch|tr|true|umask|uname|unset|unzip|update-alternatives|update-ca-certificates|useradd|usermod|wget|which|xargs|\[{1,2}|:|)$/;

/** An update, or a program that may do one: a script, a repository tool, anything not known. */
export function mayRefreshLists(command: ShellCommand, all: readonly ShellCommand[]): boolean {
  const call = aptCall(command);
  if (call) return call.verb === 'update';
  const { name } = command;
  if (name === undefined) return true;
  // what `sh -c '…'` runs is listed behind it
  if (/^(?:ba|da|z|a|k)?sh$/.test(name))
    return !all.some((other) => other.wrappers.includes(name) || isInside(other, command));
  return !harmless.test(name);
}

function isInside(inner: ShellCommand, outer: ShellCommand): boolean {
  return inner !== outer && outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}

export function removesAptLists(command: ShellCommand): boolean {
  const { name, args } = command;
  if (aptCall(command)?.verb === 'distclean') return true;
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
