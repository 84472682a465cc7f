import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import { appendPatterns, appendProblem } from '../../model/ignore-edit.js';
import { readsVcs } from '../../model/reads-vcs.js';
import { contextTransfers, takenBy } from '../../model/transfers.js';
import { listed, unwantedDependencies, unwantedSecrets, unwantedVcs } from '../../model/unwanted.js';
import { allows, patternsOption, presentOnly } from '../options.js';

export const missingIgnoreFile = defineRule({
  name: 'missing-ignore-file',
  category: 'context',
  severity: 'warning',
  recommended: true,
  fixable: 'always',
  since: '0.1.0',
  aliases: [],
  needs: ['context'],
  docs: {
    summary: 'No `.dockerignore`, and a COPY that takes what should not be in an image.',
    why: `Without an ignore file \`COPY . .\` takes \`.git\`, which changes with every commit and checkout, installed dependencies of another platform, and secrets such as \`.env\`. The step re-runs although no source has changed, and the image grows.

Reported only when a \`COPY\` really takes something of that kind: it is there now (*warning*), or Git ignores it and the package manager that the stage runs makes it wherever it runs (*info*). The fix creates a \`.dockerignore\` with just these paths. It is unsafe because they then are not in the image.`,
    bad: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n',
    good: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY src ./src\n',
    files: {
      '.git/HEAD': 'ref: refs/heads/main\n',
      'package.json': '{}',
      'package-lock.json': '{}',
      'src/index.js': '',
    },
    links: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  },
  options: v.object({
    allow: patternsOption('Paths that may be copied: `.git`, `.env.*`'),
    presentOnly,
  }),
  check({ build, context, options, report }) {
    if (!context || context.ignoreFile || !context.plausible) return;
    const isAllowed = allows(options.allow);
    const asksGit = readsVcs(build, context);
    for (const transfer of contextTransfers(build)) {
      const vcs = asksGit ? undefined : unwantedVcs(build, context, transfer);
      const unwanted = [
        ...(vcs ? [vcs] : []),
        ...unwantedDependencies(build, context, transfer),
        ...unwantedSecrets(build, context, transfer),
      ].filter(({ path, present }) => !isAllowed(path) && (present || !options.presentOnly));
      const paths = unwanted.map(({ path }) => path);
      const [first] = paths;
      const word =
        first === undefined ? undefined : (takenBy(transfer, `${first}/x`) ?? takenBy(transfer, first))?.word;
      if (!word) continue;
      const present = unwanted.some((one) => one.present);
      const many = paths.length > 1;
      const edit = appendPatterns(context, paths);
      report({
        span: word.span,
        message: `${transfer.instruction.keyword} ${word.text} ${present ? 'takes' : 'would take'} ${listed(paths)}, and no .dockerignore keeps ${many ? 'them' : 'it'} out`,
        severity: present ? 'warning' : 'info',
        evidence: [...unwanted.map(({ text }) => ({ text })), ...(edit ? [] : [{ text: appendProblem(context) }])],
        fixes: edit
          ? [
              {
                title: 'Create .dockerignore',
                safety: 'unsafe',
                caveat: `${listed(paths)} ${many ? 'are' : 'is'} no longer sent to any build of this context`,
                edits: [edit],
              },
            ]
          : [],
      });
      return;
    }
  },
});
