import { isCpanProgram } from '../cpan-call.js';
import type { Install } from '../installs.js';
import { readCpanfile } from './cpanfile.js';
import { isPlainMakefile } from './makefile-pl.js';
import { inFolder, type Reading } from './reading.js';

/**
 * What cpanm, cpm and carton read of a project of which they install what it asks for: `App/cpanminus/script.pm:build_stuff`,
 * `configure_this`, `find_module_name`; `Carton/CLI.pm:cmd_install`; `App/cpm/CLI.pm:locate_dependency_file`. With a cpanfile none of
 * them runs Makefile.PL or Build.PL.
 */
export function readCpan({ command, manifestArguments }: Install, from: string, reading: Reading): boolean {
  const { context } = reading;
  const places = manifestArguments.flatMap((one) => (one === undefined ? [] : inFolder(from, one)));
  const folder = places.find((path) => path === '' || context.entry(path)?.type === 'directory') ?? from;
  const program = isCpanProgram(command.name) ? command.name : 'cpanm';
  const path = (name: string) => inFolder(folder, name);
  const isFile = (name: string) => isSent(path(name), reading);
  const named = manifestArguments.find((one) => one !== undefined && isFile(one));
  if (program === 'cpm' && named === undefined && reading.add(path('cpm.yml')))
    reading.blockers.add('cpm reads cpm.yml, of which nothing is known');
  const text = reading.read(path(named ?? 'cpanfile'));
  if (text === undefined) return withoutList(program, folder, reading);
  const found = readCpanfile(text);
  if (typeof found === 'string') reading.doubts.add(found);
  if (program !== 'cpanm')
    reading.add(path(program === 'carton' ? `${named ?? 'cpanfile'}.snapshot` : 'cpanfile.snapshot'));
  if (program === 'cpm') return true;
  readMeta(folder, reading);
  // Where it is there Module::Build is installed first.
  if (isFile('Build.PL')) reading.add(path('Build.PL'));
  // A comment that MakeMaker writes into it is evaluated; in others nothing is found.
  if (isFile('Makefile') && /^#\s+NAME\s+=>/m.test(context.read(path('Makefile')) ?? '# NAME =>'))
    reading.add(path('Makefile'));
  return true;
}

function isSent(path: string, { context }: Reading): boolean {
  const entry = context.entry(path);
  return entry !== undefined && entry.type !== 'directory' && !context.ignored(path);
}

/** The first of the two counts. */
function readMeta(folder: string, reading: Reading): void {
  const names = ['META.json', 'META.yml'].map((name) => inFolder(folder, name));
  const found = names.find((path) => isSent(path, reading));
  if (found !== undefined) reading.add(found);
}

/** cpanm runs Build.PL or Makefile.PL then, and cpm too. */
function withoutList(program: string, folder: string, reading: Reading): boolean {
  const { context } = reading;
  const text = reading.read(inFolder(folder, 'Makefile.PL'));
  const builds = reading.add(inFolder(folder, 'Build.PL'));
  if (program === 'carton' || (text === undefined && !builds)) return false;
  readMeta(folder, reading);
  if (builds || program === 'cpm') reading.blockers.add(`${program} runs ${builds ? 'Build.PL' : 'Makefile.PL'}`);
  else if (!isPlainMakefile(text ?? '')) reading.blockers.add('Makefile.PL is a program that may read the sources');
  const below = context.children(folder).find(({ path }) => context.entry(`${path}/Makefile.PL`) !== undefined);
  if (below) reading.blockers.add(`Makefile.PL runs ${below.path}/Makefile.PL too`);
  // ExtUtils/MM_Unix.pm: init_PM, init_DIRFILESEP; TO_INST_PM
  reading.doubts.add('Makefile.PL leaves a Makefile that lists the modules and tests which are there then');
  return true;
}
