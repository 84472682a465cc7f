import type { Dice } from './generate-dice.js';
import type { Draft, DraftMaker, Stage } from './generate-draft.js';

/** Changes a build: files, modes, arguments, the target, images, the ignore file, the Dockerfile. */
export class Changer {
  readonly #dice: Dice;
  readonly #maker: DraftMaker;

  constructor(dice: Dice, maker: DraftMaker) {
    this.#dice = dice;
    this.#maker = maker;
  }

  /** Gives its kind. */
  change(draft: Draft): string {
    const kind = this.#dice.next() % 100;
    if (kind < 22) return this.#editFile(draft);
    if (kind < 30) return this.#addFile(draft);
    if (kind < 36) return this.#deleteFile(draft);
    if (kind < 41) return this.#renameFile(draft);
    if (kind < 48) return this.#modeOf(draft);
    if (kind < 53) {
      draft.files['.dockerignore'] = this.#dice.chance(20) ? undefined : this.#maker.ignoreFile();
      return 'ignore';
    }
    if (kind < 60) {
      draft.args[this.#dice.one(['ONE', 'TWO', 'THREE', 'OTHER', 'HTTP_PROXY'])] = this.#dice.one(['1', 'x', 'y']);
      return 'arg';
    }
    if (kind < 63) {
      this.#maker.retarget(draft);
      return 'target';
    }
    if (kind < 66) return 'moved';
    if (kind < 67) {
      draft.args.SOURCE_DATE_EPOCH = String(this.#dice.next() % 1000);
      return 'epoch';
    }
    return this.#editDockerfile(draft);
  }

  #filesOf({ files }: Draft): string[] {
    return Object.keys(files).filter(
      (path) => files[path] !== undefined && !path.endsWith('/') && path !== '.dockerignore',
    );
  }

  #editFile(draft: Draft): string {
    const path = this.#dice.one(this.#filesOf(draft));
    const file = draft.files[path];
    if (typeof file === 'object' && 'link' in file && file.link !== undefined) {
      draft.files[path] = {
        link: path.startsWith('d/') ? this.#dice.one(['x', 'y']) : this.#dice.one(['a.txt', 'b.txt', 'd/x']),
      };
      return 'relink';
    }
    draft.files[path] = typeof file === 'object' ? { ...file, text: 'new' } : 'new';
    return 'edit';
  }

  #addFile(draft: Draft): string {
    const path = this.#dice.one(['c.txt', 'd/new', 'e/new', 'd/s/new', 'd/more/', 'f/x', 'd/a.txt', 'e/y']);
    draft.files[path] = path.endsWith('/') ? '' : this.#dice.one(['new', 'a.txt', 'd/x']);
    return 'add';
  }

  #deleteFile(draft: Draft): string {
    draft.files[this.#dice.one(['d/y', 'd/s/z', 'd/link', 'e/empty/', 'b.txt', 'd/x'])] = undefined;
    return 'delete';
  }

  #renameFile(draft: Draft): string {
    const [from, to] = this.#dice.one([
      ...[
        ['d/y', 'd/v'],
        ['d/s/z', 'd/s/q'],
        ['d/y', 'e/y'],
        ['a.txt', 'a2.txt'],
        ['d/x', 'd/s/x'],
      ],
      ...[
        ['b.txt', 'd/b.txt'],
        ['d/s/z', 'd/z'],
      ],
    ]) as [string, string];
    draft.files[to] = draft.files[from];
    draft.files[from] = undefined;
    return 'rename';
  }

  #modeOf(draft: Draft): string {
    const path = this.#dice.one(['a.txt', 'd/x', 'd/s/z', 'run.sh', 'd/', 'd/s/', 'e/']);
    const mode = this.#dice.one([0o600, 0o755, 0o700, 0o644]);
    const file = draft.files[path];
    if (path.endsWith('/')) draft.files[path] = { mode: mode | 0o500 };
    else if (typeof file === 'string') draft.files[path] = { text: file, mode };
    else if (file && 'link' in file && file.link === undefined) draft.files[path] = { ...file, mode };
    return 'mode';
  }

  #editDockerfile(draft: Draft): string {
    const stage = this.#dice.one(draft.stages);
    const index = this.#dice.next() % Math.max(1, stage.lines.length);
    const first = stage.base === 'scratch' ? 1 : 0;
    const context: Draft = { ...draft, stages: draft.stages.slice(0, draft.stages.indexOf(stage)) };
    const kind = this.#dice.next() % 12;
    if (kind < 3) {
      stage.lines.splice(Math.max(first, index), 0, ...this.#maker.instruction(context, stage));
      return 'insert';
    }
    if (kind < 5 && stage.lines.length > first) {
      stage.lines.splice(Math.max(first, index), 1);
      return 'remove';
    }
    if (kind < 7 && stage.lines.length > first + 1) {
      const at = Math.max(first + 1, index);
      const [one, other] = [stage.lines[at - 1], stage.lines[at]];
      if (one !== undefined && other !== undefined) stage.lines.splice(at - 1, 2, other, one);
      return 'swap';
    }
    if (kind < 10 && stage.lines.length > first) {
      stage.lines.splice(Math.max(first, index), 1, ...this.#maker.instruction(context, stage));
      return 'replace';
    }
    if (kind < 11 && stage.base.startsWith('base:')) {
      stage.base = stage.base === 'base:1' ? 'base:2' : 'base:1';
      return 'base';
    }
    return this.#retext(draft, stage);
  }

  /** Edits that must not matter, or hardly. */
  #retext(draft: Draft, stage: Stage): string {
    const kind = this.#dice.next() % 3;
    if (kind === 0) stage.lines.push('# a comment');
    else if (kind === 1) stage.lines = stage.lines.map((line) => line.replace(/^RUN /, 'run '));
    else if (stage.name !== undefined) {
      const [old, now] = [stage.name, `${stage.name}-new`];
      stage.name = now;
      for (const one of draft.stages) {
        if (one.base === old) one.base = now;
        one.lines = one.lines.map((line) =>
          line.replaceAll(`from=${old} `, `from=${now} `).replaceAll(`from=${old},`, `from=${now},`),
        );
      }
      if (draft.target === old) draft.target = now;
    }
    return 'retext';
  }
}
