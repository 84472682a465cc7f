import { packagesWithoutGit } from '../knowledge/packages-without-git.js';
import { parseShell, type ShellCommand } from '../syntax/shell.js';
import type { Flag, Instruction, RunInstruction } from '../syntax/tree.js';
import type { Build, Stage } from './build.js';
import { rootReferenceOf, stagesDown } from './caches.js';
import type { BuildContext } from './context.js';

/**
 * Whether a RUN might find a program `git`. False only in the small images of Node.js
 * (https://github.com/docker-library/repo-info/tree/master/repos/node), where every step up to and with that RUN is known not to bring one.
 */
export function mayHaveGit(build: Build, stage: Stage, run: RunInstruction): boolean {
  if (!withoutGit.test(rootReferenceOf(stage) ?? '')) return true;
  return stagesDown(stage).some(({ instructions }) =>
    instructions.some((one) => one.index <= run.index && mayBring(build, one, one === run)),
  );
}

const withoutGit = /^node:(?:[\w.]+-)*(?:alpine[\d.]*|slim)$/;

/** Of the RUN itself the commands up to its last install count. */
function mayBring(build: Build, one: Instruction, isLast: boolean): boolean {
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
  const last = isLast ? commands.findLastIndex(installs) : -1;
  const first = last === -1 ? commands : commands.slice(0, last + 1);
  return language !== 'shell' || !complete || !one.flags.every(bringsNothing) || !first.every(isHarmless);
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

function isHarmless({ name = '?', args, wrappers }: ShellCommand): boolean {
  if (wrappers.length > 0 && !wrappers.every((one) => one === 'env' || one === 'time')) return false;
  if (harmless.has(name) || name === '' || installs({ name, args })) return true;
  if (['node', 'npm', 'yarn', 'pnpm'].includes(name))
    return /^(?:-v|--version|config|set|cache)$/.test(args[0]?.value ?? '');
  const words = args.map(({ value = '?' }) => value).filter((text) => !text.startsWith('-'));
  const [verb = '', ...packages] = words;
  if (name !== 'apk' && name !== 'apt-get' && name !== 'apt') return false;
  if (['update', 'upgrade', 'clean', 'autoremove', 'autoclean', 'del', 'cache', 'purge', 'remove'].includes(verb))
    return true;
  return (
    (verb === 'add' || verb === 'install') &&
    packages.every((one) => packagesWithoutGit.has(one) || /^\.[\w-]+$/.test(one))
  );
}

/** Package managers of Node.js put nothing called `git` on the path. */
function installs({ name = '', args }: Pick<ShellCommand, 'name' | 'args'>): boolean {
  const [first = ''] = args.map(({ value = '?' }) => value).filter((text) => !text.startsWith('-'));
  if (name === 'yarn' && first === '') return true;
  return /^(?:npm|yarn|pnpm)$/.test(name) && /^(?:i|install|ci|clean-install|add|global)$/.test(first);
}

/** The context as a RUN sees it: whether hooks of Git could be set up there. */
export function sendsGit(context: BuildContext): boolean {
  return context.entry('.git') !== undefined && !context.ignored('.git');
}
