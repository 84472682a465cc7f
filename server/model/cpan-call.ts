import { cpanOptions } from '../knowledge/cpan-options.js';
import { parentOf } from '../syntax/go-path.js';
import { joinPath } from './path.js';

export type CpanProgram = keyof typeof cpanOptions;

/** What a call of cpanm, cpm or carton is told to install, and where to. Paths are absolute. */
export interface CpanCall {
  readonly program: CpanProgram;
  /** Modules by name, as written; none where it installs what a list asks for. */
  readonly names: readonly string[];
  /** Folder of the project whose list it takes; undefined where modules are named. */
  readonly project: string | undefined;
  /** Name of that list in it; undefined where none is named. */
  readonly list: string | undefined;
  /** Folder for the modules, other than that of Perl. */
  readonly into: string | undefined;
  /** It never writes its lockfile. */
  readonly keepsLock: boolean;
}

export function isCpanProgram(name: string | undefined): name is CpanProgram {
  return name !== undefined && Object.hasOwn(cpanOptions, name);
}

/** Reads the words behind the program; undefined where one is not known, or where the project itself is installed. */
export function cpanCall(program: CpanProgram, words: readonly string[], folder: string): CpanCall | undefined {
  const read = readWords(program, words);
  if (!read) return undefined;
  const { into, list } = cpanOptions[program];
  const last = (pattern: RegExp) => read.values.findLast(([name]) => pattern.test(name))?.[1];
  const [given, named] = [last(into), last(list)];
  const isOdd = (path: string | undefined) => path !== undefined && !/^[\w./@+-]+$/.test(path);
  // cpanm has a meaning of its own for `-l _`.
  if (isOdd(given) || isOdd(named) || given === '_') return undefined;
  const place = given === undefined ? undefined : joinPath(folder, given);
  const base: Base = { program, names: [], list: undefined, into: place, keepsLock: true };
  return byProgram[program](base, read, folder, named);
}

type Base = Omit<CpanCall, 'project'>;
type Read = (base: Base, words: Words, folder: string, named: string | undefined) => CpanCall | undefined;

const byProgram: Readonly<Record<CpanProgram, Read>> = {
  cpanm(base, { flags, operands }, folder, named) {
    const [at, ...more] = operands;
    if (at === undefined) return undefined;
    if (operands.every(isModule)) return withNames(base, operands, named);
    // `resolve_name` takes what starts with a dot or a slash for a folder.
    const isFolder = more.length === 0 && /^[./][\w./@+-]*$/.test(at);
    return isFolder && flags.includes('--installdeps') ? withList(base, joinPath(folder, at), named) : undefined;
  },
  cpm(base, { flags, operands }, folder, named) {
    const [command, ...rest] = operands;
    if (command !== 'install') return undefined;
    const isGlobal = flags.includes('-g') || flags.includes('--global');
    const own = { ...base, into: isGlobal ? undefined : (base.into ?? joinPath(folder, 'local')) };
    return rest.length === 0 ? withList(own, folder, named) : withNames(own, rest, named);
  },
  carton(base, { flags, operands }, folder, named) {
    if (operands.length > 1 || (operands[0] ?? 'install') !== 'install') return undefined;
    const keepsLock = flags.findLast((flag) => /deployment$/.test(flag)) === '--deployment';
    const list = joinPath(folder, named ?? 'cpanfile');
    const project = parentOf(list) || '/';
    const own = { ...base, into: base.into ?? joinPath(project, 'local'), keepsLock };
    return withList(own, project, named === undefined ? undefined : list);
  },
};

function withNames(base: Base, names: readonly string[], named: string | undefined): CpanCall | undefined {
  return names.every(isModule) && named === undefined ? { ...base, project: undefined, names } : undefined;
}

/** The list must lie in the folder of the project: what else is read is looked for beside it. */
function withList(base: Base, project: string, named: string | undefined): CpanCall | undefined {
  if (named === undefined) return { ...base, project };
  const path = joinPath(project, named);
  return (parentOf(path) || '/') === project
    ? { ...base, project, list: path.slice(path.lastIndexOf('/') + 1) }
    : undefined;
}

/** `Plack`, `Plack@1.0`, `Plack~1.0`, `MIYAGAWA/Plack-1.0.tar.gz`, `https://…`: no path of the working folder, unless a file has that name. */
function isModule(word: string): boolean {
  return (
    /^\w+(?:::\w+)*(?:@[v\d._]+|[~@]dev|~[v\d._,!<>= ]+)?$/.test(word) ||
    /^(?:[A-Z]\/[A-Z]{2}\/)?[A-Z]{2}[-A-Z0-9]*\/[\w.+-]+\.(?:tar\.gz|tgz|zip)$/.test(word) ||
    /^https?:\/\/[^\s?#]+$/.test(word)
  );
}

interface Words {
  readonly flags: readonly string[];
  readonly values: readonly (readonly [name: string, value: string])[];
  readonly operands: readonly string[];
}

/** As Getopt::Long does with `bundling`; of carton, which does not bundle, only what means the same both ways. */
function readWords(program: CpanProgram, words: readonly string[]): Words | undefined {
  const options = cpanOptions[program];
  const flags: string[] = [];
  const values: [string, string][] = [];
  const operands: string[] = [];
  const takes = (name: string) =>
    [options.values, options.addresses, options.into, options.list].some((one) => one.test(name));
  const add = (name: string, value: string | undefined) => {
    if (value === undefined || (options.addresses.test(name) && !isOfNetwork(name, value))) return false;
    values.push([name, value]);
    return true;
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) operands.push(word);
    else if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals === -1 ? word : word.slice(0, equals);
      if (options.flags.test(word)) flags.push(word);
      else if (!takes(name) || !add(name, equals === -1 ? words[++at] : word.slice(equals + 1))) return undefined;
    } else {
      const letters = /^-([A-Za-z]+)/.exec(word)?.[1] ?? '';
      const first = [...letters].findIndex((letter) => options.taking.test(letter));
      const alone = first === -1 ? letters : letters.slice(0, first);
      if (letters === '' || ![...alone].every((letter) => options.letters.test(letter))) return undefined;
      if (first === -1 && word.length > letters.length + 1) return undefined;
      flags.push(...[...alone].map((letter) => `-${letter}`));
      if (first === -1) continue;
      const value = word.slice(first + 2).replace(/^=/, '');
      if (!add(`-${letters[first]}`, value === '' ? words[++at] : value)) return undefined;
    }
  }
  return { flags, values, operands };
}

/** cpm takes the names of its own resolvers too, of which `snapshot` reads the one that it reads anyway. */
function isOfNetwork(name: string, value: string): boolean {
  if (!/^(?:-r|--resolver)$/.test(name)) return /^https?:\/\//.test(value);
  return /^(?:snapshot|metadb|metacpan)$|^(?:snapshot|metadb|02packages?)(?:,https?:\/\/[^\s,]+)+$/i.test(value);
}
