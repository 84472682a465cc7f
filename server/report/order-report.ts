import type { Kept, Move } from '../cache/order/explain.js';
import type { OrderProposal } from '../cache/order.js';
import { unifiedDiff } from './diff.js';
import { historyNotes, type ReplayedHistory, secondsText } from './replay-report.js';

/** What a report on a proposed order is made from. */
export interface OrderReport {
  /** As the user should see it. */
  readonly dockerfile: string;
  readonly builder: string;
  readonly target: string | undefined;
  readonly history: ReplayedHistory;
  /** The author's text. */
  readonly text: string;
  readonly proposal: OrderProposal;
  /** The proposal stands in the file now. */
  readonly written: boolean;
  /** What would cost less still. */
  readonly otherwise: readonly Otherwise[];
  /** Files that no build looks at, and whose changes re-run steps. */
  readonly housekeeping: HousekeepingLines | undefined;
  readonly mounts: MountedOrder | undefined;
}

/** The proposed text with the cache mounts that the linter advises. */
export interface MountedOrder {
  readonly expected: OrderProposal['after'];
  /** All of them are safe fixes. */
  readonly safe: boolean;
}

/** What the ignore file might list besides. */
export interface HousekeepingLines {
  readonly patterns: readonly string[];
  /** As one would say it: ".github and docs". */
  readonly names: string;
  /** Commits that touch nothing else of what is sent, and re-run something. */
  readonly commits: number;
  /** Path of the ignore file in the context. */
  readonly file: string;
  /** There is none yet. */
  readonly isNew: boolean;
  /** The order with these lines. */
  readonly proposal: OrderProposal;
}

/** An option with which more is accepted. */
export type AcceptingOption = '--clean-checkout' | '--unsafe';

/** What an option that was not given would make of it. `changing` are build arguments that seem to have another value in every build. */
export type Otherwise = { readonly proposal: OrderProposal } & (
  | { readonly option: AcceptingOption }
  | { readonly changing: readonly string[] }
);

/** A patch; empty where nothing is proposed. */
export function orderDiff({ dockerfile, text, proposal }: OrderReport): string {
  return unifiedDiff(dockerfile, text, proposal.text);
}

/** JSON, version 1; schema in docs/schema/order.schema.json. */
export function orderJson(report: OrderReport): string {
  const { dockerfile, builder, target, history, proposal, written, otherwise, housekeeping, mounts } = report;
  const { newest, oldest, short, gaps } = history;
  const expected = ({ seconds, rebuiltSteps }: OrderProposal['before']) => ({
    secondsPerCommit: rounded(perCommit(proposal, seconds)),
    rebuiltStepsPerCommit: rounded(perCommit(proposal, rebuiltSteps)),
  });
  const value = {
    version: 1,
    dockerfile,
    builder,
    target: target ?? null,
    commits: proposal.commits,
    history: { newest: newest ?? null, oldest: oldest ?? null, short: short ?? null, gaps },
    changed: proposal.edits.length > 0,
    written,
    expected: expected(proposal.before),
    proposed: { expected: expected(proposal.after), text: proposal.text, diff: orderDiff(report) },
    basis: proposal.measured ? 'measured' : 'table',
    gap: rounded(proposal.gap),
    moves: proposal.moves.map(({ line, instruction, part, passes, safe, caveats, rebuilds }) => ({
      line: line + 1,
      instruction,
      part,
      passes: passes.map((one) => ({ line: one.line + 1, instruction: one.instruction })),
      safe,
      caveats,
      rebuilds: { before: rebuilds.before, after: rebuilds.after },
      savedSecondsPerCommit: rounded(perCommit(proposal, rebuilds.seconds)),
    })),
    kept: proposal.kept.map(({ line, instruction, behind, reason, rebuilds }) => ({
      line: line + 1,
      instruction,
      behind: { line: behind.line + 1, instruction: behind.instruction },
      reason,
      rebuilds,
    })),
    otherwise: otherwise.map((other) => ({
      option: optionText(other),
      expected: expected(other.proposal.before),
      proposed: { expected: expected(other.proposal.after) },
    })),
    housekeeping: housekeeping
      ? {
          patterns: housekeeping.patterns,
          file: housekeeping.file,
          commits: housekeeping.commits,
          proposed: { expected: expected(housekeeping.proposal.after) },
        }
      : null,
    cacheMounts: mounts ? { safe: mounts.safe, proposed: { expected: expected(mounts.expected) } } : null,
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function rounded(number: number): number {
  return Math.round(number * 1000) / 1000;
}

export function perCommit({ commits }: Pick<OrderProposal, 'commits'>, all: number): number {
  return commits === 0 ? 0 : all / commits;
}

/** "~41 s and 3.1 steps per commit → ~9.0 s and 2.2 steps per commit: 78 % less" */
export function outcomeText({ proposal, written }: OrderReport): string {
  const { before, after, commits } = proposal;
  const cost = ({ seconds, rebuiltSteps }: OrderProposal['before']) =>
    `${timeText(proposal, seconds)} and ${perCommit(proposal, rebuiltSteps).toFixed(1)} steps per commit`;
  if (commits === 0) return 'There is no change to learn from.';
  if (before.seconds === 0)
    return commits === 1
      ? 'The one commit makes no step run again.'
      : `None of the ${commits} commits makes a step run again.`;
  if (proposal.edits.length === 0) return `${cost(before)}: no order that surely builds the same image costs less.`;
  const percent = Math.round(100 * (1 - after.seconds / before.seconds));
  return `${cost(before)} → ${cost(after)}: ${percent} % less.${written ? ' Written.' : ''}`;
}

/** Seconds per commit, with `~` where nobody measured. */
export function timeText(proposal: OrderProposal, seconds: number): string {
  return `${proposal.measured ? '' : '~'}${secondsText(perCommit(proposal, seconds))}`;
}

/** Copies of manifests from one line are told together. */
export function groupsOf(moves: readonly Move[]): readonly (readonly [Move, ...Move[]])[] {
  const groups: [Move, ...Move[]][] = [];
  for (const move of moves) {
    const last = groups.at(-1);
    if (last && move.part === 'manifests' && last[0].part === 'manifests' && last[0].line === move.line)
      last.push(move);
    else groups.push([move]);
  }
  return groups;
}

/** "line 5, before COPY . ." */
export function moveText({ line, part, passes }: Move): string {
  const at = `line ${line + 1}`;
  const what = part === 'manifests' ? `new, from ${at}` : part === 'download' ? `new, for ${at}` : at;
  const cut = part === 'head' ? ', cut off what follows' : '';
  if (passes.length === 0) return `${what}${cut}`;
  const names = passes.slice(0, 3).map(({ instruction }) => `\`${instruction}\``);
  const more = passes.length > 3 ? ` and ${passes.length - 3} more` : '';
  return `${what}${cut}, before ${names.join(', ')}${more}`;
}

/** "re-ran in 183 of 200 commits, now in 12: saves ~31 s per commit"; undefined where a move saves nothing itself. */
export function gainText(proposal: OrderProposal, { part, rebuilds }: Move): string | undefined {
  if (part === 'manifests')
    return rebuilds.after === 0 ? undefined : `runs in ${rebuilds.after} of ${proposal.commits} commits`;
  if (rebuilds.seconds <= 0) return undefined;
  const { before, after, seconds } = rebuilds;
  if (part === 'download')
    return `runs in ${after} of ${proposal.commits} commits, where that line did the same in ${before}: saves ${timeText(proposal, seconds)} per commit`;
  return `re-ran in ${before} of ${proposal.commits} commits, now in ${after}: saves ${timeText(proposal, seconds)} per commit`;
}

/** "re-ran in 183 of 200 commits, behind `COPY . .` (line 3)" */
export function keptText({ commits }: OrderProposal, { rebuilds, behind }: Kept): string {
  return `re-runs in ${rebuilds} of ${commits} commits, behind \`${behind.instruction}\` (line ${behind.line + 1})`;
}

function optionText(other: Otherwise): string {
  return 'option' in other ? other.option : other.changing.map((name) => `--changing-arg ${name}`).join(' ');
}

/** "If every build has another GIT_SHA, --changing-arg GIT_SHA finds an order of ~0.2 s per commit, now ~9.0 s: 98 % less." */
function otherwiseText(other: Otherwise): string {
  const { before, after } = other.proposal;
  const option = optionText(other);
  const start =
    'changing' in other
      ? `If every build has another ${other.changing.join(' and ')}, ${option} finds`
      : other.option === '--unsafe'
        ? `With caveats, ${option} finds`
        : `If every build starts from a clean checkout, ${option} finds`;
  const percent = Math.round(100 * (1 - after.seconds / before.seconds));
  const now = 'changing' in other ? `, now ${timeText(other.proposal, before.seconds)}` : '';
  return `${start} an order of ${timeText(other.proposal, after.seconds)} per commit${now}: ${percent} % less.`;
}

/** "41 of 200 commits re-ran steps for .github and docs alone, …: with them in .dockerignore, and so in no image, it costs ~9.0 s per commit, 22 % less." */
function housekeepingText(
  { proposal }: OrderReport,
  { patterns, names, commits, file, isNew, proposal: other }: HousekeepingLines,
): string {
  const percent = Math.round(100 * (1 - other.after.seconds / proposal.after.seconds));
  const them = patterns.length === 1 ? 'it' : 'them';
  return `${commits} of ${proposal.commits} commits re-ran steps for ${names} alone, which no build seems to read: with ${them} in ${isNew ? `a new ${file}` : file}, and so in no image, it costs ${timeText(other, other.after.seconds)} per commit, ${percent} % less than ${timeText(proposal, proposal.after.seconds)}.`;
}

/** "With the cache mounts that layerwise lint Dockerfile --fix-only missing-cache-mount --fix adds it costs ~9.0 s per commit, …" */
function mountsText({ dockerfile, proposal }: OrderReport, { expected, safe }: MountedOrder): string {
  const percent = Math.round(100 * (1 - expected.seconds / proposal.after.seconds));
  const command = `layerwise lint ${shellWord(dockerfile)} --fix-only missing-cache-mount ${safe ? '--fix' : '--unsafe-fixes'}`;
  return `With the cache mounts that ${command} adds it costs ${timeText(proposal, expected.seconds)} per commit, ${percent} % less than ${timeText(proposal, proposal.after.seconds)}, where the builder keeps its storage.`;
}

/** What could make a refused move possible. */
const ways: readonly { readonly reason: RegExp; note(report: OrderReport): string | undefined }[] = [
  {
    reason:
      /writes (?:\S+\/)?(?:node_modules|\.venv|venv|vendor|target|obj|deps|_build), .*: list it in the ignore file$/,
    // Else nothing tells the rules that it may be there.
    note: ({ dockerfile, otherwise }) =>
      otherwise.some((other) => 'option' in other && other.option === '--clean-checkout')
        ? `Without that promise it needs an ignore file that lists it; layerwise lint ${shellWord(dockerfile)} --fix-only missing-ignore-file --fix-only context-includes-dependencies --unsafe-fixes --diff shows how.`
        : undefined,
  },
  {
    // Lockfiles of tools that cannot be told to insist are nothing for that rule.
    reason: /may rewrite (?!\S*(?:Package\.resolved|cpanfile\.snapshot|mix\.lock),).* would put back$/,
    note: ({ dockerfile }) =>
      `An install that insists on its lockfile could move; layerwise lint ${shellWord(dockerfile)} --fix-only install-without-lockfile --unsafe-fixes --diff shows how.`,
  },
  {
    reason:
      /(?:install scripts of dependencies would run|runs the install scripts of packages that it trusts|install scripts?, which would run)/,
    note: () =>
      'Packages that are installed beside the manifest tell which have install scripts; so does the registry, with --ask-registry.',
  },
  {
    reason: /^(?=.*it is not known whether the shard \S+ has a script)/,
    note: () => 'Shards that are installed beside the manifest, in lib, tell which have scripts.',
  },
];

/** Quoted where a shell would take it apart. */
function shellWord(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** What the numbers do not say by themselves. */
export function orderNotes(report: OrderReport): readonly string[] {
  const { history, proposal, otherwise } = report;
  const open = ways.filter(({ reason }) => proposal.kept.some((kept) => reason.test(kept.reason)));
  return [
    ...otherwise.map(otherwiseText),
    ...(report.housekeeping ? [housekeepingText(report, report.housekeeping)] : []),
    ...(report.mounts ? [mountsText(report, report.mounts)] : []),
    ...open.flatMap(({ note }) => note(report) ?? []),
    ...historyNotes(history),
    ...(proposal.measured || proposal.before.seconds === 0
      ? []
      : ['~ is an order of magnitude; layerwise measure LOG takes times from the log of a build.']),
    ...(proposal.gap >= 0.01
      ? [`Some other order may be cheaper still, by ${Math.ceil(100 * proposal.gap)} % at most.`]
      : []),
  ];
}
