import * as v from 'valibot';
import type { Move } from '../../cache/order/explain.js';
import type { OrderProposal } from '../../cache/order.js';
import type { Fix } from '../../core/finding.js';
import { defineRule, type Report } from '../../core/rule.js';
import type { Build } from '../../model/build.js';
import { installsIn } from '../../model/installs.js';
import { lineAt } from '../../syntax/text.js';
import type { Instruction } from '../../syntax/tree.js';
import { leastHistory, leastShare } from '../options.js';

export const orderByChangeFrequency = defineRule({
  name: 'order-by-change-frequency',
  category: 'order',
  severity: 'info',
  recommended: false,
  fixable: 'always',
  since: '0.1.0',
  aliases: [],
  needs: ['context', 'history'],
  docs: {
    summary: 'Steps in another order would have re-run less with the commits that this repository had.',
    why: `The recent commits (200) are replayed against the build cache. Among all orders that are proved to build the same image the one that costs least is looked for; where it saves enough, the finding says which step gains most, and the fix is the whole order. \`layerwise order\` shows the same with every move explained, \`layerwise replay\` the history behind it.

Off by default: it asks Git for the history, which takes longer than all other rules together, and its seconds come from a table of orders of magnitude unless \`layerwise measure\` has seen a build. An install of dependencies that stands behind the sources is left to copy-before-install. Only BuildKit's cache is known so well.`,
    bad: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y git\nCMD ["python", "app.py"]\n',
    good: 'FROM python:3.13\nWORKDIR /app\nRUN apt-get update && apt-get install -y git\nCOPY . .\nCMD ["python", "app.py"]\n',
    files: { 'app.py': 'print()\n', '.dockerignore': 'Dockerfile\n' },
    changed: ['app.py'],
    links: ['https://docs.docker.com/build/cache/optimize/#order-your-layers'],
  },
  options: v.object({
    share: leastShare,
    commits: leastHistory,
  }),
  check({ file, build, context, history, options, settings, report }) {
    const { builder } = settings;
    if (!context || !history || history.commits.length < options.commits) return;
    if (builder !== 'buildkit' && builder !== 'buildkit-graphdriver') return;
    const { commits, paths: tracked, targets: otherTargets } = history;
    const proposal = history.propose({ build, context, commits, tracked, otherTargets, builder });
    if (!proposal || proposal.edits.length === 0) return;
    const saved = 1 - proposal.after.seconds / proposal.before.seconds;
    const best = bestOf(proposal);
    const step = best && instructionAt(build, best);
    if (saved < options.share || !step || best.part === 'download' || installsDependencies(build, step)) return;
    report({
      span: step.keywordSpan,
      message: messageOf(proposal, best, saved),
      evidence: best.passes.flatMap((one) => evidenceOf(build, one, best)),
      savings: {
        trigger: 'a commit like the recent ones',
        rebuilds: proposal.moves.flatMap(({ line, rebuilds }) => (rebuilds.seconds > 0 ? [line] : [])),
        seconds: (proposal.before.seconds - proposal.after.seconds) / proposal.commits,
        basis: proposal.measured ? 'measured' : 'table',
      },
      fixes: [fixOf(proposal)],
    });

    function evidenceOf(own: Build, place: Move['passes'][number], { safe }: Move): NonNullable<Report['evidence']> {
      const passed = own.file.instructions.find((one) => lineAt(file.lineStarts, one.span.start) === place.line);
      return passed ? [{ text: safe[0] ?? 'has nothing to do with it', span: passed.keywordSpan }] : [];
    }
  },
});

/** A frontend that the file does not name yet is one more image that the build has to get. */
function fixOf({ edits: all }: OrderProposal): Fix {
  const title = 'Put the steps into the order that re-runs least';
  const edits = all.map(({ span, text }) => ({ span, text }));
  const [, frontend] = /^# syntax=(\S+)/m.exec(edits.map(({ text }) => text).join('\n')) ?? [];
  return frontend === undefined
    ? { title, safety: 'safe', edits }
    : { title, safety: 'unsafe', caveat: `the builder must be able to get ${frontend}`, edits };
}

/** The move that saves most. */
function bestOf({ moves }: OrderProposal): Move | undefined {
  return moves.reduce<Move | undefined>(
    (best, move) => (move.rebuilds.seconds > (best?.rebuilds.seconds ?? 0) ? move : best),
    undefined,
  );
}

function instructionAt({ file }: Build, { line }: Move): Instruction | undefined {
  return file.instructions.find((one) => lineAt(file.lineStarts, one.span.start) === line);
}

/** That it stands behind the sources is what copy-before-install says. */
function installsDependencies(build: Build, instruction: Instruction): boolean {
  return instruction.keyword === 'RUN' && installsIn(build, instruction).some(({ kind }) => kind === 'dependencies');
}

function messageOf(proposal: OrderProposal, { instruction, passes, rebuilds }: Move, saved: number): string {
  const [first] = passes;
  const behind = first ? ` behind \`${first.instruction}\`` : '';
  const guess = proposal.measured ? '' : '~';
  const seconds = (proposal.before.seconds - proposal.after.seconds) / proposal.commits;
  return `\`${instruction}\` re-ran in ${rebuilds.before} of ${proposal.commits} commits${behind}, and need only in ${rebuilds.after}: another order saves ${Math.round(100 * saved)} %, ${guess}${seconds.toFixed(1)} s per commit`;
}
