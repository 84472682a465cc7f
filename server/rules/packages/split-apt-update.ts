import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import { aptCall, mayRefreshLists } from '../../model/apt.js';
import type { Build, Stage } from '../../model/build.js';
import { parseShell, type ShellCommand } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import { type AptLists, hidesAptLists, installsWith, removesAptLists } from './split-apt-update-commands.js';
import { joinFix } from './split-apt-update-fix.js';

export const splitAptUpdate = defineRule({
  name: 'split-apt-update',
  category: 'packages',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: ['DS-0017', 'CKV_DOCKER_5'],
  needs: [],
  docs: {
    summary: 'An apt-get install that relies on the package lists of an earlier step.',
    why: `\`apt-get update\` fetches the lists of what there is to install; the builder keeps the result as a cached layer for as long as that line stays the same, which can be months.
When the install below it changes, it runs against those old lists: the versions they name are gone from the archive (\`404 Not Found\`), or it installs packages whose fixes have long been published. The build breaks on the machine with a warm cache and works on a fresh one.

Update and install belong into one RUN, so that both are cached or neither is. The fix moves \`apt-get update\` in front of the install; an update that an install of its own step needs stays where it is and is repeated.
A clean build gives the same image. The fix is *unsafe* where steps between the two may have changed the package sources or apt's settings: the moved update then reads them too.

Nothing is reported where the step runs a script that may update the lists itself (\`curl … | bash\`, \`add-apt-repository\`), where the earlier step deletes the lists, or where the packages are local files.

Do not follow it where the lists are frozen on purpose, by a snapshot mirror for instance. A file that names \`snapshot.debian.org\` or \`snapshot.ubuntu.com\` is left alone.`,
    bad: `FROM debian:12
RUN apt-get update
RUN apt-get install -y --no-install-recommends curl
`,
    good: `FROM debian:12
RUN apt-get update && apt-get install -y --no-install-recommends curl
`,
    links: [
      'https://docs.docker.com/build/building/best-practices/#apt-get',
      'https://docs.docker.com/build/cache/invalidation/',
    ],
  },
  options: v.object({}),
  check({ file, build, report }) {
    if (/snapshot\.(?:debian\.org|ubuntu\.com)/.test(file.text)) return;
    const atEnd = new Map<Stage, AptLists | undefined>();
    for (const stage of build.stages) {
      let lists = stage.base.kind === 'stage' ? atEnd.get(stage.base.stage) : undefined;
      for (const run of stage.instructions) {
        if (run.keyword !== 'RUN') continue;
        const { commands } = parseShell(file, run, build.stateBefore(run).shell);
        const stale = lists && staleInstall(build, lists, run, commands);
        if (lists && stale) {
          const { verbWord, program, verb } = stale.call;
          report({
            span: { start: stale.command.nameSpan.start, end: verbWord.span.end },
            message: lists.mounted
              ? `${program} ${verb} relies on package lists in a cache mount, which can be old or empty`
              : `${program} ${verb} uses package lists of an earlier step: once cached, they go stale`,
            evidence: [
              {
                text: lists.mounted
                  ? 'they are fetched here, which is skipped once this step is cached'
                  : 'the lists come from here, cached as a layer of its own',
                span: lists.update.span,
              },
            ],
            fixes: joinFix(build, stage, lists, run, stale.command),
          });
        }
        lists = listsAfter(build, stage, lists, run, commands);
      }
      atEnd.set(stage, lists);
    }
  },
});

/** The first install of a RUN that nothing in the same RUN has fetched lists for. */
function staleInstall(build: Build, lists: AptLists, run: RunInstruction, commands: readonly ShellCommand[]) {
  if (hidesAptLists(build, run) !== lists.mounted) return undefined;
  for (const [index, command] of commands.entries()) {
    if (mayRefreshLists(command, commands[index + 1]) || removesAptLists(command)) return undefined;
    const call = aptCall(command);
    if (call && installsWith(call)) return { command, call };
  }
  return undefined;
}

function listsAfter(
  build: Build,
  stage: Stage,
  before: AptLists | undefined,
  run: RunInstruction,
  commands: readonly ShellCommand[],
): AptLists | undefined {
  const mounted = hidesAptLists(build, run);
  let lists = before;
  for (const command of commands) {
    if (aptCall(command)?.verb === 'update') lists = { run, update: command, stage, mounted };
    if (removesAptLists(command) && (lists?.mounted ?? false) === mounted) lists = undefined;
  }
  return lists;
}
