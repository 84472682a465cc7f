import { mountsOf } from '../../syntax/mounts.js';
import type {
  HealthcheckInstruction,
  Instruction,
  RunInstruction,
  TransferInstruction,
  ValueInstruction,
} from '../../syntax/tree.js';
import { variablesOf } from '../../syntax/variable-uses.js';
import type { Build, Stage } from '../build.js';
import type { BuildContext } from '../context.js';
import type { Landing } from '../landing.js';
import { joinPath } from '../path.js';
import { type Area, areasMeet, entry, foldersAbove, isSystem, isWeb, tree } from './area.js';
import type { Acceptance } from './command-effects.js';
import { type Copied, copiedBy, type Mapping, ownerText } from './copied.js';
import { knownCwd } from './known-cwd.js';
import { type RunEffects, runEffects } from './run-effects.js';

/** What an instruction sets for those behind it, or leaves in the image's config. */
export type StatePart = 'folder' | 'user' | 'shell' | 'variables' | 'onbuild' | `config ${string}`;

/** A folder that an instruction makes where it is not there. */
export interface MadeFolder {
  readonly path: string;
  /** Owner and mode that it gets then; equal text, equal look. */
  readonly look: string;
}

/** What an instruction reads and writes, so far as the file and the context say it. Paths are those of the image. */
export interface Effects {
  readonly instruction: Instruction;
  /** How to name it in a sentence: its command, or the instruction; on one line. */
  readonly label: string;
  /** Why its files are not known, as the end of a sentence; then it may read and write any. */
  readonly unknown: string | undefined;
  readonly reads: readonly Area[];
  readonly writes: readonly Area[];
  readonly folders: readonly MadeFolder[];
  /** Files of the distribution, the languages and the user's settings: see `isSystem`. */
  readonly system: 'none' | 'reads' | 'writes';
  /** Of a RUN: who runs it, `?` where that is not known. */
  readonly user: string | undefined;
  /** What web servers serve: see `isWeb`. */
  readonly web: boolean;
  /** Users and groups by name. `adds`: it may make new ones, and leaves others as they are. */
  readonly accounts: 'none' | 'reads' | 'adds' | 'writes';
  /** Of a COPY or ADD. */
  readonly copied: Copied | undefined;
  /** Names of variables that it reads; `most`: also any but those that tell what is built; `any`. */
  readonly variables: {
    readonly names: ReadonlySet<string>;
    readonly others: 'none' | 'most' | 'probably-most' | 'any';
  };
  /** See `CommandEffects`. */
  readonly loose: readonly Area[];
  readonly looksFor: readonly Area[];
  readonly rewrites: readonly string[];
  readonly projects: readonly Area[];
  readonly caveats: readonly string[];
  /** Variables that it sets. */
  readonly sets: ReadonlySet<string>;
  readonly state: { readonly reads: ReadonlySet<StatePart>; readonly writes: ReadonlySet<StatePart> };
  readonly network: boolean;
  /** Targets of mounts, and where they come from; their content is no part of the image. */
  readonly mounts: readonly { readonly type: string; readonly target: string | undefined }[];
  /** See `RunEffects`. */
  readonly inMounts: readonly Area[];
}

/** The effects of an instruction of a stage. `landings` are those of the stage's transfers before it; `context` is that of the build. */
export function effectsOf(
  build: Build,
  stage: Stage,
  instruction: Instruction,
  context: BuildContext,
  landings: readonly Landing[],
  acceptance: Acceptance = 'proved',
): Effects {
  const base = plainEffects(build, instruction);
  switch (instruction.keyword) {
    case 'RUN':
      return ofRun(build, instruction, base, runEffects(build, stage, instruction, context, landings, acceptance));
    case 'COPY':
    case 'ADD':
      return ofTransfer(build, stage, instruction, context, base);
    case 'WORKDIR':
      return ofWorkdir(build, stage, instruction, base);
    case 'ENV':
    case 'ARG':
      return { ...base, sets: new Set(instruction.pairs.map(({ key }) => key)), state: state([], ['variables']) };
    case 'USER':
      return { ...base, state: state([], ['user', 'config user']) };
    case 'SHELL':
      return { ...base, state: state([], ['shell']) };
    case 'VOLUME':
      return ofVolume(
        build,
        stage,
        instruction.words.map(({ text }) => text),
        instruction,
        base,
      );
    case 'LABEL':
      return {
        ...base,
        state: state(
          [],
          instruction.pairs.map(({ key }): StatePart => `config label ${key}`),
        ),
      };
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
      return { ...base, state: state(shellOf(instruction), [`config ${instruction.keyword.toLowerCase()}`]) };
    case 'ONBUILD':
      return { ...base, state: state([], ['onbuild']) };
    default:
      return { ...base, state: state([], [`config ${instruction.keyword.toLowerCase()}`]) };
  }
}

function state(reads: readonly StatePart[], writes: readonly StatePart[]): Effects['state'] {
  return { reads: new Set(reads), writes: new Set(writes) };
}

function shellOf({ strings }: Pick<HealthcheckInstruction, 'strings'>): readonly StatePart[] {
  return strings ? [] : ['shell'];
}

function plainEffects(build: Build, instruction: Instruction): Effects {
  return {
    instruction,
    label: `\`${oneLine(build.file.text.slice(instruction.span.start, instruction.span.end))}\``,
    unknown: undefined,
    reads: [],
    writes: [],
    folders: [],
    system: 'none',
    user: undefined,
    web: false,
    accounts: 'none',
    copied: undefined,
    variables: { names: new Set(variablesOf(instruction, build.file).map(({ name }) => name)), others: 'none' },
    loose: [],
    looksFor: [],
    rewrites: [],
    projects: [],
    caveats: [],
    sets: new Set(),
    state: state([], []),
    network: false,
    mounts: [],
    inMounts: [],
  };
}

/** A text on one line, without lines of comments, cut where it is long. */
export function oneLine(text: string): string {
  const line = text
    .replaceAll(/\n[ \t]*#[^\n]*/g, '')
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/[\\`]? ?\r?\n\s*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > 48 ? `${line.slice(0, 46).trimEnd()} …` : line;
}

function ofRun(build: Build, run: RunInstruction, base: Effects, found: RunEffects): Effects {
  const parts: StatePart[] = run.strings ? ['folder', 'user'] : ['folder', 'user', 'shell'];
  const look = `0755 ${ownerText(found.owner)}`;
  const made = new Set(found.folders.flatMap((path) => [...foldersAbove(path), path]));
  return {
    ...base,
    label: `\`${oneLine(found.command)}\``,
    unknown: found.unknown,
    reads: found.reads,
    writes: found.writes,
    folders: [...made].map((path) => ({ path, look })),
    system: found.system ? 'writes' : found.plain ? 'none' : 'reads',
    user: ownerText(found.owner),
    web: found.web,
    accounts: found.writes.some((area) => accountFiles.some((path) => areasMeet(area, entry(path))))
      ? 'writes'
      : found.accounts,
    loose: found.loose,
    looksFor: found.looksFor,
    rewrites: found.rewrites,
    projects: found.projects,
    caveats: found.caveats,
    variables: { names: base.variables.names, others: found.variables === 'named' ? 'none' : found.variables },
    state: state(parts, []),
    network: found.network && !run.flags.some(({ name, value }) => name === 'network' && value === 'none'),
    mounts: mountsOf(build.file, run).mounts.map(({ type, target }) => ({ type, target })),
    inMounts: found.inMounts,
  };
}

function ofTransfer(
  build: Build,
  stage: Stage,
  instruction: TransferInstruction,
  context: BuildContext,
  base: Effects,
): Effects {
  const copied = copiedBy(build, stage, instruction, context);
  const written = build.expand(instruction, instruction.destination?.text ?? '') ?? '';
  const flag = (name: string) => instruction.flags.find((one) => one.name === name)?.value;
  const owner = flag('chown') ?? '';
  const link = instruction.flags.some(({ name, value }) => name === 'link' && value !== 'false');
  const mode = plainMode.test(flag('chmod') ?? '') ? '' : ` ${flag('chmod')}`;
  const look = `${link ? 'linked ' : ''}0755 ${ownerText(build.expand(instruction, owner) ?? owner)}${mode}`;
  const mappings = copied?.mappings ?? [];
  const made = new Map(mappings.flatMap(({ image }) => foldersAbove(image)).map((path) => [path, look]));
  for (const one of mappings)
    if (one.kind !== 'file') made.set(one.image, `${look}${modeOfTop(instruction, one, context, copied)}`);
  return {
    ...base,
    unknown: copied ? undefined : 'copies to a place that is not known',
    folders: [...made].filter(([path]) => path !== '/').map(([path, its]) => ({ path, look: its })),
    system: mappings.some((one) => landsIn(isSystem, one, copied, context)) ? 'writes' : 'none',
    web: mappings.some((one) => landsIn(isWeb, one, copied, context)),
    accounts: accountFiles.some((path) => copied?.mayBring(entry(path)) && (!isOverRoot(copied) || copied.hasNow(path)))
      ? 'writes'
      : /^[\d:]*$/.test(owner)
        ? 'none'
        : 'reads',
    copied,
    variables: { names: new Set([...base.variables.names, 'SOURCE_DATE_EPOCH']), others: 'none' },
    state: state(written.startsWith('/') ? [] : ['folder'], []),
    network: instruction.keyword === 'ADD' && instruction.sources.some(({ text }) => text.includes('://')),
  };
}

/**
 * Folders that a COPY makes get the mode of `--chmod` where that is a number, those above its destination too; letters leave them as they
 * are (measured with BuildKit 0.25).
 */
const plainMode = /^(?:0*755|[ugoarwxXst,+=-]+)?$/;

/**
 * What a folder that a COPY makes of one takes from it besides owner and `--chmod`; '' for what every other step would give it.
 * https://github.com/tonistiigi/fsutil/blob/master/copy/copy.go, `copyDirectory`
 */
function modeOfTop(
  { flags }: TransferInstruction,
  { kind, source }: Mapping,
  context: BuildContext,
  copied: Copied | undefined,
): string {
  if (flags.some(({ name }) => name === 'chmod')) return '';
  if (kind !== 'tree' || source === '' || source === '?') return '';
  if (copied?.origin !== 'context') return ` as ${source} ${copied?.origin ?? ''}`;
  const own = context.entry(source)?.mode;
  return own === undefined || (own & 0o7777) === 0o755 ? '' : ` as ${source}`;
}

/** Of a folder that is copied over the root of the image what is in it counts: no project has a `usr` or `etc` by chance. */
function landsIn(
  isMeant: (area: Area) => boolean,
  { image, kind, source }: Mapping,
  copied: Copied | undefined,
  context: BuildContext,
): boolean {
  const isWhole = image === '/' && kind === 'tree' && copied?.origin === 'context' && !source.startsWith('?');
  if (!isWhole || copied.links().length > 0) return isMeant({ path: image, below: kind !== 'file' });
  return context.children(source).some(({ path, type }) => {
    const place = joinPath('/', source === '' ? path : path.slice(source.length + 1));
    return !context.ignored(path) && isMeant({ path: place, below: type === 'directory' });
  });
}

function isOverRoot({ mappings, origin }: Copied): boolean {
  return (
    origin === 'context' &&
    mappings.every(({ image, kind, source }) => image === '/' && kind === 'tree' && !source.startsWith('?'))
  );
}

/** Where the names of users and groups are looked up. */
const accountFiles = ['/etc/passwd', '/etc/group'];

function ofWorkdir(build: Build, stage: Stage, instruction: ValueInstruction, base: Effects): Effects {
  const text = build.expand(instruction, instruction.text);
  const cwd = text?.startsWith('/') ? '/' : knownCwd(build, stage, instruction);
  if (text === undefined || cwd === undefined)
    return { ...base, unknown: 'names a folder that is not known', state: state(['folder', 'user'], ['folder']) };
  const path = joinPath(cwd, text);
  const { user } = build.stateBefore(instruction);
  const look = `0755 ${ownerText(user ?? '')}`;
  const folders = path === '/' ? [] : [...foldersAbove(path), path].map((one) => ({ path: one, look }));
  return { ...base, folders, state: state(text.startsWith('/') ? ['user'] : ['user', 'folder'], ['folder']) };
}

/** Some builders throw away what is written to a volume after it is declared. */
function ofVolume(
  build: Build,
  stage: Stage,
  words: readonly string[],
  instruction: Instruction,
  base: Effects,
): Effects {
  const cwd = knownCwd(build, stage, instruction);
  const areas = words.flatMap((word) => {
    const path = build.expand(instruction, word);
    return path === undefined || (cwd === undefined && !path.startsWith('/')) ? [] : [tree(joinPath(cwd ?? '/', path))];
  });
  const known = areas.length === words.length;
  return {
    ...base,
    unknown: known ? undefined : 'declares a folder that is not known',
    // The step itself changes nothing there; what others write there may not pass it.
    reads: areas,
    state: state(['folder'], ['config volume']),
  };
}
