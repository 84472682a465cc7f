import * as v from 'valibot';
import type { Fix } from '../../core/finding.js';
import { defineIgnoreFileRule } from '../../core/rule.js';
import { seldomThere } from '../../knowledge/generated-paths.js';
import type { BuildContext } from '../../model/context.js';
import { ignoreEffects } from '../../model/ignore-effects.js';
import type { IgnorePattern } from '../../syntax/dockerignore.js';
import { allowPatterns, allows, switchOption } from '../options.js';

export const patternMatchesNothing = defineIgnoreFileRule({
  name: 'pattern-matches-nothing',
  category: 'ignore-file',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: ['context'],
  docs: {
    summary: 'A pattern that cannot match what it means: a misspelling, another case, a quoted or a Windows path.',
    why: `What such a pattern should keep away is sent, and every change in it re-runs the \`COPY\`. Nothing else tells of it: Docker takes any pattern.

Many patterns match nothing in a fresh clone and are right: \`dist\`, \`.env\`, \`*.log\`. So only those are reported for which the mistake can be shown: a file of that name in another case, one letter off, or in the folder the pattern starts with (patterns start at the root of the context, not above it); quotes, backslashes, \`{a,b}\` and \`..\`, which \`.dockerignore\` does not know. The fix is unsafe because the files then no longer reach the image.`,
    bad: 'Src/legacy\n',
    good: 'src/legacy\n',
    files: { 'src/legacy/old.js': '' },
    links: ['https://docs.docker.com/build/concepts/context/#matching'],
  },
  options: v.object({
    allow: allowPatterns,
    everyPattern: switchOption(
      'Report every pattern that matches nothing now, for contexts that hold all that is ever built in them.',
    ),
  }),
  check({ file, context, options, report }) {
    if (!context) return;
    const isAllowed = allows(options.allow);
    const { effects, complete } = ignoreEffects(file, context);
    const bad = new Set(file.problems.map(({ span }) => span.start));
    for (const { pattern, matches } of effects) {
      if (matches > 0 || bad.has(pattern.span.start) || /(?:^!?|\s)#/.test(pattern.source)) continue;
      if (isAllowed(pattern.source)) continue;
      const mistake =
        mistakeOf(pattern, context, complete) ?? (options.everyPattern && complete ? nothingThere : undefined);
      if (!mistake) continue;
      report({
        span: pattern.span,
        message: `"${pattern.source}" matches nothing: ${mistake.reason}`,
        ...(mistake.path === undefined
          ? {}
          : { evidence: [{ text: `${mistake.path} is in the context`, file: mistake.path }] }),
        fixes: mistake.write === undefined ? [] : [rewrite(pattern, mistake.write)],
      });
    }
  },
});

interface Mistake {
  readonly reason: string;
  readonly write?: string;
  readonly path?: string;
}

const nothingThere: Mistake = { reason: 'the context has no such file' };

function mistakeOf({ pattern, source }: IgnorePattern, context: BuildContext, complete: boolean): Mistake | undefined {
  if (/^\.\.(?:\/|$)/.test(pattern)) return { reason: 'it leads out of the build context' };
  if (pattern === '.' || pattern === '/')
    return { reason: 'the root of the context cannot be ignored; "*" ignores all in it' };
  const quoted = /^(["'])(.+)\1$/.exec(source.replace(/^!\s*/, ''));
  if (quoted?.[2]) return { reason: 'the quotes are part of the pattern', write: quoted[2] };
  if (/^[\w.-]+(?:\\[\w.-]+)+\\?$/.test(pattern))
    return { reason: 'the separator is /, on Windows too', write: pattern.replaceAll('\\', '/') };
  if (/\{[^{}]*,[^{}]*\}/.test(pattern)) return { reason: 'braces are not alternatives here; write a pattern each' };
  if (!complete || /[*?[\]\\]/.test(pattern)) return undefined;
  return misspelt(pattern, context);
}

/** Only where the folder is there and just the last name differs; what Git ignores or is often absent is no mistake. */
function misspelt(pattern: string, context: BuildContext): Mistake | undefined {
  const parts = pattern.split('/');
  let folder = '';
  for (const [index, part] of parts.entries()) {
    const names = context.children(folder).map(({ path }) => path.slice(folder ? folder.length + 1 : 0));
    if (names.includes(part)) {
      folder = folder ? `${folder}/${part}` : part;
      continue;
    }
    const last = index === parts.length - 1;
    const other = names.find((name) => name.toLowerCase() === part.toLowerCase());
    const near =
      other ?? (last && !seldomThere.test(part) ? names.find((name) => oneLetterOff(name, part)) : undefined);
    if (near === undefined || context.gitIgnored(pattern) === true || context.gitIgnored(`${pattern}/`) === true) break;
    const path = [...parts.slice(0, index), near, ...parts.slice(index + 1)].join('/');
    if (!context.entry(path) || context.ignored(path)) break;
    const reason = other ? `upper and lower case count, and ${path} is another name` : `did you mean ${path}?`;
    return { reason, write: path, path };
  }
  return startsAbove(parts, context);
}

/** `web/dist` in the ignore file of `web`: the pattern is written as seen from the folder above. */
function startsAbove(parts: readonly string[], context: BuildContext): Mistake | undefined {
  const own = context.name.split('/').at(-1);
  const inside = parts.slice(1).join('/');
  if (
    !own ||
    own === '.' ||
    parts[0] !== own ||
    !inside ||
    context.entry(own) ||
    !context.entry(inside) ||
    context.ignored(inside)
  )
    return undefined;
  return { reason: `it starts at the root of the context, which is ${own} itself`, write: inside, path: inside };
}

function rewrite(pattern: IgnorePattern, write: string): Fix {
  return {
    title: `Write ${write}`,
    safety: 'unsafe',
    caveat: pattern.exception
      ? 'files that were left out so far are sent'
      : 'what it matches is no longer sent, so it is not in the image either',
    edits: [{ span: pattern.span, text: `${pattern.exception ? '!' : ''}${write}` }],
  };
}

/** One letter more, less or other, or two swapped; short names are too close to each other to tell, singular and plural may both be meant. */
function oneLetterOff(a: string, b: string): boolean {
  if (a === `${b}s` || b === `${a}s`) return false;
  if (a === b || Math.min(a.length, b.length) < 5 || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}
