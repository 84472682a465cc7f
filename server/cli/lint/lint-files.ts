import type { FileResult } from '../../core/engine.js';
import { lintSource } from '../../core/engine.js';
import type { FoundFile } from '../../project/discover.js';
import type { LoadedConfig } from '../../project/load-config.js';
import { shownPath } from '../../project/shown-path.js';
import type { Target } from '../../project/target.js';
import type { Io } from '../io.js';
import type { TargetReader } from './read-targets.js';

/** Where a linted file and its context are; absolute paths, undefined for standard input and where there is no context. */
export type Place = Pick<Target, 'file' | 'root'>;

export interface Linted {
  readonly results: readonly FileResult[];
  /** By the path of the result. */
  readonly places: ReadonlyMap<string, Place>;
  /** Every config that was asked. */
  readonly configs: ReadonlySet<LoadedConfig>;
  /** Files that could not be read. */
  readonly errors: readonly string[];
  /** For `--verbose`, else empty. */
  readonly notes: readonly string[];
}

/** From here on memory and throughput count. */
const manyFiles = 200;

/** After so many the young generation is as large as it has to be. */
const warmFiles = 50;

/** Below this many files nobody has to wait. */
const progressFrom = 50;

/** Lints files one after the other; one that cannot be read does not stop the rest. */
export async function lintFiles(
  files: readonly FoundFile[],
  reader: TargetReader,
  io: Io,
  { quiet, verbose }: { readonly quiet: boolean; readonly verbose: boolean },
): Promise<Linted> {
  const results: FileResult[] = [];
  const places = new Map<string, Place>();
  const configs = new Set<LoadedConfig>();
  const errors: string[] = [];
  const notes: string[] = [];
  const progress = progressOn(io, quiet, files.length);
  if (files.length >= manyFiles) tuneMachine();
  for (const [index, found] of files.entries()) {
    progress(index);
    if (index === warmFiles && files.length >= manyFiles) keepYoungSmall();
    const target = await reader.read(found);
    if ('error' in target) {
      errors.push(target.error);
      continue;
    }
    const result = lintSource(target.source, target.config, target.parsed);
    results.push(result);
    places.set(result.path, { file: target.file, root: target.root });
    configs.add(target.loaded);
    if (verbose) notes.push(...verboseNotes(target, result, io.cwd));
  }
  progress(undefined);
  return { results, places, configs, errors: [...errors, ...configErrors(configs)], notes };
}

/**
 * Left to itself, V8 lets the heap grow to several times what is alive: the first flag and `keepYoungSmall` take a quarter off the peak
 * for hardly any time. It puts trees among what lives long (the second), and Node 20's spends as long on optimizing as the whole run
 * takes: the last makes it wait until a function is really hot. (Not `--single-threaded-gc`: V8 dies of it in a running process.)
 */
function tuneMachine(): void {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString('--heap-growing-percent=60');
  setFlagsFromString('--no-allocation-site-pretenuring');
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=1000000');
}

/** The space for young objects has 4 MB by now; from the start on it would stay at 2 MB, and be collected twice as often. */
function keepYoungSmall(): void {
  process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
}

/** Tells the terminal how far it is, ten times a second at most; `undefined` clears the line. */
function progressOn(io: Io, quiet: boolean, total: number): (done: number | undefined) => void {
  if (!io.stderrIsTerminal || quiet || total < progressFrom) return () => {};
  let shown = 0;
  return (done) => {
    if (done === undefined) io.progress(undefined);
    else if (Date.now() - shown >= 100) {
      shown = Date.now();
      io.progress(`Linting ${done} of ${total} files`);
    }
  };
}

function verboseNotes({ source, loaded, note }: Target, { path, skipped }: FileResult, cwd: string): string[] {
  const config = loaded.path === undefined ? 'no config' : `config ${shownPath(cwd, loaded.path)}`;
  const { context } = source;
  const place = context
    ? `context ${context.name} (${context.origin}${context.plausible ? '' : ', uncertain'})`
    : 'no context';
  return [
    `${path}: ${place}, ${config}`,
    ...(note === undefined ? [] : [`${path}: ${note}`]),
    ...skipped.map(({ rule, reason }) => `${path}: skipped ${rule}: ${reason}`),
  ];
}

function configErrors(configs: ReadonlySet<LoadedConfig>): string[] {
  return [...new Set([...configs].flatMap(({ errors }) => errors))];
}
