import * as v from 'valibot';
import { defineRule, type Report } from '../../core/rule.js';
import { aptCall, mayRefreshLists } from '../../model/apt.js';
import type { Build, Stage } from '../../model/build.js';
import { parseShell, type ShellCommand } from '../../syntax/shell.js';
import type { Span } from '../../syntax/text.js';
import type { RunInstruction } from '../../syntax/tree.js';
import { ignoreStages, ignoresStage, wordsOption } from '../options.js';
import {
  type AptLists,
  hidesAptLists,
  installsWith,
  removesAptLists,
  type StaleInstall,
} from './split-apt-update-commands.js';
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

Update and install belong into one RUN, so that both are cached or neither is. The fix moves \`apt-get update\` in front of the install and joins further installs that follow right behind it; an update that an install of its own step needs stays where it is and is repeated.
A clean build gives the same image. The fix is *unsafe* where steps between the two may have changed the package sources or apt's settings: the moved update then reads them too; and where it would lose variables or options, stop a build that goes on when it fails, or let one go on that stops now.

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
  options: v.object({
    ignoreStages,
    snapshotHosts: wordsOption(
      'Hosts of further mirrors whose package lists are frozen: a file that names one is left alone.',
    ),
  }),
  check({ file, build, options, report }) {
    if (/snapshot\.(?:debian\.org|ubuntu\.com)/.test(file.text)) return;
    if (options.snapshotHosts.some((host) => file.text.includes(host))) return;
    const isIgnored = ignoresStage(options.ignoreStages);
    const atEnd = new Map<Stage, AptLists | undefined>();
    for (const stage of build.stages) {
      let lists = stage.base.kind === 'stage' ? atEnd.get(stage.base.stage) : undefined;
      const found = new Map<AptLists, [StaleInstall, ...StaleInstall[]]>();
      for (const run of stage.instructions) {
        if (run.keyword !== 'RUN') continue;
        const { commands } = parseShell(file, run, build.stateBefore(run).shell);
        const stale = lists && staleInstall(build, lists, run, commands);
        if (lists && stale) {
          const known = found.get(lists);
          if (known) known.push(stale);
          else found.set(lists, [stale]);
        }
        lists = listsAfter(build, stage, lists, run, commands);
      }
      if (!isIgnored(stage)) for (const [used, installs] of found) report(reportOf(build, stage, used, installs));
      atEnd.set(stage, lists);
    }
  },
});

/** So many other installs are named one by one. */
const mostNamed = 4;

function reportOf(
  build: Build,
  stage: Stage,
  lists: AptLists,
  installs: readonly [StaleInstall, ...StaleInstall[]],
): Report {
  const [first, ...others] = installs;
  const { program, verb } = first.call;
  const source = lists.mounted
    ? 'they are fetched here, which is skipped once this step is cached'
    : 'the lists come from here, cached as a layer of its own';
  const rest = others.length - mostNamed;
  const fixes = joinFix(build, stage, lists, installs);
  return {
    span: spanOf(first),
    message: lists.mounted
      ? `${program} ${verb} relies on package lists in a cache mount, which can be old or empty`
      : `${program} ${verb} uses package lists of an earlier step: once cached, they go stale`,
    evidence: [
      { text: source, span: lists.update.span },
      ...others.slice(0, mostNamed).map((other) => ({ text: 'this step uses them too', span: spanOf(other) })),
      ...(rest > 0 ? [{ text: `so ${rest === 1 ? 'does one more step' : `do ${rest} more steps`}` }] : []),
      ...(fixes.length === 0 ? [{ text: 'no fix: an install that may not run cannot simply get an update' }] : []),
    ],
    fixes,
  };
}

function spanOf({ command, call }: StaleInstall): Span {
  return { start: command.nameSpan.start, end: call.verbWord.span.end };
}

/** The first install of a RUN that nothing in the same RUN has fetched lists for. */
function staleInstall(
  build: Build,
  lists: AptLists,
  run: RunInstruction,
  commands: readonly ShellCommand[],
): StaleInstall | undefined {
  if (hidesAptLists(build, run) !== lists.mounted) return undefined;
  for (const [index, command] of commands.entries()) {
    if (mayRefreshLists(command, commands[index + 1]) || removesAptLists(command)) return undefined;
    const call = aptCall(command);
    if (call && installsWith(call)) return { run, command, call };
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
