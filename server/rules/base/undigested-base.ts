import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import { globalArgsIn } from '../../model/global-args.js';
import { imagesIn, isLocal } from '../../model/images.js';
import { familiarName } from '../../syntax/image-ref.js';
import { nameGlob } from '../../syntax/name-glob.js';
import { patternsOption } from '../options.js';

export const undigestedBase = defineRule({
  name: 'undigested-base',
  category: 'base',
  severity: 'info',
  recommended: false,
  fixable: 'never',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'An image that is named without a digest, so the bytes behind its tag can change.',
    why: `A tag is a name that the publisher can move: \`node:22-slim\` is rebuilt with every patch release and every fix of its
distribution. A digest names exactly one image. With it the same commit builds on the same base everywhere, a tampered tag is not picked up, and a machine that has not built for a while does not start over because the base moved.

The price is that security fixes of the base no longer come by themselves: someone has to raise the digest. Turn this rule on together with a bot that does so (Renovate and Dependabot both know digests in Dockerfiles); without one, a tag of a minor version is the better choice. That is why it is off by default.

The digest cannot be known without asking the registry. \`docker buildx imagetools inspect node:22-slim --format '{{.Manifest.Digest}}'\` prints it. Take the digest of the index (the multi-platform one), as this command does, or other platforms cannot build. Keep the tag in front: \`node:22-slim@sha256:…\` tells people what it is.`,
    bad: 'FROM node:22-slim\n',
    good: 'FROM node:22-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000\n',
    links: [
      'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
      'https://docs.docker.com/reference/cli/docker/buildx/imagetools/inspect/',
    ],
  },
  options: v.object({
    allow: patternsOption('Image names that need no digest'),
  }),
  check({ build, options, report }) {
    const allowed = options.allow.map(nameGlob);
    for (const { word, span, reference } of imagesIn(build)) {
      const name = familiarName(reference);
      if (reference.digest !== undefined || allowed.some((glob) => glob.test(name) || glob.test(reference.name)))
        continue;
      if (isLocal(reference)) continue;
      const image = reference.tag === undefined ? name : `${name}:${reference.tag}`;
      report({
        span,
        message: `${image} has no digest, so what it names can change between two builds of one commit`,
        evidence: globalArgsIn(build, word).map((arg) => ({
          text: `${arg.name} is "${arg.value}" by default`,
          span: arg.span,
        })),
        fixes: [
          {
            title: `Add the digest that "docker buildx imagetools inspect ${image}" prints`,
            safety: 'manual',
            caveat: 'the registry has to be asked for it, and someone has to raise it from then on',
            edits: [],
          },
        ],
      });
    }
  },
});
