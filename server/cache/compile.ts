import { cleanPath } from '../syntax/go-path.js';
import { type Mount, mountsOf } from '../syntax/mounts.js';
import type { Instruction, RunInstruction, TransferInstruction } from '../syntax/tree.js';
import { expandWord, unknown } from '../syntax/variables.js';
import type { Environment } from './environment.js';
import { imageVariables } from './environment.js';
import type { KeyInput, Step } from './key.js';
import type { Input, PlanStage, Root, Vertex } from './plan.js';
import { normalReference } from './plan.js';
import type { CacheBuilder, Side } from './side.js';

/** State while a stage is compiled from its first instruction to its last. */
export interface Compiling {
  readonly side: Side;
  readonly builder: CacheBuilder;
  readonly globals: ReadonlyMap<string, string | undefined>;
  /** Value of TARGETSTAGE. */
  readonly target: string;
  readonly stage: PlanStage;
  /** ARG names declared so far: their value is known, or they are unset. */
  readonly declared: Set<string>;
  readonly environment: Environment;
  /** Undefined where a variable is not known. */
  cwd: string | undefined;
  user: string;
  shell: readonly string[];
  readonly byReference: (reference: string) => PlanStage | undefined;
  previous: Vertex | Root;
}

interface Made {
  readonly step: Step;
  readonly vertices: readonly Vertex[];
}

const automatic = /^(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT|OSVERSION)$/;

/** What an instruction adds: an operation, or nothing but a change of state. */
export function compileStep(at: Compiling, instruction: Instruction): Made | undefined {
  switch (instruction.keyword) {
    case 'ENV':
      return setVariables(at, instruction.pairs, (name, value) => at.environment.setEnv(name, value));
    case 'ARG':
      return declare(at, instruction.pairs);
    case 'USER':
      at.user = textOf(at, instruction.text);
      return undefined;
    case 'SHELL':
      at.shell = instruction.strings?.map(({ text }) => text) ?? at.shell;
      return undefined;
    case 'WORKDIR':
      return compileWorkdir(at, instruction);
    case 'RUN':
      return compileRun(at, instruction);
    case 'COPY':
    case 'ADD':
      return compileTransfer(at, instruction);
    default:
      return undefined;
  }
}

type Pairs = readonly { readonly key: string; readonly rawValue: string | undefined }[];

/** All values of one instruction are expanded with what was there before it. */
function setVariables(at: Compiling, pairs: Pairs, set: (name: string, value: string) => void): undefined {
  const values = pairs.map(({ key, rawValue }) => [textOf(at, key), textOf(at, rawValue ?? '')] as const);
  for (const [name, value] of values) set(name, value);
}

/** A build argument wins over the default, the default over the global value; without a value nothing enters the environment. */
function declare(at: Compiling, pairs: Pairs): undefined {
  for (const { key, rawValue } of pairs) {
    at.declared.add(key);
    const value = at.side.buildArgs.get(key) ?? (rawValue === undefined ? inherited(at, key) : textOf(at, rawValue));
    if (value !== undefined && !ignoredArguments.has(key)) at.environment.setArg(key, value);
  }
}

/** Reserved arguments that enter no key even where they are declared. */
const ignoredArguments: ReadonlySet<string> = new Set([
  'BUILDKIT_INLINE_CACHE',
  'BUILDKIT_MULTI_PLATFORM',
  'BUILDKIT_DOCKERFILE_CHECK',
  'BUILDKIT_BUILD_NAME',
  'BUILDKIT_SBOM_SCAN_CONTEXT',
  'BUILDKIT_SBOM_SCAN_STAGE',
]);

function inherited(at: Compiling, name: string): string | undefined {
  if (name === 'TARGETSTAGE') return at.target;
  return at.globals.get(name) ?? (automatic.test(name) ? `$${name}` : undefined);
}

/** Undefined where a variable decides whose value only the base image knows. */
function expand(at: Compiling, text: string, mode: 'word' | 'heredoc' = 'word'): string | undefined {
  const lookup = (name: string) =>
    at.environment.get(name) ?? (at.declared.has(name) || at.stage.root.image === undefined ? undefined : unknown);
  return expandWord(text, lookup, { escape: at.side.file.escape, mode }).value;
}

/** The value, or where it is not known the text with the values that are: equal on both sides if these are. */
function textOf(at: Compiling, text: string): string {
  const known = expand(at, text);
  if (known !== undefined) return known;
  const names = [...new Set(text.match(/[A-Za-z_]\w*/g) ?? [])];
  return `\u0001${text}${names.map((name) => `\u0001${name}=${at.environment.get(name) ?? ''}`).join('')}`;
}

function pathOf(at: Compiling, text: string): string | undefined {
  const path = expand(at, text);
  if (path === undefined) return undefined;
  if (path.startsWith('/')) return cleanPath(path);
  return at.cwd === undefined ? undefined : cleanPath(`${at.cwd}/${path}`);
}

function compileWorkdir(at: Compiling, instruction: Instruction): Made | undefined {
  at.cwd = pathOf(at, instruction.text);
  if (at.cwd === '/') return undefined;
  const path = at.cwd ?? textOf(at, instruction.text);
  const inputs: KeyInput[] = [previousInput(at), { kind: 'folder', path }, { kind: 'user', user: at.user }];
  const epoch = at.side.buildArgs.get('SOURCE_DATE_EPOCH');
  if (epoch !== undefined) inputs.push({ kind: 'option', name: 'SOURCE_DATE_EPOCH', value: epoch });
  const step: Step = { instruction, stage: at.stage, inputs, detached: false };
  return { step, vertices: [vertex(at, 'workdir', step, { target: at.cwd })] };
}

function compileRun(at: Compiling, run: RunInstruction): Made {
  const inputs: KeyInput[] = [previousInput(at), { kind: 'command', argv: argvOf(at, run) }];
  const list = at.environment.list();
  for (const variable of list) if (variable.name !== imageVariables) inputs.push(variable);
  inputs.push({ kind: 'environment-order', names: list.map(({ name }) => name) });
  inputs.push({ kind: 'folder', path: at.cwd ?? '\u0001' }, { kind: 'user', user: at.user });
  for (const { name, value } of run.flags) {
    if (name === 'network' && value !== 'default') inputs.push({ kind: 'option', name, value: value ?? '' });
    if (name === 'security' && value !== 'sandbox') inputs.push({ kind: 'option', name, value: value ?? '' });
  }
  for (const name of ['BUILDKIT_SANDBOX_HOSTNAME']) {
    const value = at.side.buildArgs.get(name);
    if (value !== undefined) inputs.push({ kind: 'option', name, value });
  }
  const files: Input[] = [];
  for (const mount of orderedMounts(at, run)) {
    inputs.push({ kind: 'mount', text: mount.text });
    if (!mount.input) continue;
    files.push(mount.input);
    inputs.push(filesInput(mount.input));
  }
  const step: Step = { instruction: run, stage: at.stage, inputs, detached: false };
  return { step, vertices: [vertex(at, 'run', step, { inputs: files })] };
}

/** `dockerfile2llb/convert.go:dispatchRun`: SHELL is put before a shell form, and a lone heredoc is the script itself. */
function argvOf(at: Compiling, run: RunInstruction): readonly string[] {
  if (run.strings) return run.strings.map(({ text }) => text);
  const [first] = run.heredocs;
  const alone = first && run.heredocs.length === 1 && /^\d*<<-?\s*\S+$/.test(run.text);
  if (alone)
    return first.content.startsWith('#!') ? [`/dev/pipes/${first.name}`, first.content] : [...at.shell, first.content];
  return [
    ...at.shell,
    run.heredocs.reduce(
      (text, { bodySpan, name }) =>
        `${text}\n${at.side.file.text.slice(bodySpan.start, bodySpan.end).replaceAll('\r\n', '\n')}${name}`,
      run.text,
    ),
  ];
}

interface PlannedMount {
  readonly text: string;
  readonly input: Input | undefined;
}

/** Binds, caches and tmpfs are sorted by target; secrets, then ssh sockets follow as written (`client/llb/exec.go:Marshal`). */
function orderedMounts(at: Compiling, run: RunInstruction): readonly PlannedMount[] {
  const { mounts } = mountsOf(at.side.file, run);
  const planned = mounts.map((mount) => ({
    mount,
    target: mount.target === undefined ? undefined : (pathOf(at, mount.target) ?? textOf(at, mount.target)),
  }));
  const rank = { bind: 0, cache: 0, tmpfs: 0, secret: 1, ssh: 2 } as const;
  planned.sort(
    (a, b) =>
      rank[a.mount.type] - rank[b.mount.type] ||
      (rank[a.mount.type] === 0 ? compare(a.target ?? '', b.target ?? '') : 0),
  );
  return planned.map(({ mount, target }) => planMount(at, mount, target));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function planMount(at: Compiling, mount: Mount, target: string | undefined): PlannedMount {
  const read = (value: string | undefined) => (value === undefined ? '' : textOf(at, value));
  const owner = [mount.mode, mount.uid, mount.gid].map(read).join(' ');
  switch (mount.type) {
    case 'bind':
      return { text: `bind ${target} ${mount.readonly !== false}`, input: mountInput(at, mount) };
    case 'cache':
      return {
        text: `cache ${target} ${mount.readonly === true} ${owner} ${cacheIdentity(at, mount, target)}`,
        input: mount.from === undefined ? undefined : mountInput(at, mount),
      };
    case 'tmpfs':
      return { text: `tmpfs ${target} ${read(mount.size)}`, input: undefined };
    case 'secret':
      return {
        text: `secret ${read(mount.id)} ${target ?? ''} ${read(mount.env)} ${owner} ${mount.required}`,
        input: undefined,
      };
    default:
      return { text: `ssh ${read(mount.id)} ${target ?? ''} ${owner} ${mount.required}`, input: undefined };
  }
}

/**
 * The id counts only where it is the default and the mount is shared (`ops/exec.go:checkShouldClearCacheOpts`): then it equals the
 * target as written, which must be absolute and clean.
 */
function cacheIdentity(at: Compiling, mount: Mount, target: string | undefined): string {
  const written = mount.target === undefined ? '' : textOf(at, mount.target);
  const namespace = at.side.buildArgs.get('BUILDKIT_CACHE_MOUNT_NS') ?? '';
  const id = mount.optionSpans.has('id') ? textOf(at, mount.id ?? '') : written;
  const isDefault = cleanPath(id) === written && written === target;
  return isDefault && (mount.sharing ?? 'shared') === 'shared' ? `id=${namespace}/${id}` : '';
}

function mountInput(at: Compiling, mount: Mount): Input {
  const source = mount.source === undefined ? '/' : expand(at, mount.source);
  const path = source === undefined ? undefined : cleanPath(`/${source}`);
  return { origin: originOf(at, mount.from), paths: [path], exclude: [], parents: false };
}

function originOf(at: Compiling, from: string | undefined): Input['origin'] {
  if (from === undefined || from === '' || from === 'context') return { kind: 'context' };
  const stage = at.byReference(from);
  return stage ? { kind: 'stage', stage } : { kind: 'image', image: normalReference(from) };
}

function compileTransfer(at: Compiling, instruction: TransferInstruction): Made {
  const flag = (name: string) => instruction.flags.find((one) => one.name === name);
  const flags = (name: string) =>
    instruction.flags.flatMap((one) => (one.name === name && one.value !== undefined ? [one.value] : []));
  const parents = isOn(flag('parents'));
  const exclude = flags('exclude');
  const written = instruction.destination?.text ?? '';
  const target = pathOf(at, written);
  const destination = `${target ?? textOf(at, written)}${/\/\.?$|^\.{1,2}$/.test(expand(at, written) ?? written) ? '/' : ''}`;
  const inputs: KeyInput[] = [];
  const files: Input[] = [];
  const names: string[] = [];
  const from = flag('from')?.value;
  const local: (string | undefined)[] = [];
  for (const { text } of instruction.sources) {
    const source = expand(at, text);
    if (instruction.keyword === 'ADD' && /^(?:https?:\/\/|git@|git:\/\/|ssh:\/\/)|\.git(?:#|$)/.test(source ?? text)) {
      files.push({ origin: { kind: 'remote', url: source ?? textOf(at, text) }, paths: ['/'], exclude, parents });
      names.push(source ?? textOf(at, text));
      continue;
    }
    const path = source === undefined ? undefined : cleanPath(`/${source}`);
    local.push(path);
    names.push(path === undefined ? textOf(at, text) : parents ? path : path.slice(path.lastIndexOf('/') + 1));
  }
  if (local.length > 0) files.push({ origin: originOf(at, from), paths: local, exclude, parents });
  for (const heredoc of instruction.heredocs) {
    const content = heredoc.expand
      ? (expand(at, heredoc.content, 'heredoc') ?? textOf(at, heredoc.content))
      : heredoc.content;
    files.push({
      origin: { kind: 'inline', text: `${heredoc.name}\n${content}` },
      paths: ['/'],
      exclude: [],
      parents: false,
    });
    inputs.push({ kind: 'text', name: heredoc.name, content });
    names.push(heredoc.name);
  }
  const link = isOn(flag('link')) && flag('chmod') === undefined && at.builder !== 'buildkit-graphdriver';
  const detached = link && at.previous.role !== 'root';
  inputs.unshift(...files.filter(({ origin }) => origin.kind !== 'inline').map(filesInput));
  if (!link) inputs.unshift(previousInput(at));
  inputs.push({ kind: 'source-names', names }, { kind: 'destination', path: destination });
  for (const name of ['chown', 'chmod', 'checksum', 'keep-git-dir', 'unpack'] as const) {
    const one = flag(name);
    if (one)
      inputs.push({
        kind: 'option',
        name,
        value: name === 'chmod' ? normalMode(textOf(at, one.value ?? '')) : textOf(at, one.value ?? 'true'),
      });
  }
  for (const pattern of exclude) inputs.push({ kind: 'option', name: 'exclude', value: pattern });
  if (parents) inputs.push({ kind: 'option', name: 'parents', value: 'true' });
  if (instruction.keyword === 'ADD') inputs.push({ kind: 'option', name: 'unpack archives', value: 'true' });
  const step: Step = { instruction, stage: at.stage, inputs, detached: link };
  const place = target === undefined ? undefined : destination;
  if (!link) return { step, vertices: [vertex(at, 'copy', step, { inputs: files, target: place })] };
  const copy = vertex(at, 'copy', step, { inputs: files, target: place, previous: undefined });
  if (!detached && at.stage.root.image === undefined) return { step, vertices: [copy] };
  const merge: Vertex = {
    role: 'merge',
    step,
    stage: at.stage,
    own: 'merge',
    previous: at.previous,
    merged: copy,
    inputs: [],
    target: place,
  };
  return { step, vertices: [copy, merge] };
}

function isOn(flag: { readonly value: string | undefined } | undefined): boolean {
  return flag !== undefined && flag.value !== 'false';
}

/** Octal modes are numbers: 755 and 0755 are one; symbolic ones are text. */
function normalMode(mode: string): string {
  return /^[0-7]+$/.test(mode) ? Number.parseInt(mode, 8).toString(8) : mode;
}

function filesInput({ origin, paths, exclude, parents }: Input): KeyInput {
  const known = paths.map((path) => path ?? '?');
  const from = origin.kind === 'inline' ? ({ kind: 'inline' } as const) : origin;
  return { kind: 'files', origin: from, paths: known, exclude, parents };
}

function previousInput(at: Compiling): KeyInput {
  const { previous } = at;
  return previous.role === 'root' && previous.image !== undefined
    ? { kind: 'base-image', image: previous.image }
    : { kind: 'previous' };
}

interface Parts {
  readonly inputs?: readonly Input[];
  readonly target?: string | undefined;
  readonly previous?: undefined;
}

function vertex(at: Compiling, role: Vertex['role'], step: Step, parts: Parts): Vertex {
  const own = step.inputs.filter(
    ({ kind }) => kind !== 'previous' && kind !== 'base-image' && kind !== 'files' && kind !== 'text',
  );
  const kinds = step.inputs.filter(({ kind }) => kind === 'files' || kind === 'text').length;
  return {
    role,
    step,
    stage: at.stage,
    own: JSON.stringify([role, kinds, own]),
    previous: 'previous' in parts ? undefined : at.previous,
    merged: undefined,
    inputs: parts.inputs ?? [],
    target: parts.target,
  };
}
