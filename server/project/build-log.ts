import type { MeasuredStep } from '../cache/measures.js';
import { normalStepText } from '../cache/step-text.js';
import { readBuildRecord } from './build-record.js';

/** What one line or message of a log says of a step. */
export interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  /** Of one stretch of work, milliseconds since 1970; undefined where it has not begun or ended. */
  readonly started: number | undefined;
  readonly completed: number | undefined;
  readonly failed: boolean;
}

export interface BuildLog {
  readonly format: 'rawjson' | 'plain' | 'record';
  /** Steps that were run, in the order of the log; each with one time. */
  readonly steps: readonly MeasuredStep[];
  /** Steps that came from the cache: there is no time to learn from. */
  readonly cached: number;
}

/**
 * Reads a log of BuildKit: `docker buildx build --progress=rawjson` or `plain` (also as CI systems store them, with times in front
 * of each line), `docker buildx history logs`, or a record that `docker buildx history export` wrote. Undefined where it is none.
 */
export function readBuildLog(bytes: Uint8Array): BuildLog | undefined {
  const record = readBuildRecord(bytes);
  if (record) return logOf('record', record);
  const text = Buffer.from(bytes).toString('utf8').replace(ANSI, '');
  const vertices = readRawJson(text);
  if (vertices.length > 0) return logOf('rawjson', vertices);
  return readPlain(text);
}

const ANSI = /\x1b\[[0-9;?]*[A-Za-z]/g;

/** `[build 2/5] RUN npm ci`; with several platforms `[linux/amd64 build 2/5]`. */
const STEP = /^\[(?:[\w]+\/[\w/]+ )?(?:(.*) )?\d+\/\d+\] (.*)$/;

function stepOf(name: string, seconds: number): MeasuredStep | undefined {
  const [, stage, text = ''] = STEP.exec(name.replace(/\s+/g, ' ')) ?? [];
  if (!/^(?:RUN|COPY|ADD|WORKDIR) /.test(text)) return undefined;
  return { stage, text: normalStepText(text), seconds: [seconds] };
}

function readRawJson(text: string): Vertex[] {
  const vertices: Vertex[] = [];
  for (const line of text.split('\n')) {
    const start = line.indexOf('{"');
    if (start === -1) continue;
    const message = parseJson(line.slice(start));
    const list = isRecord(message) ? message.vertexes : undefined;
    if (Array.isArray(list)) for (const one of list) if (isRecord(one)) vertices.push(vertexOf(one));
  }
  return vertices;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function vertexOf(one: Readonly<Record<string, unknown>>): Vertex {
  const time = (value: unknown) => {
    const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return Number.isNaN(parsed) ? undefined : parsed;
  };
  return {
    digest: String(one.digest),
    name: typeof one.name === 'string' ? one.name : '',
    cached: one.cached === true,
    started: time(one.started),
    completed: time(one.completed),
    failed: typeof one.error === 'string' && one.error !== '',
  };
}

/** A step is told of again and again; it may pause and go on. */
function logOf(format: BuildLog['format'], vertices: readonly Vertex[]): BuildLog {
  const byDigest = new Map<string, { name: string; cached: boolean; failed: boolean; spells: Map<number, number> }>();
  for (const { digest, name, cached, failed, started, completed } of vertices) {
    const known = byDigest.get(digest) ?? { name, cached: false, failed: false, spells: new Map<number, number>() };
    byDigest.set(digest, known);
    known.cached ||= cached;
    known.failed ||= failed;
    if (started !== undefined && completed !== undefined) known.spells.set(started, completed);
  }
  const steps: MeasuredStep[] = [];
  let count = 0;
  for (const { name, cached, failed, spells } of byDigest.values()) {
    const milliseconds = [...spells].reduce((sum, [started, completed]) => sum + Math.max(completed - started, 0), 0);
    const step = stepOf(name, Math.round(milliseconds) / 1000);
    if (step && cached) count++;
    else if (step && !failed && spells.size > 0) steps.push(step);
  }
  return { format, steps, cached: count };
}

/** `#9 [build 4/6] RUN make`, later `#9 DONE 1.2s` or `#9 CACHED`; anything may stand in front of the `#`. */
const PLAIN = /(?:^|[\sZ|])#(\d+) (?:(\[.*)|DONE (\d+(?:\.\d+)?)s|(CACHED)|ERROR\b.*)\s*$/;

function readPlain(text: string): BuildLog | undefined {
  const names = new Map<string, string>();
  const steps: MeasuredStep[] = [];
  let cached = 0;
  let found = false;
  for (const line of text.split('\n')) {
    const [, number = '', name, seconds, hit] = PLAIN.exec(line.slice(0, 100_000)) ?? [];
    if (name !== undefined) {
      names.set(number, name.trimEnd());
      found = true;
      continue;
    }
    const step = stepOf(names.get(number) ?? '', Number(seconds ?? 0));
    if (!step) continue;
    if (hit !== undefined) cached++;
    else if (seconds !== undefined) steps.push(step);
    names.delete(number);
  }
  return found ? { format: 'plain', steps, cached } : undefined;
}
