import { countWhile } from '../syntax/count-while.js';
import type { IgnoreFile } from '../syntax/dockerignore.js';
import { groupBy } from '../syntax/group-by.js';
import type { Span } from '../syntax/text.js';
import { span } from '../syntax/text.js';
import type { Comment, Dockerfile } from '../syntax/tree.js';
import type { Rule } from './rule.js';

/** One comment that asks to ignore findings. */
export interface Suppression {
  /** Names as written, with their places. */
  readonly rules: readonly { readonly name: string; readonly span: Span }[];
  /** Whose comment it is; only our own are asked for a reason and for being of use. */
  readonly tool: 'layerwise' | 'hadolint' | 'buildkit' | 'tally';
  readonly reason: string | undefined;
  /** The range of the text it covers; undefined for the whole file. */
  readonly scope: Span | undefined;
  readonly span: Span;
}

/** `# layerwise ignore=a,b reason="…"`, `ignore-file=`; hadolint's and tally's `[global] ignore=`; BuildKit's `check=skip=`. */
const patterns: readonly { tool: Suppression['tool']; pattern: RegExp; file?: RegExp }[] = [
  { tool: 'layerwise', pattern: /^layerwise\s+(ignore(?:-file)?)\s*=\s*/i, file: /^ignore-file$/i },
  { tool: 'hadolint', pattern: /^hadolint\s+((?:global\s+|stage\s+)?ignore)\s*=\s*/i, file: /^global/i },
  { tool: 'tally', pattern: /^tally\s+((?:global\s+)?ignore)\s*=\s*/i, file: /^global/i },
  { tool: 'buildkit', pattern: /^(check)\s*=\s*skip\s*=\s*/i },
];

/** Comments to one of the tools. */
const ADDRESSED = /^(?:#\s*)?(?:layerwise|hadolint|tally|check)/i;

export function suppressionsOf(file: Dockerfile): readonly Suppression[] {
  const found: Suppression[] = [];
  for (const directive of file.directives) {
    const skip = directive.name === 'check' ? /(?:^|;)\s*skip\s*=\s*([^;]*)/i.exec(directive.value) : null;
    if (!skip) continue;
    const list = skip[1] ?? '';
    const start = directive.valueSpan.start + skip.index + skip[0].length - list.length;
    found.push({
      rules: splitNames(list, start),
      tool: 'buildkit',
      reason: undefined,
      scope: undefined,
      span: directive.span,
    });
  }
  let next = 0;
  for (const comment of file.comments) {
    while (next < file.instructions.length && (file.instructions[next]?.span.start ?? 0) < comment.span.start) next++;
    const target = comment.inside === undefined ? file.instructions[next] : file.instructions[comment.inside];
    const suppression = readComment(file.text, comment, target?.span);
    if (suppression) found.push(suppression);
  }
  return found;
}

export function ignoreFileSuppressionsOf(file: IgnoreFile): readonly Suppression[] {
  const found: Suppression[] = [];
  let next = 0;
  for (const comment of file.comments) {
    while (next < file.patterns.length && (file.patterns[next]?.line ?? 0) < comment.line) next++;
    const suppression = readComment(file.text, comment, file.patterns[next]?.span);
    if (suppression) found.push(suppression);
  }
  return found;
}

/** What covers an offset, in no order. Scopes do not overlap. */
export function coverageOf(suppressions: readonly Suppression[]): (offset: number) => readonly Suppression[] {
  const groups = groupBy(suppressions, ({ scope }) => scope);
  const wholeFile = groups.get(undefined) ?? [];
  const scopes = [...groups.keys()].flatMap((scope) => scope ?? []).sort((a, b) => a.start - b.start);
  return (offset) => {
    const scope = scopes[countWhile(scopes, ({ start }) => start <= offset) - 1];
    const inside = scope && offset < Math.max(scope.end, scope.start + 1);
    return inside ? [...wholeFile, ...(groups.get(scope) ?? [])] : wholeFile;
  };
}

/** True where the suppression's `name` means the rule, by name or by another tool's id for it. */
export function names(suppression: Suppression, name: string, rule: Rule): boolean {
  if (suppression.tool === 'layerwise') return name === rule.name || name === 'all';
  const wanted = name.toLowerCase();
  if (suppression.tool === 'buildkit' && wanted === 'all')
    return rule.aliases.some((alias) => /^[A-Z][a-z]+[A-Z]/.test(alias));
  return rule.aliases.some((alias) => {
    const known = alias.toLowerCase();
    return (
      known === wanted ||
      known === `${suppression.tool}/${wanted}` ||
      known.endsWith(`/${wanted}`) ||
      wanted.endsWith(`/${known}`)
    );
  });
}

function readComment(text: string, comment: Pick<Comment, 'span'>, target: Span | undefined): Suppression | undefined {
  const raw = text.slice(comment.span.start, comment.span.end);
  if (!raw.includes('=') || !ADDRESSED.test(raw)) return undefined;
  const lead = /^#\s*/.exec(raw)?.[0].length ?? 0;
  const body = raw.slice(lead);
  for (const { tool, pattern, file } of patterns) {
    const match = pattern.exec(body);
    if (!match) continue;
    const rest = body.slice(match[0].length);
    const list = /^[\w./-]+(?:\s*,\s*[\w./-]+)*/.exec(rest)?.[0] ?? '';
    const wholeFile = file?.test(match[1] ?? '') ?? false;
    if (!wholeFile && !target) return undefined;
    return {
      rules: splitNames(list, comment.span.start + lead + match[0].length),
      tool,
      reason: readReason(rest.slice(list.length)),
      scope: wholeFile ? undefined : target,
      span: comment.span,
    };
  }
  return undefined;
}

function readReason(rest: string): string | undefined {
  const quoted = /\breason\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S.*))/i.exec(rest);
  const reason = quoted ? (quoted[1] ?? quoted[2] ?? quoted[3]) : /(?:#|\/\/)\s*(\S.*)$/.exec(rest)?.[1];
  return reason?.trim() || undefined;
}

function splitNames(list: string, start: number): { name: string; span: Span }[] {
  return [...list.matchAll(/[\w./-]+/g)].map((match) => ({
    name: match[0],
    span: span(start + match.index, start + match.index + match[0].length),
  }));
}
