import type { WorkspaceEdit } from 'vscode-languageserver';
import { fixSource } from '../core/fix.js';
import type { ClientFacts } from './client-facts.js';
import { type Opened, sourceOf } from './opened.js';
import { textOnly } from './places.js';
import { editsTo } from './text-edits.js';
import { type FileEdits, workspaceEdit } from './workspace-edit.js';

/**
 * All safe fixes of a document, or those of one rule, applied and linted again until none is left. Undefined where there is none,
 * or where they would not come to an end.
 */
export function fixAllEdit(
  opened: Opened,
  rule: string | undefined,
  client: Pick<ClientFacts, 'documentChanges' | 'createsFiles'>,
): WorkspaceEdit | undefined {
  const source = sourceOf(opened);
  const { contextWith: _, ...alone } = source;
  const canTouchOthers = client.documentChanges && client.createsFiles;
  const only = rule === undefined ? {} : { only: new Set([rule]) };
  const { surroundings } = opened;
  const outcome = fixSource(canTouchOthers ? source : alone, surroundings.config, { unsafe: false, ...only });
  if (outcome.unsettled.length > 0) return undefined;
  const files: FileEdits[] = [];
  if (outcome.text !== opened.text) {
    files.push({ uri: opened.document.uri, create: false, edits: editsTo(opened.document, outcome.text) });
  }
  for (const [inner, text] of outcome.others) {
    const uri = surroundings.uriOf(inner);
    const before = surroundings.context?.read(inner);
    if (uri === undefined || before === text) continue;
    files.push({ uri, create: before === undefined, edits: editsTo(textOnly(before ?? ''), text) });
  }
  return files.length > 0 ? workspaceEdit(opened.document, files, client) : undefined;
}
