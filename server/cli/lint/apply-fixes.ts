import type { FoundFile } from '../../project/discover.js';
import { writeAtomically } from '../../project/files.js';
import { unifiedDiff } from '../../report/diff.js';
import type { Io } from '../io.js';
import { shownPath } from '../shown-path.js';
import { FixPlan } from './fix-plan.js';
import type { FixOptions } from './lint-options.js';
import type { TargetReader } from './read-targets.js';

export interface FixReport {
  /** The diff, or the new text of standard input; undefined where standard output is left to the report. */
  readonly stdout: string | undefined;
  /** What standard input has become. */
  readonly stdinText: string | undefined;
  readonly notes: readonly string[];
  /** Files that could not be written. */
  readonly errors: readonly string[];
}

/**
 * Mends the files, or tells how they would be mended. Files that cannot be read are left to the linting to report. `given` is
 * what standard input has.
 */
export async function applyFixes(
  files: readonly FoundFile[],
  reader: TargetReader,
  fix: FixOptions,
  { stdinFilename, given }: { stdinFilename: string | undefined; given: string | undefined },
  io: Io,
): Promise<FixReport> {
  const plan = new FixPlan(fix);
  for (const found of files) {
    const target = await reader.read(found);
    if (!('error' in target)) plan.add(target);
  }
  if (fix.mode === 'diff') {
    const diffs = plan.files.map(({ file, before, after }) =>
      unifiedDiff(file === undefined ? (stdinFilename ?? 'Dockerfile') : shownPath(io.cwd, file), before, after),
    );
    return {
      stdout: diffs.join(''),
      stdinText: undefined,
      notes: [...plan.notes, `Would fix ${plan.summary}`],
      errors: [],
    };
  }
  const errors: string[] = [];
  for (const { file, before, after } of plan.files) {
    const failure = file === undefined ? undefined : writeAtomically(file, after, before);
    if (file !== undefined && failure) errors.push(`${shownPath(io.cwd, file)}: not fixed: ${failure.error}`);
  }
  const stdinText = plan.files.find(({ file }) => file === undefined)?.after ?? given;
  const notes = [...plan.notes, ...(errors.length === 0 ? [`Fixed ${plan.summary}`] : [])];
  return { stdout: stdinText, stdinText, notes, errors };
}
