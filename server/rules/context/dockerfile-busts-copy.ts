import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import type { BuildContext } from '../../model/context.js';
import { appendPatterns } from '../../model/ignore-edit.js';
import type { Transfer } from '../../model/transfers.js';
import { contextTransfers, takenBy } from '../../model/transfers.js';
import { lineAt } from '../../syntax/text.js';

export const dockerfileBustsCopy = defineRule({
  name: 'dockerfile-busts-copy',
  category: 'context',
  severity: 'info',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: ['context'],
  docs: {
    summary: 'A COPY that takes the Dockerfile or the ignore file itself, so that editing them re-runs it.',
    why: `The Dockerfile and the ignore file are part of the build context like any other file. A \`COPY . .\` takes them, and a changed comment in them re-runs the \`COPY\` and every step below it.

Reported where a \`RUN\` stands below the \`COPY\` and so re-runs too. The fix adds the file to the ignore file; BuildKit still reads it for the build. It is unsafe because the file is then no longer in the image.`,
    bad: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\n',
    good: 'FROM golang:1.25\nWORKDIR /src\nCOPY cmd ./cmd\nRUN go build -o /app ./cmd\n',
    files: { '.dockerignore': '.git\n.dockerignore\n', 'cmd/main.go': '' },
    links: ['https://docs.docker.com/build/cache/invalidation/'],
  },
  options: v.object({}),
  check({ file, build, context, report }) {
    if (!context?.plausible) return;
    const candidates = ownFiles(context);
    if (candidates.length === 0) return;
    for (const transfer of contextTransfers(build)) {
      const below = runsBelow(transfer);
      const taken = below.length === 0 ? [] : candidates.filter((path) => takenBy(transfer, path));
      const word = taken[0] === undefined ? undefined : takenBy(transfer, taken[0])?.word;
      if (!word || isNamed(transfer, taken)) continue;
      const lines = below.map((run) => lineAt(file.lineStarts, run.span.start));
      const fixable = context.ignoreFile && !context.ignoreFile.path.startsWith('../');
      report({
        span: word.span,
        message: `${transfer.instruction.keyword} ${word.text} takes ${taken.join(' and ')}: editing ${taken.length > 1 ? 'them' : 'it'} re-runs this step and ${below.length === 1 ? 'the RUN' : `${below.length} RUNs`} below`,
        savings: {
          trigger: `an edit of ${taken.join(' or ')}`,
          rebuilds: [lineAt(file.lineStarts, transfer.instruction.span.start), ...lines],
          basis: 'context',
        },
        fixes: fixable
          ? [
              {
                title: `Add ${taken.join(' and ')} to ${context.ignoreFile.path}`,
                safety: 'unsafe',
                caveat: `${taken.join(' and ')} ${taken.length > 1 ? 'are' : 'is'} no longer copied into the image`,
                edits: [appendPatterns(context, taken)],
              },
            ]
          : [],
      });
      return;
    }
  },
});

/** The Dockerfile and the ignore file, as far as they lie in the context and are sent. */
function ownFiles(context: BuildContext): string[] {
  const paths = [context.dockerfile, context.ignoreFile?.path];
  return paths.filter(
    (path): path is string =>
      path !== undefined && !path.startsWith('..') && context.entry(path) !== undefined && !context.ignored(path),
  );
}

/** RUNs of the same stage below it. */
function runsBelow({ instruction, stage }: Transfer) {
  return stage.instructions.filter((one) => one.keyword === 'RUN' && one.index > instruction.index);
}

/** `COPY Dockerfile /` is meant. */
function isNamed({ sources }: Transfer, paths: readonly string[]): boolean {
  return sources.some(({ path }) => path !== undefined && paths.includes(path));
}
