import { type Build, buildOf } from '../model/build.js';
import type { BuildContext } from '../model/context.js';
import type { Acceptance } from '../model/effects/command-effects.js';
import { parseDockerfile } from '../syntax/dockerfile.js';
import { openEndOf } from '../syntax/lines.js';
import type { Span } from '../syntax/text.js';
import type { Instruction } from '../syntax/tree.js';
import { type Costs, costsOf } from './cost.js';
import type { ContextCommit } from './history.js';
import type { Measures } from './measures.js';
import { composeStage, type Item, type Replacement } from './order/compose.js';
import { type Expanded, expandDockerfile, isDownload, isNew } from './order/expand.js';
import { type Expected, expectedOf, type Measured, sideOf } from './order/expected.js';
import { explain, type Kept, type Move } from './order/explain.js';
import { gathered } from './order/gather.js';
import { itemsOf, movesIn, neededOf, withoutDoubles, withoutUseless } from './order/items.js';
import { syntaxLine } from './order/lockfiles.js';
import { nearHome } from './order/placed.js';
import { costOfOrder, type OrderProblem, type SearchOptions, searchOrder } from './order/search.js';
import type { StageEffects } from './order/stage-effects.js';
import { secondsOf, type Triggers, triggersOf } from './order/stage-problem.js';
import { untrackedCopies } from './order/untracked.js';
import { clearedOrder, isUseful } from './order/useful-downloads.js';
import type { CacheBuilder } from './side.js';
import { targetStage } from './target-stage.js';

/** What an order is looked for with. */
export interface OrderInput {
  readonly build: Build;
  /** The context of the build as it is now. */
  readonly context: BuildContext;
  /** Newest first, as `contextCommits` gives them. */
  readonly commits: readonly ContextCommit[];
  readonly builder: Extract<CacheBuilder, 'buildkit' | 'buildkit-graphdriver'>;
  readonly buildArgs?: ReadonlyMap<string, string>;
  readonly target?: string | undefined;
  /** Other stages that are built for themselves. */
  readonly otherTargets?: readonly string[];
  readonly measures?: Measures | undefined;
  /** Files of the context that the history knows. What is copied of others is taken to change all the time: nobody sees when it does. */
  readonly tracked?: Iterable<string> | undefined;
  /** ARGs that have another value in every build. */
  readonly changingArgs?: ReadonlySet<string>;
  /** `proved` if left out; with `likely` moves may have caveats. */
  readonly acceptance?: Acceptance;
  readonly search?: SearchOptions;
}

/** The cheapest order that is proved to build the same image. */
export interface OrderProposal {
  /** The author's text where nothing is better. */
  readonly text: string;
  /** How to get there from the author's; do not overlap, in order of the text. */
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
  readonly commits: number;
  readonly before: Expected;
  readonly after: Expected;
  /** All times were measured; else they are from the table. */
  readonly measured: boolean;
  /** By how much, as a share of `after`, some order might still be cheaper; 0 where it is proved that none is. */
  readonly gap: number;
  readonly moves: readonly Move[];
  /** Steps that run again more often than they would have to, and why they stay. */
  readonly kept: readonly Kept[];
}

/** Gains below this share of the cost, and below so many seconds per commit, are not worth touching the Dockerfile. */
const worthTouching: Least = { share: 0.03, seconds: 0.75 };

/** Nor is, in a file that is touched, so little worth another line. */
const worthLine: Least = { share: 0.01, seconds: 0.1 };

/** Per commit that makes something run again, for each instruction that stands elsewhere or is new. */
const secondsPerMove = 0.2;

interface Least {
  readonly share: number;
  /** Per commit that makes something run again. */
  readonly seconds: number;
}

/** Never dearer than the author's order; deterministic. Undefined where the builder rejects the file. */
export function proposeOrder(input: OrderInput): OrderProposal | undefined {
  const { build } = input;
  if (build.file.problems.length > 0 || build.stages.length === 0) return undefined;
  const first = proposalFor(input, new Set());
  if (first.spared.size === 0) return first.proposal;
  // A COPY that need not leave anything out is told of as it is.
  const { proposal } = proposalFor(input, first.spared);
  return proposal.after.seconds <= first.proposal.after.seconds ? proposal : first.proposal;
}

interface Found {
  readonly proposal: OrderProposal;
  /** COPYs, by their index in the author's file, that could have left out lockfiles and do not. */
  readonly spared: ReadonlySet<number>;
}

/** With those COPYs as they are, but for manifests that are copied before them too. */
function proposalFor(input: OrderInput, spared: ReadonlySet<number>): Found {
  const { build, context } = input;
  const own = sideOf(input, build);
  const before = expectedOf(input, own, build);
  const needed = new Set(triggersOf(own, input.builder, [], new Set()).stages);
  const targets = [input.target, ...(input.otherTargets ?? [])].flatMap(
    (name) => targetStage(build.stages, name, input.builder) ?? [],
  );
  const expanded = expandDockerfile(build, context, needed, {
    acceptance: input.acceptance ?? 'proved',
    targets,
    spared,
  });
  const none: ReadonlySet<number> = new Set();
  if (!expanded || before.seconds === 0 || openEndOf(build.file) !== undefined)
    return { proposal: unchanged(input, before, []), spared: none };
  const triggersWith = (always: ReadonlySet<Instruction>) =>
    triggersOf(sideOf(input, expanded.build), input.builder, input.commits, input.changingArgs ?? new Set(), always);
  const untracked = untrackedCopies(expanded.build, input.tracked);
  const counted = triggersWith(new Set());
  const triggers = untracked.size > 0 ? triggersWith(untracked) : counted;
  const costs = costsOfParts(input, expanded);
  const solved = expanded.effects.flatMap((effects) => {
    const one = effects && solve(input, expanded, effects, triggers, costs, before.seconds);
    return one ?? [];
  });
  const edits = solved.flatMap(({ items, effects, changed }) => {
    const stage = build.stages[effects.stage.index];
    const edit = changed && stage ? composeStage(build, stage, items) : undefined;
    return edit ?? [];
  });
  const syntax = solved.some(({ leavesOut }) => leavesOut) ? syntaxLine(build.file) : undefined;
  if (syntax) edits.push(syntax);
  const explained = explain(expanded, solved, counted, costs);
  const proposal =
    edits.length === 0 ? unchanged(input, before, explained.kept) : checked(input, before, edits, solved, explained);
  return { proposal, spared: new Set(solved.flatMap((one) => sparedIn(expanded, one))) };
}

function sparedIn(expanded: Expanded, { effects, order }: Solved): readonly number[] {
  return order.flatMap((position) => {
    const part = expanded.parts[effects.stage.instructions[position]?.index ?? -1];
    return part?.role === 'rest' && neededOf(expanded, effects, order, position).length === 0 ? [part.origin] : [];
  });
}

/** Parts of a RUN that was measured share its time. One that finds its downloads done takes as much less as the table says. */
function costsOfParts(input: OrderInput, { build, parts }: Expanded): Costs {
  const guessed = costsOf(build, input.context, undefined);
  const plain = costsOf(input.build, input.context, undefined);
  const own = costsOf(input.build, input.context, input.measures);
  const byOrigin = new Map<number, Instruction[]>();
  for (const one of build.file.instructions) {
    const part = parts[one.index];
    if (part && !isNew(part)) byOrigin.set(part.origin, [...(byOrigin.get(part.origin) ?? []), one]);
  }
  return (instruction, stage) => {
    const part = parts[instruction.index];
    const origin = part && input.build.file.instructions[part.origin];
    if (!part || !origin || isNew(part)) return guessed(instruction, stage);
    const whole = own(origin, stage);
    const both = byOrigin.get(part.origin) ?? [];
    const sum = both.reduce((seconds, one) => seconds + guessed(one, stage).seconds, 0);
    const alone = plain(origin, stage).seconds;
    const all = alone > 0 ? whole.seconds * Math.min(1, sum / alone) : whole.seconds;
    return { ...whole, seconds: sum > 0 ? (all * guessed(instruction, stage).seconds) / sum : all };
  };
}

/** The order found for one stage. Positions are those of the expanded stage. */
export interface Solved {
  readonly effects: StageEffects;
  readonly order: readonly number[];
  readonly items: readonly Item[];
  readonly changed: boolean;
  /** A COPY of it has `--exclude` that it did not have. */
  readonly leavesOut: boolean;
  /** Of all commits together; `bound` is what no order can be cheaper than. */
  readonly cost: number;
  readonly bound: number;
  readonly before: readonly number[];
}

function solve(
  input: OrderInput,
  expanded: Expanded,
  effects: StageEffects,
  triggers: Triggers,
  costs: Costs,
  whole: number,
): Solved {
  const { instructions, index } = effects.stage;
  const cost = secondsOf(triggers, costs);
  const problem: OrderProblem = {
    weights: triggers.weights,
    start: triggers.starts.get(index) ?? triggers.none,
    steps: instructions.map((one, later) => ({
      cost: cost(one, index),
      triggers: triggers.of.get(one) ?? triggers.none,
      detached: triggers.detached.has(one),
      roams: expanded.parts[one.index]?.role === 'manifests',
      after: instructions.flatMap((_, earlier) =>
        earlier < later && effects.reason(earlier, later) !== undefined ? [earlier] : [],
      ),
    })),
  };
  const busy = input.commits.length - (triggers.weights.at(-1) ?? 0);
  const least = ({ share, seconds }: Least) => Math.max(whole * share, busy * seconds);
  const found = searchOrder(problem, { tolerance: least(worthLine), ...input.search });
  const partOf = (position: number) => expanded.parts[instructions[position]?.index ?? -1];
  const useful = withoutUseless(expanded, effects, clearedOrder(expanded, effects, problem, found.order));
  const cleared = gathered(expanded, effects, problem, withoutDoubles(expanded, effects, useful));
  const order = nearHome(expanded.build, effects, cleared, (position) => partOf(position)?.placed);
  const shortened = new Set(expanded.parts.flatMap(({ role, origin }) => (role === 'rest' ? [origin] : [])));
  // A download in front of its RUN costs what that RUN takes less. A COPY that leaves out lockfiles re-runs with what brings them.
  const asWritten = instructions.flatMap((_, position) => {
    const part = partOf(position);
    return part?.role === 'manifests' && !shortened.has(part.origin) ? [] : [position];
  });
  const author = asWritten.filter((position) => !isNew(partOf(position)));
  const [dear, cheap] = [costOfOrder(problem, asWritten), costOfOrder(problem, order)];
  const better = dear - cheap > Math.max(least(worthTouching), busy * secondsPerMove * movesIn(order, author));
  const chosen = better
    ? order.filter((position) => !isDownload(partOf(position)) || isUseful(expanded, effects, position, order))
    : author;
  return {
    effects,
    order: chosen,
    before: author,
    items: itemsOf(expanded, effects, chosen),
    changed: better,
    leavesOut: better && chosen.some((position) => neededOf(expanded, effects, chosen, position).length > 0),
    cost: found.cost,
    bound: found.bound,
  };
}

function unchanged({ build, commits }: OrderInput, before: Measured, kept: readonly Kept[]): OrderProposal {
  const { measured, ...expected } = before;
  return {
    text: build.file.text,
    edits: [],
    commits: commits.length,
    before: expected,
    after: expected,
    measured,
    gap: 0,
    moves: [],
    kept,
  };
}

/** The replay of the new file has the last word. */
function checked(
  input: OrderInput,
  before: Measured,
  edits: readonly Replacement[],
  solved: readonly Solved[],
  { moves, kept }: ReturnType<typeof explain>,
): OrderProposal {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start);
  const text = applied(input.build.file.text, sorted);
  const file = parseDockerfile(text);
  const build = buildOf(file);
  const same = file.problems.length === 0 && build.stages.length === input.build.stages.length;
  const after = expectedOf(input, sideOf(input, build), build);
  if (!same || after.seconds >= before.seconds) return unchanged(input, before, kept);
  const { measured, ...expected } = before;
  return {
    text,
    edits: sorted,
    commits: input.commits.length,
    before: expected,
    after: { seconds: after.seconds, rebuiltSteps: after.rebuiltSteps },
    measured,
    gap: gapOf(solved),
    moves,
    kept,
  };
}

/** What the tolerance of the search gives away does not count. */
function gapOf(solved: readonly Solved[]): number {
  const sum = (of: (one: Solved) => number) => solved.reduce((all, one) => all + of(one), 0);
  const cost = sum((one) => one.cost);
  return cost > 0 ? Math.max(0, cost - sum(({ bound }) => bound)) / cost : 0;
}

function applied(source: string, edits: readonly Replacement[]): string {
  let text = '';
  let at = 0;
  for (const edit of edits) {
    text += source.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return text + source.slice(at);
}
