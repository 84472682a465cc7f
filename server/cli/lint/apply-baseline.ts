import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FileResult } from '../../core/engine.js';
import type { Baseline, BaselineEntry } from '../../project/baseline.js';
import { formatBaseline, matchBaseline, parseBaseline } from '../../project/baseline.js';
import { fileErrorText } from '../../project/file-error.js';
import { fingerprintsOf } from '../../report/fingerprint.js';
import { countOf } from '../../report/report.js';
import { CliError } from '../io.js';
import type { LintOptions } from './lint-options.js';

export interface BaselineOutcome {
  /** Findings that the baseline lists are suppressed. */
  readonly results: readonly FileResult[];
  /** For stderr. */
  readonly notes: readonly string[];
}

/**
 * Hides the findings that the baseline lists; with `update` rewrites it first. Paths in it are relative to its folder, so it
 * holds from wherever the command is run.
 */
export function applyBaseline(
  results: readonly FileResult[],
  { baseline: options, only, since }: Pick<LintOptions, 'baseline' | 'only' | 'since'>,
  cwd: string,
): BaselineOutcome {
  if (!options) return { results, notes: [] };
  const file = path.resolve(cwd, options.file);
  const folder = path.dirname(file);
  const pathOf = (result: FileResult) =>
    path.relative(folder, path.resolve(cwd, result.path)).split(path.sep).join('/');
  const old = readBaseline(file, options.file, options.update);
  const notes: string[] = [];
  let baseline = old;
  if (options.update) {
    const found = results.flatMap((result) => entriesOf(result, pathOf(result)));
    const linted = new Set(results.map(pathOf));
    const kept = old.filter(({ path: entry, rule }) =>
      linted.has(entry) ? only !== undefined && !only.has(rule) : existsSync(path.join(folder, entry)),
    );
    baseline = writeBaseline(file, options.file, [...kept, ...found.map((entry) => ({ ...entry, count: 1 }))]);
    notes.push(`Baseline ${options.file}: ${countOf(sum(baseline), 'finding')}, before ${sum(old)}`);
  }
  const matcher = matchBaseline(baseline);
  const hidden = results.map((result) => hideListed(result, pathOf(result), matcher.take));
  const stale =
    only || since !== undefined ? 0 : results.reduce((count, result) => count + matcher.left(pathOf(result)), 0);
  if (stale > 0) {
    notes.push(
      `Baseline ${options.file} lists ${countOf(stale, 'finding')} that no longer occur${stale === 1 ? 's' : ''}; --update-baseline drops what is gone`,
    );
  }
  return { results: hidden, notes };
}

function readBaseline(file: string, shown: string, mayBeMissing: boolean): Baseline {
  if (mayBeMissing && !existsSync(file)) return [];
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CliError(`--baseline ${shown}: ${fileErrorText(error)}; --update-baseline writes it`);
  }
  const baseline = parseBaseline(text);
  if ('error' in baseline) throw new CliError(`--baseline ${shown} ${baseline.error}`);
  return baseline;
}

function writeBaseline(file: string, shown: string, entries: Baseline): Baseline {
  const text = formatBaseline(entries);
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CliError(`--baseline ${shown}: ${fileErrorText(error)}`);
  }
  return entries;
}

/** Mistakes of the config are never hidden. */
function entriesOf(result: FileResult, shown: string): BaselineEntry[] {
  if (result.kind === 'config') return [];
  const prints = fingerprintsOf(result);
  return result.findings.map((finding) => ({
    path: shown,
    rule: finding.rule,
    fingerprint: (prints.get(finding) ?? '').replace(/:\d+$/, ''),
  }));
}

function hideListed(result: FileResult, shown: string, take: (entry: BaselineEntry) => boolean): FileResult {
  const entries = entriesOf(result, shown);
  const listed = new Set(result.findings.filter((_, index) => entries[index] && take(entries[index])));
  if (listed.size === 0) return result;
  const suppressed = [...listed].map((finding) => ({ finding, by: 'baseline' as const, reason: undefined }));
  return {
    ...result,
    findings: result.findings.filter((finding) => !listed.has(finding)),
    suppressed: [...result.suppressed, ...suppressed],
  };
}

function sum(baseline: Baseline): number {
  return baseline.reduce((count, entry) => count + entry.count, 0);
}
