import type { CodeAction } from 'vscode-languageserver';
import type { OrderProposal } from '../cache/order.js';
import { timeText } from '../report/order-report.js';
import type { ClientFacts } from './client-facts.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';
import { workspaceEdit } from './workspace-edit.js';

export const reorderKind = 'refactor.rewrite.layerwise';

const ANNOTATION = 'layerwise-order';

/** The whole proposal as one edit, which the client shows before it is made where it can. */
export function reorderAction(opened: Opened, proposal: OrderProposal, client: ClientFacts): CodeAction | undefined {
  const { edits, before, after, commits, moves } = proposal;
  if (edits.length === 0 || opened.surroundings.excluded) return undefined;
  const changes = edits.map(({ span, text }) => ({ range: rangeOf(opened.document, span), newText: text }));
  const file = { uri: opened.document.uri, create: false, edits: changes };
  const edit = workspaceEdit(opened.document, [file], client);
  if (!edit) return undefined;
  const gain = `${timeText(proposal, before.seconds)} → ${timeText(proposal, after.seconds)} per commit`;
  const title = `Reorder by the last ${commits} commits (${gain})`;
  if (!client.annotatesEdits || !edit.documentChanges) return { title, kind: reorderKind, edit };
  const description = [...new Set(moves.flatMap(({ safe }) => safe))].slice(0, 3).join('; ');
  return {
    title,
    kind: reorderKind,
    edit: {
      documentChanges: edit.documentChanges.map((change) =>
        'edits' in change
          ? { ...change, edits: change.edits.map((one) => ({ ...one, annotationId: ANNOTATION })) }
          : change,
      ),
      changeAnnotations: { [ANNOTATION]: { label: 'Reorder layers', description, needsConfirmation: true } },
    },
  };
}
