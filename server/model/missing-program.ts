import { packagesWithoutCompiler } from '../knowledge/packages-without-compiler.js';
import { packagesWithoutGit } from '../knowledge/packages-without-git.js';
import { parseShell, type ShellCommand } from '../syntax/shell.js';
import type { Flag, Instruction, RunInstruction } from '../syntax/tree.js';
import type { Build, Stage } from './build.js';
import { rootReferenceOf, stagesDown } from './caches.js';

/** A program that some images do not have. */
interface MissingProgram {
  /** References of those images. */
  readonly images: RegExp;
  /** Packages of their distributions that do not bring it. */
  readonly packages: ReadonlySet<string>;
  /** Commands that would use it, which do not bring it either. */
  readonly uses: (command: Pick<ShellCommand, 'name' | 'args'>) => boolean;
}

/** The small images of Node.js: https://github.com/docker-library/repo-info/tree/master/repos/node */
const git: MissingProgram = {
  images: /^node:(?:[\w.]+-)*(?:alpine[\d.]*|slim)$/,
  packages: packagesWithoutGit,
  uses: installs,
};

/** Go's images with Alpine (https://github.com/docker-library/golang). A compiler of C that `go` would find: gcc or clang. */
const compiler: MissingProgram = {
  images: /^golang:(?:[\w.]+-)*alpine[\d.]*$/,
  packages: packagesWithoutCompiler,
  uses: ({ name, args }) => name === 'go' && !/^(?:generate|run|test|tool)$/.test(args[0]?.value ?? 'run'),
};

/** Whether a RUN might find a program `git`: not where every step up to and with it is known not to bring one. */
export function mayHaveGit(build: Build, stage: Stage, run: RunInstruction): boolean {
  return mayHave(build, stage, run, git);
}

/** Whether a build with Go might compile C, or anything with its headers: not without a compiler. */
export function mayCompileC(build: Build, stage: Stage, run: RunInstruction): boolean {
  return /\b(?:CC|CXX)\b/.test(build.file.text) || mayHave(build, stage, run, compiler);
}

function mayHave(build: Build, stage: Stage, run: RunInstruction, program: MissingProgram): boolean {
  if (!program.images.test(rootReferenceOf(stage) ?? '')) return true;
  return stagesDown(stage).some(({ instructions }) =>
    instructions.some((one) => one.index <= run.index && mayBring(build, one, program, one === run)),
  );
}

/** Of the RUN itself the commands up to the last that would use it count. */
function mayBring(build: Build, one: Instruction, program: MissingProgram, isLast: boolean): boolean {
  if (one.keyword === 'ADD' || one.keyword === 'ONBUILD') return true;
  // What a COPY brings might be found there.
  if (one.keyword === 'ENV')
    return one.pairs.some(({ key, rawValue }) => key === 'PATH' && !isUsualPath(rawValue ?? ''));
  if (one.keyword === 'COPY') {
    const target = build.expand(one, one.destination?.text ?? '');
    return (
      one.flags.some(({ name }) => name === 'from') ||
      target === undefined ||
      /^\/(?:usr\/(?!src\b)|s?bin\b|$)/.test(target)
    );
  }
  if (one.keyword !== 'RUN') return false;
  const { commands, language, complete } = parseShell(build.file, one, build.stateBefore(one).shell);
  const last = isLast ? commands.findLastIndex(program.uses) : -1;
  const first = last === -1 ? commands : commands.slice(0, last + 1);
  return (
    language !== 'shell' ||
    !complete ||
    !one.flags.every(bringsNothing) ||
    !first.every((command) => isHarmless(command, program))
  );
}

/** What was there, folders of package managers, and programs of installed packages. */
function isUsualPath(value: string): boolean {
  return value
    .replace(/^"(.*)"$/, '$1')
    .split(':')
    .every((folder) =>
      /^(?:\$\{?(?:PATH|PNPM_HOME|YARN_HOME|NPM_CONFIG_PREFIX)\}?(?:\/bin)?|\/pnpm|(?:\S*\/)?node_modules\/\.bin|\/(?:usr\/)?(?:local\/)?s?bin)$/.test(
        folder,
      ),
    );
}

/** Mounts that show neither the context nor another stage. */
function bringsNothing({ name, value = '' }: Flag): boolean {
  return name === 'mount' && /(?:^|,)type=(?:cache|secret|ssh)\b/.test(value);
}

const harmless: ReadonlySet<string> = new Set(
  [
    'set cd echo printf true : mkdir rm rmdir chown chmod export touch corepack test [ ls',
    'addgroup adduser groupadd useradd groupmod usermod',
  ]
    .join(' ')
    .split(' '),
);

function isHarmless({ name = '?', args, wrappers }: ShellCommand, { packages, uses }: MissingProgram): boolean {
  if (wrappers.length > 0 && !wrappers.every((one) => one === 'env' || one === 'time')) return false;
  if (harmless.has(name) || name === '' || uses({ name, args })) return true;
  if (['node', 'npm', 'yarn', 'pnpm'].includes(name))
    return /^(?:-v|--version|config|set|cache)$/.test(args[0]?.value ?? '');
  const words = args.map(({ value = '?' }) => value).filter((text) => !text.startsWith('-'));
  const [verb = '', ...named] = words;
  if (name !== 'apk' && name !== 'apt-get' && name !== 'apt') return false;
  if (
    [
      'update',
      'upgrade',
      'clean',
      'autoremove',
      'autoclean',
      'distclean',
      'dist-clean',
      'del',
      'cache',
      'purge',
      'remove',
    ].includes(verb)
  )
    return true;
  return (verb === 'add' || verb === 'install') && named.every((one) => packages.has(one) || /^\.[\w-]+$/.test(one));
}

/** Package managers of Node.js put nothing called `git` on the path. */
function installs({ name = '', args }: Pick<ShellCommand, 'name' | 'args'>): boolean {
  const [first = ''] = args.map(({ value = '?' }) => value).filter((text) => !text.startsWith('-'));
  if (name === 'yarn' && first === '') return true;
  return /^(?:npm|yarn|pnpm)$/.test(name) && /^(?:i|install|ci|clean-install|add|global)$/.test(first);
}
