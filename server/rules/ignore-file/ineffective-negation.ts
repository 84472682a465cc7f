import * as v from 'valibot';
import type { Fix } from '../../core/finding.js';
import { defineIgnoreFileRule } from '../../core/rule.js';
import type { PatternEffect } from '../../model/ignore-effects.js';
import { ignoreEffects } from '../../model/ignore-effects.js';
import type { IgnoreFile, IgnorePattern } from '../../syntax/dockerignore.js';
import { lineEnding, span, wholeLines } from '../../syntax/text.js';
import { allowPatterns, allows } from '../options.js';

export const ineffectiveNegation = defineIgnoreFileRule({
  name: 'ineffective-negation',
  category: 'ignore-file',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: ['context'],
  docs: {
    summary: 'An exception (`!`) that brings nothing back.',
    why: `The last pattern that applies to a path wins, so an exception that stands above the pattern it should soften has no effect. And BuildKit has a trap: it cuts \`/**\` and then \`/*\` off the end of an exception before it asks whether an ignored folder may hold exceptions, so \`*\` with \`!packages/*/**\` never sends anything of \`packages\`.

Reported only where files that the exception names are in the build context and are not sent, or are sent without it. The fix moves the exception down, or writes it so that BuildKit looks into the folder; files that were left out are then sent, which is what was meant.`,
    bad: '!docs/api.md\ndocs\n',
    good: 'docs\n!docs/api.md\n',
    files: { 'docs/api.md': '', 'docs/other.md': '' },
    links: ['https://docs.docker.com/build/concepts/context/#negating-matches'],
  },
  options: v.object({ allow: allowPatterns }),
  check({ file, context, options, report }) {
    if (!context) return;
    const isAllowed = allows(options.allow);
    const { effects } = ignoreEffects(file, context);
    for (const [index, effect] of effects.entries()) {
      const { pattern, matches, settles, kept } = effect;
      if (!pattern.exception || matches === 0 || settles > 0 || isAllowed(pattern.source)) continue;
      const first = kept[0];
      if (!first) {
        if (!ignoresNothing(file, effects.slice(0, index))) continue;
        report({
          span: pattern.span,
          message: `"${pattern.source}" brings nothing back: no pattern above ignores anything that it names`,
          unnecessary: true,
          fixes: [removal(file, pattern)],
        });
        continue;
      }
      const { by } = first;
      const later = by && by.line > pattern.line;
      if (by && !later) continue;
      report({
        span: pattern.span,
        message: later
          ? `"${pattern.source}" has no effect: "${by.source}" below it ignores the same files again`
          : `"${pattern.source}" has no effect: BuildKit does not look into the ignored folder`,
        evidence: [
          { text: `not sent: ${kept.map(({ path }) => path).join(', ')}` },
          ...(later ? [{ text: `"${by.source}" wins, because the last matching pattern does`, span: by.span }] : []),
        ],
        fixes: later ? [moveBelow(file, pattern, by)] : openUp(pattern),
      });
    }
  },
});

/** True where every pattern above it is without a match; then the exception does nothing now. */
function ignoresNothing(file: IgnoreFile, above: readonly PatternEffect[]): boolean {
  return file.problems.length === 0 && above.every(({ pattern, matches }) => pattern.exception || matches === 0);
}

function removal(file: IgnoreFile, pattern: IgnorePattern): Fix {
  return {
    title: 'Remove the exception',
    safety: 'unsafe',
    caveat: 'files that a pattern above ignores may be added to the context later',
    edits: [{ span: wholeLines(file.text, pattern.span), text: '' }],
  };
}

function moveBelow({ text }: IgnoreFile, pattern: IgnorePattern, by: IgnorePattern): Fix {
  return {
    title: `Move the exception below "${by.source}"`,
    safety: 'unsafe',
    caveat: 'files that were left out so far are sent to the build',
    edits: [
      { span: wholeLines(text, pattern.span), text: '' },
      { span: span(by.span.end, by.span.end), text: `${lineEnding(text)}${pattern.source}` },
    ],
  };
}

function openUp(pattern: IgnorePattern): Fix[] {
  const opened = pattern.source.replace(/\/\*\/\*\*$/, '/**');
  if (opened === pattern.source) return [];
  return [
    {
      title: `Write ${opened}`,
      safety: 'unsafe',
      caveat: 'files that were left out so far are sent to the build, those directly in the folder too',
      edits: [{ span: pattern.span, text: opened }],
    },
  ];
}
