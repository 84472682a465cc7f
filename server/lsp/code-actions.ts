import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  LSPErrorCodes,
  ResponseError,
  type SnippetTextEdit,
  type TextEdit,
} from 'vscode-languageserver';
import { ruleByName } from '../rules/index.js';
import type { ClientFacts } from './client-facts.js';
import { type DiagnosticData, diagnosticSource, diagnosticsOf, type PlacedFix } from './diagnostics.js';
import { fixAllEdit } from './fix-all.js';
import { ignoreHere, ignoreInFile } from './ignore-edits.js';
import type { LayerHistory } from './layer-history.js';
import type { Opened } from './opened.js';
import { spanOf } from './places.js';
import { clientCommands, fixAllKind } from './protocol.js';
import { reorderAction, reorderKind } from './reorder-action.js';
import type { Session } from './session.js';
import { workspaceEdit } from './workspace-edit.js';

/** `CodeAction.data` of an action whose edit is made when it is chosen. */
export interface PostponedFix {
  readonly uri: string;
  readonly version: number;
  /** Only fixes of this rule; undefined for all. */
  readonly rule?: string;
}

export const codeActionKinds = [CodeActionKind.QuickFix, fixAllKind, reorderKind];

/** The client's actions for a range: fixes from the diagnostics' own data, and what else can be done about a finding. */
export function codeActions(
  opened: Opened,
  { range, context }: Pick<CodeActionParams, 'range' | 'context'>,
  client: ClientFacts,
  history?: LayerHistory,
): CodeAction[] {
  const actions: CodeAction[] = [];
  if (asksFor(CodeActionKind.QuickFix, context.only)) {
    const diagnostics = currentOf(opened, context.diagnostics, client);
    for (const diagnostic of diagnostics) actions.push(...fixesOf(opened, diagnostic, client));
    for (const rule of new Set(diagnostics.map(({ code }) => String(code)))) {
      actions.push(...fixesOfRule(opened, rule, diagnostics, client));
    }
    for (const diagnostic of diagnostics) actions.push(...ignoreActions(opened, diagnostic, client));
    actions.push(...explainActions(diagnostics, client));
  }
  const onRequest = (context.only ?? []).some((kind) => kind.startsWith('source'));
  if (asksFor(fixAllKind, context.only) && (onRequest || rangeHasFindings(opened, range, context.diagnostics))) {
    actions.push(...fixAllAction(opened, client));
  }
  const proposal = asksFor(reorderKind, context.only) ? history?.proposal(opened) : undefined;
  const reorder = proposal && reorderAction(opened, proposal, client);
  return reorder ? [...actions, reorder] : actions;
}

/** Makes the edit of an action that was postponed. Fails where the document has changed since. */
export async function resolveAction(
  action: CodeAction,
  { session, client }: { readonly session: Session; readonly client: ClientFacts },
): Promise<CodeAction> {
  const { uri, version, rule } = (action.data ?? {}) as Partial<PostponedFix>;
  if (typeof uri !== 'string') return action;
  const edit = await session.ask(uri, (opened) => {
    return version === opened.version ? fixAllEdit(opened, rule, client) : undefined;
  });
  if (!edit) throw new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed');
  return { ...action, edit };
}

/** `quickfix` asks for `quickfix` and all below it; without `only` everything is asked for. */
function asksFor(kind: string, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`) || one === '');
}

function rangeHasFindings(opened: Opened, range: CodeActionParams['range'], given: readonly Diagnostic[]): boolean {
  const { start, end } = spanOf(opened.document, range);
  return (
    given.some(({ source }) => source === diagnosticSource) ||
    opened.shown().some(({ span }) => span.start <= end && start <= span.end)
  );
}

/**
 * Our diagnostics among those the client names, in a form that holds for this version: as they came with their data, or else the
 * ones of this version at the same place.
 */
function currentOf(opened: Opened, given: readonly Diagnostic[], client: ClientFacts): Diagnostic[] {
  const ours = given.filter(({ source }) => source === diagnosticSource);
  if (ours.every(({ data }) => (data as DiagnosticData | undefined)?.version === opened.version)) return ours;
  const current = diagnosticsOf(opened, { ...client, diagnosticData: true });
  return ours.flatMap((one) => {
    const place = JSON.stringify(one.range);
    const same = current.find(({ code, range }) => code === one.code && JSON.stringify(range) === place);
    return same ? [{ ...one, data: same.data }] : [];
  });
}

function dataOf({ data }: Diagnostic): DiagnosticData {
  return data as DiagnosticData;
}

/** Safe fixes come first and the first of them is the preferred one; one that is only to be shown cannot be chosen. */
function fixesOf(opened: Opened, diagnostic: Diagnostic, client: ClientFacts): CodeAction[] {
  const { fixes } = dataOf(diagnostic);
  const preferred = fixes.find(({ safety }) => safety === 'safe');
  return fixes.flatMap((fix): CodeAction[] => {
    const title = fix.caveat === undefined ? fix.title : `${fix.title} (${fix.caveat})`;
    const action = { title, kind: CodeActionKind.QuickFix, diagnostics: [withoutData(diagnostic)] };
    if (isOnlyShown(fix)) {
      const reason = fix.caveat ?? 'this cannot be done by itself';
      return client.disabledActions ? [{ ...action, title: fix.title, disabled: { reason } }] : [];
    }
    const edit = workspaceEdit(opened.document, fix.files, client);
    return edit ? [{ ...action, edit, ...(fix === preferred ? { isPreferred: true } : {}) }] : [];
  });
}

function isOnlyShown({ safety, files }: PlacedFix): boolean {
  return safety === 'manual' || files.length === 0;
}

/** The client knows its diagnostic; the fixes need not travel a third time. */
function withoutData({ data: _, ...diagnostic }: Diagnostic): Diagnostic {
  return diagnostic;
}

/** Made by linting again and again, not from the single fixes: neighbours may get in each other's way. */
function fixesOfRule(
  opened: Opened,
  rule: string,
  diagnostics: readonly Diagnostic[],
  client: ClientFacts,
): CodeAction[] {
  const fixable = opened
    .lint()
    .findings.filter((finding) => finding.rule === rule && finding.fixes.some(({ safety }) => safety === 'safe'));
  if (fixable.length < 2) return [];
  const own = diagnostics.filter(({ code }) => code === rule).map(withoutData);
  const action = { title: `Fix all ${rule} findings in this file`, kind: CodeActionKind.QuickFix, diagnostics: own };
  return postponed(opened, action, client, rule);
}

function fixAllAction(opened: Opened, client: ClientFacts): CodeAction[] {
  const fixable = opened.lint().findings.some(({ fixes }) => fixes.some(({ safety }) => safety === 'safe'));
  if (!fixable || opened.surroundings.excluded) return [];
  return postponed(opened, { title: 'Apply all safe Layerwise fixes', kind: fixAllKind }, client, undefined);
}

function postponed(opened: Opened, action: CodeAction, client: ClientFacts, rule: string | undefined): CodeAction[] {
  if (client.resolvesEdits) {
    const data: PostponedFix = { uri: opened.document.uri, version: opened.version, ...(rule ? { rule } : {}) };
    return [{ ...action, data }];
  }
  const edit = fixAllEdit(opened, rule, client);
  return edit ? [{ ...action, edit }] : [];
}

function ignoreActions(opened: Opened, diagnostic: Diagnostic, client: ClientFacts): CodeAction[] {
  const rule = String(diagnostic.code);
  // What the builder rejects, and remarks on comments: ignoring them helps nobody.
  if (ruleByName(rule)?.target === 'engine') return [];
  const snippets = client.snippetEdits && client.documentChanges;
  const offer = (title: string, edit: TextEdit | SnippetTextEdit): CodeAction[] => {
    const files = [{ uri: opened.document.uri, create: false, edits: [edit] }];
    const whole = workspaceEdit(opened.document, files, client);
    const diagnostics = [withoutData(diagnostic)];
    return whole ? [{ title, kind: CodeActionKind.QuickFix, diagnostics, edit: whole }] : [];
  };
  const place = opened.document.offsetAt(diagnostic.range.start);
  const here = ignoreHere(opened, rule, place, snippets);
  const what = opened.parsed.kind === 'dockerfile' ? 'instruction' : 'pattern';
  return [
    ...(here ? offer(`Ignore ${rule} for this ${what}`, here) : []),
    ...offer(`Ignore ${rule} in this file`, ignoreInFile(opened, rule, snippets)),
  ];
}

function explainActions(diagnostics: readonly Diagnostic[], client: ClientFacts): CodeAction[] {
  if (!client.commands.has(clientCommands.explainRule)) return [];
  return [...new Set(diagnostics.map(({ code }) => String(code)))].map((rule) => {
    const title = `Explain ${rule}`;
    return {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: diagnostics.filter(({ code }) => code === rule).map(withoutData),
      command: { title, command: clientCommands.explainRule, arguments: [rule] },
    };
  });
}
