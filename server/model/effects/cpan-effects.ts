import { optionalModules } from '../../knowledge/cpan-options.js';
import { cpanScripts } from '../../knowledge/installer-scripts.js';
import { baseName } from '../../syntax/go-path.js';
import type { ShellCommand, ShellScript, ShellWord } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import type { Build, Stage } from '../build.js';
import type { BuildContext } from '../context.js';
import { type CpanCall, type CpanProgram, cpanCall, isCpanProgram } from '../cpan-call.js';
import { projectOf } from '../install-project.js';
import type { Install } from '../installs.js';
import type { Landing } from '../landing.js';
import { readCpanfile } from '../manifests/cpanfile.js';
import { inFolder, type Reading } from '../manifests/reading.js';
import { joinPath } from '../path.js';
import { type Area, entry, isSystem, tree } from './area.js';
import { type CommandEffects, type CommandSetting, mayDoAnything } from './command-effects.js';
import { strayHomeFile } from './home.js';
import { fetchedBy } from './installer-effects.js';
import { perlSettings } from './perl-settings.js';

/** The call of a program that installs from CPAN, and where it stands. */
export interface CpanAsked {
  readonly build: Build;
  readonly stage: Stage;
  readonly run: RunInstruction;
  readonly script: ShellScript;
  readonly command: ShellCommand;
  readonly program: CpanProgram;
  /** What the program is called with; undefined where that is not known. */
  readonly words: readonly string[] | undefined;
  readonly setting: CommandSetting;
}

/**
 * What a call of cpanm, cpm or carton does. Distributions are unpacked, configured, built and tested in a work folder of the home, and
 * look at nothing else but the modules that Perl finds (seen with strace, cpanm 1.7046, cpm 1.1.5, carton 1.0.35). `install` is that
 * call where its project may be looked for.
 */
export function cpanEffects(
  asked: CpanAsked,
  install: Install | undefined,
  context: BuildContext,
  landings: readonly Landing[],
): CommandEffects {
  const { program, words, setting } = asked;
  const { folder } = setting;
  const settings = perlSettings(asked);
  if (typeof settings === 'string') return unknown(settings);
  const all = words && program === 'cpanm' ? [...words, ...settings.words] : words;
  const call = folder === undefined || !all ? undefined : cpanCall(program, all, folder);
  if (folder === undefined || !call) return unknown('it is not known what it installs');
  const into = program === 'carton' && settings.carton !== undefined ? joinPath(folder, settings.carton) : call.into;
  const base: CommandEffects = {
    ...installing,
    reads: settings.reads.map(tree),
    writes: [...homesOf(setting), ...settings.writes, ...(into === undefined ? [] : [into])].map((path) => tree(path)),
  };
  const strayed = setting.home === undefined ? strayHomeFile(landings, new Set(), inHome) : undefined;
  if (call.project !== undefined)
    return install
      ? projectEffects(base, call, { ...asked, install, context, landings, strayed })
      : unknown('it is not known what it installs');
  if (strayed !== undefined && setting.acceptance === 'proved') return unknown(homeless(strayed));
  return { ...base, looksFor: modulesIn(folder, call.names) };
}

/** What cpanm and cpm keep in a home, and where modules go if those of Perl cannot be written. */
const inHome = ['.cpanm', '.perl-cpm', '.cpan', 'perl5', '.modulebuildrc'];

function homesOf({ home }: CommandSetting): readonly string[] {
  const isKept = home === undefined || isSystem(entry(joinPath(home, '.cache')));
  return isKept ? [] : inHome.map((name) => joinPath(home, name));
}

function homeless(strayed: string): string {
  return `its home folder is not known, and ${strayed} may lie in it`;
}

/** A file with the name of a module is taken for a distribution; an old Perl looks for modules in the working folder too. */
function modulesIn(folder: string, names: readonly string[]): Area[] {
  const plain = names.flatMap((name) => /^\w+(?:(?:::|')\w+)*/.exec(name)?.[0] ?? []);
  const paths = [...plain, ...optionalModules].map((name) => `${name.replaceAll(/::|'/g, '/')}.pm`);
  return [...names, ...plain, ...paths].map((path) => entry(joinPath(folder, path)));
}

interface ProjectAsked extends CpanAsked {
  readonly install: Install;
  readonly context: BuildContext;
  readonly landings: readonly Landing[];
  readonly strayed: string | undefined;
}

function projectEffects(base: CommandEffects, call: CpanCall, asked: ProjectAsked): CommandEffects {
  const { build, install, context, landings, strayed, setting } = asked;
  const directory = call.project ?? '/';
  const isLikely = setting.acceptance === 'likely';
  const own = { ...install, directory, manifestArguments: call.list === undefined ? [] : [call.list] };
  const project = projectOf(build, own, landings, context);
  if (!project)
    return { ...mayDoAnything, unknown: 'reads manifests that are not known to come from the build context' };
  const { reading } = project;
  const doubts = [...reading.doubts, ...(strayed === undefined ? [] : [homeless(strayed)])];
  const modules = modulesIn(directory, modulesOf(reading));
  const originsOf = (path: string) => landings.flatMap((landing) => landing.contextPathOf(path) ?? []);
  // Folders are not taken for distributions here: `requires 'lib'`.
  const mistaken = modules.filter(({ path }) => originsOf(path).length > 0);
  const isFile = ({ path }: Area) => originsOf(path).some((one) => context.entry(one)?.type !== 'directory');
  const foreign = [...lookedFor(call, reading), 'Makefile'].find((name) =>
    originsOf(joinPath(directory, name)).some((path) => path !== inFolder(project.folder, name)),
  );
  const [why] = [
    ...mistaken.filter(isFile).map(({ path }) => `${path} has the name of a module that it looks for`),
    ...blockersOf(reading),
    ...(foreign === undefined ? [] : [`${foreign} comes from another place`]),
    ...(isLikely ? [] : doubts),
  ];
  if (why !== undefined) return unknown(why);
  const looksFor = modules.filter((area) => !mistaken.includes(area));
  return { ...base, ...ofManifests(base, call, reading, landings, looksFor), caveats: isLikely ? doubts : [] };
}

/** What it does with the files of the project. */
function ofManifests(
  base: CommandEffects,
  call: CpanCall,
  reading: Reading,
  landings: readonly Landing[],
  modules: readonly Area[],
): Pick<CommandEffects, 'reads' | 'writes' | 'loose' | 'looksFor' | 'rewrites'> {
  const inProject = (name: string) => entry(joinPath(call.project ?? '/', name));
  const places = (path: string) => landings.flatMap((landing) => landing.imagePathOf(path) ?? []);
  const files = [...reading.files].flatMap(places);
  const lists = [...reading.files].filter((path) => path.endsWith('.snapshot'));
  const rewrites = call.keepsLock ? [] : [...new Set(lists.flatMap(places))];
  const isNew = !call.keepsLock && lists.length === 0;
  const snapshot = isNew ? [inProject(`${call.list ?? 'cpanfile'}.snapshot`)] : [];
  const made = [...reading.files].some(isMakefile) ? madeByMakefile.map(inProject) : [];
  return {
    reads: [...base.reads, ...files.map(entry), ...[...reading.folders].flatMap(places).map(tree)],
    writes: [...base.writes, ...rewrites.map(entry), ...snapshot, ...made],
    loose: made,
    looksFor: [...lookedFor(call, reading).map(inProject), ...modules],
    rewrites,
  };
}

/** Names in the folder of the project, wherever they come from; see `readCpan`. */
function lookedFor({ program, list }: CpanCall, { files }: Reading): readonly string[] {
  const name = list ?? 'cpanfile';
  if (program === 'cpm') return [name, 'cpanfile.snapshot', ...(list === undefined ? ['cpm.yml'] : [])];
  const hasMeta = [...files].some((path) => baseName(path) === 'META.json');
  const meta = hasMeta ? ['META.json'] : ['META.json', 'META.yml'];
  const more = program === 'carton' ? [`${name}.snapshot`] : [...files].some(isMakefile) ? ['Makefile.PL'] : [];
  return [name, ...meta, 'Build.PL', ...more];
}

const isMakefile = (path: string) => baseName(path) === 'Makefile.PL';

/** `perldoc ExtUtils::MakeMaker` */
const madeByMakefile = ['Makefile', 'MYMETA.json', 'MYMETA.yml'];

function blockersOf({ blockers, files, context }: Reading): readonly string[] {
  const isLink = [...files].some((path) => context.entry(path)?.type === 'symlink');
  return [...blockers, ...(isLink ? ['a manifest is a symbolic link'] : [])];
}

function modulesOf({ files, context }: Reading): readonly string[] {
  return [...files].flatMap((path) => {
    const found =
      /(?:^|\/)[^/]*cpanfile[^/]*$/.test(path) && !path.endsWith('.snapshot')
        ? readCpanfile(context.read(path) ?? '')
        : '';
    return typeof found === 'string' ? [] : found.modules;
  });
}

const installing: CommandEffects = { ...mayDoAnything, accounts: 'none', unknown: undefined };

function unknown(why: string): CommandEffects {
  return { ...mayDoAnything, unknown: `may read any file: ${why}` };
}

/** The program that a command runs and the words for it: `cpanm …`, or `curl … | perl - …` with the whole of it. */
export function cpanInvocation(
  feeder: ShellCommand | undefined,
  { name, args, wrappers }: ShellCommand,
  { resolve }: CommandSetting,
): (Pick<CpanAsked, 'program' | 'words'> & { readonly isPiped: boolean }) | undefined {
  if (isCpanProgram(name)) return { program: name, words: valuesOf(args, resolve), isPiped: false };
  if (name !== 'perl' || !feeder || args[0]?.value !== '-' || wrappers.some((one) => one !== 'sudo')) return undefined;
  const [url, ...more] = fetchedBy(feeder, resolve) ?? [];
  const found = more.length > 0 ? undefined : cpanScripts.find((one) => url !== undefined && one.url.test(url));
  return found && { program: found.program, words: valuesOf(args.slice(1), resolve), isPiped: true };
}

/** Undefined where one is not known. A variable may stand for several words, or for none. */
function valuesOf(args: readonly ShellWord[], resolve: CommandSetting['resolve']): readonly string[] | undefined {
  const values = args.map((word) => {
    const value = resolve(word);
    if (word.value !== undefined || word.text.startsWith('"')) return value === undefined ? undefined : [value];
    return value?.split(/\s+/).filter((part) => part !== '');
  });
  return values.includes(undefined) ? undefined : values.flatMap((value) => value ?? []);
}
