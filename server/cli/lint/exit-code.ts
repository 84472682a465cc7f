import type { FileResult } from '../../core/engine.js';
import type { Severity } from '../../core/finding.js';
import type { ExitCode } from '../io.js';
import type { Threshold } from './lint-options.js';

const ranks: Readonly<Record<Severity, number>> = { info: 1, warning: 2, error: 3 };

/** 0 or 1 by what was found; 2 where a config has mistakes, for then what was found is not what was asked for. */
export function exitCodeOf(results: readonly FileResult[], { failOn, maxWarnings }: Threshold): ExitCode {
  if (results.some(({ kind, findings }) => kind === 'config' && findings.some(({ severity }) => severity === 'error')))
    return 2;
  const severities = results.flatMap(({ findings }) => findings.map(({ severity }) => severity));
  const limit = failOn === undefined ? Number.POSITIVE_INFINITY : ranks[failOn];
  if (severities.some((severity) => ranks[severity] >= limit)) return 1;
  const warnings = severities.filter((severity) => severity === 'warning').length;
  return maxWarnings !== undefined && warnings > maxWarnings ? 1 : 0;
}
