import * as v from 'valibot';
import type { Edit, Fix } from '../../core/finding.js';
import { defineRule } from '../../core/rule.js';
import type { Build } from '../../model/build.js';
import { impurityOf } from '../../model/cache-purity.js';
import type { CachePlace } from '../../model/caches.js';
import { cacheMountsOf, cachePlacesOf, isInside } from '../../model/caches.js';
import { cleanupsIn } from '../../model/cleanups.js';
import { deletesDownloads } from '../../model/docker-clean.js';
import type { Install } from '../../model/installs.js';
import { callOf, installsIn, installsOf } from '../../model/installs.js';
import { parseShell, type ShellCommand } from '../../syntax/shell.js';
import { removeCommand, removeWords } from '../../syntax/shell-edits.js';
import { placeOf } from '../../syntax/shell-places.js';
import { lineEnding } from '../../syntax/text.js';
import type { Dockerfile, RunInstruction } from '../../syntax/tree.js';
import { allows, ignoreManagers, ignoresManager, patternsOption } from '../options.js';

export const cacheMountDefeated = defineRule({
  name: 'cache-mount-defeated',
  category: 'mount',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'A cache mount beside an option, a variable or a clean-up that keeps it empty.',
    why: `\`pip install --no-cache-dir\` writes nothing into the mounted folder, \`rm -rf\` of the folder empties it for the next build, and in Debian's and Ubuntu's images \`/etc/apt/apt.conf.d/docker-clean\` deletes the packages after every install. The mount then saves nothing. Where \`rm\` names the mounted folder itself, it fails in the end (device or resource busy) and so does the build: an *error*.

What lies in a cache mount is never part of the image, so cleaning it makes no image smaller. Removing the option or the command is safe for what is the same with and without a cache (\`npm ci\`, apt's packages, Go's modules), unless a clean-up behind \`;\` hides that the command before it failed. Elsewhere it is unsafe: pip takes what it once compiled, also for another base image. A variable set by \`ENV\` is part of the image's config and is only pointed at; \`docker-clean\` is a file of the base image, so the fix that removes it is unsafe.`,
    bad: 'FROM python:3.13\nCOPY requirements.txt .\nRUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir -r requirements.txt\n',
    good: 'FROM python:3.13\nCOPY requirements.txt .\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n',
    links: ['https://docs.docker.com/build/cache/optimize/#use-cache-mounts'],
  },
  options: v.object({
    ignoreManagers,
    allow: patternsOption(
      'What may keep a mount empty: an option (`--no-cache-dir`), a variable (`PIP_NO_CACHE_DIR`), a folder that is emptied (`/root/.npm`), or `docker-clean` where the base image has none',
    ),
  }),
  check({ file, build, context, options, report }) {
    const isIgnored = ignoresManager(options.ignoreManagers);
    const isAllowed = allows(options.allow);
    const installs = installsOf(build);
    const seen = new Set<number>();
    for (const install of installs) {
      const { run, manager, command } = install;
      if (isIgnored(manager)) continue;
      const cacheMounts = cacheMountsOf(build, run);
      const mounts = cacheMounts.flatMap(({ target }) => target ?? []);
      const mounted = (cachePlacesOf(build, install) ?? []).filter(({ path }) =>
        mounts.some((target) => isInside(path, target)),
      );
      if (mounted.length === 0) continue;
      const script = parseShell(file, run, build.stateBefore(run).shell);
      const isKept =
        cacheMounts.some(({ mount }) => mount.readonly !== false) ||
        script.commands.some((one) => !isCall(build, run, one) && takesFrom(one, mounts));
      const option = install.options.find(
        ({ name, word }) => defeats(mounted, name, word.value) && !isAllowed(name) && !isAllowed(word.text),
      );
      if (option) {
        const edits = isKept ? undefined : removeWords(file, script, [option.word]);
        const impurity = impurityOf(build, context, install, mounted);
        report({
          span: option.word.span,
          message: `${option.word.text} keeps the cache mount at ${mounted[0]?.path} empty`,
          fixes: edits ? [removal(`Remove ${option.word.text}`, edits, impurity === undefined ? [] : [impurity])] : [],
        });
        continue;
      }
      const variable = defeatingVariable(
        mounted,
        isAllowed,
        (name) => command.assignments.find((one) => one.name === name)?.value ?? build.variable(run, name),
      );
      if (variable) {
        const own = command.assignments.find(({ name }) => name === variable);
        report({
          span: own?.span ?? command.nameSpan,
          message: `${variable} is set, so ${manager.name} leaves the cache mount at ${mounted[0]?.path} empty`,
          evidence: own ? [] : [{ text: `no fix: ${variable} is set by ENV, and so is part of the image` }],
        });
        continue;
      }
      const places = cachePlacesOf(build, install) ?? [];
      for (const { command: cleanup, what, more, itself } of cleanupsIn(build, run, script, mounts, places)) {
        if (seen.has(cleanup.span.start) || isAllowed(what)) continue;
        seen.add(cleanup.span.start);
        const edits = isKept ? undefined : removeCommand(file, script, cleanup);
        const hides = !itself && !script.failsFast && decidesAlone(cleanup);
        // apt checks what it finds against the lists that it has just fetched.
        const impurity = manager.name === 'apt' ? undefined : impurityOf(build, context, install, mounted);
        const fails = itself && script.failsFast && !script.commands.some(({ joinedBy }) => joinedBy === '||');
        report({
          span: cleanup.span,
          message: fails
            ? `the build fails here: rm cannot remove ${what}, where the cache is mounted (device or resource busy)`
            : `this empties the cache mount at ${what} after every build, and does not make the image smaller`,
          ...(fails ? { severity: 'error' } : {}),
          fixes: edits
            ? [
                removal('Remove the clean-up', edits, [
                  ...(more ? [emptiesMore] : []),
                  ...(hides ? [hidesFailure] : []),
                  ...(impurity === undefined || fails ? [] : [impurity]),
                ]),
              ]
            : [],
        });
      }
      if (manager.name === 'apt' && install.kind === 'packages') reportDockerClean(install, mounted);
    }

    function reportDockerClean(install: Install, mounted: readonly CachePlace[]): void {
      const { run, stage } = install;
      if (
        seen.has(run.span.start) ||
        isAllowed('docker-clean') ||
        !mounted.some(({ path }) => path === '/var/cache/apt') ||
        !deletesDownloads(build, stage, run)
      )
        return;
      seen.add(run.span.start);
      report({
        span: install.command.nameSpan,
        message:
          'the mount at /var/cache/apt stays empty: docker-clean, of the base image, deletes the packages after each install',
        evidence: [
          { text: 'docker-clean is /etc/apt/apt.conf.d/docker-clean, which images of Debian and Ubuntu have' },
        ],
        fixes: removeDockerClean(file, run, build.stateBefore(run).shell, install),
      });
    }
  },
});

/** A call of a package manager, which knows what to do with its cache. */
function isCall(build: Build, run: RunInstruction, command: ShellCommand): boolean {
  return (
    command.name === 'rm' ||
    callOf(command) !== undefined ||
    installsIn(build, run).some((one) => one.command === command)
  );
}

/** Names the cache: what it finds there is another thing once the cache is kept, and may get into the image. */
function takesFrom({ args, redirects }: ShellCommand, mounts: readonly string[]): boolean {
  const words = [...args, ...redirects.flatMap(({ target }) => target ?? [])];
  return words.some(({ text }) =>
    mounts.some((mount) => text.includes(mount) || text.includes(mount.replace(/^\/root\//, '/'))),
  );
}

function defeats(mounted: readonly CachePlace[], name: string, value: string | undefined): boolean {
  return mounted.some(({ folder }) => folder.defeatedBy.includes(name) || folder.defeatedBy.includes(value ?? ''));
}

function defeatingVariable(
  mounted: readonly CachePlace[],
  isAllowed: (name: string) => boolean,
  read: (name: string) => string | undefined,
): string | undefined {
  const variables = mounted.flatMap(({ folder }) => folder.defeatedBy).filter((name) => !name.startsWith('-'));
  return variables.find((name) => {
    const value = read(name);
    return value !== undefined && !isAllowed(name) && !/^(?:|0|false|no|off)$/i.test(value);
  });
}

const emptiesMore = 'it empties other folders too, and what lies there is then in the image';
const hidesFailure = 'the build then stops where the command before it fails';

function removal(title: string, edits: readonly Edit[], caveats: readonly string[]): Fix {
  if (caveats.length === 0) return { title, safety: 'safe', edits };
  return { title, safety: 'unsafe', caveat: caveats.join('; '), edits };
}

/** `a; rm …` succeeds whatever `a` does. */
function decidesAlone(command: ShellCommand): boolean {
  const place = placeOf(command);
  return command.joinedBy === ';' && place !== undefined && place.index === place.list.elements.length - 1;
}

/** None where nothing can be written in front of the script, or no shell runs it. */
function removeDockerClean(
  file: Dockerfile,
  run: RunInstruction,
  shell: readonly string[],
  { command: { wrappers } }: Install,
): Fix[] {
  if (parseShell(file, run, shell).language !== 'shell') return [];
  const removing = `${wrappers.includes('sudo') ? 'sudo ' : ''}rm -f /etc/apt/apt.conf.d/docker-clean`;
  const edit = run.heredocs.length > 0 ? firstLine(file, run, removing) : firstCommand(run, removing);
  if (!edit) return [];
  return [
    {
      title: 'Remove docker-clean first',
      safety: 'unsafe',
      caveat:
        '/etc/apt/apt.conf.d/docker-clean is then not in the image; later steps that install without the mount keep their packages',
      edits: [edit],
    },
  ];
}

function firstCommand({ textSpan: { start } }: RunInstruction, command: string): Edit {
  return { span: { start, end: start }, text: `${command} && ` };
}

/** `RUN <<EOF`: the script is in the body. */
function firstLine({ text }: Dockerfile, run: RunInstruction, command: string): Edit | undefined {
  const [heredoc, ...more] = run.heredocs;
  if (!heredoc || more.length > 0 || run.text !== text.slice(heredoc.operatorSpan.start, heredoc.operatorSpan.end))
    return undefined;
  const { start } = heredoc.bodySpan;
  if (heredoc.content.startsWith('#!')) return undefined;
  const indent = /^[ \t]*/.exec(text.slice(start, start + 200))?.[0] ?? '';
  return { span: { start, end: start }, text: `${indent}${command}${lineEnding(text)}` };
}
