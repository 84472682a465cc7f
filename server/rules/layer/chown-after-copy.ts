import * as v from 'valibot';
import type { Evidence } from '../../core/finding.js';
import { type DockerfileCheck, defineRule } from '../../core/rule.js';
import type { Build, Stage } from '../../model/build.js';
import { byteText } from '../../model/byte-text.js';
import { installsInStage } from '../../model/installs.js';
import { layerChain } from '../../model/layer-chain.js';
import { relativeTo } from '../../model/path.js';
import { type Placement, placementBytes, placementsOf } from '../../model/placements.js';
import { runPaths } from '../../model/run-paths.js';
import { parseShell, type ShellWord } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import { minimumOption } from '../options.js';
import { type Chown, chownsIn, ownerFlag } from './chown-after-copy-command.js';
import { chownFix } from './chown-after-copy-fix.js';

const options = v.object({
  minimumBytes: minimumOption(
    100_000,
    'Bytes below which copying them again is not worth a word, where the size is known.',
  ),
});

type Check = DockerfileCheck<v.InferOutput<typeof options>>;

/** From here on storing files twice is a warning. */
const many = 1_000_000;

/** Older copies of a stage than this many are forgotten, so that time stays linear. */
const mostPlacements = 200;

export const chownAfterCopy = defineRule({
  name: 'chown-after-copy',
  category: 'layer',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'A chown of files that a COPY has just put there stores them a second time.',
    why: `A layer is never changed. To give a file another owner in a later step, the builder copies the whole file into a new layer: after \`COPY . /app\` and \`RUN chown -R app /app\` every byte is in the image twice, and is pushed and pulled twice. The chown also runs again whenever a copied file changes.

\`COPY --chown=app:app\` gives the owner while it copies. The fix writes that and takes the \`-R\` off the chown (the folder itself keeps getting its owner), or removes the chown of a single file. Where the same step creates the user, it is moved above the COPY, because the name must exist there. A user without a group becomes \`user:0\`, which is what \`chown user\` leaves.

The fix is *safe* for a single file in a folder that the image has for certain: a folder that the COPY makes gets the owner too. For a folder it is *unsafe*: what the base image or an earlier step has put there keeps its owner. There is none where a RUN in between (an install, a build) may have written below the folder: let that step run as the user instead, after \`USER\`. Nothing is reported where the files have that owner already.

Only the stages whose layers the image consists of are looked at. Severity follows the size: *warning* from 1 MB on or where the size is not known, *info* below, nothing below \`minimumBytes\` (100 kB).`,
    bad: `FROM node:22-slim
WORKDIR /app
COPY . .
RUN chown -R node:node /app
USER node
`,
    good: `FROM node:22-slim
WORKDIR /app
RUN chown node:node /app
COPY --chown=node:node . .
USER node
`,
    files: { 'assets/data.bin': 'x'.repeat(100_000) },
    links: [
      'https://docs.docker.com/reference/dockerfile/#copy---chown---chmod',
      'https://docs.docker.com/build/building/best-practices/#add-or-copy',
    ],
  },
  options,
  check(check) {
    for (const stage of layerChain(check.build)) {
      let placements: Placement[] = [];
      for (const instruction of stage.instructions) {
        if (instruction.keyword === 'RUN') placements = checkRun(check, instruction, placements, stage);
        if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') continue;
        placements.push(...placementsOf(check.build, instruction, check.context));
        if (placements.length > 2 * mostPlacements) placements = placements.slice(-mostPlacements);
      }
    }
  },
});

/** Gives the placements that no chown has been found for. */
function checkRun(check: Check, run: RunInstruction, given: Placement[], stage: Stage): Placement[] {
  const { build, file, context } = check;
  let placements = given;
  if (placements.length === 0) return placements;
  const script = parseShell(file, run, build.stateBefore(run).shell);
  for (const chown of chownsIn(script, runPaths(build, run, script))) {
    const covered = placements.filter((placement) => chown.paths.some((path) => covers(chown, path, placement)));
    placements = placements.filter((placement) => !covered.includes(placement));
    const hit = covered.filter((placement) => !isOwnedBy(build, placement, chown.owner));
    if (hit.length === 0) continue;
    const bytes = totalBytes(hit, context);
    if (bytes !== undefined && bytes < check.options.minimumBytes) continue;
    if (bytes === undefined && hit.every(isTiny)) continue;
    const what = chown.paths.join(' and ');
    const outcome = chownFix(
      build,
      run,
      script,
      chown,
      { placements: hit, alone: isAlone(check, hit, covered), setsId: hit.some((one) => setsId(check, one)) },
      stage,
    );
    const evidence = evidenceOf(check, run, chown, hit);
    check.report({
      span: chown.command.nameSpan,
      message: `chown copies ${what} into another layer${bytes === undefined ? '' : ` (${byteText(bytes)})`}: the image holds ${chown.paths.length > 1 ? 'them' : 'it'} twice`,
      evidence: 'fix' in outcome ? evidence : [...evidence, { text: `no fix: ${outcome.reason}` }],
      fixes: 'fix' in outcome ? [outcome.fix] : [],
      severity: bytes !== undefined && bytes < many ? 'info' : 'warning',
    });
  }
  return placements;
}

function covers({ recursive }: Chown, path: string, { paths, type }: Placement): boolean {
  if (recursive) return paths.every((one) => relativeTo(path, one) !== undefined);
  return type === 'file' && paths.includes(path);
}

/** Whether the COPYs of these placements bring nothing but what the chown covers: the flag is for all that a COPY brings. */
function isAlone({ build, context }: Check, hit: readonly Placement[], covered: readonly Placement[]): boolean {
  return hit.every(({ instruction }) => {
    const all = placementsOf(build, instruction, context);
    const named = instruction.sources.length + instruction.heredocs.length;
    return all.length >= named && all.every((one) => covered.includes(one));
  });
}

/** The file has a set-uid or set-gid bit, which the copy of it keeps. */
function setsId({ context }: Check, { origin, source }: Placement): boolean {
  const mode = origin === 'context' && source !== undefined ? context?.entry(source)?.mode : undefined;
  return mode !== undefined && (mode & 0o6000) !== 0;
}

/** Undefined where one of them is not known. */
function totalBytes(placements: readonly Placement[], context: Check['context']): number | undefined {
  let total = 0;
  for (const placement of placements) {
    const bytes = placement.origin === 'heredoc' ? 0 : placementBytes(placement, context);
    if (bytes === undefined) return undefined;
    total += bytes;
  }
  return total;
}

/** A script or a text of unknown size. */
function isTiny({ origin, type, word }: Placement): boolean {
  return (
    origin === 'heredoc' ||
    (type !== 'directory' &&
      /\.(?:sh|conf|json|ya?ml|ini|toml|txt|py|sql|cnf|html|xml|properties)["']?$/.test(word.text))
  );
}

function evidenceOf({ build }: Check, run: RunInstruction, { paths }: Chown, hit: readonly Placement[]): Evidence[] {
  const words = new Map(hit.map(({ instruction, word }) => [instruction, word.span]));
  const copies = [...words].map(([{ keyword }, span]) => ({ text: `${keyword} puts it into a layer here`, span }));
  const first = hit[0]?.instruction.index ?? run.index;
  const isBelow = (folder: string | undefined) =>
    folder !== undefined && paths.some((path) => relativeTo(path, folder) !== undefined);
  const stage = build.stageOf(run);
  const installs = (stage ? installsInStage(build, stage) : []).filter(
    ({ run: other, kind, manager, directory }) =>
      other.index > first &&
      other.index < run.index &&
      (kind === 'dependencies' || kind === 'build') &&
      manager.writes.length > 0 &&
      isBelow(directory),
  );
  const runs = [...new Set(installs.map(({ run: other }) => other))];
  const twice = runs.map(({ keywordSpan }) => ({
    text: 'what this step writes there is stored twice as well',
    span: keywordSpan,
  }));
  return [...firstOf(copies), ...firstOf(twice)];
}

/** The first of several alike, with their number. */
function firstOf(facts: readonly Evidence[]): Evidence[] {
  const [first, ...more] = facts;
  if (!first || more.length === 0) return first ? [first] : [];
  const rest = more.length === 1 ? '1 other' : `${more.length} others`;
  return [{ ...first, text: `${first.text} (and ${rest} like it)` }];
}

/** Whether the files have that owner already: then nothing is stored again. COPY gives root what has no `--chown`. */
function isOwnedBy(build: Build, { instruction, unpacked }: Placement, owner: ShellWord): boolean {
  const wanted = build.expand(instruction, ownerFlag(owner) ?? '');
  const written = instruction.flags.find(({ name }) => name === 'chown');
  const given = written ? build.expand(instruction, written.value ?? '') : '0:0';
  if (unpacked || !wanted || !given) return false;
  const [user = '', group = user] = given.replace(/\broot\b/g, '0').split(':');
  const [asked = '', askedGroup] = wanted.replace(/\broot\b/g, '0').split(':');
  const { text } = owner;
  return (text.startsWith(':') || user === asked) && (!text.includes(':') || group === askedGroup);
}
