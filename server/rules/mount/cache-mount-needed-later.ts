import * as v from 'valibot';
import type { Edit, Fix } from '../../core/finding.js';
import { defineRule, type Report } from '../../core/rule.js';
import type { Build } from '../../model/build.js';
import { mountFlag } from '../../model/cache-mount-flag.js';
import { cacheMountsOf, cachePlacesOf, effectiveUser, mountTarget, stagesDown, stagesUp } from '../../model/caches.js';
import type { Install } from '../../model/installs.js';
import { labelOf, shorten } from '../../model/label.js';
import { type Need, sureNeedsOf } from '../../model/mount-needs.js';
import { type OutputNeed, outputNeedsOf } from '../../model/mount-outputs.js';
import { baseName } from '../../syntax/go-path.js';
import { mountsOf } from '../../syntax/mounts.js';
import { removeRunFlag } from '../../syntax/run-flags.js';
import { parseShell, type ShellWord } from '../../syntax/shell.js';
import { removeWords } from '../../syntax/shell-edits.js';
import { lineAt, type Span } from '../../syntax/text.js';
import type { Dockerfile, RunInstruction } from '../../syntax/tree.js';
import { ignoreManagers, ignoresManager } from '../options.js';

export const cacheMountNeededLater = defineRule({
  name: 'cache-mount-needed-later',
  category: 'mount',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'A step that needs what another step left in a cache mount.',
    why: `What lies in a cache mount is not in the image. A later step that has no such mount does not find it: \`dotnet publish --no-restore\` finds no packages behind a \`dotnet restore\` with a mount for them, \`npm run build\` no \`node_modules\` if these are a mount themselves, and \`COPY --from\` nothing of what was compiled in a mount. That is an *error* where the step cannot but fail.

A later step that has the mount too finds what the builder happens to have there. It fails where the builder has the result of the first step and not the mount: on another runner with \`cache-from\`, or after the builder has made room, for which it takes mounts first that were not used for two days.

The fixes take away the option that keeps the later step from downloading, or mount the manager's own cache in place of \`node_modules\`. Both are unsafe: a step may download what it found in the mount, and the image gets the packages.`,
    bad: 'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY App.csproj .\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet restore\nCOPY . .\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet publish --no-restore -o /out\n',
    good: 'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY App.csproj .\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet restore\nCOPY . .\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet publish -o /out\n',
    links: [
      'https://docs.docker.com/build/cache/garbage-collection/#default-policies',
      'https://docs.docker.com/reference/dockerfile/#run---mounttypecache',
    ],
  },
  options: v.object({ ignoreManagers }),
  check({ build, context, options, report }) {
    const needs = sureNeedsOf(build);
    for (const need of outputNeedsOf(build, context))
      if (!needs.some(({ by }) => by === need.by)) report(reportOfOutput(build, need));
    const isIgnored = ignoresManager(options.ignoreManagers);
    for (const need of needs)
      if (!isIgnored(need.install.manager))
        report(need.kind === 'downloads' ? reportOfDownloads(build, need) : reportOfPackages(build, need));
  },
});

function reportOfOutput({ file }: Build, { maker, mount, path, by }: OutputNeed): Report {
  const made = lineOf(file, maker.keywordSpan);
  return {
    span: by.keyword === 'RUN' ? by.textSpan : (by.sources[0]?.span ?? by.keywordSpan),
    message:
      by.keyword === 'RUN'
        ? `this finds no ${baseName(path)} ${whereLost(made)}`
        : `the build fails here: ${path} lies in the cache mount of ${made}, which is not in the image`,
    severity: by.keyword === 'RUN' ? 'warning' : 'error',
    evidence: [
      { text: `made here, at ${mount.target ?? ''}`, span: mount.span },
      { text: 'no fix: the step that makes it can bring it to another folder itself' },
    ],
  };
}

function reportOfDownloads(build: Build, need: Need): Report {
  const { file } = build;
  const { install, mount, mounted } = need;
  const filler = labelOf(install, file.text);
  return {
    span: offlineSpan(need) ?? need.by.keywordSpan,
    message: mounted
      ? `${neederOf(file, need)} finds no packages ${whereLost(lineOf(file, install.command.nameSpan))}`
      : `${neederOf(file, need)} finds no packages: ${filler} left them in a cache mount, which is not in the image`,
    severity: mounted ? 'warning' : 'error',
    evidence: [{ text: `${filler} downloads into the mount`, span: mount.span }],
    fixes: downloadAgain(build, need),
  };
}

function reportOfPackages(build: Build, need: Need): Report {
  const { file } = build;
  const { install, mount, path, by, mounted } = need;
  const name = baseName(path);
  const how = by.keyword === 'COPY' ? 'copies an empty folder' : 'does not find it';
  return {
    span: mount.optionSpans.get('target') ?? mount.span,
    message: mounted
      ? `${neederOf(file, need)} finds no ${name} ${whereLost(lineOf(file, install.command.nameSpan))}`
      : `${name} is a cache mount here, which is not in the image: ${neederOf(file, need)} ${how}`,
    evidence: [{ text: `${lineOf(file, by.span)} needs it`, span: by.keywordSpan }],
    fixes: name === 'node_modules' ? mountDownloads(build, need) : [],
  };
}

function whereLost(line: string): string {
  return `where the builder still has the result of ${line} and no longer its cache mount`;
}

function lineOf({ lineStarts }: Dockerfile, { start }: Span): string {
  return `line ${lineAt(lineStarts, start) + 1}`;
}

function neederOf({ text }: Dockerfile, { call, by }: Need): string {
  return call ? labelOf(call, text) : shorten(text.slice(by.span.start, by.span.end));
}

function offlineSpan({ call }: Need): Span | undefined {
  return call && (offlineOptions(call)[0]?.span ?? call.command.nameSpan);
}

function offlineOptions({ manager, options }: NonNullable<Need['call']>): readonly ShellWord[] {
  const names = manager.offlineOptions ?? ['--offline'];
  return options.flatMap(({ name, word }) => (names.includes(name) || names.includes(word.value ?? '') ? word : []));
}

function downloadAgain(build: Build, { call, by }: Need): Fix[] {
  const words = call ? offlineOptions(call) : [];
  if (words.length === 0 || by.keyword !== 'RUN') return [];
  const edits = removeWords(build.file, parseShell(build.file, by, build.stateBefore(by).shell), words);
  if (!edits) return [];
  return [
    {
      title: `Remove ${words.map(({ text }) => text).join(' and ')}`,
      safety: 'unsafe',
      caveat: 'the step then looks for packages itself, and downloads what it does not find',
      edits,
    },
  ];
}

/** The manager's own cache in place of the folder of packages, which no RUN mounts any more. */
function mountDownloads(build: Build, { install, path }: Need): Fix[] {
  const user = effectiveUser(build, install.run, install.stage);
  const places = cachePlacesOf(build, install);
  if (!user || (!user.root && user.uid === undefined) || !places) return [];
  const edits: Edit[] = [];
  let isMounted = false;
  for (const run of runsAround(build, install)) {
    for (const mount of mountsOf(build.file, run).mounts) {
      if (mount.type !== 'cache' || mountTarget(build, run, mount) !== path) continue;
      const has = cacheMountsOf(build, run).some(({ target }) => places.some((place) => place.path === target));
      const flags = run === install.run && !has ? places.map((place) => mountFlag(build, install, place, user)) : [];
      if (flags.length > 0) {
        isMounted = true;
        edits.push({ span: mount.span, text: flags.join(' ') });
      } else {
        const removed = removeRunFlag(build.file, run, mount.span);
        if (!removed) return [];
        edits.push(removed);
      }
    }
  }
  return [
    {
      title: isMounted ? 'Mount the cache of downloads instead' : `Keep ${baseName(path)} in the image`,
      safety: 'unsafe',
      caveat: `${baseName(path)} is then in the image, and filled anew when this step re-runs`,
      edits,
    },
  ];
}

/** Those that are built on what the install leaves, or it on them. */
function runsAround(build: Build, { stage }: Install): readonly RunInstruction[] {
  const stages = new Set([...stagesDown(stage), ...stagesUp(build, stage)]);
  return [...stages].flatMap(({ instructions }) => instructions).filter((one) => one.keyword === 'RUN');
}
