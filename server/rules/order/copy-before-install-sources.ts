import { sourceExtensions, sourceFolders, steadyNames } from '../../knowledge/volatile.js';
import type { Landing } from '../../model/landing.js';
import type { Reading } from '../../model/manifests.js';
import { relativeTo } from '../../model/path.js';
import type { Transfer, TransferSource } from '../../model/transfers.js';
import { baseName } from '../../syntax/go-path.js';

/** A transfer of sources that stands before an install. */
export interface Offender {
  readonly transfer: Transfer;
  /** The source that takes what changes. */
  readonly source: TransferSource;
  /** A file that changes often and is not read by the install; undefined where no context says. */
  readonly file: string | undefined;
  /** Files taken that the install does not read, up to a limit. */
  readonly count: number;
  readonly landing: Landing | undefined;
}

/** Looking at more files than these says nothing new, and costs more than all the rest in a large repository. */
export const mostFiles = 201;

/** What a transfer takes that changes often and that no install of the stage reads; undefined where there is none. */
export function offenderOf(
  transfer: Transfer,
  landing: Landing | undefined,
  readings: readonly Reading[] | undefined,
  isAllowed: (path: string) => boolean,
): Offender | undefined {
  const guess = transfer.sources.find((source) => looksVolatile(source) && !isAllowed(source.path ?? ''));
  if (!readings || !landing) return guess && { transfer, source: guess, file: undefined, count: 0, landing };
  let best: string | undefined;
  let count = 0;
  let looked = 0;
  for (const { path, type } of landing.taken.entries) {
    if (looked++ > 4 * mostFiles || count >= mostFiles) break;
    if (type === 'directory' || readings.some((reading) => isRead(path, reading))) continue;
    count++;
    if (isVolatile(path) && !isAllowed(path) && (best === undefined || rank(path) < rank(best))) best = path;
  }
  if (best === undefined) return undefined;
  const source = sourceOf(transfer, best) ?? guess ?? transfer.sources[0];
  return source && { transfer, source, file: best, count, landing };
}

function sourceOf({ sources }: Transfer, file: string): TransferSource | undefined {
  return sources.find(({ path }) => path !== undefined && relativeTo(`/${path}`, `/${file}`) !== undefined);
}

function isRead(path: string, { files, folders }: Reading): boolean {
  return files.has(path) || (folders.size > 0 && [...folders].some((folder) => path.startsWith(`${folder}/`)));
}

/** Code of others, settings of tools and schemas: they change with the dependencies, or seldom. */
const steadyFolders = /(?:^|\/)(?:vendor|third[_-]?party|node_modules|prisma|\.[^/]+)\//;

function isVolatile(path: string): boolean {
  if (steadyFolders.test(path)) return false;
  const name = baseName(path).toLowerCase();
  const dot = name.lastIndexOf('.');
  return dot > 0 && sourceExtensions.has(name.slice(dot + 1)) && !steadyNames.some((pattern) => pattern.test(name));
}

/** By its name alone: all of the context, a usual folder of sources, a file of code. */
export function looksVolatile({ path, whole }: TransferSource): boolean {
  if (whole) return true;
  return (
    path !== undefined && (sourceFolders.has(baseName(path).toLowerCase()) || isVolatile(path.replaceAll('*', 'x')))
  );
}

/** Code in the usual folders is a better example than documents and tests. */
function rank(path: string): number {
  const name = path.toLowerCase();
  const place = /(?:^|\/)(?:src|app|lib|cmd|internal|pkg|server|api)\//.test(name) ? 0 : 2;
  return (
    place +
    (/(?:^|\/)(?:\.|docs?\/|tests?\/|examples?\/)|\.(?:md|rst|sql)$|config|test|spec/.test(name) ? 4 : 0) +
    (name.includes('/') ? 0 : 1)
  );
}
