import { entry } from '../../model/effects/area.js';
import { broughtBy } from '../../model/effects/commute.js';
import type { Mapping } from '../../model/effects/copied.js';
import { type Effects, oneLine } from '../../model/effects/instruction-effects.js';
import { relativeTo } from '../../model/path.js';
import { baseName, parentOf } from '../../syntax/go-path.js';
import { lineAt } from '../../syntax/text.js';
import type { Costs } from '../cost.js';
import type { Solved } from '../order.js';
import { type Bits, weightOf } from './bits.js';
import { bringsNothingElse, type Expanded, isDownload, isNew, type Part } from './expand.js';
import { foldersIn, writtenFrom } from './placed.js';
import { rebuiltIn, secondsOf, type Triggers } from './stage-problem.js';

/** How often a step runs again, before and after. */
export interface StepChange {
  readonly before: number;
  readonly after: number;
  /** Saved in all commits together. */
  readonly seconds: number;
}

/** An instruction that comes before others which it followed. */
export interface Move {
  /** From 0, in the author's file. */
  readonly line: number;
  /** On one line; of a RUN that is cut the part. */
  readonly instruction: string;
  /** What the file gets: a part of a RUN, a COPY of some files only, or a new RUN that downloads, where it is not the whole instruction. */
  readonly part: 'whole' | 'manifests' | 'head' | 'download';
  readonly passes: readonly { readonly line: number; readonly instruction: string }[];
  /** Why the image stays the same, as sentences without a full stop. */
  readonly safe: readonly string[];
  /** What might differ all the same; none unless `likely` is accepted. */
  readonly caveats: readonly string[];
  readonly rebuilds: StepChange;
}

/** A step that would run again less often before another, if that were safe. */
export interface Kept {
  readonly line: number;
  readonly instruction: string;
  /** The instruction that it stays behind. */
  readonly behind: { readonly line: number; readonly instruction: string };
  /** "not moved: `make` may read src/", without the first words. */
  readonly reason: string;
  readonly rebuilds: number;
}

/** Steps that cost less than this share of all are not explained. */
const leastShare = 0.03;

export function explain(
  expanded: Expanded,
  solved: readonly Solved[],
  triggers: Triggers,
  costs: Costs,
): { readonly moves: readonly Move[]; readonly kept: readonly Kept[] } {
  const cost = secondsOf(triggers, costs);
  const stages = solved.map((one) => new StageView(expanded, one, triggers, cost));
  const whole = stages.reduce((sum, stage) => sum + stage.seconds, 0);
  return {
    moves: stages.flatMap((stage) => stage.moves()),
    kept: stages.flatMap((stage) => stage.kept(whole * leastShare)),
  };
}

class StageView {
  readonly #expanded: Expanded;
  readonly #solved: Solved;
  readonly #triggers: Triggers;
  readonly #cost: (position: number) => number;
  readonly #before: ReadonlyMap<number, number>;
  readonly #after: ReadonlyMap<number, number>;

  constructor(expanded: Expanded, solved: Solved, triggers: Triggers, cost: ReturnType<typeof secondsOf>) {
    this.#expanded = expanded;
    this.#solved = solved;
    this.#triggers = triggers;
    const { stage } = solved.effects;
    this.#cost = (position) => {
      const one = stage.instructions[position];
      return one ? cost(one, stage.index) : 0;
    };
    this.#before = this.#rebuilds(solved.before);
    this.#after = this.#rebuilds(solved.order);
  }

  /** Of all commits, in the new order. */
  get seconds(): number {
    return this.#solved.order.reduce((sum, at) => sum + this.#cost(at) * (this.#after.get(at) ?? 0), 0);
  }

  #bits(position: number): Bits {
    const one = this.#solved.effects.stage.instructions[position];
    return (one && this.#triggers.of.get(one)) ?? this.#triggers.none;
  }

  #rebuilds(order: readonly number[]): ReadonlyMap<number, number> {
    const { stage } = this.#solved.effects;
    const found = new Map<number, number>();
    const placed = order.filter((position) => stage.instructions[position] !== undefined);
    const instructions = placed.flatMap((position) => stage.instructions[position] ?? []);
    for (const [at, bits] of rebuiltIn(this.#triggers, stage.index, instructions).entries())
      found.set(placed[at] ?? -1, weightOf(bits, this.#triggers.weights));
    return found;
  }

  #place(position: number): { readonly line: number; readonly instruction: string } {
    const one = this.#solved.effects.stage.instructions[position];
    const part = one && this.#expanded.parts[one.index];
    return {
      line: part ? this.#lineOf(part.origin) : 0,
      instruction: oneLine(one && part ? this.#text(position) : ''),
    };
  }

  /** As the author wrote it, or as it is in the new order. */
  #text(position: number): string {
    const { build, author, parts } = this.#expanded;
    const { effects, order } = this.#solved;
    const one = effects.stage.instructions[position];
    const part = one && parts[one.index];
    if (!part) return '';
    const own = author.instructions[part.origin];
    if (part.placed && part.role === 'own' && own) return author.text.slice(own.span.start, own.span.end);
    const text = build.file.text.slice(one.span.start, one.span.end);
    return part.placed ? writtenFrom(text, foldersIn(build, effects, order)[order.indexOf(position)]) : text;
  }

  /** Line of an instruction in the author's file. */
  #lineOf(origin: number): number {
    const at = this.#expanded.author.instructions[origin]?.span.start ?? 0;
    return lineAt(this.#expanded.author.lineStarts, at);
  }

  moves(): readonly Move[] {
    const { order, effects, before, changed } = this.#solved;
    if (!changed) return [];
    const { instructions } = effects.stage;
    const partOf = (position: number) => this.#expanded.parts[instructions[position]?.index ?? -1];
    return order.flatMap((position, at): Move[] => {
      const part = partOf(position);
      const own = effects.effects[position];
      if (!part || !own) return [];
      const passed = before.filter((other) => other < position && order.indexOf(other) > at);
      const isCut = part.role === 'head' && partOf(order[at + 1] ?? -1)?.role !== 'tail';
      if (passed.length === 0 && part.role !== 'manifests') return [];
      const rest =
        part.role === 'manifests' ? instructions.findIndex((one) => this.#isRest(one.index, part.origin)) : -1;
      const helped = isDownload(part) ? instructions.findIndex((one) => this.#isRest(one.index, part.origin)) : -1;
      const [was, is] = [this.#before.get(helped === -1 ? position : helped) ?? 0, this.#after.get(position) ?? 0];
      return [
        {
          ...this.#place(position),
          part: part.role === 'manifests' ? 'manifests' : isDownload(part) ? 'download' : isCut ? 'head' : 'whole',
          passes: passed.map((other) => this.#place(other)),
          safe: [
            ...new Set([
              ...(helped === -1 ? [] : whyHarmless(part, effects.effects[helped]?.label ?? 'it')),
              ...(rest === -1
                ? []
                : [
                    `the rest of ${effects.effects[rest]?.label ?? 'it'} brings the same files again${this.#butFor(rest)}`,
                  ]),
              ...whySafe(
                own,
                passed.flatMap((other) => effects.effects[other] ?? []),
              ),
            ]),
          ],
          caveats: [
            ...(part.caveats ?? []),
            ...caveatsOf(
              own,
              passed.flatMap((other) => effects.effects[other] ?? []),
            ),
          ],
          rebuilds: {
            before: part.role === 'manifests' ? is : was,
            after: is,
            seconds: (part.role === 'manifests' ? -is : was - is) * this.#cost(position),
          },
        },
      ];
    });
  }

  #butFor(position: number): string {
    const one = this.#solved.effects.stage.instructions[position];
    const { without = [] } = this.#expanded.parts[one?.index ?? -1] ?? {};
    const { copied } = this.#solved.effects.effects[position] ?? {};
    return without.length === 0 ? '' : `, but for ${listed(without.map((path) => copied?.sourceOf(path) ?? path))}`;
  }

  #isManifests(position: number): boolean {
    const one = this.#solved.effects.stage.instructions[position];
    return one !== undefined && this.#expanded.parts[one.index]?.role === 'manifests';
  }

  #isRest(index: number, origin: number): boolean {
    const part = this.#expanded.parts[index];
    return part?.origin === origin && !isNew(part) && part.role !== 'head';
  }

  /** The step that would have compiled the dependencies for a RUN, where it is not in the new order. */
  #stepFor(position: number): number | undefined {
    const { order, effects } = this.#solved;
    const partOf = (at: number) => this.#expanded.parts[effects.stage.instructions[at]?.index ?? -1];
    const found = effects.stage.instructions.findIndex(
      (_, at) =>
        partOf(at)?.warm !== undefined && partOf(at)?.origin === partOf(position)?.origin && !order.includes(at),
    );
    return found === -1 ? undefined : found;
  }

  /** Of the steps that cost most in the new order, those that something in front of them makes run again. */
  kept(least: number): readonly Kept[] {
    const { order, effects } = this.#solved;
    const { weights } = this.#triggers;
    return order.flatMap((position, at): Kept[] => {
      const own = effects.effects[position];
      const rebuilds = this.#after.get(position) ?? 0;
      if (own?.instruction.keyword !== 'RUN' || this.#cost(position) * rebuilds < least) return [];
      const blockers = order
        .slice(0, at)
        .filter((other) => effects.reason(other, position) !== undefined && !this.#isManifests(other))
        .filter((other) => !isItsOwn(effects.effects[other], own))
        .map((other) => ({ other, weight: weightOf(this.#bits(other), weights) }))
        .sort((a, b) => b.weight - a.weight || a.other - b.other);
      const worst = blockers[0];
      if (!worst || worst.weight === 0) return [];
      const step = this.#stepFor(position);
      const reason =
        (step === undefined ? undefined : effects.reasonWithCopies(worst.other, step)) ??
        effects.reasonWithCopies(worst.other, position) ??
        effects.reason(worst.other, position) ??
        '';
      return [{ ...this.#place(position), behind: this.#place(worst.other), reason, rebuilds }];
    });
  }
}

/** Of a new step that downloads for another one. */
function whyHarmless({ role, caveats = [], repeated, warm }: Part, helped: string): readonly string[] {
  if (warm) return warm.safe;
  if (repeated)
    return [
      `${repeated.backend} builds the project from ${listed(repeated.manifests)} alone, with the same dependencies`,
      `${helped} behind it installs the project anew, takes away what was there of it, and finds the dependencies`,
      ...(repeated.edited.length > 0 ? ['what the RUN changes is copied again between the two'] : []),
    ];
  const kept = role === 'redone' && caveats.length === 0 ? ['what it leaves is in no image'] : [];
  return [`${helped} would fetch the same, and finds it there`, ...kept];
}

/** A COPY of just what the RUN works on. */
function isItsOwn(copy: Effects | undefined, run: Effects): boolean {
  if (copy?.copied?.origin !== 'context' || run.unknown !== undefined) return false;
  const named = ({ kind, image, matches }: Mapping) =>
    kind === 'names' &&
    matches !== undefined &&
    run.reads.some(({ path }) => parentOf(path) === image && matches(baseName(path)));
  return bringsNothingElse(copy, run) || copy.copied.mappings.every(named);
}

/** What a RUN may do otherwise before what it followed. */
function caveatsOf(own: Effects, passed: readonly Effects[]): string[] {
  const copies = passed.flatMap(({ copied }) => copied ?? []);
  const isRead = own.variables.others === 'probably-most';
  const set = isRead ? [...new Set(passed.flatMap(({ sets }) => [...sets]))] : [];
  const unset = set.length > 0 ? [`a package that ${own.label} installs might read ${listed(set)}`] : [];
  if (copies.length === 0) return unset;
  const open = own.loose.filter((area) => copies.some((copied) => copied.mayBring(area)));
  const names = [
    ...new Set(open.map(({ path }) => copies.flatMap((copied) => copied.sourceOf(path) ?? [])[0] ?? path)),
  ];
  const covered = `${listed(names)} beside the sources would be copied over what it makes there`;
  return [...new Set([...own.caveats, ...(names.length > 0 ? [covered] : []), ...unset])];
}

/** Why an instruction may come before those that it followed. */
function whySafe(own: Effects, passed: readonly Effects[]): string[] {
  const { keyword } = own.instruction;
  const copies = passed.filter(({ copied }) => copied);
  const others = passed.filter(({ copied }) => !copied);
  const names = (some: readonly Effects[]) => listed(some.map(({ label }) => label));
  const reasons: string[] = [];
  if (keyword === 'RUN') reasons.push(...runBeforeCopies(own, copies));
  else if (own.copied && copies.length > 0)
    reasons.push(`${names([own, ...copies])} put different files into the image`);
  const rest = keyword === 'RUN' || own.copied ? others : passed;
  if (rest.length === 0) return reasons;
  if (keyword === 'ENV' || keyword === 'ARG') reasons.push(`none of its variables is used by ${names(rest)}`);
  else if (keyword === 'WORKDIR' || keyword === 'USER' || keyword === 'SHELL')
    reasons.push(`before and after ${own.label} the same is done by ${names(rest)}`);
  else reasons.push(`${names([own, ...rest])} touch nothing in common`);
  return reasons;
}

function runBeforeCopies(own: Effects, passed: readonly Effects[]): string[] {
  const unread: string[] = [];
  const reasons: string[] = [];
  const kept = new Set<string>();
  for (const one of passed) {
    const read = own.reads.filter((area) => one.copied?.mayBring(area));
    const names = [...new Set(read.map(({ path }) => one.copied?.sourceOf(path) ?? path))].sort();
    if (names.length === 0) unread.push(broughtBy(one));
    else reasons.push(`of ${broughtBy(one)} ${own.label} reads only ${listed(names)}, copied before it`);
    for (const path of own.rewrites) {
      const source = one.copied?.sourceOf(path);
      if (source === undefined || one.copied?.mayBring(entry(path))) continue;
      reasons.push(`${source} stays as ${own.label} leaves it: the COPY behind it leaves it out`);
    }
    for (const { path } of own.writes)
      if (
        !own.rewrites.includes(path) &&
        own.loose.every((area) => area.path !== path) &&
        one.copied?.mappings.some(({ image }) => relativeTo(image, path) !== undefined)
      )
        kept.add(one.copied.sourceOf(path) ?? path);
  }
  if (unread.length > 0) reasons.unshift(`${own.label} reads nothing of ${listed(unread, 'or')}`);
  if (kept.size > 0) reasons.push(`what it writes there (${listed([...kept].sort())}) is kept out of the context`);
  return reasons;
}

/** `a, b and 3 more` */
function listed(names: readonly string[], last = 'and'): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} ${last} ${names.length - 3} more`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
}
