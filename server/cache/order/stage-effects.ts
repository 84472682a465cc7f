import type { Build, Stage } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import { type Area, areasMeet, entry, foldersAbove, isSystem, isWeb, tree } from '../../model/effects/area.js';
import type { Acceptance } from '../../model/effects/command-effects.js';
import { type Between, whyInOrder } from '../../model/effects/commute.js';
import { type Copied, excludedPaths, type Mapping, withoutFiles } from '../../model/effects/copied.js';
import { type Effects, effectsOf } from '../../model/effects/instruction-effects.js';
import { type MadeLink, madeLinks, metByLink } from '../../model/effects/made-links.js';
import { type Landing, landingOf } from '../../model/landing.js';
import { fetchesLists, installsFromLists, leavesLists } from '../../model/package-lists.js';
import { relativeTo } from '../../model/path.js';
import { contextTransfers } from '../../model/transfers.js';
import { parseShell } from '../../syntax/shell.js';
import type { Instruction } from '../../syntax/tree.js';
import { type MountTie, mountTies } from './mount-ties.js';
import { effectsOfRepeated, meetsOthers, type Repeated } from './own-installs.js';
import { type Warm, warmEffects } from './warm.js';

/** What the instructions of one stage do to each other. Positions are those in `Stage.instructions`. */
export interface StageEffects {
  readonly stage: Stage;
  readonly effects: readonly Effects[];
  /** Why the later one must stay behind the earlier one; undefined where it is proved that it need not. */
  reason(earlier: number, later: number): string | undefined;
  /** As `reason`, if the later one found all files of the context that it reads even without the earlier one, which leaves some out. */
  reasonWithCopies(earlier: number, later: number, without?: readonly string[]): string | undefined;
  /** Whether all that a COPY brings is there as it brings it when the others have run, in the order in which they are given. */
  isThere(others: readonly number[], position: number): boolean;
}

/** How the effects of a stage are looked at. */
export interface StageOptions {
  readonly acceptance?: Acceptance;
  /** RUNs whose files in the project a later one writes anew, whatever it finds. */
  readonly redone?: ReadonlySet<Instruction>;
  /** RUNs that a later one repeats. */
  readonly repeated?: ReadonlyMap<Instruction, Repeated>;
  /** RUNs that compile the dependencies from empty sources. */
  readonly warm?: ReadonlyMap<Instruction, Warm>;
  /** How they are called, where the author wrote them otherwise. */
  readonly labels?: ReadonlyMap<Instruction, string>;
}

/** Undefined for a stage whose instructions are not to be moved at all. */
export function stageEffects(
  build: Build,
  stage: Stage,
  context: BuildContext,
  {
    acceptance = 'proved',
    redone = new Set(),
    repeated = new Map(),
    warm = new Map(),
    labels = new Map(),
  }: StageOptions = {},
): StageEffects | undefined {
  const { instructions } = stage;
  if (inheritsTriggers(stage) || instructions.some(({ keyword }) => keyword === 'UNKNOWN')) return undefined;
  const landings = contextTransfers(build).flatMap((transfer) =>
    transfer.stage === stage ? (landingOf(build, context, transfer) ?? []) : [],
  );
  const before = (one: Instruction) => landings.filter(({ transfer }) => transfer.instruction.index < one.index);
  const plain = instructions.map((one): Effects => {
    const found = effectsOf(build, stage, one, context, before(one), acceptance);
    const own = warm.get(one);
    if (own) return warmEffects(found, own, acceptance);
    const label = labels.get(one);
    if (label !== undefined) return { ...found, label };
    return redone.has(one) ? { ...found, writes: [], loose: [] } : found;
  });
  const effects = plain.map((found): Effects => {
    const known = repeated.get(found.instruction);
    return known && !meetsOthers(known, plain) ? effectsOfRepeated(found, known) : found;
  });
  const there = baseFolders(stage);
  const links = madeLinks(build, stage);
  const known = new Map<number, string | undefined>();
  const ties = mountTies(build, stage, context, effects);
  const made = firstMade(effects);
  const between = (earlier: number): Between => ({
    isThere: (folder) => there.has(folder) || (made.get(folder) ?? earlier) < earlier,
    isSupplied: (area) => isSupplied({ context, links }, effects.slice(0, earlier), effects[earlier], area),
    isMadeOtherwise: (folder, look) => effects.slice(0, earlier).some((one) => makesOtherwise(one, folder, look)),
  });
  const why = (one: Effects, other: Effects, known: Between) =>
    whyInOrder(one, other, known) ?? whyByLink(links, one, other) ?? whyByMount(ties, effects, one, other);
  const reason = (earlier: number, later: number): string | undefined => {
    const key = earlier * instructions.length + later;
    if (known.has(key)) return known.get(key);
    const [one, other] = [effects[earlier], effects[later]];
    const found = one && other && (why(one, other, between(earlier)) ?? byLists(earlier, later));
    known.set(key, found);
    return found;
  };
  const byLists = (earlier: number, later: number) => {
    const user = usersOfLists(build, stage, later, context, landings).find((at) => reason(earlier, at) !== undefined);
    if (user === undefined) return undefined;
    return `${effects[user]?.label} would take the package lists that ${effects[later]?.label} fetched on another day`;
  };
  return {
    stage,
    effects,
    reason,
    isThere(others, position) {
      const before = others.flatMap((one) => effects[one] ?? []);
      const own = effects[position];
      const mappings = own?.copied?.mappings ?? [];
      const areas = mappings.map(({ kind, image }) => (kind === 'file' ? entry(image) : tree(image)));
      return areas.length > 0 && areas.every((area) => isSupplied({ context, links }, before, own, area));
    },
    reasonWithCopies(earlier, later, without = []) {
      const [whole, other] = [effects[earlier], effects[later]];
      const one = whole?.copied ? { ...whole, copied: withoutFiles(whole.copied, without) } : whole;
      const made = new Set(other?.reads.flatMap(({ path }) => [...foldersAbove(path), path]));
      const isThere = (folder: string) => made.has(folder) || between(earlier).isThere(folder);
      const isSupplied = (area: Area) => sentSource(context, whole, area) !== undefined;
      const { isMadeOtherwise } = between(earlier);
      return one && other && why(one, other, { isThere, isSupplied, isMadeOtherwise });
    },
  };
}

/** RUNs that install from the package lists that a RUN fetches. */
function usersOfLists(
  build: Build,
  { instructions }: Stage,
  position: number,
  context: BuildContext,
  landings: readonly Landing[],
): readonly number[] {
  const commandsOf = (one: Instruction | undefined) =>
    one?.keyword === 'RUN' ? parseShell(build.file, one, build.stateBefore(one).shell).commands : [];
  if (!leavesLists(commandsOf(instructions[position]))) return [];
  const users: number[] = [];
  for (const [at, one] of instructions.entries()) {
    if (at <= position) continue;
    const commands = commandsOf(one);
    const sources = { context, landings, cwd: build.stateBefore(one).cwd, text: build.file.text };
    if (installsFromLists(commands, sources)) users.push(at);
    if (fetchesLists(commands)) break;
  }
  return users;
}

function whyByLink(links: readonly MadeLink[], earlier: Effects, later: Effects): string | undefined {
  const path = metByLink(links, earlier, later);
  return path === undefined
    ? undefined
    : `${later.label} and ${earlier.label} both touch ${path}, one of them by a link`;
}

/** Nothing that comes before the first of two that share a cache mount comes behind it, and nothing behind the second before that. */
function whyByMount(
  ties: readonly MountTie[],
  effects: readonly Effects[],
  earlier: Effects,
  later: Effects,
): string | undefined {
  const tie = ties.find(({ from, to }) => from === later.instruction || to === earlier.instruction);
  if (!tie || (tie.from === earlier.instruction && tie.to === later.instruction)) return undefined;
  const label = (one: Instruction) => effects.find(({ instruction }) => instruction === one)?.label ?? 'a later stage';
  return `${label(tie.to)} needs what ${label(tie.from)} leaves in a cache mount`;
}

/** ONBUILD triggers of the stage below would run first; what they set is not in `stateBefore`. */
function inheritsTriggers({ base }: Stage): boolean {
  return base.kind === 'stage' && base.stage.instructions.some(({ keyword }) => keyword === 'ONBUILD');
}

/** Top folders that every image of a distribution has. */
const usual =
  '/bin /etc /home /lib /mnt /opt /root /sbin /srv /tmp /usr /var /usr/bin /usr/lib /usr/local /usr/local/bin /usr/local/lib /usr/local/share /usr/sbin /usr/share /usr/src /var/lib /var/log /var/tmp /var/cache';

function baseFolders(stage: Stage): ReadonlySet<string> {
  let at = stage.base;
  while (at.kind === 'stage') at = at.stage.base;
  return new Set(at.kind === 'image' ? usual.split(' ') : []);
}

/** For each folder the position of the first instruction that surely makes it. */
function firstMade(effects: readonly Effects[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const [position, { instruction, folders, copied }] of effects.entries()) {
    if (instruction.keyword === 'RUN' || copied?.mappings.every(({ kind }) => kind === 'names')) continue;
    for (const { path } of folders) if (!first.has(path)) first.set(path, position);
  }
  return first;
}

/** The path of the context that a COPY surely puts at a path of the image, itself there and sent. */
export function sentSource(context: BuildContext, effects: Effects | undefined, area: Area): string | undefined {
  const { path } = area;
  const { copied } = effects ?? {};
  if (copied?.origin !== 'context' || !copied.mayBring(entry(path))) {
    if (copied?.origin !== 'context' || !copied.mayBring({ path, below: true })) return undefined;
  }
  const source = copied.hasNow(path) ? copied.sourceOf(path) : undefined;
  if (source === undefined || source.startsWith('?') || source.startsWith('<')) return undefined;
  // Another source lands in the folder.
  const isBeside = (one: Mapping) => one.source !== source && relativeTo(path, one.image) !== undefined;
  if (area.below && copied.mappings.some(isBeside)) return undefined;
  const found = context.entry(source);
  if (!found || (found.type !== 'file' && found.type !== 'directory') || context.ignored(source)) return undefined;
  return isSurelyTaken(effects?.instruction, copied, area) ? source : undefined;
}

function isSurelyTaken(instruction: Instruction | undefined, copied: Copied, { path, below }: Area): boolean {
  if (instruction?.keyword !== 'COPY' && instruction?.keyword !== 'ADD') return false;
  if (instruction.flags.some(({ name }) => name === 'parents')) return false;
  const excluded = excludedPaths(instruction, copied);
  const isLeft = (one: string) =>
    relativeTo(one, path) === undefined && !(below && relativeTo(path, one) !== undefined);
  return excluded?.every(isLeft) ?? false;
}

interface Surroundings {
  readonly context: BuildContext;
  readonly links: readonly MadeLink[];
}

/** One of those before it has put the very same there, and nothing in between puts, writes or takes away anything there. */
function isSupplied(
  { context, links }: Surroundings,
  before: readonly Effects[],
  own: Effects | undefined,
  area: Area,
): boolean {
  const source = sentSource(context, own, area);
  if (source === undefined) return false;
  const isEntered = !area.below && context.entry(source)?.type === 'directory';
  for (const one of before.toReversed()) {
    if (sentSource(context, one, area) === source && one.copied?.look === own?.copied?.look) return true;
    if (isEntered && makesFolder(context, one, area.path) && one.copied?.look === own?.copied?.look) return true;
    if (one.unknown !== undefined || one.copied?.mayBring(area) || mayChange(one, area)) return false;
    if (own && metByLink(links, one, own) !== undefined) return false;
  }
  return false;
}

/** A file that it surely puts below makes the folder, owned like the file (BuildKit solver/llbsolver/file/backend.go, `docopy`). */
function makesFolder(context: BuildContext, effects: Effects, folder: string): boolean {
  return (effects.copied?.mappings ?? []).some(
    ({ kind, image }) =>
      kind === 'file' && relativeTo(folder, image) && sentSource(context, effects, entry(image)) !== undefined,
  );
}

/** It leaves a folder there with another owner or mode than that, or may. */
function makesOtherwise({ folders, writes, copied }: Effects, folder: string, look: string): boolean {
  if (folders.some((one) => one.path === folder && one.look.replace(/^linked /, '') !== look)) return true;
  return copied === undefined && writes.some((area) => areasMeet(area, entry(folder)));
}

/** It writes there by name, or installs what may. */
function mayChange({ writes, copied, system, web }: Effects, area: Area): boolean {
  if (writes.some((written) => areasMeet(written, area))) return true;
  return !copied && ((system === 'writes' && isSystem(area)) || (web && isWeb(area)));
}
