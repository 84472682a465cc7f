import type { FileResult } from '../../core/engine.js';
import type { Severity } from '../../core/finding.js';
import type { ExitCode } from '../io.js';
import type { Threshold } from './lint-options.js';

const ranks: Readonly<Record<Severity, number>> = { info: 1, warning: 2, error: 3 };

/** 0 or 1 by what was found; 2 is for jobs that could not be done. */
export function exitCodeOf(results: readonly FileResult[], { failOn, maxWarnings }: Threshold): ExitCode {
  const severities = results.flatMap(({ findings }) => findings.map(({ severity }) => severity));
  const limit = failOn === undefined ? Number.POSITIVE_INFINITY : ranks[failOn];
  if (severities.some((severity) => ranks[severity] >= limit)) return 1;
  const warnings = severities.filter((severity) => severity === 'warning').length;
  return maxWarnings !== undefined && warnings > maxWarnings ? 1 : 0;
}
