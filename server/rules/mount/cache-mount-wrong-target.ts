import * as v from 'valibot';
import type { Fix } from '../../core/finding.js';
import { defineRule } from '../../core/rule.js';
import type { Build } from '../../model/build.js';
import { ownerOf } from '../../model/cache-mount-flag.js';
import type { CachePlace } from '../../model/caches.js';
import { cacheMountsOf, cachePlacesOf, effectiveUser, isInside } from '../../model/caches.js';
import { takesFoldersAbove } from '../../model/folders-above.js';
import type { Install } from '../../model/installs.js';
import { installsOf, worksOffline } from '../../model/installs.js';
import { tellYarnsApart } from '../../model/yarn.js';
import type { Mount } from '../../syntax/mounts.js';
import { allows, ignoreManagers, ignoresManager, patternsOption } from '../options.js';

export const cacheMountWrongTarget = defineRule({
  name: 'cache-mount-wrong-target',
  category: 'mount',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'A cache mount at a folder which the package manager in that RUN does not use.',
    why: `The package manager keeps its downloads in the home of the user who runs it, or where an environment variable says. A mount in the home of another user stays empty: everything is downloaded again, and the real cache ends up in the image. \`~\` is not expanded in a mount; \`target=~/.npm\` is a folder named \`~\` in the working folder.

Reported only where the user, the home and the environment of the RUN are known, and the mount is plainly meant for that cache. The fix writes the right folder, with its owner. It is unsafe because what lies there is then not in the image.`,
    bad: 'FROM node:22\nUSER node\nWORKDIR /home/node/app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
    good: 'FROM node:22\nUSER node\nWORKDIR /home/node/app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci\n',
    links: ['https://docs.docker.com/reference/dockerfile/#run---mounttypecache'],
  },
  options: v.object({
    ignoreManagers,
    allow: patternsOption('Targets that are right all the same, because a settings file of the image says so'),
  }),
  check({ build, context, options, report }) {
    const isIgnored = ignoresManager(options.ignoreManagers);
    const isAllowed = allows(options.allow);
    const installs = tellYarnsApart(build, context, installsOf(build));
    for (const run of new Set(installs.map((install) => install.run))) {
      const mounts = cacheMountsOf(build, run);
      if (mounts.length === 0) continue;
      const here = installs.filter((install) => install.run === run);
      const used = here.flatMap((install) => cachePlacesOf(build, install)?.map((place) => ({ install, place })) ?? []);
      for (const { mount, target } of mounts) {
        const written = mount.target ?? '';
        const path = written.startsWith('~') ? written : target;
        if (path === undefined || isAllowed(path) || isAllowed(written)) continue;
        if (used.some(({ place }) => related(place.path, path))) continue;
        const meant = used.find(
          ({ place, install }) =>
            !isIgnored(install.manager) &&
            (isMeant(place, path) || (context !== undefined && isOfOtherUsers(install, used, path))) &&
            !mounts.some((other) => other.target && related(place.path, other.target)),
        );
        if (!meant || (path === target && anotherUses(here, path))) continue;
        reportWrong(mount, written, meant, fixOf(build, installs, mount, meant), report);
      }
    }
  },
});

function related(a: string, b: string): boolean {
  return isInside(a, b) || isInside(b, a);
}

/** The mount ends like the cache folder, or like its usual place: `/root/.npm` for `/home/node/.npm`. */
function isMeant({ folder, path }: CachePlace, target: string): boolean {
  const tail = folder.path.startsWith('~/') ? folder.path.slice(1) : path;
  const name = folder.path.slice(folder.path.lastIndexOf('/'));
  return target.endsWith(tail) || (target.startsWith('~') && target.endsWith(name));
}

/** A place where the manager keeps its cache for other users: that of the first yarn is not in the home of root. */
function isOfOtherUsers(
  { manager }: Install,
  used: readonly { readonly place: CachePlace }[],
  target: string,
): boolean {
  const others = manager.caches.filter((folder) => !used.some(({ place }) => place.folder === folder));
  return others.some(({ path }) => path.startsWith('~/') && target.endsWith(path.slice(1)));
}

/** Another program of the RUN, whose cache is not known, may be the one that it is for. */
function anotherUses(installs: readonly Install[], target: string): boolean {
  return installs.some(({ manager }) => manager.caches.some(({ path }) => path === target));
}

interface Meant {
  readonly install: Install;
  readonly place: CachePlace;
}

function reportWrong(
  mount: Mount,
  written: string,
  { install, place }: Meant,
  fix: Fix | string,
  report: Parameters<Parameters<typeof defineRule>[0]['check']>[0]['report'],
): void {
  const why = written.startsWith('~')
    ? '~ is not expanded in a mount'
    : `${install.manager.name} keeps its cache in ${place.path} here`;
  report({
    span: mount.optionSpans.get('target') ?? mount.span,
    message: `this mount stays empty: ${why}`,
    evidence: [
      {
        text: `${install.manager.name} ${written.startsWith('~') ? `keeps its cache in ${place.path}` : `does not use ${written}`}`,
        span: install.command.nameSpan,
      },
      ...(typeof fix === 'string' ? [{ text: `no fix: ${fix}` }] : []),
    ],
    fixes: typeof fix === 'string' ? [] : [fix],
  });
}

/** The right folder, with the owner that a user other than root needs to write there; or why there is none. */
function fixOf(build: Build, installs: readonly Install[], mount: Mount, { install, place }: Meant): Fix | string {
  const { run, stage, manager } = install;
  const at = mount.optionSpans.get('target');
  const user = effectiveUser(build, run, stage);
  const owner = mount.uid === undefined ? user && ownerOf(user) : '';
  if (!at || owner === undefined || !user) return 'who has to write there is not known';
  if (takesFoldersAbove(install, user, place))
    return 'the folder above it would be made for root, and not be written to';
  const isOffline = (one: Install) => one.manager === manager && one.run !== run && worksOffline(one);
  if (place.folder.inPlace && installs.some(isOffline))
    return 'another step works offline with what this one leaves there';
  return {
    title: `Mount ${place.path}`,
    safety: 'unsafe',
    caveat: `${place.path} is then not in the image${place.folder.inPlace ? ': each step that uses it needs the mount' : ''}`,
    edits: [{ span: at, text: `target=${place.path}${owner}` }],
  };
}
