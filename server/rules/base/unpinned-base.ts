import * as v from 'valibot';
import type { Evidence, Fix } from '../../core/finding.js';
import { defineRule } from '../../core/rule.js';
import type { Build } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import { globalArgsIn } from '../../model/global-args.js';
import { type ImageUse, imagesIn, isLocal } from '../../model/images.js';
import { versionHint } from '../../model/version-hint.js';
import { familiarName } from '../../syntax/image-ref.js';
import { nameGlob } from '../../syntax/name-glob.js';
import type { Span } from '../../syntax/text.js';
import { patternsOption } from '../options.js';

export const unpinnedBase = defineRule({
  name: 'unpinned-base',
  category: 'base',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: ['DL3006', 'DL3007'],
  needs: [],
  docs: {
    summary: 'An image without a tag, or with one that moves such as `latest`.',
    why: `A name without a tag means \`latest\`, and \`latest\` is whatever the publisher pushed last. Two builds of the same commit can
give different images, a new major version arrives on a day nobody chose, and when it does every step of the stage runs again, the dependency install included.

Write the version you mean, \`node:22-slim\` rather than \`node\`. A digest (\`node:22-slim@sha256:…\`) is stricter still: see the rule \`undigested-base\`.

\`FROM\`, \`COPY --from\` and \`RUN --mount=from=\` are looked at. A name that is built with \`ARG\` is judged by the default of the ARG, as *info*, because a build argument may give another one;
without a default nothing is reported. Stages and \`scratch\` are never reported. A name of one word that is no official image of Docker Hub is built on the spot, or is a build context named on the command line or in a compose file; it is left alone.

The right version cannot be known from the Dockerfile. Where a file of the build context says it (\`.nvmrc\`, \`.python-version\`, \`go.mod\`…), the fix writes that one. It is *unsafe*: it may be another version than the one you get today.

Do not follow it where moving along is the purpose, such as an image that tests against the newest release: put the name into \`allow\`.`,
    bad: `FROM node
WORKDIR /app
COPY --from=composer:latest /usr/bin/composer /usr/bin/composer
`,
    good: `FROM node:22-slim
WORKDIR /app
COPY --from=composer:2.8 /usr/bin/composer /usr/bin/composer
`,
    links: [
      'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
      'https://docs.docker.com/reference/dockerfile/#from',
    ],
  },
  options: v.object({
    allow: patternsOption('Image names that may stay unpinned'),
    movingTags: patternsOption('Tags that move', ['latest', 'latest-*']),
  }),
  check({ build, context, options, report }) {
    const allowed = options.allow.map(nameGlob);
    const moving = options.movingTags.map(nameGlob);
    for (const use of imagesIn(build)) {
      const { tag, digest } = use.reference;
      const repository = familiarName(use.reference);
      if (digest !== undefined || allowed.some((glob) => glob.test(repository) || glob.test(use.reference.name)))
        continue;
      if (tag !== undefined && !moving.some((glob) => glob.test(tag))) continue;
      if (isLocal(use.reference)) continue;
      const args = globalArgsIn(build, use.word);
      report({
        span: guiltyPart(build, use),
        message: messageOf(repository, tag, args.length > 0),
        evidence: [
          ...args.map(({ name, value, span }) => ({ text: `${name} is "${value}" by default`, span })),
          ...rebuilds(build, use),
        ],
        fixes: fixesOf(build, use, repository, context),
        ...(args.length > 0 ? { severity: 'info' } : {}),
      });
    }
  },
});

function messageOf(repository: string, tag: string | undefined, byDefault: boolean): string {
  const when = byDefault ? ' by default' : '';
  if (tag === undefined) return `${repository} has no tag${when}, so each build takes whatever "latest" is that day`;
  return `the tag ${repository}:${tag} moves${when}, so the same commit can build on another image tomorrow`;
}

/** The tag where it is written out, else the whole name. */
function guiltyPart({ file }: Build, { word, span, reference }: ImageUse): Span {
  const { tag } = reference;
  const plain = file.text.slice(span.start, span.end) === word;
  if (tag === undefined || !plain || !word.endsWith(`:${tag}`)) return span;
  return { start: span.end - tag.length, end: span.end };
}

function rebuilds(build: Build, use: ImageUse): Evidence[] {
  if (use.by !== 'FROM') return [];
  const steps = build
    .stageOf(use.instruction)
    ?.instructions.filter(({ keyword }) => /^(?:RUN|COPY|ADD|WORKDIR)$/.test(keyword));
  if (!steps?.length) return [];
  const count = steps.length === 1 ? 'the one step of this stage runs' : `${steps.length} steps of this stage run`;
  return [{ text: `${count} again when the image moves` }];
}

function fixesOf(build: Build, use: ImageUse, repository: string, context: BuildContext | undefined): Fix[] {
  const hint = context && versionHint(repository, context);
  const plain = build.file.text.slice(use.span.start, use.span.end) === use.word && !use.word.includes('$');
  const suffix = use.reference.tag?.replace(/^latest/, '') ?? '';
  if (!hint || !plain) return [];
  const text = `${use.reference.name}:${hint.version}${suffix}`;
  return [
    {
      title: `Write ${text}, as ${hint.path} says`,
      safety: 'unsafe',
      caveat: `${hint.path} names ${hint.version}; the image that is built with today may be another version`,
      edits: [{ span: use.span, text }],
    },
  ];
}
