import type { SnippetTextEdit, TextEdit } from 'vscode-languageserver';
import { ignoreFileSuppressionsOf, type Suppression, suppressionsOf } from '../core/suppress.js';
import { lineAt, lineEnding, lineStarts, type Span } from '../syntax/text.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';

/** An edit that adds the rule to a comment that is there, or writes a new one; undefined where no instruction holds the place. */
export function ignoreHere(opened: Opened, rule: string, place: number, snippets: boolean): Edit | undefined {
  const target = targetAt(opened, place);
  if (!target) return undefined;
  const known = commentsOf(opened).find(
    ({ tool, scope, rules }) => tool === 'layerwise' && scope?.start === target.start && rules.length > 0,
  );
  if (known) return addName(opened, known, rule);
  return newComment(opened, `# layerwise ignore=${rule} reason=`, target.start, snippets);
}

export function ignoreInFile(opened: Opened, rule: string, snippets: boolean): Edit {
  const known = commentsOf(opened).find(
    ({ tool, scope, rules }) => tool === 'layerwise' && scope === undefined && rules.length > 0,
  );
  if (known) return addName(opened, known, rule);
  return newComment(opened, `# layerwise ignore-file=${rule} reason=`, firstLineAfterDirectives(opened), snippets);
}

type Edit = TextEdit | SnippetTextEdit;

function commentsOf({ parsed }: Opened): readonly Suppression[] {
  return parsed.kind === 'dockerfile' ? suppressionsOf(parsed.file) : ignoreFileSuppressionsOf(parsed.file);
}

/** What a comment above the line covers: the instruction or the pattern that holds the place. */
function targetAt({ parsed }: Opened, place: number): Span | undefined {
  const spans = (parsed.kind === 'dockerfile' ? parsed.file.instructions : parsed.file.patterns).map(
    ({ span }) => span,
  );
  return spans.find(({ start, end }) => start <= place && place < Math.max(end, start + 1));
}

function addName(opened: Opened, { rules }: Suppression, rule: string): Edit {
  const end = rules.at(-1)?.span.end ?? 0;
  return { range: rangeOf(opened.document, { start: end, end }), newText: `,${rule}` };
}

/** A whole line before the one that holds `offset`; the reason is left for the user to write. */
function newComment(opened: Opened, comment: string, offset: number, snippets: boolean): Edit {
  const { document, text } = opened;
  const starts = lineStarts(text);
  let start = starts[lineAt(starts, offset)] ?? 0;
  if (start === 0 && text.startsWith('\ufeff')) start = 1;
  const range = rangeOf(document, { start, end: start });
  const lead =
    offset === text.length && text !== '' && !text.endsWith('\n') && start !== offset ? lineEnding(text) : '';
  if (snippets) {
    const value = `${lead}${comment}"\${1:why}"${lineEnding(text)}`;
    return { range, snippet: { kind: 'snippet', value } };
  }
  return { range, newText: `${lead}${comment}""${lineEnding(text)}` };
}

/** Parser directives end at the first other comment, so they must stay on top. */
function firstLineAfterDirectives({ parsed, text }: Opened): number {
  const last = parsed.kind === 'dockerfile' ? parsed.file.directives.at(-1) : undefined;
  if (!last) return 0;
  const newline = text.indexOf('\n', last.span.end);
  return newline === -1 ? text.length : newline + 1;
}
