/** One finding as a baseline knows it. */
export interface BaselineEntry {
  readonly path: string;
  readonly rule: string;
  /** Independent of line numbers: a hash of the rule and of the words it is about. */
  readonly fingerprint: string;
}

/** Findings that a project has decided to live with for now. Paths are relative to the baseline's folder, separator `/`. */
export type Baseline = readonly (BaselineEntry & { readonly count: number })[];

/** Reads a baseline; a text that is none yields the reason as a sentence. */
export function parseBaseline(text: string): Baseline | { readonly error: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: 'is not JSON' };
  }
  if (!isRecord(value) || !isRecord(value.files)) return { error: 'is not a baseline of Layerwise' };
  if (value.version !== 1)
    return { error: `has version ${JSON.stringify(value.version)}; this Layerwise reads version 1` };
  const entries: (BaselineEntry & { count: number })[] = [];
  for (const [path, rules] of Object.entries(value.files)) {
    for (const [rule, prints] of Object.entries(isRecord(rules) ? rules : {})) {
      for (const [fingerprint, count] of Object.entries(isRecord(prints) ? prints : {})) {
        if (typeof count === 'number' && count > 0) entries.push({ path, rule, fingerprint, count });
      }
    }
  }
  return entries;
}

/** Sorted, one finding a line, so that a change of the baseline reads well in a diff. Counts of equal entries are added up. */
export function formatBaseline(entries: Iterable<BaselineEntry & { readonly count?: number }>): string {
  // Without a prototype: a path or rule may be called __proto__.
  const files: Record<string, Record<string, Record<string, number>>> = Object.create(null);
  for (const { path, rule, fingerprint, count } of [...entries].sort(compareEntries)) {
    const rules = files[path] ?? Object.create(null);
    const prints = rules[rule] ?? Object.create(null);
    files[path] = rules;
    rules[rule] = prints;
    prints[fingerprint] = (prints[fingerprint] ?? 0) + (count ?? 1);
  }
  return `${JSON.stringify({ version: 1, files }, undefined, 2)}\n`;
}

/** Tells findings that the baseline lists from new ones: each entry covers as many as it counts. */
export interface BaselineMatcher {
  /** True where the finding is listed; asking uses the entry up. */
  take(entry: BaselineEntry): boolean;
  /** Entries of a file that nothing has used. */
  left(path: string): number;
}

export function matchBaseline(baseline: Baseline): BaselineMatcher {
  const byPath = new Map<string, Map<string, number>>();
  for (const { path, rule, fingerprint, count } of baseline) {
    const counts = byPath.get(path) ?? new Map<string, number>();
    byPath.set(path, counts.set(`${rule} ${fingerprint}`, count));
  }
  return {
    take: ({ path, rule, fingerprint }) => {
      const counts = byPath.get(path);
      const key = `${rule} ${fingerprint}`;
      const count = counts?.get(key) ?? 0;
      if (count > 0) counts?.set(key, count - 1);
      return count > 0;
    },
    left: (path) => [...(byPath.get(path)?.values() ?? [])].reduce((sum, count) => sum + count, 0),
  };
}

function compareEntries(a: BaselineEntry, b: BaselineEntry): number {
  return compare(a.path, b.path) || compare(a.rule, b.rule) || compare(a.fingerprint, b.fingerprint);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
