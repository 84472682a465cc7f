/** What a matrix gives one job: name → value; `unknown` for a name whose values are not written down. */
export type MatrixValues = ReadonlyMap<string, unknown>;

export const unknown: unique symbol = Symbol('unknown');

/** GitHub makes at most so many jobs of a matrix. */
const MOST_JOBS = 256;

/**
 * The jobs of a literal matrix; one without values where there is none, undefined where an expression makes it
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategymatrix).
 */
export function matrixJobs(matrix: unknown): readonly MatrixValues[] | undefined {
  if (matrix === undefined || matrix === null) return [new Map()];
  if (typeof matrix !== 'object' || Array.isArray(matrix)) return undefined;
  const { include = [], exclude = [], ...axes } = matrix as Readonly<Record<string, unknown>>;
  if (!Array.isArray(include) || !Array.isArray(exclude)) return undefined;
  const product = productOf(axes);
  if (!product) return undefined;
  const kept = product.filter((job) => !exclude.some((one) => matches(job, entries(one))));
  return withIncluded(kept, include.map(entries));
}

function productOf(axes: Readonly<Record<string, unknown>>): MatrixValues[] | undefined {
  const names = Object.entries(axes);
  if (names.length === 0) return [];
  let jobs: MatrixValues[] = [new Map()];
  for (const [name, values] of names) {
    const list = Array.isArray(values) ? values : [unknown];
    if (jobs.length * list.length > MOST_JOBS) return undefined;
    jobs = jobs.flatMap((job) => list.map((value) => new Map([...job, [name, value]])));
  }
  return jobs;
}

/** An entry is added to the jobs of which it changes no value; where there is none, it is a job of its own. */
function withIncluded(product: readonly MatrixValues[], included: readonly MatrixValues[]): readonly MatrixValues[] {
  const jobs = product.map((values) => ({ values, original: values }));
  const own: MatrixValues[] = [];
  for (const entry of included) {
    const hosts = jobs.filter(({ original }) => [...entry].every(([key, value]) => fitsIn(original, key, value)));
    for (const host of hosts) host.values = new Map([...host.values, ...entry]);
    if (hosts.length === 0) own.push(entry);
  }
  return [...jobs.map(({ values }) => values), ...own].slice(0, MOST_JOBS);
}

function fitsIn(job: MatrixValues, key: string, value: unknown): boolean {
  return !job.has(key) || job.get(key) === unknown || isSame(job.get(key), value);
}

function matches(job: MatrixValues, pattern: MatrixValues): boolean {
  return [...pattern].every(([key, value]) => isSame(job.get(key), value));
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function entries(value: unknown): MatrixValues {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
