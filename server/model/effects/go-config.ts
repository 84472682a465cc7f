import type { ShellCommand } from '../../syntax/shell.js';
import { goVariables } from '../go-settings.js';
import { joinPath } from '../path.js';
import { entry, foldersAbove } from './area.js';
import { type CommandEffects, type CommandSetting, mayDoAnything, nothing } from './command-effects.js';

/**
 * `go env`, which prints settings, or with `-w` writes them into a file of the user (https://pkg.go.dev/cmd/go#hdr-Print_Go_environment_information);
 * undefined for other commands. The module that it is called in may ask for another version of Go.
 */
export function configureGo(command: ShellCommand, { folder, home }: CommandSetting): CommandEffects | undefined {
  const { name, args } = command;
  if (name !== 'go' || args[0]?.text !== 'env') return undefined;
  const isKnown = goVariables(command) !== undefined;
  if (folder === undefined || home === undefined || !isKnown) return mayDoAnything;
  const file = entry(joinPath(home, '.config/go/env'));
  const above = ['/', ...foldersAbove(folder), folder];
  const looksFor = above.flatMap((at) => ['go.mod', 'go.work'].map((one) => entry(joinPath(at, one))));
  const writes = args[1]?.text === '-w' ? [file] : [];
  return { ...nothing, system: true, network: true, variables: 'any', reads: [file], writes, looksFor };
}
