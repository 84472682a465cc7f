import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import { appendPatterns, appendProblem } from '../../model/ignore-edit.js';
import { readsVcs } from '../../model/reads-vcs.js';
import { contextTransfers, takenBy } from '../../model/transfers.js';
import { unwantedVcs } from '../../model/unwanted.js';
import { allows, ignoreStages, ignoresStage, patternsOption } from '../options.js';

export const contextIncludesVcs = defineRule({
  name: 'context-includes-vcs',
  category: 'context',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: ['context'],
  docs: {
    summary: 'A COPY that takes `.git`, which changes with every commit, fetch and checkout.',
    why: `Every Git command writes in \`.git\`: the index, logs, refs. A \`COPY . .\` that takes it re-runs, with all steps below it, although no source has changed, and the whole history ends up in the image, with whatever was ever committed.

Not reported where something seems to read it: a \`git\` command in a \`RUN\`, or a manifest that takes its version from Git (setuptools-scm, hatch-vcs, vergen…). The fix adds \`.git\` to the ignore file. It is unsafe: a build script that calls Git unseen would miss it, and \`go build\` then leaves out the revision that it stamps into binaries.

Without an ignore file the rule \`missing-ignore-file\` reports instead.`,
    bad: 'FROM alpine:3.22\nCOPY . /src\nRUN make -C /src\n',
    good: 'FROM alpine:3.22\nCOPY src /src\nRUN make -C /src\n',
    files: { '.git/HEAD': 'ref: refs/heads/main\n', '.dockerignore': 'dist\n', 'src/main.c': '' },
    links: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  },
  options: v.object({
    ignoreStages,
    readers: patternsOption(
      'Programs that read `.git` unseen, `make` or `version.sh`: where a `RUN` calls one, nothing is reported',
    ),
  }),
  check({ build, context, options, report }) {
    if (!context?.ignoreFile || !context.plausible) return;
    const isIgnored = ignoresStage(options.ignoreStages);
    const isReader = allows(options.readers);
    for (const transfer of contextTransfers(build)) {
      if (isIgnored(transfer.stage)) continue;
      const unwanted = unwantedVcs(build, context, transfer);
      const word = unwanted && takenBy(transfer, '.git/HEAD')?.word;
      if (!unwanted || !word) continue;
      if (readsVcs(build, context, isReader)) return;
      const edit = appendPatterns(context, ['.git']);
      report({
        span: word.span,
        message: `${transfer.instruction.keyword} ${word.text} takes .git, so every commit or checkout re-runs it`,
        evidence: [
          { text: unwanted.text },
          { text: `${context.ignoreFile.path} does not ignore it`, file: context.ignoreFile.path },
          ...(edit ? [] : [{ text: appendProblem(context) }]),
        ],
        fixes: edit
          ? [
              {
                title: `Add .git to ${context.ignoreFile.path}`,
                safety: 'unsafe',
                caveat: 'the build can no longer ask Git for a version, and .git is not in the image',
                edits: [edit],
              },
            ]
          : [],
      });
      return;
    }
  },
});
