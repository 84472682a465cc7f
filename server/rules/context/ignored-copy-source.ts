import * as v from 'valibot';
import type { Fix } from '../../core/finding.js';
import { defineRule } from '../../core/rule.js';
import type { BuildContext } from '../../model/context.js';
import { appendPatterns } from '../../model/ignore-edit.js';
import type { TransferSource } from '../../model/transfers.js';
import { contextTransfers } from '../../model/transfers.js';
import type { IgnorePattern } from '../../syntax/dockerignore.js';
import { compileIgnorePattern, matchesPattern } from '../../syntax/ignore-pattern.js';
import { hasWildcard } from '../../syntax/path-match.js';

export const ignoredCopySource = defineRule({
  name: 'ignored-copy-source',
  category: 'context',
  severity: 'error',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: ['CopyIgnoredFile'],
  needs: ['context'],
  docs: {
    summary: 'A COPY or ADD of a path that the ignore file keeps out of the build context.',
    why: `The build fails with "not found" at this step, although the file is there. Unlike BuildKit's own check, exceptions (\`!\`) and \`<Dockerfile>.dockerignore\` are taken into account; a path is reported only if no exception can bring any of it back.

Either the pattern is too wide, or the line is left over. Layerwise cannot know which: the fix brings the path back with an exception at the end of the ignore file, and is unsafe because every build of this context gets it then. For a wildcard there is none.`,
    bad: 'FROM nginx:1.29\nCOPY dist /usr/share/nginx/html\n',
    good: 'FROM nginx:1.29\nCOPY public /usr/share/nginx/html\n',
    files: { '.dockerignore': 'dist\n', 'dist/index.html': '', 'public/index.html': '' },
    links: ['https://docs.docker.com/reference/build-checks/copy-ignored-file/'],
  },
  options: v.object({}),
  check({ build, context, report }) {
    const ignore = context?.ignoreFile;
    if (!context?.plausible || !ignore || ignore.file.problems.length > 0) return;
    for (const { sources } of contextTransfers(build)) {
      for (const source of sources) {
        const by = keptOutBy(source, context, ignore.file.patterns);
        if (!by) continue;
        const failing = hasWildcard(source.path ?? '') ? 'nothing that it matches is copied' : 'the build fails here';
        report({
          span: source.word.span,
          message: `${source.word.text} is kept out of the build context by ${ignore.path}, so ${failing}`,
          evidence: [{ text: `line ${by.line + 1}: ${by.source}`, file: ignore.path, span: by.span }],
          severity: failing === 'the build fails here' ? 'error' : 'warning',
          fixes: fixesFor(source, context, ignore.path),
        });
      }
    }
  },
});

/** An exception at the end wins over all patterns above it. */
function fixesFor({ path }: TransferSource, context: BuildContext, ignorePath: string): readonly Fix[] {
  if (path === undefined || !context.entry(path) || /[*?[\]\\!#]|^\s|\s$/.test(path)) return [];
  const edit = appendPatterns(context, [`!${path}`]);
  if (!edit) return [];
  const title = `Bring ${path} back with an exception in ${ignorePath}`;
  return [{ title, safety: 'unsafe', caveat: `${path} is then sent to every build of this context`, edits: [edit] }];
}

/** The pattern that keeps all of the source out, whatever files there are. */
function keptOutBy(
  { path, whole }: TransferSource,
  context: BuildContext,
  patterns: readonly IgnorePattern[],
): IgnorePattern | undefined {
  if (path === undefined || whole) return undefined;
  if (hasWildcard(path)) return wildcardKeptOut(path, context, patterns);
  if (context.entry(path)?.type === 'symlink' || isBehindLink(path, context) || !context.ignored(path))
    return undefined;
  if (patterns.some(({ exception, pattern }) => exception && mayTouch(pattern, path))) return undefined;
  return patterns.findLast(
    ({ exception, pattern }) => !exception && foldersAndSelf(path).some((one) => matches(pattern, one)),
  );
}

/** Only where files match now and all of them are ignored. */
function wildcardKeptOut(
  path: string,
  context: BuildContext,
  patterns: readonly IgnorePattern[],
): IgnorePattern | undefined {
  const slash = path.lastIndexOf('/');
  const folder = slash === -1 ? '' : path.slice(0, slash);
  if (hasWildcard(folder)) return undefined;
  const hits = context.children(folder).filter((entry) => matches(path, entry.path));
  if (hits.length === 0 || hits.some((entry) => entry.type === 'symlink' || !context.ignored(entry.path)))
    return undefined;
  const first = hits[0]?.path ?? path;
  return patterns.findLast(
    ({ exception, pattern }) => !exception && foldersAndSelf(first).some((one) => matches(pattern, one)),
  );
}

/** True unless it is plain that the exception is for other paths. */
function mayTouch(exception: string, path: string): boolean {
  const fixed = exception.split(/[*?[\\]/, 1)[0] ?? '';
  const wild = fixed.length < exception.length;
  const [a, b] = [`${wild ? fixed : `${exception}/`}`, `${path}/`];
  return a.startsWith(b) || b.startsWith(a);
}

function matches(pattern: string, path: string): boolean {
  return matchesPattern(compileIgnorePattern(pattern), path);
}

function isBehindLink(path: string, context: BuildContext): boolean {
  return foldersAndSelf(path).some((folder) => context.entry(folder)?.type === 'symlink');
}

function foldersAndSelf(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
