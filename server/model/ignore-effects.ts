import type { IgnoreFile, IgnorePattern } from '../syntax/dockerignore.js';
import type { Verdict } from '../syntax/ignore-matcher.js';
import { ignoreMatcher } from '../syntax/ignore-matcher.js';
import { createMemo, type Memo } from '../syntax/memo.js';
import type { BuildContext, ContextEntry } from './context.js';

/** More entries than this are not looked at; the answer then says that it is not complete. */
const mostEntries = 20_000;

/** Folders whose inside says nothing about a pattern: a version control store, or what a package manager put there. */
const closedFolders: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules', '.venv', '__pycache__']);

/** What one pattern does to the context as it is now. */
export interface PatternEffect {
  readonly pattern: IgnorePattern;
  /** Entries whose path the pattern itself matches, sent or not. */
  readonly matches: number;
  /** Entries it settles: ignored by a pattern, sent by an exception. Of a folder's contents only the folder counts. */
  readonly settles: number;
  /** For an exception: matching entries that are not sent, and the pattern that keeps them away (undefined: the pruned folder). */
  readonly kept: readonly { readonly path: string; readonly by: IgnorePattern | undefined }[];
  /** The first matching entries. */
  readonly examples: readonly ContextEntry[];
}

export interface IgnoreEffects {
  readonly effects: readonly PatternEffect[];
  /** False where the context holds too much to be looked through; then a missing match proves nothing. */
  readonly complete: boolean;
}

interface Counter {
  readonly pattern: IgnorePattern;
  matches: number;
  settles: number;
  readonly kept: { path: string; by: IgnorePattern | undefined }[];
  readonly examples: ContextEntry[];
}

const known = createMemo<BuildContext, Memo<IgnoreFile, IgnoreEffects>>();

/** Looks through the context once and says what each pattern does. */
export function ignoreEffects(file: IgnoreFile, context: BuildContext): IgnoreEffects {
  const byFile = known.get(context) ?? createMemo<IgnoreFile, IgnoreEffects>();
  known.set(context, byFile);
  const found = byFile.get(file) ?? lookThrough(file, context);
  byFile.set(file, found);
  return found;
}

function lookThrough(file: IgnoreFile, context: BuildContext): IgnoreEffects {
  const matcher = ignoreMatcher(file);
  const counters: Counter[] = file.patterns.map((pattern) => {
    return { pattern, matches: 0, settles: 0, kept: [], examples: [] };
  });
  let left = mostEntries;
  const visit = (folder: string, parent: Verdict | undefined, pruned: boolean): void => {
    for (const entry of context.children(folder)) {
      if (left-- <= 0) return;
      const own = matcher.matching(entry.path);
      const verdict = matcher.step(entry.path, parent, own);
      const sent = !verdict.ignored && !pruned;
      count(counters, entry, { own, verdict, parent, sent });
      if (entry.type !== 'directory' || closedFolders.has(nameOf(entry.path))) continue;
      visit(entry.path, verdict, pruned || (verdict.ignored && matcher.prunes(entry.path)));
    }
  };
  visit('', undefined, false);
  return { effects: counters, complete: left > 0 };
}

interface Judged {
  readonly own: readonly number[];
  readonly verdict: Verdict;
  readonly parent: Verdict | undefined;
  readonly sent: boolean;
}

function count(counters: readonly Counter[], entry: ContextEntry, { own, verdict, parent, sent }: Judged): void {
  const settled = verdict.decidedBy === undefined ? undefined : counters[verdict.decidedBy];
  if (settled && parent?.decidedBy !== verdict.decidedBy && settled.pattern.exception === sent) settled.settles++;
  for (const index of own) {
    const counter = counters[index];
    if (!counter) continue;
    counter.matches++;
    if (counter.examples.length < 5) counter.examples.push(entry);
    if (!counter.pattern.exception || sent || counter.kept.length >= 5) continue;
    counter.kept.push({ path: entry.path, by: verdict.ignored ? settled?.pattern : undefined });
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
