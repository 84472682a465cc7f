import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import { stepsFrom } from '../../model/costly.js';
import { appendPatterns, appendProblem } from '../../model/ignore-edit.js';
import { contextTransfers, takenBy } from '../../model/transfers.js';
import { listed } from '../../model/unwanted.js';
import { lineAt } from '../../syntax/text.js';
import { allows, leastHistory, leastShare, patternsOption } from '../options.js';

export const housekeepingBustsCopy = defineRule({
  name: 'housekeeping-busts-copy',
  category: 'context',
  severity: 'info',
  recommended: false,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: ['context', 'history'],
  docs: {
    summary: 'A COPY that takes workflows, settings of editors and texts about the project, whose commits re-run it.',
    why: `\`COPY . .\` takes all that the ignore file does not name, so a commit to \`.github\` or \`CHANGELOG.md\` re-runs it and all that follows. The recent commits (200) are replayed with and without such files; where that saves enough, the finding says how many commits touched nothing else, and what they cost.

Only what no build looks at is counted: what hosts, bots, editors and assistants read, compose files, and texts such as \`CHANGELOG.md\` or a folder of documentation as far as no instruction and no manifest or source file speaks of them. Nothing is said of what an exception (\`!\`) of the ignore file names, nor while \`.git\` is copied: that changes with every commit.

The fix lists the files in the ignore file. It is unsafe because they then are in no image of this context, and no step can read them. Off by default: it asks Git for the history, which takes longer than all other rules together. \`layerwise order\` says the same without it. Only BuildKit's cache is known so well.`,
    bad: 'FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm run build\nFROM nginx:1.29\nCOPY --from=build /app/dist /usr/share/nginx/html\n',
    good: 'FROM node:22 AS build\nWORKDIR /app\nCOPY src ./src\nRUN npm run build\nFROM nginx:1.29\nCOPY --from=build /app/dist /usr/share/nginx/html\n',
    files: { 'src/index.js': '', '.github/workflows/ci.yml': '', 'CHANGELOG.md': '', '.dockerignore': 'Dockerfile\n' },
    changed: ['src/index.js', '.github/workflows/ci.yml', 'CHANGELOG.md'],
    links: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  },
  options: v.object({
    share: leastShare,
    commits: leastHistory,
    allow: patternsOption('Names in the root of the context that may be copied'),
  }),
  check({ file, build, context, history, options, settings, report }) {
    if (!context?.plausible || !history || history.commits.length < options.commits) return;
    const { builder } = settings;
    if (builder !== 'buildkit' && builder !== 'buildkit-graphdriver') return;
    const { commits, paths: tracked, targets: otherTargets } = history;
    const isAllowed = allows(options.allow);
    const found = history.housekeeping({ build, context, commits, tracked, otherTargets, builder }, isAllowed);
    const saved = found ? 1 - found.after.seconds / found.before.seconds : 0;
    if (!found || saved < options.share) return;
    const { patterns, before, after, idle, measured } = found;
    const hits = contextTransfers(build).filter((transfer) => patterns.some((name) => takenBy(transfer, name)?.whole));
    const [first] = hits;
    const word = first && takenBy(first, patterns[0] ?? '')?.word;
    if (!first || !word) return;
    const edit = appendPatterns(context, patterns);
    const seconds = (before.seconds - after.seconds) / commits.length;
    const guess = measured ? '' : '~';
    report({
      span: word.span,
      message: `${first.instruction.keyword} ${word.text} takes ${listed(patterns)}: ${idle} of ${commits.length} commits re-ran steps for nothing else, which costs ${Math.round(100 * saved)} % of the rebuild time, ${guess}${seconds.toFixed(1)} s per commit`,
      savings: {
        trigger: 'a commit that touches nothing else',
        rebuilds: hits.flatMap(({ instruction, stage }) =>
          stepsFrom(stage, instruction).map(({ span }) => lineAt(file.lineStarts, span.start)),
        ),
        seconds: (before.seconds - after.seconds) / idle,
        basis: measured ? 'measured' : 'table',
      },
      evidence: edit ? [] : [{ text: appendProblem(context) }],
      fixes: edit
        ? [
            {
              title: `List ${listed(patterns)} in ${context.ignoreFile?.path ?? '.dockerignore'}`,
              safety: 'unsafe',
              caveat: `${listed(patterns)} ${patterns.length > 1 ? 'are' : 'is'} no longer sent to any build of this context`,
              edits: [edit],
            },
          ]
        : [],
    });
  },
});
