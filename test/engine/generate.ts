import fc from 'fast-check';
import type { Build, EngineCase, Tree, TreeFile } from './case.js';
import { rareInstruction } from './generate-options.js';

/** A build of one to four stages over a small tree, and any change to it. */
export const arbitraryCase: fc.Arbitrary<EngineCase> = cases(0);

/** The same, where one instruction in three has options that are rarer in practice. */
export const arbitraryRareCase: fc.Arbitrary<EngineCase> = cases(33);

function cases(rare: number): fc.Arbitrary<EngineCase> {
  return fc
    .array(fc.nat(0x7fff_ffff), { minLength: 400, maxLength: 400 })
    .map((numbers) => new Generator(numbers, rare).case());
}

interface Stage {
  name: string | undefined;
  base: string;
  lines: string[];
  /** Paths that are there at its end, as far as the generator knows. */
  readonly paths: string[];
  readonly folders: string[];
  shell: boolean;
}

type Draft = {
  stages: Stage[];
  files: Record<string, TreeFile | undefined>;
  args: Record<string, string>;
  target?: string;
};

/** Turns a row of random numbers into a case. */
class Generator {
  readonly #numbers: readonly number[];
  #at = 0;
  #count = 0;
  /** In a hundred. */
  readonly #rare: number;

  constructor(numbers: readonly number[], rare: number) {
    this.#numbers = numbers;
    this.#rare = rare;
  }

  case(): EngineCase {
    const before = this.#draft();
    const after: Draft = structuredClone(before);
    const changes = this.#one([1, 1, 1, 2, 3]);
    const names = Array.from({ length: changes }, () => this.#change(after));
    const moved = names.includes('moved');
    return { name: names.join('+'), before: buildOf(before), after: buildOf(after), ...(moved ? { moved } : {}) };
  }

  #next(): number {
    return this.#numbers[this.#at++ % this.#numbers.length] ?? 0;
  }

  #one<T>(values: readonly T[]): T {
    const value = values[this.#next() % values.length];
    if (value === undefined) throw new Error('nothing to choose from');
    return value;
  }

  #chance(percent: number): boolean {
    return this.#next() % 100 < percent;
  }

  #draft(): Draft {
    const files: Record<string, TreeFile> = {};
    for (const path of ['a.txt', 'b.txt', 'd/x', 'd/y', 'd/s/z', 'e/x', 'run.sh']) {
      files[path] = path === 'run.sh' ? { text: 'run', mode: 0o755 } : path;
    }
    if (this.#chance(30)) files.link = { link: this.#one(['a.txt', 'd/x', 'b.txt']) };
    if (this.#chance(30)) files['d/link'] = { link: this.#one(['x', 'y', '../a.txt', 's/z']) };
    if (this.#chance(20)) files['folder-link'] = { link: 'd' };
    if (this.#chance(20)) files['e/empty/'] = '';
    if (this.#chance(40)) files['.dockerignore'] = this.#ignoreFile();
    const draft: Draft = { stages: [], files, args: {} };
    const count = this.#one([1, 1, 2, 2, 3, 4]);
    for (let index = 0; index < count; index++) draft.stages.push(this.#stage(draft, index));
    if (this.#chance(40)) draft.args.ONE = 'first';
    if (this.#chance(15)) this.#retarget(draft);
    return draft;
  }

  #retarget(draft: Draft): void {
    const { name } = this.#one(draft.stages);
    if (name !== undefined) draft.target = name;
  }

  #ignoreFile(): string {
    return this.#one([
      ...['b.txt\n', 'd\n', '*\n!a.txt\n!d\n!e\n!run.sh\n', 'd/y\n', '**/z\n', 'Dockerfile\n.dockerignore\n'],
      ...['d\n!d/x\n', '*\n!d/s\n!a.txt\n!e\n', '# nothing\n', 'd/*\n!d/s\n', '**/x\n!e/x\n'],
    ]);
  }

  #stage(draft: Draft, index: number): Stage {
    const earlier = draft.stages;
    const parent = earlier.length > 0 && this.#chance(30) ? this.#one(earlier) : undefined;
    const base = parent
      ? (parent.name ?? String(earlier.indexOf(parent)))
      : this.#one(['base:1', 'base:1', 'base:1', 'base:2', 'scratch']);
    const named = parent === undefined || parent.name !== undefined;
    const stage: Stage = {
      name: this.#chance(85) ? `s${index}` : undefined,
      base: named ? base : 'base:1',
      lines: [],
      paths: parent && named ? [...parent.paths] : base === 'scratch' ? [] : ['/etc/salt'],
      folders: parent && named ? [...parent.folders] : [],
      shell: parent && named ? parent.shell : base !== 'scratch',
    };
    if (base === 'scratch') {
      stage.lines.push(`COPY <<one /start\nSALT${index}\none`);
      stage.paths.push('/start');
    }
    const count = 1 + (this.#next() % 6);
    for (let line = 0; line < count; line++) stage.lines.push(...this.#instruction(draft, stage));
    return stage;
  }

  #instruction(draft: Draft, stage: Stage): string[] {
    if (this.#rare > 0 && this.#chance(this.#rare)) return [this.#rareInstruction(draft, stage)];
    const kind = this.#next() % 100;
    if (kind < 30) return [this.#copy(draft, stage)];
    if (kind < 48 && draft.stages.length > 0) return [this.#copyFrom(draft, stage)];
    if (kind < 74 && stage.shell) return [this.#run(draft, stage)];
    if (kind < 80) return [this.#workdir(stage)];
    return [this.#metadata(stage)];
  }

  #rareInstruction(draft: Draft, stage: Stage): string {
    const stages = draft.stages.map(({ name, paths }, index) => ({ reference: name ?? String(index), paths }));
    const named = stages.filter(({ reference }) => !/^\d/.test(reference));
    return rareInstruction({
      one: (values) => this.#one(values),
      number: ++this.#count,
      stages: named,
      hasShell: stage.shell,
    });
  }

  #copyFlags(): string {
    const flags = [
      this.#chance(25) ? '--link' : '',
      this.#chance(12) ? this.#one(['--chown=1:2', '--chown=3']) : '',
      this.#chance(10) ? this.#one(['--chmod=755', '--chmod=0600', '--chmod=0755']) : '',
    ];
    return flags.map((flag) => (flag ? `${flag} ` : '')).join('');
  }

  #copy(draft: Draft, stage: Stage): string {
    if (this.#chance(12)) return this.#heredocCopy(stage);
    const sources = Object.keys(draft.files).filter((path) => !path.endsWith('/') && !path.startsWith('.'));
    const source = this.#one([
      ...['a.txt', 'b.txt', 'd', 'd/', 'd/s', 'd/x', 'e', '.', '*.txt', 'd/*', '*', 'e*', '[ab].txt', '*/x', 'run.sh'],
      ...['a.txt b.txt', 'd e', 'a.txt d', 'b.txt d/x', 'd/* a.txt', 'd/s d'],
      ...[this.#one(sources), this.#one(sources)],
    ]);
    const exclude = this.#chance(12) ? `--exclude=${this.#one(['x', '*.txt', 's', '**/z', 'd/y', 'y'])} ` : '';
    const target = this.#target(stage, / |[*[]/.test(source));
    if (!/[ *[]/.test(source)) this.#remember(stage, draft, source, target);
    else if (source.includes('a.txt')) stage.paths.push(`${target}a.txt`.replace(/^(?!\/)/, '/w/'));
    return `${this.#one(['COPY', 'COPY', 'COPY', 'ADD'])} ${this.#copyFlags()}${exclude}${source} ${target}`;
  }

  #heredocCopy(stage: Stage): string {
    const name = this.#one(['one', 'two']);
    const target = this.#target(stage, false);
    stage.paths.push(target.endsWith('/') ? `${target}${name}` : target);
    return `COPY ${this.#chance(20) ? '--link ' : ''}<<${name} ${target}\nSALT ${this.#one(['1', '2', '$ONE'])}\n${name}`;
  }

  #target(_stage: Stage, several: boolean): string {
    const number = this.#next() % 4;
    const target = this.#one(['/t', '/t/', `/f${number}`, `/g/f${number}`, '/g/', `/g/h${number}/`, '/', '/etc/']);
    return several && !target.endsWith('/') ? `${target}/` : target;
  }

  #remember(stage: Stage, draft: Draft, source: string, target: string): void {
    const clean = source.replace(/\/$/, '');
    const isFolder = ['d', 'd/s', 'e', '.'].includes(clean);
    if (isFolder) {
      stage.folders.push(target === '/' ? '/t' : target.replace(/\/$/, ''));
      const inner = Object.keys(draft.files).find((path) => path.startsWith(`${clean}/`) && !path.endsWith('/'));
      if (inner) stage.paths.push(`${target.replace(/\/$/, '')}/${inner.slice(clean.length + 1)}`);
    } else stage.paths.push(target.endsWith('/') ? `${target}${clean.slice(clean.lastIndexOf('/') + 1)}` : target);
  }

  #copyFrom(draft: Draft, stage: Stage): string {
    const from = this.#one(draft.stages);
    const reference = from.name ?? String(draft.stages.indexOf(from));
    const known = from.paths.length > 0 ? from.paths : ['/x*'];
    const source = this.#one([
      ...[this.#one(known), this.#one(known), this.#one(known)],
      ...[`${this.#one(known)} ${this.#one(known)}`, '/t*', '/g*', '/o*', ...from.folders],
      ...(from.shell ? ['/etc/salt', '/etc'] : []),
    ]);
    const target = this.#target(stage, / |[*[]/.test(source));
    if (!/[ *]/.test(source))
      stage.paths.push(target.endsWith('/') ? `${target}${source.slice(source.lastIndexOf('/') + 1)}` : target);
    return `COPY --from=${reference} ${this.#copyFlags()}${source} ${target}`;
  }

  #run(draft: Draft, stage: Stage): string {
    const number = ++this.#count;
    const file = `/o${this.#next() % 3}`;
    stage.paths.push(file);
    const command = this.#one([
      `echo SALT ${number} > ${file} || true`,
      `echo SALT > ${file} || true`,
      `cat /t* /f* /g/* > ${file} 2>/dev/null || true`,
      `echo SALT $ONE $TWO > ${file} || true`,
      `ls -R /t /g > ${file} 2>&1 || true`,
      `echo SALT && \\\n    echo ${number} > ${file} || true`,
      `rm -rf /t; echo SALT > ${file} || true`,
    ]);
    const mounts = this.#chance(35) ? `${this.#mount(draft)} ` : '';
    if (this.#chance(10)) return `RUN ${mounts}<<EOF\n${command}\nEOF`;
    if (this.#chance(5)) return `RUN ${mounts}<<EOF\n#!/bin/sh\n${command}\nEOF`;
    if (this.#chance(6)) return `RUN ${mounts}${JSON.stringify(['/bin/sh', '-c', command.replace('\\\n', '')])}`;
    return `RUN ${mounts}${command}`;
  }

  #mount(draft: Draft): string {
    const kind = this.#next() % 10;
    if (kind < 4) {
      const source = this.#one(['a.txt', 'd', 'd/x', 'e', '', 'd/s']);
      return `--mount=type=bind,${source === '' ? '' : `source=${source},`}target=/m${this.#one(['', ',rw', ',ro'])}`;
    }
    if (kind < 7 && draft.stages.length > 0) {
      const from = this.#one(draft.stages);
      const reference = from.name ?? String(draft.stages.indexOf(from));
      const source = this.#one([...from.paths, '/']);
      return from.name === undefined
        ? '--mount=type=tmpfs,target=/m'
        : `--mount=type=bind,from=${reference},source=${source},target=/m`;
    }
    if (kind < 9) {
      const options = this.#one([
        '',
        ',id=SALT',
        ',sharing=locked',
        ',mode=0777',
        ',uid=1',
        ',id=other,sharing=private',
      ]);
      return `--mount=type=cache,target=/cache${options}`;
    }
    return this.#one(['--mount=type=tmpfs,target=/m', '--mount=type=tmpfs,target=/m,size=1m', '--network=none']);
  }

  #workdir(stage: Stage): string {
    const path = this.#one(['/w', '/g', 'sub', '/w/v', '/', '/g/h']);
    if (path.startsWith('/') && path !== '/') stage.folders.push(path);
    return `WORKDIR ${path}`;
  }

  #metadata(stage: Stage): string {
    return this.#one([
      ...['ENV ONE=1', 'ENV TWO=2', 'ENV ONE=2 TWO=$ONE', 'ENV PATH=/bin:/x', 'ARG ONE', 'ARG ONE=d', 'ARG TWO=$ONE'],
      ...['ARG THREE', 'LABEL a=1', 'LABEL a=$ONE', 'CMD a', 'EXPOSE 80', 'VOLUME /v', 'STOPSIGNAL 9', 'USER 0:0'],
      ...['USER 1:1', 'ENTRYPOINT ["a"]', 'HEALTHCHECK NONE', 'ONBUILD ENV X=1', 'ONBUILD COPY a.txt /onbuild'],
      ...(stage.shell ? ['SHELL ["/bin/sh", "-ec"]', 'SHELL ["/bin/sh", "-c"]', 'ONBUILD RUN echo SALT > /on'] : []),
    ]);
  }

  #change(draft: Draft): string {
    const kind = this.#next() % 100;
    if (kind < 22) return this.#editFile(draft);
    if (kind < 30) return this.#addFile(draft);
    if (kind < 36) return this.#deleteFile(draft);
    if (kind < 41) return this.#renameFile(draft);
    if (kind < 48) return this.#modeOf(draft);
    if (kind < 53) {
      draft.files['.dockerignore'] = this.#chance(20) ? undefined : this.#ignoreFile();
      return 'ignore';
    }
    if (kind < 60) {
      draft.args[this.#one(['ONE', 'TWO', 'THREE', 'OTHER', 'HTTP_PROXY'])] = this.#one(['1', 'x', 'y']);
      return 'arg';
    }
    if (kind < 63) {
      this.#retarget(draft);
      return 'target';
    }
    if (kind < 66) return 'moved';
    if (kind < 67) {
      draft.args.SOURCE_DATE_EPOCH = String(this.#next() % 1000);
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
    const path = this.#one(this.#filesOf(draft));
    const file = draft.files[path];
    if (typeof file === 'object' && 'link' in file && file.link !== undefined) {
      draft.files[path] = {
        link: path.startsWith('d/') ? this.#one(['x', 'y']) : this.#one(['a.txt', 'b.txt', 'd/x']),
      };
      return 'relink';
    }
    draft.files[path] = typeof file === 'object' ? { ...file, text: 'new' } : 'new';
    return 'edit';
  }

  #addFile(draft: Draft): string {
    const path = this.#one(['c.txt', 'd/new', 'e/new', 'd/s/new', 'd/more/', 'f/x', 'd/a.txt', 'e/y']);
    draft.files[path] = path.endsWith('/') ? '' : this.#one(['new', 'a.txt', 'd/x']);
    return 'add';
  }

  #deleteFile(draft: Draft): string {
    draft.files[this.#one(['d/y', 'd/s/z', 'd/link', 'e/empty/', 'b.txt', 'd/x'])] = undefined;
    return 'delete';
  }

  #renameFile(draft: Draft): string {
    const [from, to] = this.#one([
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
    const path = this.#one(['a.txt', 'd/x', 'd/s/z', 'run.sh', 'd/', 'd/s/', 'e/']);
    const mode = this.#one([0o600, 0o755, 0o700, 0o644]);
    const file = draft.files[path];
    if (path.endsWith('/')) draft.files[path] = { mode: mode | 0o500 };
    else if (typeof file === 'string') draft.files[path] = { text: file, mode };
    else if (file && 'link' in file && file.link === undefined) draft.files[path] = { ...file, mode };
    return 'mode';
  }

  #editDockerfile(draft: Draft): string {
    const stage = this.#one(draft.stages);
    const index = this.#next() % Math.max(1, stage.lines.length);
    const first = stage.base === 'scratch' ? 1 : 0;
    const context: Draft = { ...draft, stages: draft.stages.slice(0, draft.stages.indexOf(stage)) };
    const kind = this.#next() % 12;
    if (kind < 3) {
      stage.lines.splice(Math.max(first, index), 0, ...this.#instruction(context, stage));
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
      stage.lines.splice(Math.max(first, index), 1, ...this.#instruction(context, stage));
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
    const kind = this.#next() % 3;
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

function buildOf({ stages, files, args, target }: Draft): Build {
  const dockerfile = stages
    .map(({ name, base, lines }) => [`FROM ${base}${name === undefined ? '' : ` AS ${name}`}`, ...lines].join('\n'))
    .join('\n');
  const tree: Tree = files;
  return { dockerfile: `${dockerfile}\n`, files: tree, args, ...(target === undefined ? {} : { target }) };
}
