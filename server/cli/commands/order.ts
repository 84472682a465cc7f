import pc from 'picocolors';
import { housekeepingOf } from '../../cache/housekeeping.js';
import { expectedOf, sideOf } from '../../cache/order/expected.js';
import { type OrderInput, type OrderProposal, proposeOrder } from '../../cache/order.js';
import { planOf } from '../../cache/plan.js';
import { fixSource } from '../../core/fix.js';
import { buildOf } from '../../model/build.js';
import { changingArgs } from '../../model/changing-args.js';
import type { Acceptance } from '../../model/effects/command-effects.js';
import { listed } from '../../model/unwanted.js';
import { writeAtomically } from '../../project/files.js';
import { createContextFinder } from '../../project/find-context.js';
import { orderMarkdown } from '../../report/order-markdown.js';
import { orderPretty } from '../../report/order-pretty.js';
import {
  type AcceptingOption,
  type HousekeepingLines,
  type MountedOrder,
  type OrderReport,
  type Otherwise,
  orderJson,
} from '../../report/order-report.js';
import { parseDockerfile } from '../../syntax/dockerfile.js';
import { assertBuildable, contextNotes, stageNotes } from '../build-target.js';
import { useColor } from '../color.js';
import { type HistoryInput, openHistoryInput, replayedHistory } from '../history-input.js';
import type { CliResult, Io } from '../io.js';
import { CliError } from '../io.js';
import { checkedOutContext, orderContext } from '../order-context.js';
import type { Args } from '../parse-args.js';

/** `layerwise order [DOCKERFILE]` */
export async function runOrder(args: Args, io: Io): Promise<CliResult> {
  const opened = await openHistoryInput(args, io);
  assertBuildable(opened.source.source.path, opened.file);
  const { context, notes } = await orderContext(args, io, opened);
  const input = { ...opened, context };
  const shown = input.source.source.path;
  const options: Options = {
    changingArgs: new Set(args.values('changing-arg')),
    acceptance: args.has('unsafe') ? 'likely' : 'proved',
    otherTargets: await createContextFinder(io.cwd).targetsOf(input.source.dockerfile),
  };
  const proposal = proposed(input, shown, options);
  const written = args.has('write') && proposal.edits.length > 0;
  if (written) write(input, shown, proposal.text);
  const report: OrderReport = {
    dockerfile: shown,
    builder: input.builder,
    target: input.target,
    history: replayedHistory(input),
    text: input.file.text,
    proposal,
    written,
    otherwise: otherwise(args, io, input, options, proposal),
    housekeeping: housekeepingLines(input, shown, options, proposal),
    mounts: mountedOrder(input, options, proposal),
  };
  const stages = stageNotes(opened.source, opened.buildArgs);
  const all = [...contextNotes(opened.source), ...stages, ...notes, ...unknownArgs(input, shown, options)];
  return { stdout: format(args, io, report), stderr: notesText(all), code: 0 };
}

/** Names behind `--changing-arg` that mean nothing here. */
function unknownArgs({ file }: HistoryInput, shown: string, { changingArgs }: Options): readonly string[] {
  const known = new Set(
    file.instructions.flatMap((one) => (one.keyword === 'ARG' ? one.pairs : [])).map(({ key }) => key),
  );
  return [...(changingArgs ?? [])].flatMap((name) =>
    known.has(name) ? [] : [`--changing-arg ${name}: ${shown} has no such ARG`],
  );
}

const mostNotes = 20;

function notesText(notes: readonly string[]): string {
  const lines = notes.slice(0, mostNotes).map((note) => `layerwise: ${note}\n`);
  if (notes.length > mostNotes) lines.push(`layerwise: and ${notes.length - mostNotes} more packages\n`);
  return lines.join('');
}

type Options = Pick<OrderInput, 'changingArgs' | 'otherTargets'> & { readonly acceptance: Acceptance };

/** What options that were not given would make of it; those that prove or accept more only where that costs less than all before. */
function otherwise(
  args: Args,
  io: Io,
  input: HistoryInput,
  options: Options,
  proposal: OrderProposal,
): readonly Otherwise[] {
  const shown = input.source.source.path;
  const found: Otherwise[] = [];
  const changing = changingArgs(input.file, input.buildArgs).filter((name) => !options.changingArgs?.has(name));
  if (changing.length > 0) {
    const all = new Set([...(options.changingArgs ?? []), ...changing]);
    const other = proposed(input, shown, { ...options, changingArgs: all });
    if (other.edits.length > 0 && other.text !== proposal.text) found.push({ changing, proposal: other });
  }
  if (proposal.kept.length === 0) return found;
  let least = proposal.after.seconds;
  const add = (option: AcceptingOption, tried: HistoryInput | undefined, acceptance: Acceptance) => {
    const other = tried && proposed(tried, shown, { ...options, acceptance });
    if (!other || other.edits.length === 0 || other.after.seconds >= least - leastShare * proposal.before.seconds)
      return;
    least = other.after.seconds;
    found.push({ option, proposal: other });
  };
  const context = args.has('clean-checkout') ? undefined : checkedOutContext(io, input);
  if (context) add('--clean-checkout', { ...input, context }, options.acceptance);
  if (!args.has('unsafe')) add('--unsafe', input, 'likely');
  return found;
}

/** What the proposal would cost if the ignore file listed what no build looks at; undefined where that saves little. */
function housekeepingLines(
  input: HistoryInput,
  shown: string,
  options: Options,
  proposal: OrderProposal,
): HousekeepingLines | undefined {
  if (proposal.before.seconds === 0) return undefined;
  const found = housekeepingOf(orderInput(input, options));
  if (!found) return undefined;
  const history = { ...input.history, commits: found.commits };
  const other = proposed({ ...input, history }, shown, options);
  const seconds = other.edits.length > 0 ? other.after.seconds : other.before.seconds;
  if (proposal.after.seconds - seconds < leastHousekeeping * proposal.after.seconds) return undefined;
  const { patterns, idle } = found;
  const file = input.context.ignoreFile?.path ?? '.dockerignore';
  const isNew = input.context.ignoreFile === undefined;
  return { patterns, names: listed(patterns), commits: idle, file, isNew, proposal: other };
}

/** Of the cost that is left. */
const leastHousekeeping = 0.05;

/**
 * What the proposal would cost with the cache mounts that the linter advises; undefined where that saves little. Times that were measured
 * are those of steps as they are written, and tell nothing of others.
 */
function mountedOrder(input: HistoryInput, options: Options, proposal: OrderProposal): MountedOrder | undefined {
  if (input.measures || proposal.before.seconds === 0) return undefined;
  const { source, config } = input.source;
  const only = new Set(['missing-cache-mount']);
  const mounted = (unsafe: boolean) => fixSource({ ...source, text: proposal.text }, config, { unsafe, only }).text;
  const text = mounted(true);
  if (text === proposal.text) return undefined;
  const build = buildOf(parseDockerfile(text));
  const given = { ...orderInput(input, options), build };
  const { seconds, rebuiltSteps } = expectedOf(given, sideOf(given, build), build);
  if (proposal.after.seconds - seconds < leastMounted * proposal.after.seconds) return undefined;
  return { expected: { seconds, rebuiltSteps }, safe: mounted(false) === text };
}

/** Of the cost that is left. */
const leastMounted = 0.1;

/** Of the author's cost; less is not worth an option. */
const leastShare = 0.03;

function proposed(input: HistoryInput, shown: string, options: Options): OrderProposal {
  const { file, context, buildArgs, target, builder } = input;
  if (planOf({ file, context, buildArgs, target }, builder).stages.length === 0)
    throw new CliError(`${shown}: has no stage ${target ?? ''}`.trimEnd());
  const found = proposeOrder(orderInput(input, options));
  if (!found) throw new CliError(`${shown}: the builder rejects it`);
  return found;
}

function orderInput(input: HistoryInput, options: Options): OrderInput {
  const { file, context, buildArgs, target, builder, history, measures } = input;
  const { commits, paths: tracked } = history;
  return { build: buildOf(file), context, commits, tracked, builder, buildArgs, target, measures, ...options };
}

function write({ source, file }: HistoryInput, shown: string, text: string): void {
  const failure = writeAtomically(source.dockerfile, text, file.text);
  if (failure) throw new CliError(`${shown}: not written: ${failure.error}`);
}

function format(args: Args, io: Io, report: OrderReport): string {
  const name = args.value('format') ?? 'pretty';
  if (name === 'json') return orderJson(report);
  if (name === 'markdown') return orderMarkdown(report);
  return orderPretty(report, pc.createColors(useColor(args, io.env, io.stdoutIsTerminal)));
}
