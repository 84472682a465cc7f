import * as v from 'valibot';
import type { Evidence } from '../../core/finding.js';
import { defineIgnoreFileRule } from '../../core/rule.js';
import { madeAnywhere } from '../../knowledge/generated-paths.js';
import type { BuildContext, ContextEntry } from '../../model/context.js';
import type { IgnoreFile, IgnorePattern } from '../../syntax/dockerignore.js';
import { compileIgnorePattern } from '../../syntax/ignore-pattern.js';
import { patternLookup } from '../../syntax/pattern-lookup.js';
import { span } from '../../syntax/text.js';
import { allowPatterns, allows, presentOnly } from '../options.js';

/** Entries looked at; a larger context is judged by its first part, in which a match is a match all the same. */
const mostEntries = 20_000;

export const gitignoreStylePattern = defineIgnoreFileRule({
  name: 'gitignore-style-pattern',
  category: 'ignore-file',
  severity: 'warning',
  recommended: true,
  fixable: 'always',
  since: '0.1.0',
  aliases: [],
  needs: ['context'],
  docs: {
    summary: 'A pattern that ignores the root only, as in `.gitignore` it would not.',
    why: `In \`.gitignore\`, \`node_modules\` means "at any depth". In \`.dockerignore\` every pattern starts at the root of the context: \`packages/web/node_modules\` is sent, and with it every change in it re-runs the \`COPY\`.

Reported where such files are in the context and are sent although Git ignores them, and as *info* where a tool would make them in folders that are there (\`node_modules\` beside a nested \`package.json\`, \`__pycache__\` beside nested Python files). The evidence names the files that differ. A pattern that begins with a slash means the root in both kinds of file and is left alone. The fix writes \`**/\` before the pattern; it is unsafe because those files then no longer reach the image.`,
    bad: 'node_modules\n',
    good: '**/node_modules\n',
    files: { 'package.json': '{}', 'packages/web/package.json': '{}' },
    links: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  },
  options: v.object({ allow: allowPatterns, presentOnly }),
  check({ file, context, options, report }) {
    if (!context) return;
    const isAllowed = allows(options.allow);
    const candidates = candidatesOf(file).filter(({ pattern }) => !isAllowed(pattern.source));
    if (candidates.length === 0) return;
    const nested = nestedEntries(context, candidates);
    for (const { pattern } of candidates) {
      const found = nested.get(pattern);
      if (!found || (options.presentOnly && !found.present)) continue;
      const at = pattern.span.end - pattern.source.replace(/^!?\s*/, '').length;
      const written = pattern.source.replace(/^!?\s*/, '');
      report({
        span: pattern.span,
        message: `"${pattern.source}" ignores the root of the context only; ${found.message}`,
        severity: found.present ? 'warning' : 'info',
        evidence: found.evidence,
        fixes: [
          {
            title: `Write **/${written}`,
            safety: 'unsafe',
            caveat: 'the files named are no longer sent, so they are not in the image either',
            edits: [{ span: span(at, pattern.span.end), text: `**/${written}` }],
          },
        ],
      });
    }
  },
});

interface Candidate {
  readonly pattern: IgnorePattern;
  readonly made: (typeof madeAnywhere)[number] | undefined;
}

/** Patterns of one path segment, each once. A slash in front says "the root" in both kinds of file. */
function candidatesOf(file: IgnoreFile): Candidate[] {
  const bad = new Set(file.problems.map((problem) => problem.span.start));
  const first = new Map(file.patterns.toReversed().map((one) => [one.pattern, one]));
  return file.patterns
    .filter((one) => !one.source.startsWith('/') && first.get(one.pattern) === one)
    .filter(
      ({ pattern, exception, source, span: place }) =>
        !exception &&
        !bad.has(place.start) &&
        /^[^/]+$/.test(pattern) &&
        !pattern.includes('**') &&
        !/\s#/.test(source) &&
        pattern !== '*',
    )
    .map((pattern) => ({
      pattern,
      made: madeAnywhere.find((made) => made.pattern === pattern.pattern),
    }));
}

interface Found {
  /** Such files are there now; else a tool would make them. */
  readonly present: boolean;
  readonly message: string;
  readonly evidence: Evidence[];
}

function nestedEntries(context: BuildContext, candidates: readonly Candidate[]): Map<IgnorePattern, Found> {
  const sent = new Map<IgnorePattern, string[]>();
  const likely = new Map<IgnorePattern, string[]>();
  const deep = patternLookup(candidates.map(({ pattern }) => compileIgnorePattern(`**/${pattern.pattern}`)));
  const made = candidates.filter((candidate) => candidate.made);
  let left = mostEntries;
  for (const entry of context.walk({ enter: ({ path }) => path !== '.git' })) {
    if (left-- <= 0) break;
    if (!entry.path.includes('/')) continue;
    for (const index of deep.matching(entry.path)) {
      const candidate = candidates[index];
      if (candidate && isGenerated(context, candidate, entry)) note(sent, candidate.pattern, entry.path);
    }
    if (entry.type !== 'file') continue;
    for (const candidate of made) {
      if (candidate.made?.beside.test(entry.path) && !madeIsIgnored(context, candidate, entry))
        note(likely, candidate.pattern, entry.path);
    }
  }
  const found = new Map<IgnorePattern, Found>();
  for (const { pattern, made } of candidates) {
    const paths = sent.get(pattern);
    const beside = likely.get(pattern);
    if (paths)
      found.set(pattern, {
        present: true,
        message: `${paths[0]} is sent`,
        evidence: listed(paths, (path) => `sent: ${path}`),
      });
    else if (beside && made) {
      const folder = beside[0]?.replace(/\/[^/]*$/, '') ?? '';
      found.set(pattern, {
        present: false,
        message: `below ${folder}/, ${made.pattern} would be sent`,
        evidence: listed(beside, (path) => `${path} is in the context: ${made.what}`),
      });
    }
  }
  return found;
}

/** Written by hand, or for a test? Then Git has it, and ignoring it at the root only may well be meant. */
function isGenerated(context: BuildContext, { made }: Candidate, { path, type }: ContextEntry): boolean {
  const isIgnored = context.gitIgnored(type === 'directory' ? `${path}/` : path);
  return made === undefined ? isIgnored === true : isIgnored !== false;
}

/** Another pattern may already ignore what the tool would make there. */
function madeIsIgnored(context: BuildContext, { pattern }: Candidate, { path }: ContextEntry): boolean {
  const folder = path.replace(/\/[^/]*$/, '');
  const inside = pattern.pattern === '__pycache__' ? 'module.cpython-313.pyc' : 'package/package.json';
  return context.ignored(`${folder}/${pattern.pattern}/${inside}`);
}

/** What lies in a folder comes right behind it. */
function note(into: Map<IgnorePattern, string[]>, pattern: IgnorePattern, path: string): void {
  const list = into.get(pattern);
  if (!list) into.set(pattern, [path]);
  else if (!path.startsWith(`${list.at(-1)}/`)) list.push(path);
}

function listed(paths: readonly string[], say: (path: string) => string): Evidence[] {
  const shown: Evidence[] = paths.slice(0, 3).map((path) => ({ text: say(path), file: path }));
  if (paths.length > 3) shown.push({ text: `and ${paths.length - 3} more` });
  return shown;
}
