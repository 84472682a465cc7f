import type { Instruction, Pair } from '../syntax/tree.js';
import { variableNames } from '../syntax/variables.js';
import type { ChainedBuilder } from './chained-stages.js';
import { type Compiling, textOf } from './compiling.js';

/** A variable that stands in the key of a RUN. */
export interface KeyVariable {
  readonly name: string;
  readonly value: string;
  readonly from: 'ARG' | 'ENV';
}

/** What the file itself adds to the key of one instruction, without the contents of files. */
export interface InstructionText {
  readonly text: string;
  readonly variables: readonly KeyVariable[];
  /** Values of the variables that the line names, to explain a difference. */
  readonly used: ReadonlyMap<string, string | undefined>;
}

type KeyText = Omit<InstructionText, 'used'>;

/** What is known in a stage up to an instruction; the instruction itself has been applied already. */
export interface ChainedScope {
  readonly at: Compiling;
  /** Declared in this stage or one below, where the builder hands them on; undefined for those without a value. */
  readonly args: ReadonlyMap<string, string | undefined>;
  /** Set by ENV in this stage or one below. */
  readonly env: ReadonlyMap<string, string>;
  /** Set by ENV in this stage. */
  readonly ownEnv: ReadonlyMap<string, string>;
}

/** Predefined arguments: only where an ARG names them do they enter a key. */
const proxies: ReadonlySet<string> = new Set(
  ['HTTP', 'HTTPS', 'FTP', 'NO', 'ALL'].flatMap((name) => [`${name}_PROXY`, `${name.toLowerCase()}_proxy`]),
);

/** The text of an instruction in the key of a builder. */
export function instructionText(
  builder: ChainedBuilder,
  instruction: Instruction,
  scope: ChainedScope,
): InstructionText {
  const { at } = scope;
  const names = variableNames(instruction.text, { escape: at.side.file.escape });
  const used = new Map(names.map((name) => [name, at.environment.get(name)]));
  return { ...keyTexts[builder](instruction, scope), used };
}

/**
 * The classic builder compares configs, so values count and how they are written does not
 * (`daemon/builder/dockerfile/dispatchers.go`, `internals.go:commit`, `performCopy`).
 */
function classicText(instruction: Instruction, { at, args, env }: ChainedScope): KeyText {
  const { keyword } = instruction;
  const plain = (...parts: readonly string[]) => ({ text: JSON.stringify([keyword, ...parts]), variables: [] });
  switch (instruction.keyword) {
    case 'ENV':
    case 'LABEL':
    case 'ARG':
      return plain(...instruction.pairs.map((pair) => pairText(at, pair)));
    case 'RUN': {
      const variables = argumentsOf(args, env);
      // Where there is any argument, its count stands in front, even if it does not count itself.
      const mark = variables.length > 0 || [...proxies].some((name) => at.side.buildArgs.has(name) && !env.has(name));
      const argv = instruction.strings?.map(({ text }) => text) ?? [...at.shell, instruction.text];
      return { text: JSON.stringify(['RUN', mark, ...argv]), variables };
    }
    case 'CMD':
    case 'ENTRYPOINT':
      return plain(...(instruction.strings?.map(({ text }) => text) ?? [...at.shell, instruction.text]));
    case 'SHELL':
      return plain(...at.shell);
    case 'COPY':
    case 'ADD': {
      const chown = instruction.flags.find(({ name }) => name === 'chown')?.value ?? '';
      return plain(textOf(at, chown), textOf(at, instruction.destination?.text ?? ''));
    }
    case 'EXPOSE':
      return plain(...instruction.words.map(({ text }) => textOf(at, text)).sort());
    case 'VOLUME':
      return plain(...instruction.words.map(({ text }) => textOf(at, text)));
    case 'WORKDIR':
      return plain(at.cwd?.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '') ?? textOf(at, instruction.text));
    case 'HEALTHCHECK': {
      const flags = instruction.flags.map(({ name, value = '' }) => `${name}=${durationOf(value)}`).sort();
      return plain(...flags, '', ...(instruction.strings?.map(({ text }) => text) ?? ['shell', instruction.text]));
    }
    case 'USER':
    case 'STOPSIGNAL':
      return plain(textOf(at, instruction.text));
    default:
      return plain(instruction.text);
  }
}

/**
 * Buildah compares histories: the line as it is written, variables in it as they are (`imagebuildah/stage_executor.go:getCreatedBy`).
 */
function buildahText(instruction: Instruction, { at, args, ownEnv }: ChainedScope): KeyText {
  const line = lineOf(at, instruction);
  const given = new Map<string, string>();
  for (const [name, value] of args) if (value !== undefined) given.set(name, value);
  for (const name of proxies) {
    const value = at.side.buildArgs.get(name);
    if (value !== undefined && !given.has(name)) given.set(name, value);
  }
  switch (instruction.keyword) {
    case 'ARG':
      return { text: `ARG ${[...given.keys()].sort().join(' ')}`, variables: [] };
    case 'RUN': {
      const bodies = instruction.heredocs.map(({ content }) => `\n${content.trim()}`);
      return {
        text: `RUN ${line.slice(4)}${bodies.join('')}`,
        variables: [...given]
          .filter(([name]) => args.has(name) || !proxies.has(name))
          .map(([name, value]) => ({ name, value: ownEnv.get(name) ?? value, from: 'ARG' as const }))
          .sort(byName),
      };
    }
    case 'COPY':
    case 'ADD': {
      const link = instruction.flags.some(({ name, value }) => name === 'link' && value !== 'false');
      const chown = textOf(at, instruction.flags.find(({ name }) => name === 'chown')?.value ?? '');
      const owner = /^(?:root|0)?(?::(?:root|0))?$/.test(chown) ? '' : ` as ${chown}`;
      const text = `${instruction.keyword}${link ? ' --link' : ''}${owner} in ${instruction.destination?.text ?? ''}`;
      return { text, variables: [] };
    }
    default:
      return { text: line, variables: [] };
  }
}

/**
 * kaniko adds lines as they are written, and the values of all variables where a RUN stands
 * (`pkg/executor/build.go:populateCompositeKey`).
 */
function kanikoText(instruction: Instruction, { at, args, env }: ChainedScope): KeyText {
  const text = `${lineOf(at, instruction)}${instruction.heredocs.map(({ content }) => `\n${content}`).join('')}`;
  if (instruction.keyword !== 'RUN') return { text, variables: [] };
  const own = [...env].map(([name, value]) => ({ name, value, from: 'ENV' as const }));
  return { text, variables: [...own, ...argumentsOf(args, env)].sort(byName) };
}

const keyTexts = { classic: classicText, buildah: buildahText, kaniko: kanikoText } as const;

/** Those that have a value and are not hidden by an ENV. */
function argumentsOf(args: ChainedScope['args'], env: ChainedScope['env']): KeyVariable[] {
  return [...args]
    .flatMap(([name, value]) => (value === undefined || env.has(name) ? [] : [{ name, value, from: 'ARG' as const }]))
    .sort(byName);
}

/** The logical line: keyword and flags as written, continuations joined, blanks at its end kept. */
function lineOf({ side: { file } }: Compiling, { span, textSpan, text }: Instruction): string {
  const head = file.text.slice(span.start, textSpan.start);
  const join = file.escape === '`' ? /`[ \t]*\r?\n/g : /\\[ \t]*\r?\n/g;
  let end = textSpan.end;
  while (file.text[end] === ' ' || file.text[end] === '\t') end++;
  return `${head.replace(join, '')}${text}${file.text.slice(textSpan.end, end)}`;
}

/** Quotes do not count; an old `ENV name value` is a pair as well. */
function pairText(at: Compiling, { key, rawValue }: Pair): string {
  return rawValue === undefined ? textOf(at, key) : `${textOf(at, key)}=${textOf(at, rawValue)}`;
}

const units: Readonly<Record<string, number>> = { h: 3.6e12, m: 6e10, s: 1e9, ms: 1e6, us: 1e3, µs: 1e3, ns: 1 };

/** Nanoseconds of a Go duration; other texts as they are. */
function durationOf(text: string): string {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|µs|us|ns|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return text;
  return String(parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0), 0));
}

function byName(a: KeyVariable, b: KeyVariable): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
