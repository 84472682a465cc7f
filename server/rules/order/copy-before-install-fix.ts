import type { Edit, Fix } from '../../core/finding.js';
import type { Build } from '../../model/build.js';
import { downloadCommand } from '../../model/download-command.js';
import type { Project } from '../../model/install-project.js';
import type { Install } from '../../model/installs.js';
import { labelOf, shorten } from '../../model/label.js';
import { inFolder } from '../../model/manifests/reading.js';
import { leavesInMount } from '../../model/mount-needs.js';
import { namedFiles } from '../../model/named-files.js';
import { continuationStyle } from '../../syntax/shell-edits.js';
import { span } from '../../syntax/text.js';
import type { Dockerfile } from '../../syntax/tree.js';
import { whatStandsBetween } from './copy-before-install-between.js';
import { caveatsOf } from './copy-before-install-caveats.js';
import type { Defect } from './copy-before-install-find.js';
import { lockfileMissing } from './copy-before-install-lockfile.js';
import { manifestCopies } from './copy-before-install-manifests.js';
import { type CutRun, cutRun } from './copy-before-install-run.js';
import type { Offender } from './copy-before-install-sources.js';
import { type Block, blockOf, gapAfter, lineEndOf } from './copy-before-install-text.js';

const mostOffenders = 40;

/** A fix, or the reason why there is none. `stays`: the RUN of the install, or the rest of it, is still behind the sources. */
export type FixOrReason = { readonly fix: Fix; readonly stays: boolean } | { readonly reason: string };

/**
 * Copies the manifests where the sources were copied, and the sources behind the install; in between stays what stands there. What
 * has to come first runs in a RUN of its own: the command itself, or one that only fetches the dependencies.
 */
export function fixOf(build: Build, defect: Defect): FixOrReason {
  const { install, project, offenders } = defect;
  if (!project) return { reason: `no manifest of ${install.manager.name} is found in the build context` };
  const [blocker = lockfileMissing(defect)] = [...project.reading.blockers, ...project.reading.obstacles];
  if (blocker !== undefined) return { reason: blocker };
  const download = downloadCommand(install, manifestText(install, project), build.file.text);
  if (install.kind === 'build' && download === undefined) {
    const isSet = install.manager.needsSources === undefined && install.command.assignments.length > 0;
    const reason = isSet ? 'a variable before the command decides how it downloads' : undefined;
    return { reason: reason ?? install.manager.needsSources ?? 'it builds the sources in the same command' };
  }
  if (download === undefined && leavesInMount(build, install))
    return { reason: 'a later command needs what it leaves in its cache mount, which a builder may lose' };
  if (download !== undefined && install.run.flags.some(({ name, value }) => name === 'network' && value === 'none')) {
    return { reason: 'its RUN has no network' };
  }
  if (offenders.some(({ transfer, landing }) => !landing || transfer.instruction.heredocs.length > 0)) {
    return { reason: 'where the files land is not certain' };
  }
  if (offenders.length > mostOffenders) return { reason: 'too many COPYs stand before it' };
  const between = whatStandsBetween(build, defect);
  if (between !== undefined) return { reason: between };
  const copies = manifestCopies(build, defect);
  if ('reason' in copies) return copies;
  const plain = cutRun(build, defect, download);
  if ('reason' in plain) return plain;
  const cut = withMounts(build.file, install, plain, copies.mounts);
  const blocks = offenders.map((offender) => blockOf(build, offender, install.run));
  const before = cut.whole && isAdjacent(defect) ? cut.first : undefined;
  const edits =
    before !== undefined
      ? insertBefore(build.file, blocks, copies.byOffender, before)
      : rearrange(build, defect, blocks, copies.byOffender, cut);
  const caveats = [
    ...caveatsOf(build, defect, { download, split: cut.whole ? undefined : cut.rest }),
    ...namedCaveats(build, defect, project, download),
  ];
  return {
    fix: { title: titleOf(defect, download), ...safetyOf(caveats), edits },
    stays: download !== undefined || cut.rest !== undefined,
  };
}

/** Puts mounts in front of the RUN that comes first. */
function withMounts(file: Dockerfile, { run }: Install, cut: CutRun, mounts: readonly string[]): CutRun {
  if (mounts.length === 0) return cut;
  const text = cut.first ?? file.text.slice(run.span.start, run.span.end);
  const keyword = run.keywordSpan.end - run.keywordSpan.start;
  const { indent } = continuationStyle(file, run.span);
  const joint = ` ${file.escape}${lineEndOf(file)}${indent}`;
  return { ...cut, first: `${text.slice(0, keyword)} ${[...mounts, text.slice(keyword).trimStart()].join(joint)}` };
}

/** What the install is told of by name and finds no longer, or the command that downloads for it. */
function namedCaveats(
  build: Build,
  { install, offenders, landings }: Defect,
  project: Project,
  download: string | undefined,
): string[] {
  const words = new Set(download?.split(' '));
  const isDropped = (by: string) =>
    download !== undefined && !words.has(by) && install.command.args.some(({ value }) => value === by);
  const moved = offenders.map(({ transfer }) => transfer);
  const staying = landings.filter(({ transfer }) => !moved.includes(transfer));
  const named = namedFiles(build, install, project, (path) =>
    staying.some((landing) => landing.contextPathOf(path) !== undefined)
      ? undefined
      : offenders.findLast(({ landing }) => landing?.contextPathOf(path) !== undefined)?.landing?.contextPathOf(path),
  );
  const [first] = named.filter(({ by }) => !isDropped(by));
  return first ? [`${first.path || 'the folder'}, which ${first.by} names, is not copied before it`] : [];
}

function safetyOf(caveats: readonly string[]): Pick<Fix, 'safety' | 'caveat'> {
  return caveats.length === 0 ? { safety: 'safe' } : { safety: 'unsafe', caveat: caveats.join('; ') };
}

function titleOf({ install, offenders }: Defect, download: string | undefined): string {
  const what = offenders.length > 1 ? 'the sources' : 'the rest';
  if (download !== undefined) return `Run ${shorten(download)} with the manifests alone, before the sources are copied`;
  return `Copy only the manifests before ${labelOf(install)}, and ${what} after it`;
}

function manifestText({ manager }: Install, { context, folder, reading }: Project): string {
  const name = manager.manifests[0] ?? '';
  const own = inFolder(folder, name);
  const path = reading.files.has(own) ? own : [...reading.files].find((one) => one.endsWith(name));
  return (path === undefined ? undefined : context.read(path)) ?? '';
}

/** Nothing but the offenders themselves stands between the first of them and the install. */
function isAdjacent({ install, offenders }: Defect): boolean {
  const first = offenders[0].transfer.instruction.index;
  return install.run.index - first === offenders.length;
}

/** The sources stay; what comes first is put before them. */
function insertBefore(
  file: Dockerfile,
  blocks: readonly Block[],
  copies: ReadonlyMap<Offender, string>,
  first: string,
): Edit[] {
  const [block] = blocks;
  if (!block) return [];
  const eol = lineEndOf(file);
  const lines = [...copies.values(), first].join(eol);
  return [{ span: span(block.start, block.start), text: `${lines}${gapAfter(file, block.end)}` }];
}

function rearrange(
  build: Build,
  { offenders, install }: Defect,
  blocks: readonly Block[],
  copies: ReadonlyMap<Offender, string>,
  cut: { readonly first: string | undefined; readonly rest: string | undefined },
): Edit[] {
  const { file } = build;
  const edits: Edit[] = offenders.flatMap((offender, index) => {
    const block = blocks[index];
    if (!block) return [];
    const copy = copies.get(offender);
    return copy === undefined
      ? [{ span: span(block.start, block.lineEnd), text: '' }]
      : [{ span: span(block.start, block.end), text: copy }];
  });
  const last = blocks.at(-1);
  const gap = last ? gapAfter(file, last.end) : '\n';
  const moved = blocks.map(({ text }) => text).join(lineEndOf(file));
  const run = install.run.span;
  if (cut.first === undefined) return [...edits, { span: span(run.end, run.end), text: `${gap}${moved}` }];
  const text = [cut.first, moved, ...(cut.rest === undefined ? [] : [cut.rest])].join(gap);
  return [...edits, { span: run, text }];
}
