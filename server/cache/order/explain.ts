import { oneLine } from '../../model/effects/instruction-effects.js';
import { lineAt } from '../../syntax/text.js';
import type { Costs } from '../cost.js';
import type { Solved } from '../order.js';
import { type Bits, weightOf } from './bits.js';
import { type Expanded, goesOnFrom, isDownload, isNew, type Part } from './expand.js';
import { joinedText } from './items.js';
import { foldersIn, writtenFrom } from './placed.js';
import { caveatsOf, isItsOwn, joinedMoves, listed, whyHarmless, whySafe } from './reasons.js';
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
    const { order, effects, changed } = this.#solved;
    const found: Move[] = [];
    let first: Part | undefined;
    for (const [at, position] of changed ? order.entries() : []) {
      const [part, piece] = [this.#partAt(position), effects.stage.instructions[position]];
      const isNext = goesOnFrom(this.#partAt(order[at - 1]), part);
      if (!isNext) first = part;
      const move = this.#moveAt(position, at);
      const last = found.at(-1);
      if (!move || !part || !piece) continue;
      if (isNext && last && first?.commands) {
        const text = oneLine(joinedText(this.#expanded, piece, first, part));
        found[found.length - 1] = joinedMoves(last, move, text);
      } else found.push(move);
    }
    return found;
  }

  #partAt(position: number | undefined): Part | undefined {
    return this.#expanded.parts[this.#solved.effects.stage.instructions[position ?? -1]?.index ?? -1];
  }

  #moveAt(position: number, at: number): Move | undefined {
    const { order, effects, before } = this.#solved;
    const { instructions } = effects.stage;
    const part = this.#partAt(position);
    const own = effects.effects[position];
    const passed = before.filter((other) => other < position && order.indexOf(other) > at);
    if (!part || !own || (passed.length === 0 && part.role !== 'manifests')) return undefined;
    const isCopy = part.role === 'manifests';
    const isCut = part.role === 'head' && !goesOnFrom(part, this.#partAt(order[at + 1]));
    const restOf = () => instructions.findIndex((one) => this.#isRest(one.index, part.origin));
    const [rest, helped] = [isCopy ? restOf() : -1, isDownload(part) ? restOf() : -1];
    const [was, is] = [this.#before.get(helped === -1 ? position : helped) ?? 0, this.#after.get(position) ?? 0];
    const others = passed.flatMap((other) => effects.effects[other] ?? []);
    const again = `the rest of ${effects.effects[rest]?.label ?? 'it'} brings the same files again${this.#butFor(rest)}`;
    return {
      ...this.#place(position),
      part: isCopy ? 'manifests' : isDownload(part) ? 'download' : isCut ? 'head' : 'whole',
      passes: passed.map((other) => this.#place(other)),
      safe: [
        ...new Set([
          ...(helped === -1 ? [] : whyHarmless(part, effects.effects[helped]?.label ?? 'it')),
          ...(rest === -1 ? [] : [again]),
          ...whySafe(own, others),
        ]),
      ],
      caveats: [...(part.caveats ?? []), ...caveatsOf(own, others)],
      rebuilds: {
        before: isCopy ? is : was,
        after: is,
        seconds: (isCopy ? -is : was - is) * this.#cost(position),
      },
    };
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
        partOf(at)?.warm?.does !== undefined && partOf(at)?.origin === partOf(position)?.origin && !order.includes(at),
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
