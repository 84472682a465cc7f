import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import type { Build, Stage } from '../../model/build.js';
import { costlyRuns } from '../../model/costly.js';
import { mountsOf } from '../../syntax/mounts.js';
import { lineAt, lineEnding, wholeLines } from '../../syntax/text.js';
import type { Instruction } from '../../syntax/tree.js';
import { minimumSteps } from '../options.js';

/** Instructions that only change the image's config, in any order among steps. VOLUME is left out: the classic builder freezes the folder from there on. */
const metadata = ['LABEL', 'EXPOSE', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'STOPSIGNAL', 'MAINTAINER'] as const;

export const metadataEarly = defineRule({
  name: 'metadata-early',
  category: 'order',
  severity: 'info',
  recommended: true,
  fixable: 'always',
  since: '0.1.0',
  aliases: ['tally/epilogue-order'],
  needs: [],
  docs: {
    summary:
      'For builders that chain every instruction: LABEL, CMD and their like stand above steps that re-run when they change.',
    why: `The classic builder, Buildah and kaniko make every instruction a link of the cache's chain: a changed label re-runs all below it. BuildKit does not; there, the place of these instructions does not matter, so the rule is silent unless \`builder\` is \`classic\`, \`buildah\` or \`kaniko\`.

The fix moves them to the end of the stage, in the order they have. The image's config and files stay the same.`,
    bad: 'FROM node:22\nLABEL org.opencontainers.image.version=1.4.2\nWORKDIR /app\nCOPY . .\nRUN npm ci\n',
    good: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nLABEL org.opencontainers.image.version=1.4.2\n',
    settings: { builder: 'buildah' },
    links: ['https://docs.docker.com/build/cache/invalidation/'],
  },
  options: v.object({
    ignoreInstructions: v.pipe(
      v.optional(v.array(v.picklist(metadata)), []),
      v.description('Instructions that may stand anywhere, such as `EXPOSE`.'),
    ),
    minimumSteps,
  }),
  check({ file, build, settings, options, report }) {
    if (settings.builder !== 'classic' && settings.builder !== 'buildah' && settings.builder !== 'kaniko') return;
    const keywords: ReadonlySet<string> = new Set(metadata.filter((one) => !options.ignoreInstructions.includes(one)));
    const fewest = Math.max(1, options.minimumSteps);
    for (const stage of build.stages) {
      const movable = stage.instructions.filter(
        (one) =>
          keywords.has(one.keyword) &&
          !usesArg(build, stage, one) &&
          !usesShell(stage, one) &&
          costlyRuns(build, stage, one.index).length >= fewest,
      );
      const staying = stage.instructions.filter((one) => !movable.includes(one));
      const early = movable.filter((one) => !staying.some((other) => overrides(other, one)));
      const [first] = early;
      const last = stage.instructions.at(-1);
      if (!first || !last || (settings.builder === 'buildah' && makesLayer(last) && isMounted(build, stage))) continue;
      const runs = costlyRuns(build, stage, first.index);
      const lines = runs.map((run) => lineAt(file.lineStarts, run.span.start));
      const end = wholeLines(file.text, last.span).end;
      const eol = lineEnding(file.text);
      const block = early.map(({ span }) => file.text.slice(span.start, span.end) + eol).join('');
      const open = !file.text.slice(0, end).endsWith('\n');
      report({
        span: first.keywordSpan,
        message: `${settings.builder === 'classic' ? 'the classic builder' : settings.builder} re-runs ${runs.length === 1 ? 'a step' : `${runs.length} steps`} below when this ${first.keyword} changes`,
        evidence: early.slice(1).map(({ keywordSpan }) => ({ text: 'the same holds for this one', span: keywordSpan })),
        savings: { trigger: `an edit of ${first.keyword}`, rebuilds: lines, basis: 'table' },
        fixes: [
          {
            title:
              early.length > 1 ? 'Move them to the end of the stage' : `Move ${first.keyword} to the end of the stage`,
            safety: 'safe',
            edits: [
              ...early.map(({ span }) => ({ span: wholeLines(file.text, span), text: '' })),
              { span: { start: end, end }, text: open ? eol + block.slice(0, -eol.length) : block },
            ],
          },
        ],
      });
    }
  },
});

/** What a later ARG or ENV sets would be another value at the end. */
function usesArg(build: Build, stage: Stage, instruction: Instruction): boolean {
  const text = build.file.text.slice(instruction.span.start, instruction.span.end);
  if (!text.includes('$')) return false;
  const later = stage.instructions.filter(
    (one) => one.index > instruction.index && (one.keyword === 'ENV' || one.keyword === 'ARG'),
  );
  return later.some((one) => 'pairs' in one && one.pairs.some(({ key }) => text.includes(key)));
}

/** A shell form is run by the SHELL that stands above it. */
function usesShell(stage: Stage, instruction: Instruction): boolean {
  if (instruction.keyword !== 'CMD' && instruction.keyword !== 'ENTRYPOINT') return false;
  if (instruction.strings) return false;
  return stage.instructions.some(({ keyword, index }) => keyword === 'SHELL' && index > instruction.index);
}

/** What is said again further down has to stay the last word. */
function overrides(later: Instruction, one: Instruction): boolean {
  if (later.keyword !== one.keyword || later.index < one.index || one.keyword === 'EXPOSE') return false;
  if (later.keyword !== 'LABEL' || one.keyword !== 'LABEL') return true;
  return later.pairs.some(({ key }) => /["'$\\]/.test(key) || one.pairs.some((pair) => pair.key === key));
}

function makesLayer({ keyword }: Instruction): boolean {
  return keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD';
}

/** Buildah never finds a RUN again that mounts a stage which ends in metadata (`imagebuildah/stage_executor.go:execute`). */
function isMounted({ file, stageByReference }: Build, stage: Stage): boolean {
  return file.instructions.some(
    (one) =>
      one.keyword === 'RUN' &&
      mountsOf(file, one).mounts.some(({ from }) => from !== undefined && stageByReference(from) === stage),
  );
}
