import * as v from 'valibot';
import type { Fix } from '../../core/finding.js';
import type { IgnoreFileCheck, Report } from '../../core/rule.js';
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
        report(slashesReport(pattern));
        continue;
      }
      const comment = /(?:^!?|\s)#.*$/.exec(pattern.source);
      if (!comment) continue;
      const at = pattern.span.start + comment.index + comment[0].indexOf('#');
      const alone = /^!?\s*$/.test(pattern.source.slice(0, comment.index));
      report({
        span: span(at, pattern.span.end),
        message: alone
          ? 'an indented # is not a comment: this line is a pattern that matches nothing'
          : `# is part of the pattern here, so "${pattern.source.slice(0, comment.index).trim()}" is not ignored`,
        fixes: [alone ? dedent(file, pattern, at) : moveUp(file, pattern, at, comment.index)],
      });
    }
  },
});

/** Two slashes and words, not a path that begins with two slashes. */
const slashed = /^\/\/(?:\s|\S+\s+\S)/;

/** Of one word it is a pattern all the same: BuildKit takes `// dist` for `dist` (`patternmatcher.New` trims what is left of the slashes). */
function slashesReport({ span: { start }, source }: IgnorePattern): Report {
  const slashes = span(start, start + 2);
  const title = 'Write #';
  const edits = [{ span: slashes, text: '#' }];
  const word = /^\/\/\s+(\S+)$/.exec(source)?.[1];
  if (word === undefined)
    return {
      span: slashes,
      message: '// does not begin a comment here: this line is a pattern that matches nothing',
      fixes: [{ title, safety: 'safe', edits }],
    };
  const caveat = `what "${word}" matches is then sent to the build, where it is there`;
  return {
    span: slashes,
    message: `// does not begin a comment here: this line ignores "${word}"`,
    fixes: [{ title, safety: 'unsafe', caveat, edits }],
  };
}

function dedent(file: IgnoreFileCheck<object>['file'], pattern: IgnorePattern, at: number): Fix {
  const lineStart = file.text.lastIndexOf('\n', pattern.span.start - 1) + 1;
  const start = lineStart === 0 && file.text.startsWith('\ufeff') ? 1 : lineStart;
  return {
    title: 'Make it a comment',
    safety: 'safe',
    edits: [{ span: span(start, at), text: '' }],
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
