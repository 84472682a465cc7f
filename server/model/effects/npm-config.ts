import type { ShellCommand } from '../../syntax/shell.js';
import { joinPath } from '../path.js';
import { type Area, entry, foldersAbove } from './area.js';
import { type CommandEffects, type CommandSetting, mayDoAnything, nothing } from './command-effects.js';

/**
 * `npm config set`, which writes the settings of the user, of everybody or of the project (https://docs.npmjs.com/cli/commands/npm-config);
 * undefined for other commands. It reads those of the project first, unless it writes those of everybody.
 */
export function configureNpm({ args }: ShellCommand, setting: CommandSetting): CommandEffects | undefined {
  const texts = args.map((word) => setting.resolve(word) ?? word.text);
  const [first, second] = texts.filter((text, index) => !text.startsWith('-') && !takes(texts[index - 1]));
  if (first !== 'set' && !(/^(?:config|c)$/.test(first ?? '') && second === 'set')) return undefined;
  const { folder, home } = setting;
  if (folder === undefined || texts.some((text) => elsewhere.test(text))) return mayDoAnything;
  const base: CommandEffects = { ...nothing, system: true, variables: 'any' };
  const location = locationIn(texts);
  if (location === 'global') return base;
  const above = ['/', ...foldersAbove(folder), folder];
  if (location === 'project') {
    // Beside the nearest manifest.
    const file = entry(joinPath(folder, '.npmrc'));
    const looksFor = above.flatMap((at) => [entry(joinPath(at, 'package.json')), ...(at === folder ? [] : [rcIn(at)])]);
    return { ...base, reads: [file], writes: [file], looksFor };
  }
  if (home === undefined || location !== 'user') return mayDoAnything;
  return { ...base, reads: [rcIn(home)], writes: [rcIn(home)], looksFor: above.map(rcIn) };
}

function rcIn(folder: string): Area {
  return entry(joinPath(folder, '.npmrc'));
}

/** Options that name other files or folders. */
const elsewhere = /^(?:--(?:userconfig|globalconfig|prefix|cache|cafile)|-C)(?:=|$)/;

function takes(text: string | undefined): boolean {
  return text === '-L' || text === '--location';
}

/** The last one that is given. */
function locationIn(texts: readonly string[]): string {
  return texts.reduce((found, text, index) => {
    if (/^(?:-g|--global)$/.test(text)) return 'global';
    if (takes(texts[index - 1])) return text;
    return /^(?:--location|-L)=(.*)$/.exec(text)?.[1] ?? found;
  }, 'user');
}
