import { baseName, cleanPath } from '../syntax/go-path.js';
import { isGitSource, isRemoteSource } from '../syntax/remote-source.js';
import type { TransferInstruction } from '../syntax/tree.js';
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
import type { KeyInput, Step } from './key.js';
import type { Input } from './plan.js';

/** COPY and ADD: `dockerfile2llb/convert_copy.go:dispatchCopy` and `ops/file.go:CacheMap` in one. */
export function compileTransfer(at: Compiling, instruction: TransferInstruction): Made {
  const flags = flagsOf(instruction);
  const { files, names, written } = sourcesOf(at, instruction, flags);
  const link = flags.has('link') && !flags.has('chmod') && at.builder !== 'buildkit-graphdriver';
  const destination = destinationOf(at, instruction);
  const inputs: KeyInput[] = [
    ...(link ? [] : [previousInput(at)]),
    ...files.filter(({ origin }) => origin.kind !== 'inline').map((input) => filesInput(input, written)),
    ...textsOf(at, instruction),
    { kind: 'source-names', names },
    { kind: 'destination', path: destination.text },
    ...optionsOf(at, instruction, flags, files),
  ];
  const step: Step = { instruction, stage: at.stage, inputs, detached: link };
  const isOnNothing = at.previous.role === 'root' && at.previous.image === undefined;
  const shape = shapeOf(files, link || isOnNothing ? [] : [stateKey(at.previous)]);
  const copy = newVertex(at, 'copy', step, {
    inputs: files,
    target: destination.path,
    shape,
    previous: link ? undefined : at.previous,
  });
  if (!link || isOnNothing) return { step, vertices: [copy] };
  const merge = newVertex(at, 'merge', step, { target: destination.path, previous: at.previous, merged: copy });
  return { step, vertices: [copy, merge] };
}

type Flags = ReadonlyMap<string, readonly string[]>;

/** Values by name; of a switch that is off, nothing. */
function flagsOf({ flags }: TransferInstruction): Flags {
  const found = new Map<string, readonly string[]>();
  for (const { name, value } of flags) {
    if (value === 'false' && (name === 'link' || name === 'parents')) continue;
    found.set(name, [...(found.get(name) ?? []), value ?? 'true']);
  }
  return found;
}

function sourcesOf(at: Compiling, instruction: TransferInstruction, flags: Flags) {
  const parents = flags.has('parents');
  const exclude = flags.get('exclude') ?? [];
  const files: Input[] = [];
  const names: string[] = [];
  const local: (string | undefined)[] = [];
  const written: string[] = [];
  for (const { text } of instruction.sources) {
    const source = expand(at, text);
    if (instruction.keyword === 'ADD' && isRemoteSource(source ?? text)) {
      const url = source ?? textOf(at, text);
      const [checksum, keep] = ['checksum', 'keep-git-dir'].map((name) => flags.get(name)?.[0]);
      const keepGit = keep !== undefined && keep !== 'false';
      files.push({ origin: { kind: 'remote', url, checksum, keepGit }, paths: ['/'], exclude, parents });
      names.push(isGitSource(url) ? '/' : remoteName(url));
      continue;
    }
    const path = source === undefined ? undefined : cleanPath(`/${source}`);
    local.push(path);
    written.push(textOf(at, text));
    names.push(path === undefined ? textOf(at, text) : parents ? path : path.slice(path.lastIndexOf('/') + 1));
  }
  if (local.length > 0) {
    const origin = originOf(at, flags.get('from')?.[0]);
    files.push({ origin, paths: local, exclude, parents });
  }
  for (const { name, content } of heredocsOf(at, instruction)) {
    files.push({ origin: { kind: 'inline', text: `${name}\n${content}` }, paths: ['/'], exclude: [], parents: false });
    names.push(`<<${name}`);
  }
  return { files, names, written };
}

/** Name of the file behind a URL (`convert_copy.go:dispatchCopy`). */
function remoteName(url: string): string {
  const path = /^https?:\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] ?? '';
  return baseName(cleanPath(`/${path}`)) || '__unnamed__';
}

function heredocsOf(at: Compiling, { heredocs }: TransferInstruction) {
  return heredocs.map(({ name, content, expand: expands }) => ({
    name,
    content: expands ? textOf(at, content, 'heredoc') : content,
  }));
}

function textsOf(at: Compiling, instruction: TransferInstruction): KeyInput[] {
  return heredocsOf(at, instruction).map(({ name, content }) => ({ kind: 'text', name, content }));
}

/** `path` ends in `/` where it must be a folder; the text keeps a final `/.` too (`util/system/path.go:NormalizePath`). */
function destinationOf(
  at: Compiling,
  { destination }: TransferInstruction,
): { text: string; path: string | undefined } {
  const written = destination?.text ?? '';
  const path = pathOf(at, written);
  const value = expand(at, written);
  if (value === undefined) return { text: textOf(at, written), path: undefined };
  const end = value.endsWith('/') || value === '.' || value === '' ? '/' : value.endsWith('/.') ? '/.' : '';
  const text = `${path === '/' ? '' : (path ?? textOf(at, written))}${end}` || '/';
  return { text, path: path === undefined || end === '' || path === '/' ? path : `${path}/` };
}

/** Local archives unless `--unpack=false`, those behind a URL only with `--unpack`; what a heredoc makes never. */
function unpacks(keyword: 'COPY' | 'ADD', flags: Flags, files: readonly Input[]): boolean {
  const flag = flags.get('unpack')?.[0];
  const has = (kind: Input['origin']['kind']) => files.some(({ origin }) => origin.kind === kind);
  return keyword === 'ADD' && ((flag !== 'false' && has('context')) || (flag === 'true' && has('remote')));
}

function optionsOf(at: Compiling, { keyword }: TransferInstruction, flags: Flags, files: readonly Input[]): KeyInput[] {
  const found: KeyInput[] = [];
  for (const name of ['chown', 'chmod']) {
    const value = flags.get(name)?.[0];
    if (value === undefined) continue;
    const text = textOf(at, value);
    found.push({ kind: 'option', name, value: name === 'chmod' ? normalMode(text) : text });
  }
  for (const value of flags.get('exclude') ?? []) found.push({ kind: 'option', name: 'exclude', value });
  if (flags.has('parents')) found.push({ kind: 'option', name: 'parents', value: 'true' });
  if (unpacks(keyword, flags, files)) found.push({ kind: 'option', name: 'unpack archives', value: 'true' });
  return found;
}

/** Octal modes are numbers: 755 and 0755 are one; symbolic ones are text. */
function normalMode(mode: string): string {
  return /^[0-7]+$/.test(mode) ? Number.parseInt(mode, 8).toString(8) : mode;
}

/** Which inputs are one: several sources of one origin, or what the copy is made on. */
function shapeOf(files: readonly Input[], base: readonly string[]): string {
  const known = [...base];
  return files
    .map(({ origin }) => {
      const key = originKey(origin);
      if (!known.includes(key)) known.push(key);
      return known.indexOf(key);
    })
    .join(' ');
}
