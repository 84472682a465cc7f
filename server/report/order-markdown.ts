import { codeSpan, fenced, inlineText } from './markdown-text.js';
import {
  gainText,
  groupsOf,
  keptText,
  moveText,
  type OrderReport,
  orderDiff,
  orderNotes,
  outcomeText,
} from './order-report.js';
import { historyText } from './replay-report.js';

/** A pull-request comment: the sum, the diff, and lists of what moves and what stays, each with its reason. */
export function orderMarkdown(report: OrderReport): string {
  const { dockerfile, proposal, history } = report;
  const diff = orderDiff(report);
  const moves = groupsOf(proposal.moves).map((group) => {
    const [move] = group;
    const names = group.map(({ instruction }) => codeSpan(instruction)).join(', ');
    const gain = gainText(proposal, move);
    const safe = move.safe.map((reason) => `\n  - safe: ${inlineText(reason)}`).join('');
    const unless = move.caveats.map((caveat) => `\n  - **caveat**: ${inlineText(caveat)}`).join('');
    return `- ${names} (${inlineText(moveText(move))})${gain ? `: ${inlineText(gain)}` : ''}${unless}${safe}\n`;
  });
  const kept = proposal.kept.map(
    (one) =>
      `- ${codeSpan(one.instruction)} (line ${one.line + 1}) ${inlineText(keptText(proposal, one))}; not moved: ${inlineText(one.reason)}\n`,
  );
  return [
    `**${inlineText(dockerfile)}**: ${inlineText(outcomeText(report))} (${inlineText(historyText(history))})\n`,
    ...(diff === '' ? [] : [`${fenced(diff, 'diff')}\n`]),
    ...[moves, kept].flatMap((list) => (list.length === 0 ? [] : [list.join('')])),
    ...orderNotes(report).map((note) => `${inlineText(note)}\n`),
  ].join('\n');
}
