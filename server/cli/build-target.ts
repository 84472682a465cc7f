import { type Dirent, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { CacheBuilder } from '../cache/side.js';
import { targetStage } from '../cache/target-stage.js';
import { buildOf } from '../model/build.js';
import { openFroms } from '../model/platform-args.js';
import { kindOfName } from '../project/dockerfile-name.js';
import type { Target } from '../project/target.js';
import { rules } from '../rules/index.js';
import { lineAt } from '../syntax/text.js';
import type { Dockerfile, FromInstruction } from '../syntax/tree.js';
import { createFileConfigs } from './file-config.js';
import type { Io } from './io.js';
import { CliError } from './io.js';
import { createTargetReader } from './lint/read-targets.js';
import type { Args } from './parse-args.js';

/** A Dockerfile to build, with its context. */
export interface BuildTarget extends Target {
  /** Absolute. */
  readonly dockerfile: string;
}

/** Opens the Dockerfile, or the one of the current folder. Throws a `CliError` where it cannot be read. */
export async function openBuildTarget(args: Args, io: Io, given: string | undefined): Promise<BuildTarget> {
  const dockerfile = path.resolve(io.cwd, given ?? defaultDockerfile(io.cwd));
  const reader = createTargetReader(
    args,
    { stdinFilename: undefined },
    createFileConfigs(args, io.cwd, rules),
    io,
    undefined,
  );
  const target = await reader.read({ path: dockerfile, kind: 'dockerfile' });
  if ('error' in target) throw new CliError(target.error);
  return { ...target, dockerfile };
}

function defaultDockerfile(cwd: string): string {
  const found = ['Dockerfile', 'dockerfile', 'Containerfile'].find((name) => existsSync(path.join(cwd, name)));
  if (found !== undefined) return found;
  const near = nearbyDockerfile(cwd);
  throw new CliError(`no Dockerfile in this folder; name one${near === undefined ? '' : `, such as ${near}`}`);
}

/** One of another name, or the first of a folder below. */
function nearbyDockerfile(cwd: string): string | undefined {
  const entries = entriesOf(cwd);
  const own = entries.find((one) => !one.isDirectory() && kindOfName(one.name) === 'dockerfile');
  if (own) return own.name;
  for (const folder of entries) {
    if (!folder.isDirectory() || /^\.|^node_modules$/.test(folder.name)) continue;
    const inside = entriesOf(path.join(cwd, folder.name)).find(
      (one) => !one.isDirectory() && kindOfName(one.name) === 'dockerfile',
    );
    if (inside) return `${folder.name}/${inside.name}`;
  }
  return undefined;
}

/** In the order of their names; none where the folder cannot be read. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** `NAME=VALUE`, or `NAME` for the value in the environment, as `docker build` has it. */
export function buildArgsOf(values: readonly string[], env: Io['env']): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const text of values) {
    const equals = text.indexOf('=');
    if (equals === 0) throw new CliError(`build argument ${JSON.stringify(text)} has no name`);
    const value = equals === -1 ? env[text] : text.slice(equals + 1);
    if (value !== undefined) found.set(equals === -1 ? text : text.slice(0, equals), value);
  }
  return found;
}

/** For stderr: that the build context is guessed, and from what. */
export function contextNotes({ source, note }: Target): readonly string[] {
  return note === undefined ? [] : [`${source.path}: ${note}`];
}

/** For stderr: which stage a FROM is taken to mean, or that it is not known, where only the platform or a build argument tells. */
export function stageNotes({ source, parsed }: Target, buildArgs: ReadonlyMap<string, string>): readonly string[] {
  if (parsed.kind !== 'dockerfile') return [];
  const { file } = parsed;
  const { stages } = buildOf(file);
  const stageOf = (from: FromInstruction) => {
    const base = stages.find((stage) => stage.from === from)?.base;
    return base?.kind === 'stage' ? base.stage.from.alias?.text : undefined;
  };
  return openFroms(file, new Set(buildArgs.keys()), stageOf).map(({ from, argument, stage }) => {
    const place = `${source.path}:${lineAt(file.lineStarts, from.span.start) + 1}`;
    const text = from.image?.text ?? '';
    return stage === undefined
      ? `${place}: which stage ${text} means is not known without --build-arg ${argument}=…; what only that stage needs is left out`
      : `${place}: ${text} is taken to mean the stage ${stage}; --build-arg ${argument}=… says otherwise`;
  });
}

export function builderOf(args: Args, target: Target): CacheBuilder {
  const given = args.value('builder');
  return given === undefined ? target.config.settings.builder : (given as CacheBuilder);
}

/** Throws a `CliError` for a Dockerfile that no builder takes. */
export function assertBuildable(shown: string, file: Dockerfile): void {
  const [problem] = file.problems;
  if (problem) throw new CliError(`${shown}: the builder rejects it: ${problem.message}`);
}

/** Throws a `CliError` where the builder does not find the stage that `--target` names. */
export function assertTarget(file: Dockerfile, target: string | undefined, builder: CacheBuilder): void {
  if (target === undefined) return;
  const stages = file.instructions.flatMap((one): { from: FromInstruction }[] =>
    one.keyword === 'FROM' ? [{ from: one }] : [],
  );
  if (targetStage(stages, target, builder)) return;
  const names = stages.flatMap(({ from }) => from.alias?.text ?? []).join(', ');
  throw new CliError(`--target ${target}: no such stage; there are ${names || 'none with a name'}`);
}
