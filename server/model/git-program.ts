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
    instructions.some((one) => one.index <= run.index && mayBring(build, one)),
  );
}

const withoutGit = /^node:(?:[\w.]+-)*(?:alpine[\d.]*|slim)$/;

function mayBring(build: Build, one: Instruction): boolean {
  if (one.keyword === 'ADD' || one.keyword === 'ONBUILD') return true;
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
  return language !== 'shell' || !complete || !one.flags.every(bringsNothing) || !commands.every(isHarmless);
}

/** Mounts that show neither the context nor another stage. */
function bringsNothing({ name, value = '' }: Flag): boolean {
  return name === 'mount' && /(?:^|,)type=(?:cache|secret|ssh)\b/.test(value);
}

/** Package managers of Node.js put nothing called `git` on the path. */
const harmless: ReadonlySet<string> = new Set(
  [
    'set cd echo printf true : mkdir rm rmdir chown chmod export ln touch node npm npx yarn pnpm corepack test [ ls',
    'addgroup adduser groupadd useradd groupmod usermod',
  ]
    .join(' ')
    .split(' '),
);

function isHarmless({ name = '?', args, wrappers }: ShellCommand): boolean {
  if (wrappers.length > 0 && !wrappers.every((one) => one === 'env' || one === 'time')) return false;
  if (harmless.has(name) || name === '') return true;
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

/** The context as a RUN sees it: whether hooks of Git could be set up there. */
export function sendsGit(context: BuildContext): boolean {
  return context.entry('.git') !== undefined && !context.ignored('.git');
}
