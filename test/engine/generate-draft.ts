import type { TreeFile } from './case.js';
import type { Dice } from './generate-dice.js';
import { rareInstruction } from './generate-options.js';

export interface Stage {
  name: string | undefined;
  base: string;
  lines: string[];
  /** Paths that are there at its end, as far as the generator knows. */
  readonly paths: string[];
  readonly folders: string[];
  shell: boolean;
}

export type Draft = {
  stages: Stage[];
  files: Record<string, TreeFile | undefined>;
  args: Record<string, string>;
  target?: string;
};

/** Makes builds of one to four stages over a small tree, and parts of these. */
export class DraftMaker {
  readonly #dice: Dice;
  #count = 0;
  /** In a hundred instructions. */
  readonly #rare: number;

  constructor(dice: Dice, rare: number) {
    this.#dice = dice;
    this.#rare = rare;
  }

  draft(): Draft {
    const files: Record<string, TreeFile> = {};
    for (const path of ['a.txt', 'b.txt', 'd/x', 'd/y', 'd/s/z', 'e/x', 'run.sh']) {
      files[path] = path === 'run.sh' ? { text: 'run', mode: 0o755 } : path;
    }
    if (this.#dice.chance(30)) files.link = { link: this.#dice.one(['a.txt', 'd/x', 'b.txt']) };
    if (this.#dice.chance(30)) files['d/link'] = { link: this.#dice.one(['x', 'y', '../a.txt', 's/z']) };
    if (this.#dice.chance(20)) files['folder-link'] = { link: 'd' };
    if (this.#dice.chance(20)) files['e/empty/'] = '';
    if (this.#dice.chance(40)) files['.dockerignore'] = this.ignoreFile();
    const draft: Draft = { stages: [], files, args: {} };
    const count = this.#dice.one([1, 1, 2, 2, 3, 4]);
    for (let index = 0; index < count; index++) draft.stages.push(this.#stage(draft, index));
    if (this.#dice.chance(40)) draft.args.ONE = 'first';
    if (this.#dice.chance(15)) this.retarget(draft);
    return draft;
  }

  retarget(draft: Draft): void {
    const { name } = this.#dice.one(draft.stages);
    if (name !== undefined) draft.target = name;
  }

  ignoreFile(): string {
    return this.#dice.one([
      ...['b.txt\n', 'd\n', '*\n!a.txt\n!d\n!e\n!run.sh\n', 'd/y\n', '**/z\n', 'Dockerfile\n.dockerignore\n'],
      ...['d\n!d/x\n', '*\n!d/s\n!a.txt\n!e\n', '# nothing\n', 'd/*\n!d/s\n', '**/x\n!e/x\n'],
    ]);
  }

  #stage(draft: Draft, index: number): Stage {
    const earlier = draft.stages;
    const parent = earlier.length > 0 && this.#dice.chance(30) ? this.#dice.one(earlier) : undefined;
    const base = parent
      ? (parent.name ?? String(earlier.indexOf(parent)))
      : this.#dice.one(['base:1', 'base:1', 'base:1', 'base:2', 'scratch']);
    const named = parent === undefined || parent.name !== undefined;
    const stage: Stage = {
      name: this.#dice.chance(85) ? `s${index}` : undefined,
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
    const count = 1 + (this.#dice.next() % 6);
    for (let line = 0; line < count; line++) stage.lines.push(...this.instruction(draft, stage));
    return stage;
  }

  instruction(draft: Draft, stage: Stage): string[] {
    if (this.#rare > 0 && this.#dice.chance(this.#rare)) return [this.#rareInstruction(draft, stage)];
    const kind = this.#dice.next() % 100;
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
      one: (values) => this.#dice.one(values),
      number: ++this.#count,
      stages: named,
      hasShell: stage.shell,
    });
  }

  #copyFlags(): string {
    const flags = [
      this.#dice.chance(25) ? '--link' : '',
      this.#dice.chance(12) ? this.#dice.one(['--chown=1:2', '--chown=3']) : '',
      this.#dice.chance(10) ? this.#dice.one(['--chmod=755', '--chmod=0600', '--chmod=0755']) : '',
    ];
    return flags.map((flag) => (flag ? `${flag} ` : '')).join('');
  }

  #copy(draft: Draft, stage: Stage): string {
    if (this.#dice.chance(12)) return this.#heredocCopy(stage);
    const sources = Object.keys(draft.files).filter((path) => !path.endsWith('/') && !path.startsWith('.'));
    const source = this.#dice.one([
      ...['a.txt', 'b.txt', 'd', 'd/', 'd/s', 'd/x', 'e', '.', '*.txt', 'd/*', '*', 'e*', '[ab].txt', '*/x', 'run.sh'],
      ...['a.txt b.txt', 'd e', 'a.txt d', 'b.txt d/x', 'd/* a.txt', 'd/s d'],
      ...[this.#dice.one(sources), this.#dice.one(sources)],
    ]);
    const exclude = this.#dice.chance(12)
      ? `--exclude=${this.#dice.one(['x', '*.txt', 's', '**/z', 'd/y', 'y'])} `
      : '';
    const target = this.#target(stage, / |[*[]/.test(source));
    if (!/[ *[]/.test(source)) this.#remember(stage, draft, source, target);
    else if (source.includes('a.txt')) stage.paths.push(`${target}a.txt`.replace(/^(?!\/)/, '/w/'));
    return `${this.#dice.one(['COPY', 'COPY', 'COPY', 'ADD'])} ${this.#copyFlags()}${exclude}${source} ${target}`;
  }

  #heredocCopy(stage: Stage): string {
    const name = this.#dice.one(['one', 'two']);
    const target = this.#target(stage, false);
    stage.paths.push(target.endsWith('/') ? `${target}${name}` : target);
    return `COPY ${this.#dice.chance(20) ? '--link ' : ''}<<${name} ${target}\nSALT ${this.#dice.one(['1', '2', '$ONE'])}\n${name}`;
  }

  #target(_stage: Stage, several: boolean): string {
    const number = this.#dice.next() % 4;
    const target = this.#dice.one(['/t', '/t/', `/f${number}`, `/g/f${number}`, '/g/', `/g/h${number}/`, '/', '/etc/']);
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
    const from = this.#dice.one(draft.stages);
    const reference = from.name ?? String(draft.stages.indexOf(from));
    const known = from.paths.length > 0 ? from.paths : ['/x*'];
    const source = this.#dice.one([
      ...[this.#dice.one(known), this.#dice.one(known), this.#dice.one(known)],
      ...[`${this.#dice.one(known)} ${this.#dice.one(known)}`, '/t*', '/g*', '/o*', ...from.folders],
      ...(from.shell ? ['/etc/salt', '/etc'] : []),
    ]);
    const target = this.#target(stage, / |[*[]/.test(source));
    if (!/[ *]/.test(source))
      stage.paths.push(target.endsWith('/') ? `${target}${source.slice(source.lastIndexOf('/') + 1)}` : target);
    return `COPY --from=${reference} ${this.#copyFlags()}${source} ${target}`;
  }

  #run(draft: Draft, stage: Stage): string {
    const number = ++this.#count;
    const file = `/o${this.#dice.next() % 3}`;
    stage.paths.push(file);
    const command = this.#dice.one([
      `echo SALT ${number} > ${file} || true`,
      `echo SALT > ${file} || true`,
      `cat /t* /f* /g/* > ${file} 2>/dev/null || true`,
      `echo SALT $ONE $TWO > ${file} || true`,
      `ls -R /t /g > ${file} 2>&1 || true`,
      `echo SALT && \\\n    echo ${number} > ${file} || true`,
      `rm -rf /t; echo SALT > ${file} || true`,
    ]);
    const mounts = this.#dice.chance(35) ? `${this.#mount(draft)} ` : '';
    if (this.#dice.chance(10)) return `RUN ${mounts}<<EOF\n${command}\nEOF`;
    if (this.#dice.chance(5)) return `RUN ${mounts}<<EOF\n#!/bin/sh\n${command}\nEOF`;
    if (this.#dice.chance(6)) return `RUN ${mounts}${JSON.stringify(['/bin/sh', '-c', command.replace('\\\n', '')])}`;
    return `RUN ${mounts}${command}`;
  }

  #mount(draft: Draft): string {
    const kind = this.#dice.next() % 10;
    if (kind < 4) {
      const source = this.#dice.one(['a.txt', 'd', 'd/x', 'e', '', 'd/s']);
      return `--mount=type=bind,${source === '' ? '' : `source=${source},`}target=/m${this.#dice.one(['', ',rw', ',ro'])}`;
    }
    if (kind < 7 && draft.stages.length > 0) {
      const from = this.#dice.one(draft.stages);
      const reference = from.name ?? String(draft.stages.indexOf(from));
      const source = this.#dice.one([...from.paths, '/']);
      return from.name === undefined
        ? '--mount=type=tmpfs,target=/m'
        : `--mount=type=bind,from=${reference},source=${source},target=/m`;
    }
    if (kind < 9) {
      const options = this.#dice.one([
        '',
        ',id=SALT',
        ',sharing=locked',
        ',mode=0777',
        ',uid=1',
        ',id=other,sharing=private',
      ]);
      return `--mount=type=cache,target=/cache${options}`;
    }
    return this.#dice.one(['--mount=type=tmpfs,target=/m', '--mount=type=tmpfs,target=/m,size=1m', '--network=none']);
  }

  #workdir(stage: Stage): string {
    const path = this.#dice.one(['/w', '/g', 'sub', '/w/v', '/', '/g/h']);
    if (path.startsWith('/') && path !== '/') stage.folders.push(path);
    return `WORKDIR ${path}`;
  }

  #metadata(stage: Stage): string {
    return this.#dice.one([
      ...['ENV ONE=1', 'ENV TWO=2', 'ENV ONE=2 TWO=$ONE', 'ENV PATH=/bin:/x', 'ARG ONE', 'ARG ONE=d', 'ARG TWO=$ONE'],
      ...['ARG THREE', 'LABEL a=1', 'LABEL a=$ONE', 'CMD a', 'EXPOSE 80', 'VOLUME /v', 'STOPSIGNAL 9', 'USER 0:0'],
      ...['USER 1:1', 'ENTRYPOINT ["a"]', 'HEALTHCHECK NONE', 'ONBUILD ENV X=1', 'ONBUILD COPY a.txt /onbuild'],
      ...(stage.shell ? ['SHELL ["/bin/sh", "-ec"]', 'SHELL ["/bin/sh", "-c"]', 'ONBUILD RUN echo SALT > /on'] : []),
    ]);
  }
}
