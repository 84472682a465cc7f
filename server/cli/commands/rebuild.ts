import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import pc from 'picocolors';
import { chainedRebuildOf } from '../../cache/chained.js';
import { changesOf, compareContexts } from '../../cache/change.js';
import { copiesGit } from '../../cache/history-gaps.js';
import { contextFor } from '../../cache/ignore-choice.js';
import { normalReference } from '../../cache/plan.js';
import { type Change, rebuildOf } from '../../cache/rebuild.js';
import type { CacheBuilder, FileChange, Side } from '../../cache/side.js';
import { buildOf } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import { earlierSource, identitiesIn } from '../../project/before.js';
import { folderSource } from '../../project/build-context.js';
import { readTextFile } from '../../project/files.js';
import { changesSince } from '../../project/git-changes.js';
import { openContext } from '../../project/open-context.js';
import type { RebuildReport } from '../../report/rebuild-report.js';
import { rebuildJson, rebuildMarkdown, rebuildPretty } from '../../report/rebuild-report.js';
import { parseDockerfile } from '../../syntax/dockerfile.js';
import type { Dockerfile } from '../../syntax/tree.js';
import type { BuildTarget } from '../build-target.js';
import {
  assertBuildable,
  assertTarget,
  buildArgsOf,
  builderOf,
  contextNotes,
  openBuildTarget,
  stageNotes,
} from '../build-target.js';
import { useColor } from '../color.js';
import type { CliResult, Io } from '../io.js';
import { CliError } from '../io.js';
import type { Args } from '../parse-args.js';

/** `layerwise rebuild [DOCKERFILE] …` */
export async function runRebuild(args: Args, io: Io): Promise<CliResult> {
  const { dockerfile, changed, stages } = readPositionals(args, io);
  const target = await openBuildTarget(args, io, dockerfile);
  if (target.parsed.kind !== 'dockerfile') throw new CliError(`${target.source.path}: is not a Dockerfile`);
  const { file } = target.parsed;
  assertBuildable(target.source.path, file);
  const builder = builderOf(args, target);
  const after = afterSide(args, io, target, file, builder);
  assertTarget(file, after.target, builder);
  const earlier = await beforeSide(args, io, target, after, changed, builder);
  const moved = movedImages(stages, file);
  const change: Change = { before: earlier.side, after, files: earlier.files, moved };
  const isBuildKit = builder === 'buildkit' || builder === 'buildkit-graphdriver';
  const rebuild = isBuildKit ? rebuildOf(change, builder) : chainedRebuildOf(change, builder);
  const report: RebuildReport = { rebuild, file, dockerfile: target.source.path, builder, target: after.target };
  const git = args.has('since') && after.context ? copiesGit(buildOf(file), after.context) : [];
  const notes = [
    ...contextNotes(target),
    ...stageNotes(target, after.buildArgs),
    ...earlier.notes,
    ...git.map((one) => `${one}: that it re-runs is not shown`),
  ].map((note) => `layerwise: ${note}\n`);
  return { stdout: format(args, io, report), stderr: notes.join(''), code: 0 };
}

/** Words that are neither the Dockerfile nor a stage name belong to `--changed`. */
function readPositionals(
  args: Args,
  io: Io,
): { dockerfile: string | undefined; changed: readonly string[]; stages: readonly string[] } {
  const words = [...args.positionals];
  const changed = [...args.values('changed')];
  const stages = args.values('base-moved');
  const isDockerfile = (word: string) =>
    /(?:^|[/\\])(?:dockerfile|containerfile)|\.(?:dockerfile|containerfile)$/i.test(word);
  const at = changed.length > 0 ? words.findIndex(isDockerfile) : 0;
  const dockerfile = at === -1 ? undefined : words.splice(at, 1)[0];
  if (words.length > 0 && changed.length === 0) {
    throw new CliError(`${words.join(' ')}: only one Dockerfile at a time; files that changed go behind --changed`);
  }
  changed.push(...words);
  if (dockerfile !== undefined && !existsSync(path.resolve(io.cwd, dockerfile)))
    throw new CliError(
      `${dockerfile}: no such file${stages.includes('') ? `; a stage goes behind an equals sign: --base-moved=${dockerfile}` : ''}`,
    );
  return { dockerfile, changed, stages };
}

function afterSide(args: Args, io: Io, { source, root }: BuildTarget, file: Dockerfile, builder: CacheBuilder): Side {
  return {
    file,
    context: source.context && contextFor(builder, source.context),
    buildArgs: buildArgsOf(args.values('build-arg'), io.env),
    target: args.value('target'),
    identity: root === undefined ? undefined : identitiesIn(root),
  };
}

interface Earlier extends Changed {
  readonly side: Side;
}

interface Changed {
  readonly files: readonly FileChange[];
  /** Why paths that were given change nothing, or not what one might think. */
  readonly notes: readonly string[];
}

async function beforeSide(
  args: Args,
  io: Io,
  target: BuildTarget,
  after: Side,
  changed: readonly string[],
  builder: CacheBuilder,
): Promise<Earlier> {
  const [since, folder, beforeFile] = ['since', 'before', 'before-file'].map((name) => args.value(name));
  const given = [
    since !== undefined && '--since',
    folder !== undefined && '--before',
    changed.length > 0 && '--changed',
  ].filter(Boolean);
  if (given.length > 1) throw new CliError(`${given.join(' and ')} exclude each other`);
  const buildArgs = new Map([...after.buildArgs, ...buildArgsOf(args.values('before-build-arg'), io.env)]);
  const file = beforeFile === undefined ? after.file : readDockerfile(path.resolve(io.cwd, beforeFile), beforeFile);
  const base: Side = { ...after, file, buildArgs };
  if (since !== undefined) return sinceRevision(target, base, after, since, beforeFile !== undefined, builder);
  if (folder !== undefined) return beforeFolder(io, target, base, after, folder, beforeFile !== undefined, builder);
  if (changed.length > 0) return { side: base, ...changedFiles(io, target, after, changed) };
  if (
    beforeFile === undefined &&
    args.values('before-build-arg').length === 0 &&
    args.values('base-moved').length === 0
  ) {
    throw new CliError(
      'say what changed: --changed PATH, --since REV, --before DIR, --before-file FILE, --before-build-arg NAME=VALUE or --base-moved',
    );
  }
  return { side: base, files: [], notes: [] };
}

function readDockerfile(file: string, shown: string): Dockerfile {
  const read = readTextFile(file);
  if ('error' in read) throw new CliError(`${shown}: ${read.error}`);
  return parseDockerfile(read.text);
}

/** Paths are relative to the working folder, or else to the context. */
function changedFiles(io: Io, { root, source }: BuildTarget, { context }: Side, changed: readonly string[]): Changed {
  if (!context || root === undefined)
    throw new CliError(`${source.path}: no build context is known; name one with --context`);
  const paths = changed.map((given) => {
    const fromHere = path.relative(root, path.resolve(io.cwd, given));
    const outside = fromHere.startsWith('..') || path.isAbsolute(fromHere);
    const inContext = outside || (!existsSync(path.resolve(io.cwd, given)) && existsSync(path.join(root, given)));
    if (outside && !existsSync(path.join(root, given)))
      throw new CliError(`${given}: lies outside the build context ${context.name}`);
    return (inContext ? path.normalize(given) : fromHere).split(path.sep).join('/');
  });
  return {
    files: changesOf(context, paths),
    notes: changed.flatMap((given, at) => noteOn(given, paths[at] ?? given, context)),
  };
}

function noteOn(given: string, inContext: string, context: BuildContext): string[] {
  if (context.ignored(inContext))
    return [`${given}: ${context.ignoreFile?.path ?? 'the ignore file'} keeps it out of the build context`];
  return context.entry(inContext) ? [] : [`${given}: does not exist, so it counts as deleted`];
}

async function sinceRevision(
  target: BuildTarget,
  base: Side,
  after: Side,
  revision: string,
  ownFile: boolean,
  builder: CacheBuilder,
): Promise<Earlier> {
  const { root, dockerfile } = target;
  const changes = await changesSince(path.dirname(dockerfile), revision).catch((error: unknown) => {
    throw new CliError(error instanceof Error ? error.message : String(error));
  });
  const text = ownFile ? undefined : changes.readFile(dockerfile);
  if (!ownFile && text === undefined)
    throw new CliError(`${target.source.path}: is not in ${revision}; nothing of it is cached then`);
  const file = text === undefined ? base.file : parseDockerfile(text);
  if (root === undefined || !after.context) return { side: { ...base, file }, files: [], notes: [] };
  const inside = changes.files.flatMap(({ path: absolute, before }) => {
    const relative = path.relative(root, absolute).split(path.sep).join('/');
    return relative.startsWith('../') || path.isAbsolute(relative) ? [] : [{ path: relative, before }];
  });
  const source = earlierSource(folderSource(root), inside, changes.read);
  const choice = { folder: root, origin: after.context.origin, plausible: after.context.plausible };
  const context = contextFor(builder, openContext({ choice, dockerfile, cwd: root, source }).context);
  const blobs = new Map(inside.map((one) => [one.path, one.before?.blob]));
  const identity = (one: string) => (blobs.has(one) ? blobs.get(one) : after.identity?.(one));
  const side: Side = { ...base, file, context, identity };
  const sameIgnoreFile = context.ignoreFile?.file.text === after.context.ignoreFile?.file.text;
  const files = sameIgnoreFile ? changedSinceRevision(inside, side, after) : compareContexts(side, after);
  return { side, files, notes: [] };
}

/** Only what Git names can differ, as long as the ignore file is the same. */
function changedSinceRevision(
  files: readonly { readonly path: string }[],
  before: Side,
  after: Side,
): readonly FileChange[] {
  return files.flatMap(({ path: name }): FileChange[] => {
    const old = before.context?.ignored(name) ? undefined : before.context?.entry(name);
    const now = after.context?.ignored(name) ? undefined : after.context?.entry(name);
    if (!old && !now) return [];
    if (!old || !now) return [{ path: name, kind: now ? 'added' : 'deleted', folder: false }];
    if (old.type !== now.type) return [{ path: name, kind: 'type', folder: false }];
    if (before.identity?.(name) !== after.identity?.(name)) return [{ path: name, kind: 'content', folder: false }];
    return old.mode === undefined || now.mode === undefined || (old.mode & 0o111) === (now.mode & 0o111)
      ? []
      : [{ path: name, kind: 'mode', folder: false }];
  });
}

function beforeFolder(
  io: Io,
  target: BuildTarget,
  base: Side,
  after: Side,
  given: string,
  ownFile: boolean,
  builder: CacheBuilder,
): Earlier {
  const folder = path.resolve(io.cwd, given);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new CliError(`--before ${given}: no such folder`);
  if (target.root === undefined || !after.context)
    throw new CliError(`${target.source.path}: no build context is known; name one with --context`);
  const inner = path.relative(target.root, target.dockerfile);
  const dockerfile = path.join(folder, inner);
  const file =
    ownFile || inner.startsWith('..') || !existsSync(dockerfile)
      ? base.file
      : readDockerfile(dockerfile, path.join(given, inner));
  const choice = { folder, origin: 'option', plausible: true } as const;
  const context = contextFor(builder, openContext({ choice, dockerfile, cwd: folder }).context);
  const side: Side = { ...base, file, context, identity: identitiesIn(folder) };
  return { side, files: compareContexts(side, after), notes: [] };
}

/** `--base-moved` alone means every image; with stages, the images these are built from. */
function movedImages(stages: readonly string[], file: Dockerfile): ReadonlySet<string> {
  if (stages.length === 0) return new Set();
  if (stages.includes('')) return new Set(['*']);
  const froms = file.instructions.filter((one) => one.keyword === 'FROM');
  return new Set(
    stages.map((stage) => {
      const from = froms.find(
        (one, index) => one.alias?.text.toLowerCase() === stage.toLowerCase() || String(index) === stage,
      );
      if (!from?.image) throw new CliError(`--base-moved=${stage}: no such stage`);
      return normalReference(from.image.text);
    }),
  );
}

function format(args: Args, io: Io, report: RebuildReport): string {
  const name = args.value('format') ?? 'pretty';
  if (name === 'json') return rebuildJson(report);
  if (name === 'markdown') return rebuildMarkdown(report);
  return rebuildPretty(report, pc.createColors(useColor(args, io.env, io.stdoutIsTerminal)), io.columns ?? 120);
}
