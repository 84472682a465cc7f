import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { BuildContext } from '../model/context.js';
import type { ContextDemand, ContextFit, FitOf } from './context-fit.js';
import { readTextFile } from './files.js';
import type { KnownBuild } from './known-build.js';

export interface ContextQuestion {
  /** Absolute. */
  readonly dockerfile: string;
  readonly demand: ContextDemand;
  readonly fitOf: FitOf;
  /** Folder given on the command line, absolute. */
  readonly option?: string | undefined;
  /** Folder from the config, absolute. */
  readonly configured?: string | undefined;
  /** What files of the project say of this Dockerfile, the likeliest first. */
  readonly known: readonly Pick<KnownBuild, 'context' | 'origin'>[];
  /** Highest folder that may be guessed, absolute: the root of the repository. */
  readonly top: string;
}

export interface ContextChoice {
  /** Absolute. */
  readonly folder: string;
  readonly origin: BuildContext['origin'];
  readonly plausible: boolean;
  /** A sentence for the user where the folder is a guess, or no known build reads the ignore file. */
  readonly note: string | undefined;
  /** Of an ignore file: no known build reads it. */
  readonly unread?: true;
}

/**
 * The folder that a Dockerfile is most likely built with. What the user says holds; then the known build whose context has
 * all sources of the COPYs; then the Dockerfile's folder, unless it installs what lies in a workspace above; then the nearest folder
 * above that has them all, or nearly. Where none has them, or there is nothing to tell by, the choice is not plausible.
 */
export function chooseContext(question: ContextQuestion): ContextChoice {
  const { option, configured, dockerfile, demand, fitOf, known } = question;
  if (option !== undefined) return { folder: option, origin: 'option', plausible: true, note: undefined };
  if (configured !== undefined) return { folder: configured, origin: 'config', plausible: true, note: undefined };
  const own = path.dirname(dockerfile);
  const taken = ({ context, origin }: (typeof known)[number], plausible = true): ContextChoice => ({
    folder: context,
    origin,
    plausible,
    note: undefined,
  });
  if (demand.literals.length === 0 && demand.wildcards.length === 0) {
    const [first] = known;
    if (first) return taken(first, existsSync(first.context));
    const above = foldersAbove(own, question.top).find((folder) => isEntered(demand, folder, own));
    if (above !== undefined) return { folder: above, origin: 'folder', plausible: true, note: notePath(above, own) };
    const root = workspaceAbove(demand, own, question.top);
    if (root !== undefined) return { folder: root, origin: 'folder', plausible: true, note: noteWorkspace(root, own) };
    const plausible = !demand.whole || own === question.top || holdsMoreThanDocker(own);
    return { folder: own, origin: 'folder', plausible, note: undefined };
  }
  const named = known.find(({ context }) => fits(fitOf(context)));
  if (named) return taken(named);
  if (fitOf(own).missing.length === 0) return { folder: own, origin: 'folder', plausible: true, note: undefined };
  const above = foldersAbove(own, question.top);
  const fitting = above.find((folder) => fits(fitOf(folder)));
  if (fitting !== undefined) return guess(fitting, own);
  const [first] = known;
  if (first) {
    const best = known.find(({ context }) => fitOf(context).present > 0);
    return taken(best ?? first, best !== undefined);
  }
  const nearly = [own, ...above].find((folder) => nearlyFits(fitOf(folder)));
  if (nearly !== undefined) return guess(nearly, own);
  return { folder: own, origin: 'folder', plausible: false, note: undefined };
}

/** The build goes to where the Dockerfile lies as seen from that folder, and nothing of that name lies beside the Dockerfile. */
function isEntered({ entered }: ContextDemand, folder: string, own: string): boolean {
  const place = path.relative(folder, own).split(path.sep).join('/');
  const [first = ''] = place.split('/');
  return entered.some((one) => one === place || one.startsWith(`${place}/`)) && !existsSync(path.join(own, first));
}

function notePath(folder: string, own: string): string {
  const up = upTo(folder, own);
  const place = path.relative(folder, own).split(path.sep).join('/');
  return `it works in ${place} of what it copies, so ${up} is taken as the build context; --context says otherwise`;
}

/** The nearest root of workspaces above a package of Node.js that asks for others of them, and has no lockfile of its own. */
function workspaceAbove({ lockfiles }: ContextDemand, own: string, top: string): string | undefined {
  const has = (name: string) => existsSync(path.join(own, name));
  if (lockfiles.length === 0 || lockfiles.some(has) || !/"workspace:/.test(manifestIn(own))) return undefined;
  return isWorkspaceRoot(own) ? undefined : foldersAbove(own, top).find(isWorkspaceRoot);
}

function isWorkspaceRoot(folder: string): boolean {
  return existsSync(path.join(folder, 'pnpm-workspace.yaml')) || /"workspaces"\s*:/.test(manifestIn(folder));
}

function manifestIn(folder: string): string {
  const found = readTextFile(path.join(folder, 'package.json'));
  return 'error' in found ? '' : found.text;
}

function noteWorkspace(folder: string, own: string): string {
  const up = upTo(folder, own);
  return `it asks for packages of the workspace in ${up}, so that is taken as the build context; --context says otherwise`;
}

function upTo(folder: string, own: string): string {
  return path.relative(own, folder).split(path.sep).join('/');
}

function guess(folder: string, own: string): ContextChoice {
  return { folder, origin: 'folder', plausible: true, note: folder === own ? undefined : noteOn(folder, own) };
}

/** All is there. Where all is generated, there is nothing to tell by. */
export function fits({ present, missing }: ContextFit): boolean {
  return missing.length === 0 && present > 0;
}

/** Most of many sources: the rest is the output of a build that Git does not know of. */
function nearlyFits({ present, missing }: ContextFit): boolean {
  return present >= 3 && present >= 3 * missing.length;
}

/** From the parent up to and with `top`; none where `top` is not above. */
export function foldersAbove(folder: string, top: string): string[] {
  const folders: string[] = [];
  for (let at = folder; at !== top; at = path.dirname(at)) {
    if (path.dirname(at) === at) return [];
    folders.push(path.dirname(at));
  }
  return folders;
}

function noteOn(folder: string, own: string): string {
  const up = upTo(folder, own);
  return `the files that it copies are in ${up}, so that is taken as the build context; --context says otherwise`;
}

/** Where a folder holds but Dockerfiles and their scripts, `COPY .` means another one. */
function holdsMoreThanDocker(folder: string): boolean {
  try {
    return readdirSync(folder).some(
      (name) => !/docker|container|compose|^\.|^readme|\.(?:sh|conf|env|md|ya?ml|ini|hcl)$/i.test(name),
    );
  } catch {
    return false;
  }
}
