import * as v from 'valibot';
import type { Fix } from '../../core/finding.js';
import { defineRule } from '../../core/rule.js';
import type { BuildContext } from '../../model/context.js';
import { globalArgsIn } from '../../model/global-args.js';
import { imagesIn, isLocal } from '../../model/images.js';
import { imageLookup } from '../../model/remote-facts.js';
import { familiarName, type ImageReference } from '../../syntax/image-ref.js';
import { nameGlob } from '../../syntax/name-glob.js';
import type { Span } from '../../syntax/text.js';
import { patternsOption } from '../options.js';

export const undigestedBase = defineRule({
  name: 'undigested-base',
  category: 'base',
  severity: 'info',
  recommended: false,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'An image that is named without a digest, so the bytes behind its tag can change.',
    why: `A tag is a name that the publisher can move: \`node:22-slim\` is rebuilt with every patch release and every fix of its
distribution. A digest names exactly one image. With it the same commit builds on the same base everywhere, a tampered tag is not picked up, and a machine that has not built for a while does not start over because the base moved.

The price is that security fixes of the base no longer come by themselves: someone has to raise the digest. Turn this rule on together with a bot that does so (Renovate and Dependabot both know digests in Dockerfiles); without one, a tag of a minor version is the better choice. That is why it is off by default.

The digest cannot be known without asking the registry. \`layerwise lint --ask-registry --rule undigested-base=info\` asks the registries of the images that are reported, without an account, and keeps the answers in \`.layerwise/remote.json\`; from then on there is a fix, in the editor too. Nobody is asked without that option. The fix is *unsafe*: it is the image that the tag named on the day it was asked for. A name that is built with \`ARG\` gets none, because the digest would be that of one value only.

By hand, \`docker buildx imagetools inspect node:22-slim --format '{{.Manifest.Digest}}'\` prints it. Take the digest of the index (the multi-platform one), as this command and the fix do, or other platforms cannot build. Keep the tag in front: \`node:22-slim@sha256:…\` tells people what it is.`,
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
  check({ file, build, context, options, report }) {
    const allowed = options.allow.map(nameGlob);
    for (const { word, span, reference } of imagesIn(build)) {
      const name = familiarName(reference);
      if (reference.digest !== undefined || allowed.some((glob) => glob.test(name) || glob.test(reference.name)))
        continue;
      if (isLocal(reference)) continue;
      const image = reference.tag === undefined ? name : `${name}:${reference.tag}`;
      const args = globalArgsIn(build, word);
      const isPlain = file.text.slice(span.start, span.end) === word && !word.includes('$');
      report({
        span,
        message: `${image} has no digest, so what it names can change between two builds of one commit`,
        evidence: args.map((arg) => ({ text: `${arg.name} is "${arg.value}" by default`, span: arg.span })),
        fixes: [isPlain ? pinFix(span, reference, image, context) : manualFix(image)],
      });
    }
  },
});

function pinFix(span: Span, reference: ImageReference, image: string, context: BuildContext | undefined): Fix {
  const lookup = imageLookup(reference);
  const answer = context?.remoteFacts?.()?.answer(lookup);
  if (!answer) return { ...manualFix(image), lookup };
  return {
    title: `Add the digest of ${image}`,
    safety: 'unsafe',
    caveat: `it is the image that ${image} named on ${answer.day}; someone has to raise the digest from then on`,
    edits: [{ span: { start: span.end, end: span.end }, text: `@${answer.digest}` }],
    lookup,
  };
}

function manualFix(image: string): Fix {
  return {
    title: `Add the digest that "docker buildx imagetools inspect ${image}" prints`,
    safety: 'manual',
    caveat: 'the registry has to be asked for it (--ask-registry does), and someone has to raise it from then on',
    edits: [],
  };
}
