import { cleanPath } from '../syntax/go-path.js';
import { type Mount, mountsOf } from '../syntax/mounts.js';
import type { RunInstruction } from '../syntax/tree.js';
import {
  type Compiling,
  expand,
  filesInput,
  type Made,
  newVertex,
  originKey,
  originOf,
  pathOf,
  previousInput,
  stateKey,
  textOf,
} from './compiling.js';
import { Environment } from './environment.js';
import type { KeyInput, Step } from './key.js';
import type { Input } from './plan.js';
import { unknownText } from './unknown-text.js';

/** `dockerfile2llb/convert.go:dispatchRun`, `client/llb/exec.go:Marshal` and `ops/exec.go:CacheMap` in one. */
export function compileRun(at: Compiling, run: RunInstruction): Made {
  const mounts = orderedMounts(at, run);
  const inputs: KeyInput[] = [previousInput(at), { kind: 'command', argv: argvOf(at, run) }];
  for (const variable of at.environment.list()) if (!Environment.isOfImage(variable)) inputs.push(variable);
  inputs.push({ kind: 'environment-order', names: at.environment.order() });
  inputs.push({ kind: 'folder', path: at.cwd ?? unknownText('', new Map()) }, { kind: 'user', user: at.user });
  for (const { name, value } of run.flags) {
    if (name === 'network' && value !== 'default') inputs.push({ kind: 'option', name, value: value ?? '' });
    if (name === 'security' && value !== 'sandbox') inputs.push({ kind: 'option', name, value: value ?? '' });
  }
  const hostname = at.side.buildArgs.get('BUILDKIT_SANDBOX_HOSTNAME');
  if (hostname !== undefined) inputs.push({ kind: 'option', name: 'BUILDKIT_SANDBOX_HOSTNAME', value: hostname });
  for (const { text, input, source } of mounts) {
    inputs.push({ kind: 'mount', text });
    if (input) inputs.push(filesInput(input, source === undefined ? [] : [textOf(at, source)]));
  }
  const step: Step = { instruction: run, stage: at.stage, inputs, detached: false };
  const writesContext = mounts.some(({ text, input }) => input?.origin.kind === 'context' && text.endsWith(' rw'));
  return { step, vertices: [newVertex(at, 'run', step, { ...joinedInputs(at, mounts), writesContext })] };
}

/**
 * Mounts of one origin are one input, whose paths are digested together. Where that is also the root file system, the root's
 * content counts instead of its key (`ops/exec.go:getMountDeps`).
 */
function joinedInputs(at: Compiling, mounts: readonly PlannedMount[]) {
  const root = stateKey(at.previous);
  const joined = new Map<string, Input>();
  const shape: number[] = [];
  for (const { input } of mounts) {
    if (!input) continue;
    const key = originKey(input.origin);
    const first: Input = joined.get(key) ?? { ...input, paths: key === root ? ['/'] : [] };
    joined.set(key, { ...first, paths: [...first.paths, ...input.paths] });
    shape.push([...joined.keys()].indexOf(key));
  }
  const previous = joined.has(root) ? undefined : at.previous;
  return { inputs: [...joined.values()], shape: `${shape.join(' ')}${previous ? '' : ' root'}`, previous };
}

/** SHELL is put before a shell form, and a lone heredoc is the script itself. */
function argvOf(at: Compiling, run: RunInstruction): readonly string[] {
  if (run.strings) return run.strings.map(({ text }) => text);
  const [first] = run.heredocs;
  const alone = first && run.heredocs.length === 1 && /^\d*<<-?\s*\S+$/.test(run.text);
  if (alone)
    return [...at.shell, ...(first.content.startsWith('#!') ? [`/dev/pipes/${first.name}`] : []), first.content];
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
  /** As it is written. */
  readonly source: string | undefined;
}

/** Binds, caches and tmpfs are sorted by target; secrets, then ssh sockets follow as written. */
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
  return planned.map(({ mount, target }) => ({ ...planMount(at, mount, target), source: mount.source }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function planMount(at: Compiling, mount: Mount, target: string | undefined): Omit<PlannedMount, 'source'> {
  const read = (value: string | undefined) => (value === undefined ? '' : textOf(at, value));
  switch (mount.type) {
    case 'bind':
      return { text: `bind ${target}${mount.readonly === false ? ' rw' : ''}`, input: mountInput(at, mount) };
    case 'cache':
      return planCache(at, mount, target);
    case 'tmpfs':
      return {
        text: `tmpfs ${target}${mount.size === undefined ? '' : ` size=${bytesOf(read(mount.size))}`}`,
        input: undefined,
      };
    case 'secret': {
      const id = read(mount.source ?? mount.id) || baseOf(target ?? '');
      const place =
        mount.env === undefined ? (target ?? `/run/secrets/${baseOf(id)}`) : `${target ?? ''} ${read(mount.env)}`;
      return {
        text: `secret ${id} ${place} ${ownerOf(at, mount, '400')}${mount.required ? ' required' : ''}`,
        input: undefined,
      };
    }
    default:
      return {
        text: `ssh ${read(mount.id)} ${target ?? ''} ${ownerOf(at, mount, '600')}${mount.required ? ' required' : ''}`,
        input: undefined,
      };
  }
}

/** Owner and mode are those of a folder that is made for the mount, if it has no `source`. */
function planCache(at: Compiling, mount: Mount, target: string | undefined): Omit<PlannedMount, 'source'> {
  const whole = mount.source === undefined || cleanPath(`/${textOf(at, mount.source)}`) === '/';
  const owned = whole && [mount.uid, mount.gid, mount.mode].some((one) => one !== undefined);
  const owner = owned ? ` ${ownerOf(at, mount, '755')}` : '';
  const text = `cache ${target}${mount.readonly === true ? ' ro' : ''}${owner}${cacheIdentity(at, mount, target)}`;
  if (mount.from === undefined) return { text, input: undefined };
  const input = mountInput(at, mount);
  return { text, input: owned ? { ...input, paths: ['/cache'] } : input };
}

function ownerOf(at: Compiling, { uid, gid, mode }: Mount, usual: string): string {
  const [user, group] = [uid, gid].map((one) => (one === undefined ? '0' : textOf(at, one)));
  return `${user}:${group} ${(mode === undefined ? usual : textOf(at, mode)).replace(/^0+(?=.)/, '')}`;
}

/**
 * The id counts only where it is the default and the mount is shared (`ops/exec.go:checkShouldClearCacheOpts`): where it equals
 * the target, as written or behind its first slash.
 */
function cacheIdentity(at: Compiling, mount: Mount, target: string | undefined): string {
  const written = cleanPath(mount.target === undefined ? '' : textOf(at, mount.target));
  const namespace = at.side.buildArgs.get('BUILDKIT_CACHE_MOUNT_NS') ?? '';
  const own = mount.optionSpans.has('id') ? textOf(at, mount.id ?? '') : '';
  const id = `${namespace}/${own || written}`;
  const place = mount.target === undefined || !mount.target.startsWith('/') ? target : textOf(at, mount.target);
  const isDefault = id === place || id.slice(id.indexOf('/') + 1) === place;
  return isDefault && (mount.sharing ?? 'shared') === 'shared' ? ` id=${id}` : '';
}

function mountInput(at: Compiling, mount: Mount): Input {
  const source = mount.source === undefined ? '/' : expand(at, mount.source);
  const path = source === undefined ? undefined : cleanPath(`/${source}`);
  return { origin: originOf(at, mount.from), paths: [path], exclude: [], parents: false };
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `64m` is 67108864 bytes. */
function bytesOf(size: string): string {
  const read = /^(\d+(?:\.\d*)?) ?([kmgtp]?)i?b?$/i.exec(size);
  if (!read) return size;
  const power = ' kmgtp'.indexOf(read[2]?.toLowerCase() || ' ');
  return String(Math.floor(Number(read[1]) * 1024 ** power));
}
