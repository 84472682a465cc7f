import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import { type Build, type Stage, sourcesOf } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import { joinPath, relativeTo } from '../../model/path.js';
import type { Transfer } from '../../model/transfers.js';
import { contextTransfers } from '../../model/transfers.js';
import { groupBy } from '../../syntax/group-by.js';
import { lineEnding } from '../../syntax/text.js';
import type { Instruction, TransferInstruction } from '../../syntax/tree.js';
import { ignoreStages, ignoresStage } from '../options.js';

export const broadCopy = defineRule({
  name: 'broad-copy',
  category: 'context',
  severity: 'info',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: ['context'],
  docs: {
    summary: 'A COPY of the whole context into a stage of which only some paths are ever used.',
    why: `The step re-runs when any file of the context changes, and so do the steps below it. Reported only where it is certain what is used: no \`RUN\` of the stage comes after the COPY, no stage is built from it, and every other stage takes named paths out of it.

The fix copies just these paths. It is safe: what nobody takes from the stage is not in the image.`,
    bad: 'FROM scratch AS files\nCOPY . /src/\nFROM nginx:1.29\nCOPY --from=files /src/public /usr/share/nginx/html\n',
    good: 'FROM scratch AS files\nCOPY public /src/public\nFROM nginx:1.29\nCOPY --from=files /src/public /usr/share/nginx/html\n',
    files: { 'public/index.html': '', 'README.md': '' },
    links: ['https://docs.docker.com/build/cache/optimize/#keep-the-context-small'],
  },
  options: v.object({ ignoreStages }),
  check({ build, context, options, report }) {
    if (!context?.plausible) return;
    const isIgnored = ignoresStage(options.ignoreStages);
    const takers = takersOf(build);
    for (const transfer of contextTransfers(build)) {
      const { instruction, stage, sources } = transfer;
      if (isIgnored(stage)) continue;
      const [source] = sources;
      const paths =
        source?.whole && source.path === '' && sources.length === 1 && instruction.heredocs.length === 0
          ? usedPaths(build, takers, transfer)
          : undefined;
      const target = targetOf(build, transfer);
      if (!source || !paths || paths.size === 0 || target === undefined || instruction.flags.length > 0) continue;
      const inside = [...paths].map((path) => relativeTo(target, path));
      if (inside.some((path) => path === undefined || path === '' || !isPlain(context, path)) || special.test(target))
        continue;
      const keyword = copyLike(build, instruction);
      const lines = inside.map((path) => `${keyword} ${path} ${target === '/' ? '' : target}/${path}`);
      report({
        span: source.word.span,
        message: `of all that is copied here only ${inside.join(', ')} is used, but every file of the context re-runs it`,
        fixes: [
          {
            title: 'Copy only what is used',
            safety: 'safe',
            edits: [{ span: instruction.span, text: lines.join(lineEnding(build.file.text)) }],
          },
        ],
      });
    }
  },
});

/** What a word of a COPY would not say as it stands. */
const special = /[\s*?[\]\\"'$`]|^--|^<</;

function isPlain(context: BuildContext, path: string): boolean {
  const entry = context.entry(path);
  return (entry?.type === 'file' || entry?.type === 'directory') && !context.ignored(path) && !special.test(path);
}

/** COPY, as ADD would unpack an archive that is named; in the case of the instruction's keyword. */
function copyLike({ file }: Build, { keywordSpan }: TransferInstruction): string {
  const written = file.text.slice(keywordSpan.start, keywordSpan.end);
  return written === written.toLowerCase() ? 'copy' : 'COPY';
}

/** Absolute; undefined where it is not known. */
function targetOf(build: Build, { instruction }: Transfer): string | undefined {
  const word = instruction.destination && build.expand(instruction, instruction.destination.text);
  const { cwd } = build.stateBefore(instruction);
  return word === undefined || (cwd === undefined && !word.startsWith('/')) ? undefined : joinPath(cwd ?? '/', word);
}

/** Paths that other stages take out of the stage; undefined where something may use all of it. */
function usedPaths(build: Build, takers: Takers, { instruction, stage }: Transfer): ReadonlySet<string> | undefined {
  const isLast = stage === build.target;
  const isBase = build.stages.some(({ base }) => base.kind === 'stage' && base.stage === stage);
  const last = stage.instructions.findLast(({ keyword }) => ['RUN', 'COPY', 'ADD', 'ONBUILD'].includes(keyword));
  if (isLast || isBase || last !== instruction || stage.name === undefined) return undefined;
  const paths = new Set<string>();
  for (const { instruction: one } of takers.get(stage) ?? []) {
    // With --parents it takes the folders above along, with their modes.
    if (one.keyword !== 'COPY' || one.flags.some(({ name }) => name === 'parents')) return undefined;
    for (const { text } of one.sources) {
      const path = build.expand(one, text);
      if (path === undefined || /[*?[]/.test(path)) return undefined;
      paths.add(joinPath('/', path));
    }
  }
  return paths;
}

type Takers = ReadonlyMap<Stage | undefined, readonly { readonly instruction: Instruction }[]>;

/** The COPYs and RUNs that take from a stage, those of ONBUILD too: they may run in a stage of this file. */
function takersOf(build: Build): Takers {
  const takes = build.file.instructions.flatMap((instruction) => {
    const trigger = instruction.keyword === 'ONBUILD' ? instruction.trigger : undefined;
    const names = sourcesOf(build.file, trigger ?? instruction);
    return names.map((name) => ({ instruction, stage: build.stageByReference(name) }));
  });
  return groupBy(takes, ({ stage }) => stage);
}
