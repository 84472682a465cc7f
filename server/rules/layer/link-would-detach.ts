import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import type { Build, Stage } from '../../model/build.js';
import { destinationOf } from '../../model/destination.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { hasOlderFrontend } from '../../syntax/frontend.js';
import { parentOf } from '../../syntax/go-path.js';
import type { Instruction, TransferInstruction } from '../../syntax/tree.js';
import { allows, patternsOption } from '../options.js';

/** Folders of the root that base images have: what lies there may be a link, or have an owner and mode of its own. */
const ofTheBase = /^\/(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(?:\/|$)/;

export const linkWouldDetach = defineRule({
  name: 'link-would-detach',
  category: 'layer',
  severity: 'info',
  recommended: false,
  fixable: 'always',
  since: '0.1.0',
  aliases: ['tally/prefer-copy-link'],
  needs: [],
  docs: {
    summary: 'A COPY at the end of a stage that with --link would not depend on the steps before it.',
    why: `With \`--link\` a COPY makes a layer of its own: when the base image or an earlier step changes, it is neither copied nor pushed again. That holds for the COPYs at the end of a stage; a \`RUN\` after them depends on all that is before it anyway.

\`--link\` is not always equal: it does not follow symbolic links of the base in the destination's folders, it gives those folders back with root's ownership, and it cannot look up a user by name. So only a destination is reported whose top folder no usual image has (\`/app\`), made by root or not there before, without a named \`--chown\`. With the older image store of Docker Engine \`--link\` has no effect on the cache; the rule is silent for those builders. It is off by default because a base image with such a folder of its own cannot be seen from here.`,
    bad: 'FROM golang:1.25 AS build\nRUN go build -o /out/app .\nFROM debian:13\nRUN apt-get update && apt-get install -y ca-certificates\nCOPY --from=build /out/app /app/app\n',
    good: 'FROM golang:1.25 AS build\nRUN go build -o /out/app .\nFROM debian:13\nRUN apt-get update && apt-get install -y ca-certificates\nCOPY --link --from=build /out/app /app/app\n',
    links: ['https://docs.docker.com/reference/dockerfile/#copy---link'],
  },
  options: v.object({
    allow: patternsOption('Destinations that are left alone, because the base image has something there'),
    plainFolders: patternsOption(
      'Further destinations that can be linked: in your base images all on the way there are real folders of root (`/usr/share/nginx/html`)',
    ),
  }),
  check({ file, build, settings, options, report }) {
    // https://docs.docker.com/build/buildkit/dockerfile-release-notes/#140
    if (settings.builder !== 'buildkit' || hasOlderFrontend(file.text, 1, 4)) return;
    const isAllowed = allows(options.allow);
    const isPlain = allows(options.plainFolders);
    for (const stage of build.stages) {
      const steps = stage.instructions.filter(({ keyword }) => ['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(keyword));
      const lastOther = steps.findLastIndex(({ keyword }) => keyword !== 'COPY');
      if (lastOther === -1 || stage.base.kind === 'stage') continue;
      for (const one of steps.slice(lastOther + 1)) {
        const target = one.keyword === 'COPY' ? linkable(build, stage, one, isPlain) : undefined;
        if (target === undefined || isAllowed(target)) continue;
        report({
          span: one.keywordSpan,
          message: 'this COPY is made again when a step before it changes; with --link it would not be',
          fixes: [
            {
              title: 'Add --link',
              safety: 'unsafe',
              caveat: 'equal only where the base image has nothing at the destination',
              edits: [{ span: { start: one.keywordSpan.end, end: one.keywordSpan.end }, text: ' --link' }],
            },
          ],
        });
      }
    }
  },
});

/**
 * The destination of a plain COPY, made by root, to a folder that the base has not or that is known to be plain; undefined for
 * any other COPY, as far as the file tells.
 */
function linkable(
  build: Build,
  stage: Stage,
  copy: TransferInstruction,
  isPlain: (target: string) => boolean,
): string | undefined {
  const flag = (name: string) => copy.flags.find((one) => one.name === name);
  if (flag('link') || flag('chmod') || !/^\d*(?::\d+)?$/.test(flag('chown')?.value ?? '')) return undefined;
  const { cwd } = build.stateBefore(copy);
  const word = copy.destination && build.expand(copy, copy.destination.text);
  if (word === undefined || (cwd === undefined && !word.startsWith('/'))) return undefined;
  const target = joinPath(cwd ?? '/', word);
  if (target === '/' || (ofTheBase.test(target) && !isPlain(target))) return undefined;
  const isUntouched =
    stage.instructions.every(
      (one) => one.index > copy.index || one.keyword !== 'RUN' || !one.text.includes(target.split('/')[1] ?? target),
    ) && stage.instructions.every(({ keyword, index }) => keyword !== 'USER' || index > copy.index);
  const before = stage.instructions.filter(({ index }) => index < copy.index);
  const there = before.flatMap((one) => (one.keyword === 'WORKDIR' ? (placeOf(build, one) ?? []) : []));
  if (before.some((one) => ownsFolder(build, one, target, there))) return undefined;
  const isFolder = /(?:^|\/)\.{0,2}$/.test(word);
  return isUntouched && (isFolder || !before.some((one) => makesFolder(build, one, target))) ? target : undefined;
}

/** It makes folders on the way to the target that are not as `--link` makes them; those of a WORKDIR are `there`. */
function ownsFolder(build: Build, one: Instruction, target: string, there: readonly string[]): boolean {
  if (one.keyword !== 'COPY' && one.keyword !== 'ADD') return false;
  if (!one.flags.some(({ name }) => name === 'chown' || name === 'chmod')) return false;
  const place = placeOf(build, one);
  if (place === undefined) return true;
  let folder = place;
  while (relativeTo(folder, target) === undefined) folder = parentOf(folder) || '/';
  return folder !== '/' && !there.some((path) => relativeTo(folder, path) !== undefined);
}

/** Something lies below the target, so that a file is put into it; with `--link` the file takes its place. */
function makesFolder(build: Build, one: Instruction, target: string): boolean {
  if (one.keyword !== 'WORKDIR' && one.keyword !== 'COPY' && one.keyword !== 'ADD') return false;
  const place = placeOf(build, one);
  return place === undefined || relativeTo(target, place) !== undefined;
}

/** Absolute; undefined where a variable is not known. */
function placeOf(build: Build, one: Instruction): string | undefined {
  if (one.keyword === 'COPY' || one.keyword === 'ADD') return destinationOf(build, one);
  const { cwd } = build.stateBefore(one);
  const word = build.expand(one, one.text);
  return word === undefined || (cwd === undefined && !word.startsWith('/')) ? undefined : joinPath(cwd ?? '/', word);
}
