import { metadataVariables } from '../../knowledge/known-commands.js';
import { volatileVariable } from '../../knowledge/volatile-variables.js';
import { baseName } from '../../syntax/go-path.js';
import { relativeTo } from '../path.js';
import { type Area, areasMeet, foldersAbove } from './area.js';
import { isNamed, meetingArea, systemArea, webArea } from './area-list.js';
import { type Copied, copiesClash, ownerText } from './copied.js';
import type { Effects, StatePart } from './instruction-effects.js';

/** What is known of a stage besides the two instructions. */
export interface Between {
  /** A folder that is there before both, whichever comes first. */
  isThere(folder: string): boolean;
  /** A file, or a folder with all in it, that `later` finds as it is even without `earlier`: another COPY has brought the same before. */
  isSupplied(area: Area): boolean;
  /** Something before `earlier` makes the folder with another look, or changes it. */
  isMadeOtherwise(folder: string, look: string): boolean;
}

const nothingKnown: Between = { isThere: () => false, isSupplied: () => false, isMadeOtherwise: () => true };

/**
 * Why two instructions of one stage may not change places, as a sentence about the later one; undefined where it is proved that the
 * image and its config are the same both ways. What is not known counts as a reason.
 */
export function whyInOrder(earlier: Effects, later: Effects, between: Between = nothingKnown): string | undefined {
  return (
    stateReason(earlier, later) ??
    variableReason(earlier, later) ??
    fileReason(earlier, later, between) ??
    accountReason(earlier, later)
  );
}

const words: Readonly<Record<string, string>> = {
  folder: 'works in the folder that',
  user: 'runs as the user that',
  shell: 'runs in the shell that',
};

function stateReason(earlier: Effects, later: Effects): string | undefined {
  for (const part of later.state.reads)
    if (earlier.state.writes.has(part)) return `${later.label} ${words[part] ?? 'needs what'} ${earlier.label} sets`;
  for (const part of later.state.writes) {
    if (earlier.state.reads.has(part)) return `${earlier.label} must not see what ${later.label} sets`;
    if (earlier.state.writes.has(part)) return `${partName(part)} of ${earlier.label} and ${later.label} stay in order`;
  }
  return undefined;
}

function partName(part: StatePart): string {
  return part === 'variables' ? 'the variables' : part.startsWith('config') ? 'the settings' : `the ${part}s`;
}

function variableReason(earlier: Effects, later: Effects): string | undefined {
  for (const name of earlier.sets) if (mayRead(later, name)) return `${later.label} ${reading(later, name)} ${name}`;
  for (const name of later.sets)
    if (mayRead(earlier, name)) return `${earlier.label} ${reading(earlier, name)} ${name}, which is set after it`;
  return undefined;
}

function reading({ variables }: Effects, name: string): string {
  return variables.names.has(name) ? 'uses' : 'may read';
}

/** Variables of the shell and of all programs, and of curl, wget and programs that pack. */
const ofShells =
  /^(?:PATH|HOME|USER|SHELL|PWD|IFS|TMPDIR|TZ|LANG|LANGUAGE|LC_\w+|LD_\w+|BASH_ENV|ENV|CDPATH|UMASK|POSIXLY_CORRECT|.*_PROXY|.*_proxy|SSL_CERT_(?:FILE|DIR)|CURL_\w+|WGETRC|(?:TAR|XZ)_OPT(?:ION)?S?|XZ_DEFAULTS|GZIP|UNZIP)$/;

function mayRead({ variables: { names, others }, instruction }: Effects, name: string): boolean {
  if (names.has(name)) return true;
  if (others === 'any') return true;
  if (others === 'most') return !metadataVariables.test(name);
  if (others === 'probably-most') return !tellsOfBuild(name);
  return instruction.keyword === 'RUN' && (ofShells.test(name) || !/^\w+$/.test(name));
}

/** Its name says that it tells a build about itself. */
export function tellsOfBuild(name: string): boolean {
  return metadataVariables.test(name) || volatileVariable.test(name);
}

function accountReason(earlier: Effects, later: Effects): string | undefined {
  const [a, b] = [earlier.accounts, later.accounts];
  if (a === 'writes' && b === 'writes') return `${earlier.label} and ${later.label} both change users`;
  if (b === 'reads' && (a === 'adds' || a === 'writes'))
    return `${later.label} names a user that ${earlier.label} may make`;
  // A name that can be looked up before new users are made means the same after.
  if (a === 'reads' && b === 'writes') return `${later.label} may change the users that ${earlier.label} names`;
  return undefined;
}

function fileReason(earlier: Effects, later: Effects, between: Between): string | undefined {
  if (!touchesFiles(earlier) || !touchesFiles(later)) return undefined;
  const doubtful = unknownReason(earlier, later);
  if (doubtful !== undefined) return doubtful;
  return (
    systemReason(earlier, later) ??
    copyReason(earlier, later, between) ??
    areaReason(earlier, later) ??
    folderReason(earlier, later, between)
  );
}

function touchesFiles({ unknown, reads, writes, folders, system, copied }: Effects): boolean {
  return (
    unknown !== undefined ||
    system !== 'none' ||
    copied !== undefined ||
    reads.length + writes.length + folders.length > 0
  );
}

/** What is not known may read and write all that the other one does. */
function unknownReason(earlier: Effects, later: Effects): string | undefined {
  if (later.unknown !== undefined) {
    if (!earlier.copied || !/may read/.test(later.unknown)) return `${later.label} ${later.unknown}`;
    const rest = later.unknown.split(': ').slice(1).join(': ');
    return `${later.label} may read ${broughtBy(earlier)}${rest === '' ? '' : `: ${rest}`}`;
  }
  if (earlier.unknown === undefined) return undefined;
  if (later.copied) return `${earlier.label} may read or write ${broughtBy(later)}`;
  return `${earlier.label} before it ${earlier.unknown}`;
}

/** `src/`, or the instruction where it has no plain source. */
export function broughtBy({ copied, label }: Pick<Effects, 'copied' | 'label'>): string {
  const sources = [...new Set(copied?.mappings.map(({ source }) => source) ?? [])];
  const [first] = sources;
  if (sources.length !== 1 || first === undefined || /^[?<]/.test(first)) return `what ${label} brings`;
  if (copied?.origin !== 'context') return `what ${label} brings`;
  if (first === '') return `what ${label} brings`;
  return copied.mappings[0]?.kind === 'tree' ? `${first}/` : first;
}

function systemReason(earlier: Effects, later: Effects): string | undefined {
  if (earlier.copied && !later.copied && earlier.web && later.web)
    return `${later.label} may bring a web server with files of its own, over which ${earlier.label} copies`;
  if (later.copied && !earlier.copied && earlier.web && later.web)
    return `${earlier.label} may bring a web server with files of its own, over which ${later.label} copies`;
  if (earlier.system === 'none' || later.system === 'none') return undefined;
  if (earlier.system === 'reads' && later.system === 'reads') return undefined;
  if (earlier.copied && later.copied) return undefined;
  if (earlier.copied) return `${later.label} may read or replace what ${earlier.label} puts into the system`;
  if (later.copied) return `${earlier.label} may read or replace what ${later.label} puts into the system`;
  return `${later.label} may need what ${earlier.label} installs`;
}

function copyReason(earlier: Effects, later: Effects, between: Between): string | undefined {
  if (earlier.copied && later.copied) {
    return copiesClash(earlier.copied, later.copied)
      ? `${later.label} may put other files where ${earlier.label} puts some`
      : undefined;
  }
  if (earlier.copied) return runAfterCopy(earlier, earlier.copied, later, between);
  return later.copied && copyAfterRun(earlier, later, later.copied);
}

function runAfterCopy(earlier: Effects, copied: Copied, later: Effects, between: Between): string | undefined {
  const isForeign = copied.origin !== 'context' || copied.mappings.some(({ source }) => /^[?<]/.test(source));
  if (isForeign && !isNamedApart(copied, later) && later.projects.some((area) => copied.mayBring(area)))
    return `${later.label} may read ${broughtBy(earlier)}`;
  const isThere = (area: Area) => copied.mayBring(area) && copied.hasNow(area.path);
  const found = later.looksFor.find((area) => isThere(area) && !between.isSupplied(area));
  if (found) return `${later.label} reads ${shown(copied, found)}`;
  const read = later.reads.find(
    (area) => copied.mayBring(area) && !isLoose(later, copied, area) && !between.isSupplied(area),
  );
  if (read) return `${later.label} reads ${shown(copied, read)}`;
  const written = later.writes.find((area) => copied.mayBring(area) && !isLoose(later, copied, area));
  if (!written) return renewedFolder(earlier, copied, later, between);
  const path = copied.sourceOf(written.path) || written.path;
  if (written.below && later.reads.some((area) => areasMeet(area, written))) return `${later.label} changes ${path}`;
  if (written.below && copied.hasSource(written.path))
    return `${later.label} writes ${path}, which ${earlier.label} brings too`;
  return written.below && path !== written.path
    ? `${later.label} writes ${path}, over which ${earlier.label} would copy a ${path} of the context: list it in the ignore file`
    : `${later.label} may rewrite ${path}, which ${earlier.label} would put back`;
}

/**
 * A COPY gives folders below its destination owner and mode of the context, be they there or not (fsutil copy/copy.go, `copyDirectory`);
 * what else makes them gives them 0755. What may do more in them than in such a folder stays behind, and what inherits their group.
 */
function renewedFolder(earlier: Effects, copied: Copied, later: Effects, between: Between): string | undefined {
  const owner = ownerText(copied.look.split(' ', 1)[0] ?? '');
  const isOwn = later.user === 'root' || later.user?.split(':', 1)[0] === owner.split(':', 1)[0];
  const plain = isOwn ? 0o5777 : 0o5755;
  const seen = new Set<string>();
  for (const { path, below } of [...later.reads, ...later.writes]) {
    for (const folder of below ? [...foldersAbove(path), path] : foldersAbove(path)) {
      if (seen.has(folder)) continue;
      seen.add(folder);
      const mode = copied.folderMode(folder);
      if (mode === undefined) continue;
      if ((mode & ~plain) !== 0 || between.isMadeOtherwise(folder, `0755 ${owner}`))
        return `${earlier.label} decides owner and mode of ${folder}`;
    }
  }
  return undefined;
}

/** Files of known names, which are none that the reader looks for anywhere. */
function isNamedApart({ mappings }: Copied, { looksFor }: Effects): boolean {
  const names = new Set(looksFor.map(({ path }) => baseName(path)));
  return mappings.every(({ kind, image }) => kind === 'file' && !names.has(baseName(image)));
}

/** Of the reader's own output, which a COPY might bring but does not have now; a file only where the COPY is not made for such files. */
export function isLoose({ loose }: Effects, copied: Copied, area: Area): boolean {
  const { path } = area;
  if (!loose.some((one) => relativeTo(one.path, path) !== undefined) || copied.hasNow(path)) return false;
  return (
    area.below || !copied.mappings.some(({ kind, image }) => kind === 'names' && relativeTo(image, path) !== undefined)
  );
}

function shown(copied: Copied, { path }: Area): string {
  return copied.sourceOf(path) || path;
}

function copyAfterRun(earlier: Effects, later: Effects, copied: Copied): string | undefined {
  const written = earlier.writes.find((area) => copied.mayBring(area));
  if (written) return `${later.label} may replace ${written.path}, which ${earlier.label} writes`;
  const read = [...earlier.reads, ...earlier.looksFor].find((area) => copied.mayBring(area));
  return read && `${earlier.label} must not find ${shown(copied, read)} of ${later.label}`;
}

function areaReason(earlier: Effects, later: Effects): string | undefined {
  const read = meetingArea(later.reads, earlier.writes) ?? meetingArea(later.writes, earlier.reads);
  const both = read ?? meetingArea(later.writes, earlier.writes) ?? lookedFor(earlier, later);
  if (both) return `${later.label} and ${earlier.label} both touch ${both.path}`;
  for (const [one, other] of [
    [earlier, later],
    [later, earlier],
  ] as const) {
    const served = one.web && !one.copied ? (webArea(other.writes) ?? webArea(other.reads)) : undefined;
    if (served) return `${later.label} and ${earlier.label} both touch ${served.path}`;
    const system = one.system !== 'none' && !one.copied ? systemArea(other.writes) : undefined;
    if (system) return `${later.label} and ${earlier.label} both touch ${system.path}`;
    const read = one.system === 'writes' && !one.copied ? systemArea(other.reads) : undefined;
    if (read) return `${later.label} and ${earlier.label} both touch ${read.path}`;
  }
  return undefined;
}

/** What one looks for and the other writes; what a COPY brings is asked for elsewhere. */
function lookedFor(earlier: Effects, later: Effects): Area | undefined {
  if (earlier.copied || later.copied) return undefined;
  return meetingArea(earlier.looksFor, later.writes) ?? meetingArea(later.looksFor, earlier.writes);
}

/** It puts something into a folder that it does not make itself. */
function writesInto({ copied, writes, folders }: Effects, folder: string): boolean {
  if (copied || folders.some(({ path }) => path === folder)) return false;
  return writes.some(({ path }) => relativeTo(folder, path) !== undefined);
}

/**
 * A folder that both would make, each with another owner or mode, or that the user of the later one may not be allowed to make; or one that
 * one makes and the other looks for.
 */
function folderReason(earlier: Effects, later: Effects, between: Between): string | undefined {
  const isRestricted = later.instruction.keyword === 'RUN' && later.user !== 'root';
  for (const { path, look } of later.folders) {
    const other = earlier.folders.find((one) => one.path === path);
    const isLike = other?.look === look;
    if (!other || (isLike && (!isRestricted || between.isThere(path)))) continue;
    if (isLike) return `${later.label} may not be allowed to make ${path}, which ${earlier.label} makes`;
    if (!between.isThere(path) || /^linked/.test(look) || /^linked/.test(other.look))
      return `${earlier.label} decides owner and mode of ${path}`;
  }
  for (const [one, other] of [
    [earlier, later],
    [later, earlier],
  ] as const) {
    for (const { path } of one.folders) {
      if (between.isThere(path)) continue;
      const isNeeded = isNamed(other.reads, path) || isNamed(other.writes, path) || other.copied?.enters === path;
      if (isNeeded || (one === earlier && writesInto(other, path)))
        return `${other.label} needs the folder ${path} as ${one.label} finds or makes it`;
    }
    const entered = other.copied?.enters;
    if (entered !== undefined && one.copied?.folderMode(entered) !== undefined && !between.isThere(entered))
      return `${other.label} needs the folder ${entered} as ${one.label} finds or makes it`;
  }
  return undefined;
}
