import { readdirSync } from 'node:fs';
import path from 'node:path';
import { commandBuilds } from './build-command.js';
import { readTextFile } from './files.js';
import { isRemoteContext, type KnownBuild } from './known-build.js';
import { type ExpressionScope, resolveScript, resolveText } from './workflow-expression.js';
import { matrixJobs } from './workflow-matrix.js';
import { mayMean, wordsBehind } from './written-path.js';

/** A workflow of GitHub with its text. */
export interface WorkflowFile {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/** In UTF-16 units; nobody writes as much. */
const LARGEST = 1024 * 1024;

/** The workflows of the repository with this root (absolute) that speak of builds of images, in the order of their names. */
export function workflowFiles(root: string): readonly WorkflowFile[] {
  const folder = path.join(root, '.github', 'workflows');
  return namesIn(folder).flatMap((name) => {
    const file = path.join(folder, name);
    const read = readTextFile(file);
    if ('error' in read || read.text.length > LARGEST || !speaksOfBuilds(read.text)) return [];
    return [{ file, text: read.text }];
  });
}

/** The workflows of the repository with this root, there or not. Absolute. */
export function workflowNames(root: string): readonly string[] {
  const folder = path.join(root, '.github', 'workflows');
  return namesIn(folder).map((name) => path.join(folder, name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/i.test(name))
      .sort();
  } catch {
    return [];
  }
}

/** `docker build` and its like with the lines that go on with it. */
const COMMAND =
  /\b(?:docker|podman|nerdctl|buildah)\b(?:[^\n]|(?<=\\\r?)\n){0,200}?\b(?:build|bud)\b(?:[^\n]|(?<=\\\r?)\n|\n(?=[ \t]*--?[A-Za-z]))*/g;
const FLAG = /(?:^|\s)(?:-f|--file)[ =]?/g;
const INPUT = /\bfile["']?\s*:/g;
const CONTEXT = /\bcontext["']?\s*:/g;

function speaksOfBuilds(text: string): boolean {
  return text.includes('/build-push-action@') || text.search(COMMAND) !== -1;
}

/**
 * Whether a workflow could give a Dockerfile (relative to the root of the repository) another context than its own folder, told
 * without parsing: it has to name the file, and for one in the root some context, too. Saves the YAML parser where nothing depends on it.
 */
export function workflowMovesContext({ text }: WorkflowFile, dockerfile: string): boolean {
  if (isFlagged(text, dockerfile)) return true;
  if (!wordsBehind(text, INPUT).some((word) => mayMean(word, dockerfile))) return false;
  return dockerfile.includes('/') || wordsBehind(text, CONTEXT).some((word) => !/^(?:\.\/?)?$/.test(word));
}

function isFlagged(text: string, dockerfile: string): boolean {
  const commands = text.match(COMMAND) ?? [];
  return commands.some((command) => wordsBehind(command, FLAG).some((word) => mayMean(word, dockerfile)));
}

/** Whether a workflow could build a Dockerfile (relative to the root), told without parsing: it names it, or its folder. */
export function workflowMayBuild({ text }: WorkflowFile, dockerfile: string): boolean {
  const [name = '', folder] = dockerfile.split('/').toReversed();
  if (/^(?:Dockerfile|Containerfile)$/.test(name) && (folder === undefined || text.includes(folder))) return true;
  return isFlagged(text, dockerfile) || wordsBehind(text, INPUT).some((word) => mayMean(word, dockerfile));
}

/**
 * What the steps of a workflow build: those that use `docker/build-push-action` or what takes its place, and those that run
 * `docker build` or its like. Jobs of a literal matrix count one by one; what needs other expressions is left out, and so are remote
 * contexts, and jobs that have another repository in the workspace. Nothing where the file is no workflow. `root` is the folder of the
 * repository, absolute.
 */
export async function workflowBuilds({ file, text }: WorkflowFile, root: string): Promise<readonly KnownBuild[]> {
  try {
    // Loaded only here: the parser takes as long to start as all the rest.
    const { parseDocument } = await import('yaml');
    const document = parseDocument(text, { merge: true, logLevel: 'silent', uniqueKeys: false });
    if (document.errors.length > 0) return [];
    const workflow = entries(document.toJS({ maxAliasCount: 1000 }));
    const jobs = [...entries(workflow.get('jobs')).values()].map(entries);
    const found = jobs.flatMap((job) => jobBuilds(job, workflow, root));
    return found.map((build) => ({ ...build, origin: 'workflow', file }));
  } catch {
    return [];
  }
}

type Fields = ReadonlyMap<string, unknown>;
type StepBuild = Omit<KnownBuild, 'origin' | 'file'>;

function jobBuilds(job: Fields, workflow: Fields, root: string): StepBuild[] {
  const listed = job.get('steps');
  const steps = Array.isArray(listed) ? listed.map(entries) : [];
  const isBuild = (step: Fields) => isAction(step) || speaksOfBuilds(String(step.get('run') ?? ''));
  if (!steps.some(isBuild) || !hasRepository(steps)) return [];
  const combinations = matrixJobs(entries(job.get('strategy')).get('matrix')) ?? [];
  return combinations.flatMap((matrix) => {
    const scope = { matrix, env: new Map(), workspace: root };
    const shared = [workflow, job].reduce((known, one) => withEnvironment(known, one, steps), scope as ExpressionScope);
    const defaults = [workflow, job].map((one) => entries(entries(one.get('defaults')).get('run')));
    return steps.filter(isBuild).flatMap((step) => {
      const inner = withEnvironment(shared, step, steps);
      return isAction(step) ? (actionBuild(step, inner) ?? []) : scriptBuilds(step, defaults, job, inner);
    });
  });
}

/** Depot's and Blacksmith's actions take the same inputs. */
function isAction(step: Fields): boolean {
  return /^(?:docker|depot|useblacksmith)\/build-push-action@/i.test(String(step.get('uses') ?? ''));
}

/** That the workspace is this repository: it is not checked out below, nor another one in its place. */
function hasRepository(steps: readonly Fields[]): boolean {
  return steps.every((step) => {
    if (!/^actions\/checkout@/i.test(String(step.get('uses') ?? ''))) return true;
    const inputs = entries(step.get('with'));
    const repository = inputs.get('repository');
    // An expression names the repository itself, or a fork of it.
    const isOther = typeof repository === 'string' && !repository.includes('${{');
    const isBelow = !['', '.', './', undefined, null].includes(inputs.get('path') as string | undefined);
    return isOther === isBelow;
  });
}

/** Values that a step may change for those behind it (`GITHUB_ENV`) are not known. */
function withEnvironment(scope: ExpressionScope, of: Fields, steps: readonly Fields[]): ExpressionScope {
  const own = entries(of.get('env'));
  if (own.size === 0) return scope;
  const scripts = steps.map((step) => String(step.get('run') ?? '')).filter((run) => run.includes('GITHUB_ENV'));
  const values = [...own].map(([name, value]) => {
    const isChanged = scripts.some((run) => run.includes(name));
    return [name, isChanged || value === null ? undefined : resolveText(String(value), scope)] as const;
  });
  return { ...scope, env: new Map([...scope.env, ...values]) };
}

/**
 * `context` and `file` start from the workspace; of a Git context, which is the default, `file` starts from its folder
 * (https://github.com/docker/build-push-action#inputs, `loadInputs` in https://github.com/docker/buildx/blob/master/build/opt.go).
 */
function actionBuild(step: Fields, scope: ExpressionScope): StepBuild | undefined {
  const inputs = entries(step.get('with'));
  const input = (name: string) => resolveText(String(inputs.get(name) ?? ''), scope);
  const [written, file] = [input('context'), input('file')];
  if (written === undefined || file === undefined) return undefined;
  const git = /^\{\{\s*defaultContext\s*\}\}(?::(.*))?$/.exec(written === '' ? '{{defaultContext}}' : written.trim());
  if (!git && isRemoteContext(written)) return undefined;
  const context = path.resolve(scope.workspace, git ? (git[1] ?? '.') : written);
  if (/[{}]/.test(context) || isRemoteContext(file)) return undefined;
  return {
    context,
    dockerfile: path.resolve(git ? context : file === '' ? context : scope.workspace, file || 'Dockerfile'),
    target: input('target') || undefined,
    args: pairsIn(inputs.get('build-args'), scope),
    additionalContexts: new Map(
      [...pairsIn(inputs.get('build-contexts'), scope)].flatMap(([name, value]) =>
        value === undefined ? [] : [[name, /^[\w-]+:/.test(value) ? value : path.resolve(scope.workspace, value)]],
      ),
    ),
  };
}

/** Lines of `NAME=value`; undefined values are not known. */
function pairsIn(text: unknown, scope: ExpressionScope): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const line of String(text ?? '').split('\n')) {
    const pair = /^\s*([\w-]+)=(.*)$/.exec(line);
    if (pair) found.set(pair[1] ?? '', resolveText((pair[2] ?? '').trim(), scope));
  }
  return found;
}

/** Only in a shell like `sh`, which is what runners have but those of Windows. */
function scriptBuilds(
  step: Fields,
  defaults: readonly Fields[],
  job: Fields,
  scope: ExpressionScope,
): readonly StepBuild[] {
  const given = (name: string) => [step, ...defaults.toReversed()].find((one) => one.has(name))?.get(name);
  const shell = given('shell');
  const isPosix =
    shell === undefined
      ? !/windows/i.test(JSON.stringify(job.get('runs-on') ?? ''))
      : /^(?:ba)?sh\b/.test(String(shell));
  const folder = resolveText(String(given('working-directory') ?? '.'), scope);
  if (!isPosix || folder === undefined) return [];
  return commandBuilds(resolveScript(String(step.get('run')), scope), path.resolve(scope.workspace, folder));
}

function entries(value: unknown): Fields {
  return new Map(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []);
}
