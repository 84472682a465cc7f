import { distributionManagers } from '../knowledge/known-commands.js';
import type { ShellCommand } from '../syntax/shell.js';
import { callOf } from './installs.js';

/**
 * Whether a cut before that command leaves package lists on one side of which something on the other may install: cached by themselves they
 * go stale, and the versions that they name are gone from the archive (https://docs.docker.com/build/building/best-practices/#apt-get).
 */
export function leavesListsBehind(commands: readonly ShellCommand[], cut: number): boolean {
  const fetched = commands.slice(0, cut).findLastIndex(fetchesLists);
  if (fetched === -1 || cut === commands.length) return false;
  const refreshed = commands.findIndex((one, index) => index >= cut && fetchesLists(one));
  const behind = commands.slice(cut, refreshed === -1 ? undefined : refreshed);
  // Lists of which nothing before the cut installs are for a script behind it.
  return behind.some(installsPackages) || !commands.slice(fetched, cut).some(installsPackages);
}

function fetchesLists(command: ShellCommand): boolean {
  return isOfDistribution(command) && callOf(command)?.shape.kind === 'index';
}

function installsPackages(command: ShellCommand): boolean {
  return isOfDistribution(command) && callOf(command)?.shape.kind === 'packages';
}

function isOfDistribution({ name }: ShellCommand): boolean {
  return distributionManagers.has(name ?? '');
}
