import * as v from 'valibot';
import type { Evidence, Savings } from '../../core/finding.js';
import { defineRule, type Report } from '../../core/rule.js';
import type { Build } from '../../model/build.js';
import { onlyLoads } from '../../model/installs.js';
import { labelOf, shorten } from '../../model/label.js';
import { lineAt } from '../../syntax/text.js';
import { allows, ignoreManagers, ignoreStages, ignoresManager, ignoresStage, patternsOption } from '../options.js';
import { type Defect, findDefects } from './copy-before-install-find.js';
import { fixOf } from './copy-before-install-fix.js';
import { mostFiles, type Offender } from './copy-before-install-sources.js';

export const copyBeforeInstall = defineRule({
  name: 'copy-before-install',
  category: 'order',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'Sources are copied before the dependencies are installed, so every edit installs them again.',
    why: `BuildKit re-runs a RUN when anything that was copied before it in the stage has changed. An install of dependencies needs a few manifests: \`package.json\` and its lockfile, \`requirements.txt\`, \`go.mod\`. Where the sources are copied first, an edit of any of them installs everything again.

The fix copies the manifests that the install reads in *this* repository (workspaces, included requirements, patches, settings of the package manager…), and moves the COPY of the sources behind the install. A command that installs and builds in one, like \`go build\` or \`poetry install\`, stays where it is; a step that only fetches the dependencies is put before the sources.
It is *safe* where nothing between reads the sources, no lifecycle script of the project can, and the later COPY brings nothing that lies over what was installed. Otherwise it is *unsafe* and says why, or the reason why there is no fix is part of the evidence.

Do not follow it where the install needs the sources. Where it does because of a lifecycle script, the finding is *info* only.
A cache mount helps too, but only where the builder keeps it: a CI runner that starts empty has none.`,
    bad: `FROM node:22
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
`,
    good: `FROM node:22
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
`,
    files: {
      'package.json': '{"scripts": {"build": "tsc"}, "dependencies": {"left-pad": "1.3.0"}}',
      'package-lock.json': '{}',
      'src/index.ts': 'export {};',
      '.dockerignore': 'node_modules\n',
    },
    links: [
      'https://docs.docker.com/build/cache/optimize/#order-your-layers',
      'https://docs.docker.com/build/building/best-practices/#leverage-build-cache',
    ],
  },
  options: v.object({
    allow: patternsOption(
      'Paths in the context that may be copied before an install, because they change as seldom as its manifests: `scripts/*`',
    ),
    ignoreManagers,
    ignoreStages,
  }),
  check({ build, context, options, report }) {
    const choice = {
      isAllowed: allows(options.allow),
      isIgnored: ignoresManager(options.ignoreManagers),
      isIgnoredStage: ignoresStage(options.ignoreStages),
    };
    for (const defect of findDefects(build, context, choice)) report(reportOf(build, defect));
  },
});

function reportOf(build: Build, defect: Defect): Report {
  const { install, offenders, project } = defect;
  const [first] = offenders;
  const { file } = build;
  const label = labelOf(install, file.text);
  const outcome = fixOf(build, defect);
  const needsSources = (project?.reading.blockers.size ?? 0) > 0;
  const evidence: Evidence[] = offenders.map((offender) => takes(build, offender, defect, label));
  const reads = 'reason' in outcome ? `no fix: ${outcome.reason}` : manifestsText(defect, label);
  evidence.push({ text: reads, span: install.command.nameSpan });
  return {
    span: first.source.word.span,
    message: `${written(build, first)} before ${label} makes every edit of the sources ${verb(defect)}`,
    evidence,
    fixes: 'fix' in outcome ? [outcome.fix] : [],
    // Without a fix the steps between may need the sources.
    ...('fix' in outcome ? { savings: savingsOf(build, defect, install.kind === 'build' || outcome.stays) } : {}),
    ...(needsSources ? { severity: 'info' as const } : {}),
  };
}

function verb(defect: Defect): string {
  return `${downloadsOnly(defect) ? 'download' : 'install'} all dependencies again`;
}

function downloadsOnly({ install }: Defect): boolean {
  return install.kind === 'build' || install.shape.downloads === true;
}

/** `npm ci` needs only package.json and package-lock.json. */
function manifestsText(defect: Defect, label: string): string {
  const { reading } = defect.project ?? {};
  const [first = 'the manifests', second, ...more] = [...(reading?.files ?? []), ...(reading?.folders ?? [])];
  const names =
    second === undefined
      ? first
      : more.length === 0
        ? `${first} and ${second}`
        : `${first}, ${second} and ${more.length} ${more.length === 1 ? 'other' : 'others'}`;
  // `go get` and `go mod tidy` look at the imports of the sources, which may name more.
  if (onlyLoads(defect.install)) return `most of what ${label} downloads depends on ${names} alone`;
  return defect.install.kind === 'build'
    ? `what ${label} downloads depends only on ${names}`
    : `${label} needs only ${names}`;
}

function written(build: Build, { transfer }: Offender): string {
  const { span } = transfer.instruction;
  return shorten(build.file.text.slice(span.start, span.end));
}

function takes(build: Build, offender: Offender, { install }: Defect, label: string): Evidence {
  const { transfer, file, count } = offender;
  const { span } = transfer.instruction;
  if (file === undefined) return { text: `${written(build, offender)} takes more than the manifests`, span };
  const what = count >= mostFiles ? `over ${mostFiles - 1} files` : count > 1 ? `${count} files` : 'a file';
  const relation =
    install.kind === 'build' && !onlyLoads(install)
      ? `that ${count > 1 ? 'say' : 'says'} nothing about the dependencies`
      : `that ${onlyLoads(install) ? '`go mod download`' : label} does not read`;
  return {
    text: `${written(build, offender)} takes ${what} ${relation}: ${file}${count > 1 ? ' and others' : ''}`,
    span,
  };
}

/** `stays`: the RUN, or the rest of it, re-runs all the same. */
function savingsOf(build: Build, { install, offenders, project }: Defect, stays: boolean): Savings {
  const [first] = offenders;
  const moved = new Set(offenders.map(({ transfer }) => transfer.instruction.index));
  const steps = install.stage.instructions.filter(
    ({ index, keyword }) =>
      index > first.transfer.instruction.index &&
      (stays ? index < install.run.index : index <= install.run.index) &&
      !moved.has(index) &&
      (keyword === 'RUN' || (!stays && (keyword === 'COPY' || keyword === 'ADD' || keyword === 'WORKDIR'))),
  );
  return {
    trigger: first.file === undefined ? 'an edit of a source file' : `an edit of ${first.file}`,
    rebuilds: steps.map(({ span }) => lineAt(build.file.lineStarts, span.start)),
    basis: project ? 'context' : 'table',
  };
}
