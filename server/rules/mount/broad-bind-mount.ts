import * as v from 'valibot';
import type { Fix } from '../../core/finding.js';
import { defineRule } from '../../core/rule.js';
import type { Build } from '../../model/build.js';
import { mountTarget } from '../../model/caches.js';
import type { BuildContext } from '../../model/context.js';
import type { Install } from '../../model/installs.js';
import { installsOf } from '../../model/installs.js';
import { manifestsOf } from '../../model/manifests.js';
import { namedFiles } from '../../model/named-files.js';
import { relativeTo } from '../../model/path.js';
import { groupBy } from '../../syntax/group-by.js';
import type { Mount } from '../../syntax/mounts.js';
import { mountsOf } from '../../syntax/mounts.js';
import { parseShell } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import { ignoreManagers, ignoresManager } from '../options.js';

export const broadBindMount = defineRule({
  name: 'broad-bind-mount',
  category: 'mount',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: ['context'],
  docs: {
    summary: 'A RUN that mounts the whole build context for an install that reads only the manifests.',
    why: `The content of what a bind mount brings is part of the step's cache key. With \`target=.\` and no \`source\` that is every file of the context: an edit of any of them installs all dependencies again.

The fix mounts just the manifests that the install reads and that are in this context. It is safe where no script of the project runs during the install and nothing else of the \`RUN\` looks at the files. An install that writes into the mounted folder is passed over: what it writes there is thrown away.`,
    bad: 'FROM python:3.13\nWORKDIR /src\nRUN --mount=type=bind,target=. pip install -r requirements.txt\n',
    good: 'FROM python:3.13\nWORKDIR /src\nRUN --mount=type=bind,source=requirements.txt,target=requirements.txt pip install -r requirements.txt\n',
    files: { 'requirements.txt': 'flask\n', 'app.py': '' },
    links: ['https://docs.docker.com/build/cache/optimize/#use-bind-mounts'],
  },
  options: v.object({ ignoreManagers }),
  check({ file, build, context, options, report }) {
    if (!context?.plausible) return;
    const isIgnored = ignoresManager(options.ignoreManagers);
    for (const [run, here] of groupBy(installsOf(build), (install) => install.run)) {
      const [install] = here;
      if (!install || here.length !== 1 || install.kind !== 'dependencies' || isIgnored(install.manager)) continue;
      for (const mount of mountsOf(file, run).mounts) {
        const target = isWholeContext(build, run, mount) ? mountTarget(build, run, mount) : undefined;
        if (target === undefined) continue;
        const read = readOf(build, install, context, target);
        if (!read) continue;
        report({
          span: mount.span,
          message: `this mount puts every file of the context into the cache key, and ${install.manager.name} reads ${read.files.length === 1 ? 'one' : read.files.length} of them`,
          evidence: [{ text: `read: ${read.files.join(', ')}`, span: install.command.nameSpan }],
          fixes: fixFor(build, run, mount, target, read),
        });
      }
    }
  },
});

/** What is written into one that is not read-only is thrown away; into the folder below it would not be. */
function isWholeContext(build: Build, run: RunInstruction, { type, from, source, readonly }: Mount): boolean {
  if (type !== 'bind' || from !== undefined || readonly !== true) return false;
  const path = source === undefined ? '.' : build.expand(run, source);
  return path !== undefined && /^\.?\/?$/.test(path);
}

interface Read {
  /** Paths of the context. */
  readonly files: readonly string[];
  readonly doubts: readonly string[];
}

/** Undefined where the install may read more than files that can be named. */
function readOf(build: Build, install: Install, context: BuildContext, target: string): Read | undefined {
  const folder = install.directory === undefined ? undefined : relativeTo(target, install.directory);
  const reading = folder === undefined ? undefined : manifestsOf(install, context, folder);
  const writes = install.manager.writes.length > 0 && !install.manifestArguments.length;
  if (
    !reading ||
    writes ||
    reading.blockers.size > 0 ||
    reading.obstacles.size > 0 ||
    reading.folders.size > 0 ||
    reading.files.size === 0 ||
    reading.files.size > 12 ||
    [...reading.files].some((file) => /[\s,"'$\\`]/.test(file))
  )
    return undefined;
  const named = namedFiles(build, install, { context, reading }, (path) => relativeTo(target, path));
  const doubts = [...reading.doubts, ...named.map(({ path, by }) => `${path}, which ${by} names, is not mounted`)];
  return { files: [...reading.files].sort(), doubts };
}

function fixFor(build: Build, run: RunInstruction, mount: Mount, target: string, { files, doubts }: Read): Fix[] {
  const { cwd, shell } = build.stateBefore(run);
  const flags = files.map((file) => {
    const place = `${target === '/' ? '' : target}/${file}`;
    return `--mount=type=bind,source=${file},target=${(cwd === undefined ? undefined : relativeTo(cwd, place)) || place}`;
  });
  const { commands } = parseShell(build.file, run, shell);
  const alone =
    commands.length === 1 &&
    !commands.some(({ redirects }) => redirects.some(({ operator }) => /^<(?!<)/.test(operator)));
  const caveat = [
    ...doubts,
    ...(alone ? [] : ['another command of this RUN, or the shell, may read the other files']),
  ].join('; ');
  const edits = [{ span: mount.span, text: flags.join(' ') }];
  const title = files.length === 1 ? `Mount only ${files[0]}` : 'Mount only the manifests';
  return [caveat === '' ? { title, safety: 'safe', edits } : { title, safety: 'unsafe', caveat, edits }];
}
