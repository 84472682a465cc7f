import * as v from 'valibot';
import type { Evidence } from '../../core/finding.js';
import { type DockerfileCheck, defineRule, type Report } from '../../core/rule.js';
import { byteText } from '../../model/byte-text.js';
import { layerChain } from '../../model/layer-chain.js';
import { placementBytes } from '../../model/placements.js';
import { runPaths } from '../../model/run-paths.js';
import { parseShell } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import { minimumOption } from '../options.js';
import { type Deletion, deletionsOf, type Match, matchDeletion, movesAway } from './delete-in-later-layer-deletions.js';
import { deletionFixes } from './delete-in-later-layer-fix.js';
import { commandWrites, transferWrites, type Write } from './delete-in-later-layer-writes.js';

const options = v.object({
  minimumBytes: minimumOption(
    100_000,
    'Bytes below which a deleted file is not worth a word, where its size is known. Secrets always are.',
  ),
});

type Check = DockerfileCheck<v.InferOutput<typeof options>>;

/** From here on, or where the size is not known, it is a warning. */
const many = 1_000_000;

/** Older writes than this many are forgotten, so that time stays linear. */
const mostWrites = 200;

export const deleteInLaterLayer = defineRule({
  name: 'delete-in-later-layer',
  category: 'layer',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'A file is deleted in another layer than the one that holds it, so the image stays as large.',
    why: `Every RUN, COPY and ADD makes a layer, and a layer is never changed again. An \`rm\` in a later step only adds a note that hides the file: its bytes are still stored, pushed and pulled. **A secret that is "deleted" this way can be read by everybody who has the image**; that is an *error*.

Delete in the step that writes: \`RUN curl -o x.tgz … && tar xf x.tgz && rm x.tgz\`. A file of the build context that one step needs does not have to be copied at all: \`RUN --mount=type=bind,source=pkg.deb,target=/tmp/pkg.deb …\`. For secrets there is \`RUN --mount=type=secret\`.

Only what the file proves is reported: an earlier step of the final image's own layers wrote just that path (COPY, ADD, \`curl -o\`, \`wget\`, \`git clone\`, the package lists of apt, the caches of yum and dnf), and a later one removes it. Stages that are only copied from do not matter, as their layers are not part of the image.

The fix joins the two steps where they follow each other (*safe*: the same files, one layer less), deletes apt's lists where they were fetched, or mounts the file instead of copying it (*unsafe*: it is then there during that step only, and read-only). Otherwise there is none, and the evidence says why.

Do not follow it for a stage whose image nobody ships. Where their size is known, files smaller than 1 MB are *info*, and those smaller than \`minimumBytes\` (100 kB) are passed over.`,
    bad: `FROM debian:12
RUN curl -fsSLo /tmp/tool.tar.gz https://example.com/tool-1.4.2.tar.gz
RUN tar -xzf /tmp/tool.tar.gz -C /opt && rm /tmp/tool.tar.gz
`,
    good: `FROM debian:12
RUN curl -fsSLo /tmp/tool.tar.gz https://example.com/tool-1.4.2.tar.gz && \\
    tar -xzf /tmp/tool.tar.gz -C /opt && rm /tmp/tool.tar.gz
`,
    links: [
      'https://docs.docker.com/build/building/best-practices/#run',
      'https://docs.docker.com/build/building/secrets/',
      'https://docs.docker.com/reference/dockerfile/#run---mounttypebind',
    ],
  },
  options,
  check(check) {
    const { build, context } = check;
    let writes: Write[] = [];
    for (const stage of layerChain(build)) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword === 'RUN') writes = checkRun(check, instruction, writes);
        else writes.push(...transferWrites(build, instruction, context));
        if (writes.length > 2 * mostWrites) writes = writes.slice(-mostWrites);
      }
    }
  },
});

/** Reports what the RUN deletes of `writes`; gives what is there after it. */
function checkRun(check: Check, run: RunInstruction, writes: readonly Write[]): Write[] {
  const { file, build, context } = check;
  const script = parseShell(file, run, build.stateBefore(run).shell);
  const paths = runPaths(build, run, script);
  let earlier = [...writes];
  let own: Write[] = [];
  const { commands } = script;
  for (let index = 0; index < commands.length; index++) {
    const command = commands[index];
    if (command === undefined) break;
    for (const deletion of deletionsOf(command, index, paths)) {
      const cleansUp = own.some((write) => matchDeletion(write, deletion, context));
      const candidates = cleansUp ? earlier.filter(({ type, placement }) => type === 'tree' && !placement) : earlier;
      const hit = command.certain ? firstHit(check, candidates, deletion) : undefined;
      if (hit) check.report(cleansUp ? leftoverReport(check, run, deletion, hit) : reportOf(check, run, deletion, hit));
      earlier = earlier.filter((write) => !matchDeletion(write, deletion, context));
      own = own.filter((write) => !matchDeletion(write, deletion, context));
    }
    const gone = movesAway(command, index, paths);
    if (gone.length > 0) {
      const stays = (write: Write) => !gone.some((deletion) => matchDeletion(write, deletion, context));
      earlier = earlier.filter(stays);
      own = own.filter(stays);
    }
    own.push(...commandWrites(run, command, index, paths));
    if (own.length > 2 * mostWrites) own = own.slice(-mostWrites);
  }
  return [...earlier, ...own];
}

interface Hit {
  readonly write: Write;
  readonly match: Match;
}

/** The write that weighs most among those that the deletion is about. */
function firstHit({ context, options }: Check, writes: readonly Write[], deletion: Deletion): Hit | undefined {
  const hits = writes.flatMap((write) => {
    const match = matchDeletion(write, deletion, context);
    if (!match) return [];
    const bytes = sizeOf({ write, match }, context);
    return write.secret || bytes === undefined || bytes >= options.minimumBytes
      ? [{ write, match, bytes: bytes ?? 0 }]
      : [];
  });
  const proven = hits.filter(({ write }) => isWorthwhile(write));
  return proven.find(({ write }) => write.secret) ?? proven.sort((a, b) => b.bytes - a.bytes)[0];
}

/** A small text that a heredoc writes, or a file of unknown kind and size, is left alone. */
function isWorthwhile({ placement, secret }: Write): boolean {
  if (secret || !placement) return true;
  if (placement.origin === 'heredoc') return false;
  return placement.origin !== 'context' || placement.type !== 'unknown';
}

function sizeOf({ write, match }: Hit, context: Check['context']): number | undefined {
  if (match.bytes !== undefined) return match.bytes;
  return write.placement && match.whole ? placementBytes(write.placement, context) : undefined;
}

function reportOf(check: Check, run: RunInstruction, deletion: Deletion, hit: Hit): Report {
  const { write } = hit;
  const bytes = sizeOf(hit, check.context);
  const size = bytes === undefined ? '' : ` (${byteText(bytes)})`;
  const evidence: Evidence[] = [{ text: `${write.how}${size}`, span: write.span }];
  if (write.secret) {
    const message = `rm does not take the secret ${deletion.path} out of the image: an earlier layer keeps it readable`;
    const advice = {
      title: 'Mount it with RUN --mount=type=secret',
      safety: 'manual',
      caveat: 'the secret has to be given to the build: docker build --secret id=…,src=…',
      edits: [],
    } as const;
    return { span: deletion.word.span, message, evidence, fixes: [advice], severity: 'error' };
  }
  const message = `removing ${deletion.path} here does not make the image smaller: an earlier layer holds it`;
  const small = bytes !== undefined && bytes < many ? { severity: 'info' as const } : {};
  return { span: deletion.word.span, message, ...withFixes(check, run, deletion, write, evidence), ...small };
}

/** The deleting step fills the folder too and rightly empties it; the fault is the earlier step, which does not. */
function leftoverReport(check: Check, run: RunInstruction, deletion: Deletion, { write }: Hit): Report {
  const evidence: Evidence[] = [{ text: 'deleted here, in another layer', span: deletion.word.span }];
  const message = `${write.paths[0]} stays in the image: this step fills it and only a later one empties it`;
  return { span: write.span, message, ...withFixes(check, run, deletion, write, evidence) };
}

function withFixes(
  { build, settings }: Check,
  run: RunInstruction,
  deletion: Deletion,
  write: Write,
  evidence: readonly Evidence[],
): Pick<Report, 'fixes' | 'evidence'> {
  const outcome = deletionFixes(build, run, deletion, write, settings);
  if ('fixes' in outcome) return { fixes: outcome.fixes, evidence };
  return { evidence: [...evidence, { text: `no fix: ${outcome.reason}` }] };
}
