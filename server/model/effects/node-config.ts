import type { ShellCommand } from '../../syntax/shell.js';
import { joinPath } from '../path.js';
import { type Area, entry, foldersAbove, tree } from './area.js';
import { type CommandEffects, type CommandSetting, mayDoAnything, nothing } from './command-effects.js';

/** What a command of npm, Yarn or pnpm does that sets something; undefined for other commands. */
export function configureNode(command: ShellCommand, setting: CommandSetting): CommandEffects | undefined {
  if (command.name === 'npm') return configureNpm(command, setting);
  return command.name === 'yarn' || command.name === 'pnpm' ? configureOther(command, setting) : undefined;
}

/**
 * `npm config set`, which writes the settings of the user, of everybody or of the project (https://docs.npmjs.com/cli/commands/npm-config);
 * undefined for other commands. It reads those of the project first, unless it writes those of everybody.
 */
function configureNpm({ args }: ShellCommand, setting: CommandSetting): CommandEffects | undefined {
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

/** Files beside which, or above, Yarn and pnpm look for settings and for the version of themselves that is to run. */
const looked = ['package.json', '.npmrc', '.yarnrc', '.yarnrc.yml', '.yarn', 'pnpm-workspace.yaml'];

/**
 * `yarn config set` of the first Yarn, which writes `.yarnrc` in the home (https://classic.yarnpkg.com/en/docs/cli/config), and
 * `pnpm config set`, which writes below `.config/pnpm` (https://pnpm.io/cli/config). Later ones of Yarn write into the project.
 */
function configureOther({ name, args }: ShellCommand, setting: CommandSetting): CommandEffects | undefined {
  const texts = args.map((word) => setting.resolve(word) ?? word.text);
  const [first, second] = texts.filter((text) => !text.startsWith('-'));
  if (!(first === 'config' && second === 'set') && !(name === 'pnpm' && first === 'set')) return undefined;
  const { folder, home } = setting;
  if (folder === undefined || home === undefined || texts.some((text) => placing.test(text))) return mayDoAnything;
  if (name === 'yarn' && !setting.classicYarn()) return mayDoAnything;
  const files = (name === 'yarn' ? yarnFiles : pnpmFiles).map((file) => entry(joinPath(home, file)));
  const above = ['/', ...foldersAbove(folder), folder];
  const looksFor = above.flatMap((at) => looked.map((one) => tree(joinPath(at, one))));
  return { ...nothing, system: true, network: true, variables: 'any', reads: files, writes: files, looksFor };
}

/** In the home. */
const yarnFiles = ['.yarnrc'];
const pnpmFiles = ['.npmrc', '.config/pnpm/rc', '.config/pnpm/config.yaml', '.config/pnpm/auth.ini'];

/** Options that name another place. */
const placing =
  /^(?:--(?:location|cwd|dir|prefix|use-yarnrc|global-folder|global-dir|config-dir|userconfig)|-C|-L)(?:=|$)/;

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
