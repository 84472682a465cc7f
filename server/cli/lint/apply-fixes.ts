import path from 'node:path';
import type { FoundFile } from '../../project/discover.js';
import { kindOfName } from '../../project/dockerfile-name.js';
import { writeAtomically } from '../../project/files.js';
import { shownPath } from '../../project/shown-path.js';
import { unifiedDiff } from '../../report/diff.js';
import type { Io } from '../io.js';
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

export interface FixSetting {
  readonly stdinFilename: string | undefined;
  /** What standard input has. */
  readonly given: string | undefined;
  /** Whether a file (absolute) that a fix creates is one of those to be linted. */
  isWanted(file: string): boolean;
}

const noFix = 'Nothing to fix';

/** A fix that changes other files may call for further ones; more rounds than this are never needed. */
const maxRounds = 5;

/**
 * Mends the files, or tells how they would be mended. Files that cannot be read are left to the linting to report.
 */
export async function applyFixes(
  files: readonly FoundFile[],
  reader: TargetReader,
  fix: FixOptions,
  { stdinFilename, given, isWanted }: FixSetting,
  io: Io,
): Promise<FixReport> {
  const plan = await planFixes(files, reader, fix, isWanted);
  if (fix.mode === 'diff') {
    const diffs = plan.files.map(({ file, before, after }) =>
      unifiedDiff(file === undefined ? (stdinFilename ?? 'Dockerfile') : shownPath(io.cwd, file), before, after),
    );
    return {
      stdout: diffs.join(''),
      stdinText: undefined,
      notes: [...plan.notes, plan.summary === undefined ? noFix : `Would fix ${plan.summary}`],
      errors: [],
    };
  }
  const errors: string[] = [];
  for (const { file, before, after } of plan.files) {
    const failure = file === undefined ? undefined : writeAtomically(file, after, before);
    if (file !== undefined && failure) errors.push(`${shownPath(io.cwd, file)}: not fixed: ${failure.error}`);
  }
  const stdinText = plan.files.find(({ file }) => file === undefined)?.after ?? given;
  const done = plan.summary === undefined ? noFix : `Fixed ${plan.summary}`;
  const notes = [...plan.notes, ...(errors.length === 0 ? [done] : [])];
  return { stdout: stdinText, stdinText, notes, errors };
}

async function planFixes(
  files: readonly FoundFile[],
  reader: TargetReader,
  fix: FixOptions,
  isWanted: (file: string) => boolean,
): Promise<FixPlan> {
  const plan = new FixPlan(fix);
  let created: readonly FoundFile[] = [];
  for (let round = 0, again = true; again && round < maxRounds; round++) {
    again = false;
    for (const found of [...files, ...created]) {
      const target = await reader.read(found, created.includes(found) ? plan.textOf(found.path) : undefined);
      if (!('error' in target) && plan.add(target)) again = true;
    }
    created = plan.files.flatMap(({ file, before }) => {
      const kind = file === undefined ? undefined : kindOfName(path.basename(file));
      return file !== undefined && before === undefined && kind && kind !== 'perhaps' && isWanted(file)
        ? [{ path: file, kind }]
        : [];
    });
  }
  return plan;
}
