import { filesTaken } from '../model/files-taken.js';
import type { ChainedStep } from './chained-plan.js';
import type { Comparison, Same } from './content.js';
import { sameInput } from './content.js';
import type { Input } from './plan.js';
import type { Side } from './side.js';

/**
 * What `--exclude` leaves out differs between versions of Buildah (1.43 matches its patterns from the root of the context, later
 * ones from the source too), and none has the flag in its key: where it may matter, the answer is not known.
 */
export function sameWithOptions(comparison: Comparison, before: Input, after: Input): Same {
  if (before.parents !== after.parents) return 'unknown';
  if (before.exclude.length === 0 && after.exclude.length === 0) return sameInput(comparison, before, after);
  const all = sameInput(comparison, { ...before, exclude: [] }, { ...after, exclude: [] });
  return all === 'yes' && JSON.stringify(before.exclude) === JSON.stringify(after.exclude) ? 'yes' : 'unknown';
}

/** Buildah sums what it has copied: a `--chmod` counts only as far as it changes a mode. */
export function sameModes({ after }: Comparison, before: ChainedStep, step: ChainedStep): Same {
  const [old, now] = [chmodOf(before), chmodOf(step)];
  if (old === now) return 'yes';
  if (old !== undefined && now !== undefined) return 'no';
  const mode = Number.parseInt(old ?? now ?? '', 8);
  let result: Same = 'yes';
  for (const { origin, paths, exclude, parents } of step.files) {
    const known = paths.filter((path) => path !== undefined);
    if (!after.context || origin.kind !== 'context' || known.length < paths.length || Number.isNaN(mode))
      return 'unknown';
    for (const entry of filesTaken(after.context, known, { exclude, parents }).entries) {
      if (entry.type === 'symlink' || entry.mode === mode) continue;
      if (entry.mode !== undefined) return 'no';
      result = 'unknown';
    }
  }
  return result;
}

/** Octal modes are numbers: 755 and 0755 are one. */
function chmodOf({ instruction }: ChainedStep): string | undefined {
  const value = instruction.flags.find(({ name }) => name === 'chmod')?.value;
  return value !== undefined && /^[0-7]+$/.test(value) ? Number.parseInt(value, 8).toString(8) : value;
}

/** Most ignored files of a bind mount that are compared one by one. */
const mostIgnored = 20_000;

/** Buildah mounts the context as it lies on disk: what the ignore file keeps from a COPY is in the sum of a mount. */
export function sameIgnored({ before, after }: Comparison, { paths: [path] }: Input): Same {
  if (path === undefined || before.context === after.context) return 'yes';
  const [old, now] = [ignoredFiles(before, path), ignoredFiles(after, path)];
  if (!old || !now) return 'unknown';
  return old.size === now.size && [...now].every(([name, content]) => old.get(name) === content) ? 'yes' : 'no';
}

function ignoredFiles({ context, identity }: Side, from: string): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  if (!context?.ignoreFile) return found;
  const sent = new Set<string>();
  for (const { path } of context.walk({ from })) sent.add(path);
  for (const { path, type, mode, link } of context.walk({ from, all: true })) {
    if (sent.has(path)) continue;
    const content = type === 'file' ? identity?.(path) : (link ?? '');
    if (content === undefined || found.size >= mostIgnored) return undefined;
    found.set(path, `${type} ${mode} ${content}`);
  }
  return found;
}
