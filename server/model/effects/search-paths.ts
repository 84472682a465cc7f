import { pathVariables } from '../../knowledge/known-commands.js';
import { parentOf } from '../../syntax/go-path.js';
import { createMemo } from '../../syntax/memo.js';
import type { ShellScript } from '../../syntax/shell.js';
import type { Instruction, Pair, RunInstruction } from '../../syntax/tree.js';
import type { Build, Stage } from '../build.js';
import type { BuildContext } from '../context.js';
import type { Landing } from '../landing.js';
import { joinPath } from '../path.js';
import { type Area, entry, isSystem, tree } from './area.js';
import { modulesBefore } from './own-modules.js';

/** Places outside the system of which variables tell the programs of a RUN. */
export interface SearchPaths {
  /** Folders of PATH: whatever is run may come from there. */
  readonly programs: readonly Area[];
  /** What other variables name. */
  readonly named: readonly Area[];
  /** What words without a slash in front may name in the working folder, where it is there. */
  readonly beside: readonly Area[];
}

/** Names that people give to places of their own; no program looks them up by itself. */
const ownNames =
  /^(?:APP|APPLICATION|PROJECT|SERVICE|SERVER|WORK|WORKING|WORKDIR|BUILD|SRC|SOURCE|CODE|ROOT|INSTALL)_?(?:DIR_?|ROOT_?)?PATH$/;

/** Reads PATH and its like from ENV, ARG and the script itself; undefined where a part of PATH is not known. */
export function searchPaths(
  build: Build,
  stage: Stage,
  run: RunInstruction,
  script: ShellScript,
  cwd: string | undefined,
): SearchPaths | undefined {
  const programs = new Map<string, Area>();
  const named: Area[] = [];
  const beside: Area[] = [];
  for (const definition of variableDefinitions(build, stage, run, script)) {
    const { name } = definition;
    for (const { value, places } of partsOf(build, definition)) {
      if (value === undefined && name === 'PATH') return undefined;
      if (value === undefined || !/^\.{0,2}\//.test(value)) {
        if (name === 'PATH' && !(value ?? '').startsWith('~')) return undefined;
        beside.push(...besideOf(name, value, cwd));
        continue;
      }
      if (!places && cwd === undefined) return undefined;
      const found = places ?? placesIn(joinPath(cwd ?? '/', value), name);
      if (name !== 'PATH') named.push(...found);
      else for (const area of found) programs.set(area.path, area);
    }
  }
  return { programs: [...programs.values()], named, beside };
}

interface Part {
  /** Undefined where it is not known. */
  readonly value: string | undefined;
  /** Of an absolute path, which means the same in every working folder. */
  readonly places: readonly Area[] | undefined;
}

const knownParts = createMemo<Pair, readonly Part[]>();

/** What a variable that names places lists. */
function partsOf(build: Build, { name, text, at, pair }: Definition): readonly Part[] {
  if (!pathVariables.test(name) || ownNames.test(name)) return [];
  const known = pair && knownParts.get(pair);
  if (known) return known;
  const parts = text.replace(/["']/g, '').split(/^(?:PYTHON)?PATH$/.test(name) ? ':' : /[\s:=,;]+/);
  const read = parts.map(withoutLetter).flatMap((part): Part[] => {
    if (part === '' || /^\$\{?PATH\b|^\$\{?[A-Z_]*PATH\}?$/.test(part)) {
      // The variable has no value yet, most often: an empty part is the working folder (CPython, Modules/getpath.py).
      return name === 'PYTHONPATH' && parts.length > 1 ? [{ value: '.', places: undefined }] : [];
    }
    const value = part.includes('$') ? build.expand(at, part) : part;
    return [{ value, places: value?.startsWith('/') ? placesIn(joinPath('/', value), name) : undefined }];
  });
  if (pair) knownParts.set(pair, read);
  return read;
}

/** The place of `-I/app/include`, `-Llib` or `-r./hook.rb`, which options of compilers and of Ruby name without a blank. */
function withoutLetter(part: string): string {
  const [, letter, place = part] = /^-([ILBr])(.+)$/.exec(part) ?? [];
  return letter === undefined || letter === 'r' || /^[./$]/.test(place) ? place : `./${place}`;
}

/** What a folder outside of the system stands for. */
function placesIn(folder: string, name: string): readonly Area[] {
  if (isSystem(entry(folder))) return [];
  return name === 'GOPATH' ? foldersOfGo(folder) : [tree(folder)];
}

/** A word such as `conf/npmrc` or `--require=conf/hook.js`; whether it is one shows in the working folder. */
function besideOf(name: string, value: string | undefined, cwd = '/'): readonly Area[] {
  if (value === '.' && name === 'PYTHONPATH') return modulesBefore(cwd);
  const path = value ?? '';
  // Among options a plain word mostly says how: `--dns-result-order=ipv4first`.
  const isPlain = /(?:OPT(?:ION)?S?|FLAGS)$/.test(name) && !/[./]/.test(path);
  const isPath = /^[\w@+][\w@+.-]*(?:\/[\w@+.-]+)*$/.test(path) && !isPlain && !isChoice(path);
  return isPath ? [tree(joinPath(cwd, path))] : [];
}

/** Numbers, and words that say how and not where: `DOTNET_NOLOGO=true`, `NODE_ENV=production`, `UV_LINK_MODE=copy`. */
function isChoice(word: string): boolean {
  return /^(?:\d[\w.-]*|true|false|on|off|yes|no|none|null|auto|always|never|enabled?|disabled?|prod(?:uction)?|dev(?:elopment)?|test(?:ing)?|staging|release|debug|trace|info|warn(?:ing)?|error|fatal|verbose|quiet|silent|copy|hardlink|symlink|clone|system|managed|utf-?8)$/i.test(
    word,
  );
}

/** With modules Go looks for nothing in `src` (https://go.dev/ref/mod#mod-commands, `go help gopath`). */
function foldersOfGo(path: string): Area[] {
  return [tree(joinPath(path, 'pkg')), tree(joinPath(path, 'bin'))];
}

interface Definition {
  readonly name: string;
  readonly text: string;
  readonly at: Instruction;
  /** Where the Dockerfile gives the text itself, whatever the RUN. */
  readonly pair?: Pair;
}

/** What ENV and ARG of the stage and those below it, and the script itself, set before the RUN; quotes and all. */
export function* variableDefinitions(
  build: Build,
  stage: Stage,
  run: RunInstruction,
  script: ShellScript,
): Generator<Definition> {
  for (let at: Stage | undefined = stage; at; at = at.base.kind === 'stage' ? at.base.stage : undefined) {
    for (const one of at.instructions) {
      if (one.index >= run.index) break;
      if (one.keyword !== 'ENV' && one.keyword !== 'ARG') continue;
      for (const pair of one.pairs) {
        const { key, rawValue } = pair;
        if (rawValue !== undefined) yield { name: key, text: rawValue, at: one, pair };
        else {
          const text = build.variable(run, key);
          if (text !== undefined) yield { name: key, text, at: one };
        }
      }
    }
  }
  for (const { name, args, assignments } of script.commands) {
    for (const { name: own, value } of assignments) yield { name: own, text: value ?? '$UNKNOWN_VALUE', at: run };
    if (name !== 'export') continue;
    for (const { text } of args) {
      const equals = text.indexOf('=');
      if (equals > 0) yield { name: text.slice(0, equals), text: text.slice(equals + 1), at: run };
    }
  }
}

/** A file of settings, which a variable names, names other files of the context. */
export function namesOthers(
  context: BuildContext,
  landings: readonly Landing[],
  cwd: string | undefined,
  files: readonly Area[],
): boolean {
  const originOf = (path: string) => landings.flatMap((landing) => landing.contextPathOf(path) ?? [])[0];
  return files.some(({ path: file }) => {
    const origin = originOf(file);
    const words = (origin === undefined ? '' : (context.read(origin) ?? '')).split(/[\s"'=,;:()[\]]+/);
    return words.some((word) => {
      if (!/^[\w@.~/-]*[./][\w@.~/-]*$/.test(word) || /^[./]+$/.test(word)) return false;
      const found = [cwd ?? '/', parentOf(file) || '/'].map((folder) => originOf(joinPath(folder, word)));
      return found.some((one) => one !== undefined && one !== origin);
    });
  });
}
