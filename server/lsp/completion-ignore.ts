import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import { applyEdits } from '../core/fix.js';
import type { BuildContext } from '../model/context.js';
import { wholeLines } from '../syntax/text.js';
import { completePath } from './completion-paths.js';
import { ignoreForm } from './name-forms.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';

/** Patterns that most projects want, and what they are for. */
const common: readonly (readonly [pattern: string, detail: string])[] = [
  ['.git', 'History: changes with every commit'],
  ['**/node_modules', 'Installed packages at any depth'],
  ['**/.venv', 'Virtual environments at any depth'],
  ['**/__pycache__', 'Compiled Python'],
  ['**/.DS_Store', 'Left by macOS'],
  ['.env*', 'Settings of one machine, often secrets'],
  ['Dockerfile*', 'Not needed in the image; an edit of it re-runs no COPY'],
  ['compose*.yaml', 'Not needed in the image'],
  ['.dockerignore', 'Not needed in the image'],
  ['**/*.log', 'Logs'],
  ['**/dist', 'Output of builds'],
  ['**/coverage', 'Test coverage'],
  ['*.md', 'Documents in the root'],
  ['.github', 'Workflows'],
  ['.vscode', 'Settings of an editor'],
];

/** In an ignore file: paths of the context, after `!` those that are left out, and patterns that most projects want. */
export function completeIgnorePattern(opened: Opened, offset: number, line: string): CompletionItem[] {
  const { parsed, document } = opened;
  if (parsed.kind !== 'dockerignore') return [];
  const [, mark = '', typed = ''] = /^\s*(!?)\s*(.*)$/.exec(line) ?? [];
  const context = contextWithoutLine(opened, offset);
  const isException = mark === '!';
  const written = parsed.file.patterns.find(({ span }) => span.start <= offset && offset <= span.end);
  const others = new Set(parsed.file.patterns.flatMap((one) => (one === written ? [] : [one.source])));
  const paths = context
    ? completePath(opened, offset, typed, context, ignoreForm, (path) => isException === context.ignored(path))
    : [];
  if (isException || typed.includes('/')) return paths;
  const range = rangeOf(document, { start: offset - typed.length, end: offset });
  const patterns = common
    .filter(([pattern]) => !others.has(pattern))
    .map(([pattern, detail]) => ({
      label: pattern,
      kind: CompletionItemKind.Value,
      detail,
      sortText: `~${pattern}`,
      textEdit: { range, newText: pattern },
    }));
  const known = new Set(patterns.map(({ label }) => label));
  return [...paths.filter(({ label }) => !known.has(label.replace(/\/$/, ''))), ...patterns];
}

/** The pattern that is being written must not count against itself. */
function contextWithoutLine({ surroundings, text }: Opened, offset: number): BuildContext | undefined {
  const { context, contextWith } = surroundings;
  const path = context?.ignoreFile?.path;
  if (path === undefined || !contextWith) return context;
  const rest = applyEdits(text, [{ span: wholeLines(text, { start: offset, end: offset }), text: '' }]);
  return contextWith(new Map([[path, rest]]));
}
