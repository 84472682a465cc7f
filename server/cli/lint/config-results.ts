import type { FileResult } from '../../core/engine.js';
import type { Rule } from '../../core/rule.js';
import type { FileConfigs } from '../../project/file-configs.js';
import type { LoadedConfig } from '../../project/load-config.js';
import { shownPath } from '../../project/shown-path.js';

/** Mistakes of the configs that were used, as findings of `invalid-config`; each file once. */
export function configResults(
  loaded: Iterable<LoadedConfig>,
  configs: FileConfigs,
  rule: Rule | undefined,
  cwd: string,
): FileResult[] {
  const results = new Map<string, FileResult>();
  for (const { files } of loaded) {
    for (const { path, text, problems } of files) {
      const resolved = configs.resolved(path).rules.get('invalid-config');
      if (problems.length === 0 || results.has(path) || !resolved || !rule) continue;
      const severity = resolved.severity ?? rule.severity;
      const findings = problems.map(({ message, span }) => ({
        rule: rule.name,
        severity,
        message,
        span,
        evidence: [],
        fixes: [],
      }));
      results.set(path, { path: shownPath(cwd, path), text, kind: 'config', findings, suppressed: [], skipped: [] });
    }
  }
  return [...results.values()];
}
