import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseSource } from '../../../server/core/engine.js';
import type { LanguageClient } from '../../helpers/language-client.js';

export interface Place {
  readonly line: number;
  readonly character: number;
}

export interface PlacedText {
  readonly range: { readonly start: Place; readonly end: Place };
  readonly newText: string;
}

interface Edited {
  readonly documentChanges?: readonly {
    readonly textDocument?: { readonly uri: string };
    readonly edits?: readonly PlacedText[];
  }[];
}

interface Action {
  readonly title: string;
  readonly edit?: Edited;
  readonly data?: unknown;
  readonly disabled?: object;
  readonly command?: object;
}

/** A document that is open in the server, and complaints about it. */
export interface Trial {
  readonly client: LanguageClient;
  readonly document: TextDocument;
  complain(about: string): void;
}

/** Asks everything an editor asks, at every word; complains about errors and about ranges beyond the text. */
export async function askEverything(trial: Trial): Promise<void> {
  const { client, document } = trial;
  const textDocument = { uri: document.uri };
  const whole = ['documentSymbol', 'foldingRange', 'documentLink', 'semanticTokens/full'];
  for (const method of whole) await answer(trial, `textDocument/${method}`, { textDocument });
  const places = wordsOf(document).map((offset) => document.positionAt(offset));
  await Promise.all(
    places.flatMap((position) =>
      ['hover', 'completion', 'definition', 'documentHighlight'].map(async (method) => {
        const result = await answer(trial, `textDocument/${method}`, { textDocument, position });
        for (const range of rangesIn(result)) checkRange(trial, method, range);
      }),
    ),
  );
  for (const position of places) await tryRename(trial, position);
  await client.request('textDocument/foldingRange', { textDocument });
}

/** Renames, and expects the same build with other names. */
async function tryRename(trial: Trial, position: Place): Promise<void> {
  const { client, document } = trial;
  const textDocument = { uri: document.uri };
  const prepared = await client.ask('textDocument/prepareRename', { textDocument, position });
  if (prepared.error || !prepared.result) return;
  const { placeholder } = prepared.result as { placeholder: string };
  const newName = 'zz_renamed';
  const result = (await answer(trial, 'textDocument/rename', { textDocument, position, newName })) as Edited | null;
  const after = applied(document, result ?? undefined);
  if (after === document.getText()) trial.complain(`renaming ${placeholder} changes nothing`);
  const problems = problemsOf(document.getText());
  if (problems !== problemsOf(after)) trial.complain(`renaming ${placeholder} breaks the file`);
  const back = after.replaceAll(newName, placeholder).toLowerCase();
  if (back !== document.getText().toLowerCase()) trial.complain(`renaming ${placeholder} changes more than the name`);
}

function problemsOf(text: string): number {
  const parsed = parseSource('dockerfile', text);
  return parsed.kind === 'dockerfile' ? parsed.build.needed.size * 1000 + parsed.file.problems.length : 0;
}

/** Formats; the text must mean the same, and a second time must change nothing. */
export async function tryFormatting(trial: Trial, open: (text: string) => Trial): Promise<void> {
  const options = { tabSize: 4, insertSpaces: true, insertFinalNewline: true, trimFinalNewlines: true };
  const format = async ({ client, document }: Trial) => {
    const params = { textDocument: { uri: document.uri }, options };
    const edits = await client.request<PlacedText[] | null>('textDocument/formatting', params);
    return TextDocument.applyEdits(document, edits ? [...edits] : []);
  };
  const before = trial.document.getText();
  const once = await format(trial);
  if (meaningOf(before, trial) !== meaningOf(once, trial)) trial.complain('formatting changes what the file means');
  const twice = await format(open(once));
  if (twice !== (await format(open(twice)))) trial.complain('formatting does not come to an end');
  open(before);
}

function meaningOf(text: string, { document }: Trial): string {
  const parsed = parseSource(document.languageId === 'dockerignore' ? 'dockerignore' : 'dockerfile', text);
  if (parsed.kind === 'dockerignore') return JSON.stringify(parsed.file.patterns.map(({ source }) => source));
  return JSON.stringify(
    parsed.file.instructions.map((one) => [
      one.keyword,
      one.keyword === 'FROM' ? [one.image?.text, one.alias?.text] : one.text,
      one.heredocs.map(({ content }) => content),
    ]),
  );
}

/** Applies every quick fix by itself; gives the texts after the fixes that a user may choose. */
export async function tryFixes(trial: Trial): Promise<void> {
  const { client, document } = trial;
  const textDocument = { uri: document.uri };
  const { items } = await client.request<{ items: { range: PlacedText['range']; code: string }[] }>(
    'textDocument/diagnostic',
    { textDocument },
  );
  for (const diagnostic of items) {
    checkRange(trial, diagnostic.code, diagnostic.range);
    const params = {
      textDocument,
      range: diagnostic.range,
      context: { diagnostics: [diagnostic], only: ['quickfix'] },
    };
    const actions = (await answer(trial, 'textDocument/codeAction', params)) as Action[] | null;
    for (const action of actions ?? []) {
      if (action.disabled || action.command) continue;
      const whole = action.edit ? action : ((await answer(trial, 'codeAction/resolve', action)) as Action | null);
      const edits = whole?.edit?.documentChanges ?? [];
      if (edits.length === 0) trial.complain(`${diagnostic.code}: “${action.title}” does nothing`);
      for (const range of rangesIn(edits.filter((one) => one.textDocument?.uri === document.uri)))
        checkRange(trial, action.title, range);
    }
  }
}

/** The document after `source.fixAll.layerwise`. */
export async function fixedText(trial: Trial): Promise<string> {
  const { client, document } = trial;
  const start = { line: 0, character: 0 };
  const actions = await client.request<Action[] | null>('textDocument/codeAction', {
    textDocument: { uri: document.uri },
    range: { start, end: document.positionAt(document.getText().length) },
    context: { diagnostics: [], only: ['source.fixAll'] },
  });
  const [first] = actions ?? [];
  if (!first) return document.getText();
  const whole = first.edit ? first : await client.request<Action>('codeAction/resolve', first);
  return applied(document, whole.edit);
}

function applied(document: TextDocument, edit: Edited | undefined): string {
  const own = (edit?.documentChanges ?? []).filter((one) => one.textDocument?.uri === document.uri);
  return TextDocument.applyEdits(
    document,
    own.flatMap(({ edits }) => [...(edits ?? [])]),
  );
}

async function answer(trial: Trial, method: string, params: object): Promise<unknown> {
  const { result, error } = await trial.client.ask(method, params);
  if (error) trial.complain(`${method} ${JSON.stringify(params).slice(0, 200)}: ${error.message}`);
  return result;
}

/** Where words start, end, and one place inside, at most 400. */
function wordsOf(document: TextDocument): number[] {
  const offsets = [...document.getText().matchAll(/[^\s]+/g)].flatMap(({ index, 0: word }) => [
    index,
    index + (word.length >> 1),
    index + word.length,
  ]);
  const step = Math.ceil(offsets.length / 400);
  return offsets.filter((_, index) => index % step === 0);
}

function checkRange({ document, complain }: Trial, about: string, { start, end }: PlacedText['range']): void {
  const text = document.getText();
  const [from, to] = [document.offsetAt(start), document.offsetAt(end)];
  const exact = [from, to].every((offset, index) => {
    const place = index === 0 ? start : end;
    const back = document.positionAt(offset);
    return back.line === place.line && back.character === place.character;
  });
  if (!exact || from > to) complain(`${about}: the range ${JSON.stringify({ start, end })} is not in the text`);
  for (const offset of [from, to]) {
    if (/[\udc00-\udfff]/.test(text.charAt(offset)) && /[\ud800-\udbff]/.test(text.charAt(offset - 1)))
      complain(`${about}: a range cuts a character in two`);
  }
}

/** All ranges of the document itself in an answer. */
function rangesIn(value: unknown): PlacedText['range'][] {
  if (typeof value !== 'object' || value === null) return [];
  const { range } = value as { range?: PlacedText['range'] };
  const own = range?.start ? [range] : [];
  return [...own, ...Object.values(value).flatMap(rangesIn)];
}
