import { cleanPath } from './go-path.js';
import { createMemo } from './memo.js';
import { type MountField, mountFields } from './mount-fields.js';
import { suggestion } from './suggestion.js';
import type { Span } from './text.js';
import type { Dockerfile, Flag, RunInstruction } from './tree.js';

export type MountType = 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh';
type Sharing = 'shared' | 'private' | 'locked';

/** One `--mount=…` of a RUN, as BuildKit reads it (`instructions/commands_runmount.go`). Option values are not expanded. */
export interface Mount {
  /** `bind` where it is left out, wrong or a variable. */
  readonly type: MountType;
  /** `target`, `dst`, `destination`. */
  readonly target: string | undefined;
  readonly source: string | undefined;
  readonly from: string | undefined;
  /** For a cache without one its cleaned target, as BuildKit has it (undefined where that has a variable); `optionSpans` tells whether it is written. */
  readonly id: string | undefined;
  /** Undefined where it is not written: `shared`. */
  readonly sharing: Sharing | undefined;
  /** In effect: without the option true for bind, secret and ssh. Undefined where a variable decides. */
  readonly readonly: boolean | undefined;
  readonly required: boolean;
  readonly env: string | undefined;
  readonly size: string | undefined;
  readonly mode: string | undefined;
  readonly uid: string | undefined;
  readonly gid: string | undefined;
  /** Of the whole flag. */
  readonly span: Span;
  /** Of each option's `key=value`, by normalised key: `dst` is `target`, `src` is `source`, `ro`, `rw` and `readwrite` are `readonly`. */
  readonly optionSpans: ReadonlyMap<string, Span>;
}

/** A reason for which BuildKit rejects a mount, in its own words. */
export interface MountProblem {
  readonly message: string;
  /** Of the guilty option, else of the flag. */
  readonly span: Span;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Writable<Omit<Mount, 'optionSpans'>> & { readonly optionSpans: Map<string, Span>; typeKnown: boolean };

const TYPES: readonly MountType[] = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];
const SHARINGS: readonly Sharing[] = ['shared', 'private', 'locked'];
const KEYS =
  'type from source target readonly id sharing required size mode uid gid src dst destination ro rw readwrite env'.split(
    ' ',
  );
const KNOWN_KEYS: ReadonlySet<string> = new Set(KEYS);
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['src', 'source'],
  ['dst', 'target'],
  ['destination', 'target'],
  ['ro', 'readonly'],
  ['rw', 'readonly'],
  ['readwrite', 'readonly'],
]);

interface Mounts {
  readonly mounts: readonly Mount[];
  readonly problems: readonly MountProblem[];
}

const known = createMemo<RunInstruction, Mounts>();
const none: Mounts = { mounts: [], problems: [] };

/**
 * The mounts of a RUN in the order of its flags, and per mount the first thing BuildKit would reject. A rejected mount is listed as
 * far as it can be read. Values with variables are not judged. Kept per instruction.
 */
export function mountsOf(file: Dockerfile, run: RunInstruction): Mounts {
  if (run.flags.length === 0) return none;
  const found = known.get(run) ?? readMounts(file, run);
  known.set(run, found);
  return found;
}

function readMounts(file: Dockerfile, run: RunInstruction): Mounts {
  const mounts: Mount[] = [];
  const problems: MountProblem[] = [];
  for (const flag of run.flags) {
    if (flag.name !== 'mount' || flag.value === undefined) continue;
    const { mount, problem } = readMount(file, flag);
    mounts.push(mount);
    if (problem !== undefined) problems.push(problem);
  }
  return { mounts, problems };
}

function readMount(file: Dockerfile, flag: Flag): { mount: Mount; problem: MountProblem | undefined } {
  const draft = newDraft(flag.span);
  const fields = mountFields(file, flag);
  if (typeof fields === 'string') {
    const problem = { message: `failed to parse csv mounts: ${fields}`, span: flag.valueSpan ?? flag.span };
    return { mount: finished(draft), problem };
  }
  let problem: MountProblem | undefined;
  for (const field of fields) {
    const message = readField(draft, field);
    if (message !== undefined) problem ??= { message, span: field.span };
  }
  return { mount: finished(draft), problem: problem ?? conflictOf(draft) };
}

function newDraft(span: Span): Draft {
  return {
    type: 'bind',
    target: undefined,
    source: undefined,
    from: undefined,
    id: undefined,
    sharing: undefined,
    readonly: undefined,
    required: false,
    env: undefined,
    size: undefined,
    mode: undefined,
    uid: undefined,
    gid: undefined,
    span,
    optionSpans: new Map(),
    typeKnown: true,
  };
}

function finished(draft: Draft): Mount {
  const { typeKnown: _, ...mount } = draft;
  if (mount.type === 'cache' && !mount.id && !mount.target?.includes('$')) mount.id = cleanPath(mount.target ?? '');
  if (!mount.optionSpans.has('readonly')) mount.readonly = mount.type !== 'cache' && mount.type !== 'tmpfs';
  return mount;
}

/** Takes one field over; gives BuildKit's words where it is wrong. */
function readField(draft: Draft, field: MountField): string | undefined {
  const equals = field.text.indexOf('=');
  const key = (equals === -1 ? field.text : field.text.slice(0, equals)).toLowerCase();
  const name = ALIASES.get(key) ?? key;
  if (equals === -1) {
    if (name !== 'readonly' && key !== 'required') return `invalid field '${field.text}' must be a key=value pair`;
    draft.optionSpans.set(name, field.span);
    return readSwitch(draft, key, 'true');
  }
  if (!KNOWN_KEYS.has(key)) {
    return `unexpected key '${key}' in '${field.text}'${suggestion(key, KEYS)}`;
  }
  draft.optionSpans.set(name, field.span);
  const value = field.text.slice(equals + 1);
  const message = readValue(draft, key, name, value);
  const variable = value.includes('$') && name !== 'from';
  return variable ? undefined : message;
}

function readValue(draft: Draft, key: string, name: string, value: string): string | undefined {
  switch (name) {
    case 'type':
      return readType(draft, value);
    case 'sharing': {
      const sharing = SHARINGS.find((one) => one === value.toLowerCase());
      draft.sharing = sharing;
      return sharing ? undefined : `unsupported sharing value "${value}"${suggestion(value, SHARINGS)}`;
    }
    case 'from': {
      draft.from = value;
      const dollar = value.indexOf('$');
      if (dollar === -1 || dollar === value.length - 1) return undefined;
      return "'from' doesn't support variable expansion, define alias stage instead";
    }
    case 'readonly':
    case 'required':
      return readSwitch(draft, key, value);
    case 'source':
    case 'target':
    case 'id':
    case 'env':
      draft[name] = value;
      return undefined;
    default:
      return readNumber(draft, name, value);
  }
}

function readType(draft: Draft, value: string): string | undefined {
  const type = TYPES.find((one) => one === value.toLowerCase());
  if (type !== undefined) draft.type = type;
  else draft.typeKnown = false;
  return type ? undefined : `unsupported mount type "${value}"${suggestion(value, TYPES)}`;
}

/** `readonly`, `readwrite`, `required`; a bare key is `true`. As in BuildKit, `type` must come before `required`. */
function readSwitch(draft: Draft, key: string, value: string): string | undefined {
  if (key === 'required' && draft.typeKnown && draft.type !== 'secret' && draft.type !== 'ssh') {
    return `unexpected key 'required' for mount type '${draft.type}'`;
  }
  const on = /^(?:1|t|T|TRUE|true|True)$/.test(value);
  const known = on || /^(?:0|f|F|FALSE|false|False)$/.test(value);
  if (key === 'required') draft.required = on;
  else if (!known) draft.readonly = undefined;
  else draft.readonly = key === 'rw' || key === 'readwrite' ? !on : on;
  return known ? undefined : `invalid value for ${key}: ${value}`;
}

function readNumber(draft: Draft, name: string, value: string): string | undefined {
  switch (name) {
    case 'size':
      draft.size = value;
      if (draft.typeKnown && draft.type !== 'tmpfs') return `unexpected key 'size' for mount type '${draft.type}'`;
      return /^\d+(?:\.\d*)? ?(?:[kmgtp]?i?b?)$/i.test(value) ? undefined : `invalid value for size: ${value}`;
    case 'mode':
      draft.mode = value;
      return /^[0-7]+$/.test(value) && Number.parseInt(value, 8) < 2 ** 32
        ? undefined
        : `invalid value ${value} for mode`;
    case 'uid':
    case 'gid':
      draft[name] = value;
      return /^\d+$/.test(value) && Number(value) < 2 ** 32 ? undefined : `invalid value ${value} for ${name}`;
    default:
      return undefined;
  }
}

/** What only the whole mount shows (`parseMount`'s end, `convert_runmount.go`, `convert_ssh.go`). */
function conflictOf(draft: Draft): MountProblem | undefined {
  const { type, optionSpans } = draft;
  if (!draft.typeKnown) return undefined;
  const at = (message: string, key?: string): MountProblem => ({
    message,
    span: (key === undefined ? undefined : optionSpans.get(key)) ?? draft.span,
  });
  if (type === 'bind' || type === 'tmpfs') {
    const key = ['mode', 'uid', 'gid'].find((one) => optionSpans.has(one));
    if (key !== undefined) return at(`${key} not allowed for "${type}" type mounts`, key);
  }
  if (type === 'secret') {
    if (draft.from) return at('secret mount should not have a from', 'from');
    if (draft.sharing) return at('secret mount should not define sharing', 'sharing');
    if (!draft.source && !draft.target && !draft.id) return at('invalid secret mount. one of source, target required');
    if (draft.source && draft.id) return at("both source and id can't be set", 'id');
    return undefined;
  }
  if (draft.sharing && type !== 'cache') return at(`invalid cache sharing set for ${type} mount`, 'sharing');
  if (type === 'ssh') return draft.source ? at('ssh does not support source', 'source') : undefined;
  if (draft.target && cleanPath(draft.target) === '/') return at('invalid mount target "/"', 'target');
  return undefined;
}
