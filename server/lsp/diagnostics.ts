import {
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  type Range,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Edit, Finding, Fix, Safety, Severity } from '../core/finding.js';
import { ruleUrl } from '../core/rule-url.js';
import type { ClientFacts } from './client-facts.js';
import type { Opened } from './opened.js';
import { rangeOf, textOnly } from './places.js';

/** `Diagnostic.source` of all our findings. */
export const diagnosticSource = 'layerwise';

/** What travels with a diagnostic to the client and back, so that code actions need not lint again. */
export interface DiagnosticData {
  /** Of the document that was linted; ranges hold for it only. */
  readonly version: number;
  readonly fixes: readonly PlacedFix[];
}

export interface PlacedFix {
  readonly title: string;
  readonly safety: Safety;
  readonly caveat?: string;
  readonly files: readonly PlacedEdits[];
}

export interface PlacedEdits {
  readonly uri: string;
  /** The file is not there yet. */
  readonly create: boolean;
  readonly edits: readonly { readonly range: Range; readonly newText: string }[];
}

/** What a client must be able to take for a part of a diagnostic to be there. */
export type DiagnosticFacts = Pick<
  ClientFacts,
  'relatedInformation' | 'diagnosticData' | 'diagnosticTags' | 'codeDescription'
>;

export function diagnosticsOf(opened: Opened, client: DiagnosticFacts): Diagnostic[] {
  const files = new Map<string, TextDocument | undefined>();
  const { context } = opened.surroundings;
  const fileOf = (inner: string): TextDocument | undefined => {
    if (!files.has(inner)) {
      const text = context?.read(inner);
      files.set(inner, text === undefined ? undefined : textOnly(text));
    }
    return files.get(inner);
  };
  if (opened.surroundings.excluded) return [];
  return opened.shown().map((finding) => {
    const { rule, severity, message, span, evidence, fixes, unnecessary } = finding;
    const related = client.relatedInformation ? evidence.map((one) => relatedTo(opened, finding, one, fileOf)) : [];
    const data: DiagnosticData = {
      version: opened.version,
      fixes: fixes.flatMap((fix) => placeFix(opened, fix, fileOf)),
    };
    const diagnostic: Diagnostic = {
      range: rangeOf(opened.document, span),
      severity: severities[severity],
      source: diagnosticSource,
      code: rule,
      message,
    };
    if (client.codeDescription) diagnostic.codeDescription = { href: ruleUrl(rule) };
    if (related.length > 0) diagnostic.relatedInformation = related;
    if (unnecessary && client.diagnosticTags) diagnostic.tags = [DiagnosticTag.Unnecessary];
    if (client.diagnosticData) diagnostic.data = data;
    return diagnostic;
  });
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

type FileOf = (inner: string) => TextDocument | undefined;

/** A fact without a place of its own is shown at the finding. */
function relatedTo(
  { document, surroundings }: Opened,
  finding: Finding,
  { text, span, file }: Finding['evidence'][number],
  fileOf: FileOf,
): DiagnosticRelatedInformation {
  const uri = file === undefined ? document.uri : surroundings.uriOf(file);
  if (file === undefined || uri === undefined) {
    return { location: { uri: document.uri, range: rangeOf(document, span ?? finding.span) }, message: text };
  }
  const other = span && fileOf(file);
  const start = { line: 0, character: 0 };
  const range = other && span ? rangeOf(other, span) : { start, end: start };
  return { location: { uri, range }, message: text };
}

/** None where it touches a file whose place cannot be told. */
function placeFix(opened: Opened, fix: Fix, fileOf: FileOf): PlacedFix[] {
  const files: PlacedEdits[] = [];
  for (const [inner, edits] of byFile(fix.edits)) {
    const uri = inner === undefined ? opened.document.uri : opened.surroundings.uriOf(inner);
    if (uri === undefined) return [];
    const other = inner === undefined ? opened.document : fileOf(inner);
    if (!other && edits.some(({ span }) => span.end > 0)) return [];
    const text = other ?? textOnly('');
    files.push({
      uri,
      create: other === undefined,
      edits: edits.map((edit) => ({ range: rangeOf(text, edit.span), newText: edit.text })),
    });
  }
  const { title, safety, caveat } = fix;
  return [{ title, safety, ...(caveat === undefined ? {} : { caveat }), files }];
}

function byFile(edits: readonly Edit[]): ReadonlyMap<string | undefined, readonly Edit[]> {
  const files = new Map<string | undefined, Edit[]>();
  for (const edit of edits) {
    const list = files.get(edit.file) ?? [];
    list.push(edit);
    files.set(edit.file, list);
  }
  return files;
}
