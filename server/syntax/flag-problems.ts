import { didYouMean } from './did-you-mean.js';
import type { Span } from './text.js';
import type { Flag, Instruction } from './tree.js';

export interface Problem {
  readonly message: string;
  readonly span: Span;
}

/** `switch`: true, false or nothing; `list`: may be given several times. */
type FlagKind = 'switch' | 'string' | 'list';

const HEALTHCHECK = { interval: 'string', timeout: 'string', 'start-period': 'string', 'start-interval': 'string' };

/** Flags by keyword, those of the labs frontend included; a keyword that is not here has none (`instructions/parse.go`). */
const FLAGS: ReadonlyMap<string, ReadonlyMap<string, FlagKind>> = new Map([
  ['FROM', flags({ platform: 'string' })],
  ['RUN', flags({ device: 'list', mount: 'list', network: 'string', security: 'string' })],
  [
    'COPY',
    flags({ chown: 'string', from: 'string', chmod: 'string', link: 'switch', exclude: 'list', parents: 'switch' }),
  ],
  [
    'ADD',
    flags({
      chown: 'string',
      chmod: 'string',
      link: 'switch',
      'keep-git-dir': 'switch',
      checksum: 'string',
      unpack: 'switch',
      exclude: 'list',
    }),
  ],
  ['HEALTHCHECK', flags({ ...HEALTHCHECK, retries: 'string' })],
]);

function flags(kinds: Readonly<Record<string, string>>): ReadonlyMap<string, FlagKind> {
  return new Map(
    Object.entries(kinds).map(([name, kind]) => [name, kind === 'switch' || kind === 'list' ? kind : 'string']),
  );
}

const none: ReadonlyMap<string, FlagKind> = new Map();

/** The first flag that BuildKit rejects (`instructions/bflag.go:Parse`). */
export function flagProblem(instruction: Instruction): Problem | undefined {
  if (instruction.flags.length === 0) return undefined;
  const known = FLAGS.get(instruction.keyword) ?? none;
  const used = new Set<string>();
  for (const flag of instruction.flags) {
    const kind = known.get(flag.name);
    if (kind === undefined) {
      const hint = didYouMean(flag.name, [...known.keys()]);
      return { message: `unknown flag: --${flag.name}${hint}`, span: flag.span };
    }
    if (used.has(flag.name) && kind !== 'list') {
      return { message: `duplicate flag specified: --${flag.name}`, span: flag.span };
    }
    used.add(flag.name);
    const message = valueProblem(flag, kind);
    if (message !== undefined) return { message, span: flag.span };
  }
  return undefined;
}

function valueProblem({ name, value }: Flag, kind: FlagKind): string | undefined {
  const missing = `missing a value on flag: --${name}`;
  if (kind !== 'switch') return value === undefined ? missing : undefined;
  if (value === '') return missing;
  const lower = value?.toLowerCase() ?? 'true';
  return lower === 'true' || lower === 'false'
    ? undefined
    : `expecting boolean value for flag --${name}, not: ${value}`;
}
