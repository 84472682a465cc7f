import path from 'node:path';
import { fixSource } from '../../core/fix.js';
import type { Target } from '../../project/target.js';
import { countOf, listOf } from '../../report/report.js';
import type { FixOptions } from './lint-options.js';

/** One file before and after; `before` is undefined for a file that is created. */
export interface PlannedFile {
  /** Absolute; undefined for standard input. */
  readonly file: string | undefined;
  readonly before: string | undefined;
  readonly after: string;
}

type ContextWith = NonNullable<Target['source']['contextWith']>;

/**
 * Mends targets one after the other, in memory only. Each sees what the ones before it changed, so two Dockerfiles that
 * create the same ignore file do not undo each other.
 */
export class FixPlan {
  readonly #options: FixOptions;
  readonly #planned = new Map<string, PlannedFile>();
  readonly #notes = new Set<string>();
  #applied = 0;

  constructor(options: FixOptions) {
    this.#options = options;
  }

  /** Tells whether files other than the target have changed, which those already mended may have to do with. */
  add({ file, source, config, root }: Target): boolean {
    const { unsafe, only } = this.#options;
    const key = file ?? '-';
    const text = this.#planned.get(key)?.after ?? source.text;
    const changes = this.#changesBelow(root);
    const given = source.contextWith;
    const contextWith: ContextWith | undefined = given && ((files) => given(new Map([...changes, ...files])));
    const context = changes.size > 0 && given ? given(changes) : source.context;
    const current = { ...source, text, context, ...(contextWith ? { contextWith } : {}) };
    const outcome = fixSource(current, config, { unsafe, ...(only ? { only } : {}) });
    if (outcome.unsettled.length > 0) {
      this.#notes.add(
        `${source.path}: left as it is, because fixes of ${listOf(outcome.unsettled)} undo each other; please report this`,
      );
      return false;
    }
    this.#applied += outcome.applied.length;
    this.#put(key, file, source.text, outcome.text);
    let touchedOthers = false;
    for (const [inner, after] of outcome.others) {
      const other = path.join(root ?? '', inner);
      touchedOthers ||= (this.textOf(other) ?? source.context?.read(inner)) !== after;
      this.#put(other, other, source.context?.read(inner), after);
    }
    return touchedOthers;
  }

  /** What a file (absolute) is to become; undefined where nothing is planned for it. */
  textOf(file: string): string | undefined {
    return this.#planned.get(file)?.after;
  }

  /** Only files that change, in the order in which they were reached. */
  get files(): readonly PlannedFile[] {
    return [...this.#planned.values()].filter(({ before, after }) => before !== after);
  }

  /** For the user: files that had to be left as they are. */
  get notes(): readonly string[] {
    return [...this.#notes];
  }

  /** `3 findings in 2 files`; undefined where there is nothing to fix. */
  get summary(): string | undefined {
    const files = this.files.length;
    return files === 0 ? undefined : `${countOf(this.#applied, 'finding')} in ${countOf(files, 'file')}`;
  }

  #put(key: string, file: string | undefined, before: string | undefined, after: string): void {
    const known = this.#planned.get(key);
    this.#planned.set(key, { file, before: known ? known.before : before, after });
  }

  /** Planned texts of the files of a context, by their path in it. */
  #changesBelow(root: string | undefined): Map<string, string> {
    const changes = new Map<string, string>();
    for (const { file, after } of root === undefined ? [] : this.files) {
      const inner =
        file === undefined
          ? '..'
          : path
              .relative(root ?? '', file)
              .split(path.sep)
              .join('/');
      if (inner !== '..' && !inner.startsWith('../') && !path.isAbsolute(inner)) changes.set(inner, after);
    }
    return changes;
  }
}
