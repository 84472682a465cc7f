import * as v from 'valibot';
import type { Fix } from '../../core/finding.js';
import type { IgnoreFileCheck } from '../../core/rule.js';
import { defineIgnoreFileRule } from '../../core/rule.js';
import { ignoreEffects } from '../../model/ignore-effects.js';
import type { IgnorePattern } from '../../syntax/dockerignore.js';
import { lineEnding, span } from '../../syntax/text.js';
import { allowPatterns, allows } from '../options.js';

export const inlineComment = defineIgnoreFileRule({
  name: 'inline-comment',
  category: 'ignore-file',
  severity: 'warning',
  recommended: true,
  fixable: 'always',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'A comment behind a pattern, behind blanks or with `//`, which is a pattern or part of one.',
    why: `Only a line whose first character is \`#\` is a comment in \`.dockerignore\`. Behind a pattern, the comment is part of the pattern, and a file of that name does not exist: nothing is ignored. A comment that is indented is a pattern too, and so is one that begins with \`//\`.

The fix puts the comment on a line of its own. It is unsafe where the pattern then begins to ignore files: they no longer reach the build, which is what was meant.`,
    bad: 'dist # build output\n',
    good: '# build output\ndist\n',
    links: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  },
  options: v.object({ allow: allowPatterns }),
  check({ file, context, options, report }) {
    const isAllowed = allows(options.allow);
    const effects = context && ignoreEffects(file, context);
    for (const [index, pattern] of file.patterns.entries()) {
      if ((effects?.effects[index]?.matches ?? 0) > 0 || isAllowed(pattern.source)) continue;
      if (slashed.test(pattern.source)) {
        const { start } = pattern.span;
        const slashes = span(start, start + 2);
        report({
          span: slashes,
          message: '// does not begin a comment here: this line is a pattern that matches nothing',
          fixes: [{ title: 'Write #', safety: 'safe', edits: [{ span: slashes, text: '#' }] }],
        });
        continue;
      }
      const comment = /(?:^!?|\s)#.*$/.exec(pattern.source);
      if (!comment) continue;
      const at = pattern.span.start + comment.index + comment[0].indexOf('#');
      const alone = comment.index === 0;
      report({
        span: span(at, pattern.span.end),
        message: alone
          ? 'an indented # is not a comment: this line is a pattern that matches nothing'
          : `# is part of the pattern here, so "${pattern.source.slice(0, comment.index).trim()}" is not ignored`,
        fixes: [alone ? dedent(file, pattern) : moveUp(file, pattern, at, comment.index)],
      });
    }
  },
});

/** Two slashes and words, not a path that begins with two slashes. */
const slashed = /^\/\/(?:\s|\S+\s+\S)/;

function dedent(file: IgnoreFileCheck<object>['file'], pattern: IgnorePattern): Fix {
  const lineStart = file.text.lastIndexOf('\n', pattern.span.start - 1) + 1;
  const start = lineStart === 0 && file.text.startsWith('\ufeff') ? 1 : lineStart;
  const bang = pattern.source.startsWith('!') ? 1 : 0;
  return {
    title: 'Make it a comment',
    safety: 'safe',
    edits: [{ span: span(start, pattern.span.start + bang), text: '' }],
  };
}

function moveUp({ text }: IgnoreFileCheck<object>['file'], pattern: IgnorePattern, at: number, length: number): Fix {
  const comment = text.slice(at, pattern.span.end);
  return {
    title: 'Put the comment on a line of its own',
    safety: 'unsafe',
    caveat: 'the pattern then takes effect: what it matches is no longer sent to the build',
    edits: [{ span: pattern.span, text: `${comment}${lineEnding(text)}${pattern.source.slice(0, length).trimEnd()}` }],
  };
}
