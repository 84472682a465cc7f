import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import type { BuildContext } from '../../model/context.js';
import { costlyRuns, stepsFrom } from '../../model/costly.js';
import { appendPatterns, appendProblem } from '../../model/ignore-edit.js';
import { contextTransfers, takenBy } from '../../model/transfers.js';
import { isNamed, listed } from '../../model/unwanted.js';
import { lineAt } from '../../syntax/text.js';
import { allows, minimumSteps, patternsOption } from '../options.js';

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

Reported once for a Dockerfile that has an ignore file, and only where a \`RUN\` that does more than move files about stands below the \`COPY\` and so re-runs too. The fix adds the file to the ignore file; BuildKit still reads it for the build. It is unsafe because the file is then no longer in the image.`,
    bad: 'FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\n',
    good: 'FROM golang:1.25\nWORKDIR /src\nCOPY cmd ./cmd\nRUN go build -o /app ./cmd\n',
    files: { '.dockerignore': '.git\n.dockerignore\n', 'cmd/main.go': '' },
    links: ['https://docs.docker.com/build/cache/invalidation/'],
  },
  options: v.object({
    allow: patternsOption('Paths in the context of Dockerfiles and ignore files that may be copied'),
    minimumSteps,
  }),
  check({ file, build, context, options, report }) {
    if (!context?.plausible || !context.ignoreFile) return;
    const isAllowed = allows(options.allow);
    const candidates = ownFiles(context).filter((path) => !isAllowed(path) && !isNamed(build, path));
    const fewest = Math.max(1, options.minimumSteps);
    const hits = contextTransfers(build).flatMap((transfer) => {
      const taken = candidates.filter((path) => takenBy(transfer, path));
      if (taken.length === 0) return [];
      const runs = costlyRuns(build, transfer.stage, transfer.instruction.index);
      return runs.length < fewest ? [] : [{ transfer, taken, runs }];
    });
    const [first] = hits;
    const word = first && takenBy(first.transfer, first.taken[0] ?? '')?.word;
    if (!first || !word) return;
    const paths = [...new Set(hits.flatMap(({ taken }) => taken))];
    const patterns = [...new Set(paths.map((path) => patternFor(path)))];
    const edit = appendPatterns(context, patterns);
    const runs = first.runs.length;
    report({
      span: word.span,
      message: `${first.transfer.instruction.keyword} ${word.text} takes ${listed(paths)}: editing ${paths.length > 1 ? 'them' : 'it'} re-runs this step and ${runs === 1 ? 'a RUN' : `${runs} RUNs`} below`,
      savings: {
        trigger: `an edit of ${paths.join(' or ')}`,
        rebuilds: hits.flatMap(({ transfer }) =>
          stepsFrom(transfer.stage, transfer.instruction).map(({ span }) => lineAt(file.lineStarts, span.start)),
        ),
        basis: 'context',
      },
      evidence: edit ? [] : [{ text: appendProblem(context) }],
      fixes: edit
        ? [
            {
              title: `Add ${listed(patterns)} to ${context.ignoreFile.path}`,
              safety: 'unsafe',
              caveat: `${listed(patterns)} ${patterns.length > 1 ? 'are' : 'is'} no longer copied into the image`,
              edits: [edit],
            },
          ]
        : [],
    });
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

/** One pattern for a service's Dockerfile and those of its neighbours. */
function patternFor(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return path.includes('/') && /^Dockerfile\b/.test(name) ? `**/${name}` : path;
}
