import * as v from 'valibot';
import type { Edit, Fix } from '../../core/finding.js';
import { defineRule } from '../../core/rule.js';
import { isFixed, volatileVariable } from '../../knowledge/volatile-variables.js';
import type { Build, Stage } from '../../model/build.js';
import { costlyRuns, isCostly } from '../../model/costly.js';
import { installsIn } from '../../model/installs.js';
import { listed } from '../../model/unwanted.js';
import { uses } from '../../model/variable-use.js';
import { afterLine, commentsAbove } from '../../syntax/line-blocks.js';
import { parseShell } from '../../syntax/shell.js';
import { lineAt, lineEnding, wholeLines } from '../../syntax/text.js';
import type { Instruction, PairInstruction, RunInstruction } from '../../syntax/tree.js';

export const volatileArgEarly = defineRule({
  name: 'volatile-arg-early',
  category: 'order',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'An ARG that changes with every build stands above steps that do not need it, so they re-run every time.',
    why: `From its line on, an ARG with a value is part of the environment of every \`RUN\` of the stage, and so of their cache keys, whether they use it or not. A commit hash, a build number or a date above \`RUN npm ci\` installs everything again at every build.

The fix moves the ARG, and the ENV and LABEL lines that are made from it, down to the first step that uses it. It is safe where only the ARG and labels move and the steps between cannot look at it; a build script may read it from its environment unseen, and an ENV that moves comes later in the image's environment, so then it is unsafe.

What a name says is taken for granted: \`GIT_SHA\`, \`BUILD_DATE\`, \`BUILD_NUMBER\` and their like. A variable that is meant to break the cache (\`CACHE_BUST\`) is left alone.`,
    bad: 'FROM node:22\nARG GIT_SHA\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN GIT_SHA=$GIT_SHA npm run build\n',
    good: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nARG GIT_SHA\nRUN GIT_SHA=$GIT_SHA npm run build\n',
    links: ['https://docs.docker.com/reference/dockerfile/#impact-on-build-caching'],
  },
  options: v.object({
    names: v.pipe(
      v.optional(v.array(v.string()), []),
      v.description('Further names of variables that change with every build.'),
    ),
  }),
  check({ file, build, options, settings, report }) {
    if (settings.builder === 'kaniko') return;
    const isVolatile = (name: string) => volatileVariable.test(name) || options.names.includes(name);
    for (const stage of build.stages) {
      const args = stage.instructions.filter(
        (one): one is PairInstruction =>
          one.keyword === 'ARG' &&
          one.pairs.length === 1 &&
          one.pairs.every(({ key, rawValue }) => isVolatile(key) && !isFixed(rawValue)),
      );
      const [first] = args;
      if (!first) continue;
      const group = groupOf(build, stage, args);
      const own = costlyRuns(build, stage, first.index, group.firstUse?.index);
      const above = group.firstUse ? [] : runsAbove(build, stage, environmentOf(group));
      const between = [...own, ...above];
      const early = args.filter(({ index }) => between.some((run) => run.index > index));
      const names = early.flatMap(({ pairs }) => pairs.map(({ key }) => key));
      const span = early[0]?.pairs[0]?.keySpan;
      if (!span || between.length === 0) continue;
      const [it, steps] = [
        names.length > 1 ? 'them' : 'it',
        between.length === 1 ? 'a step' : `${between.length} steps`,
      ];
      report({
        span,
        message: `${listed(names)} ${names.length > 1 ? 'change' : 'changes'} with every build, and ${steps} below ${between.length === 1 ? 'does' : 'do'} not need ${it} but ${between.length === 1 ? 're-runs' : 're-run'} with ${it}`,
        evidence: [
          ...between
            .slice(0, 3)
            .map((run) => ({ text: `does not use ${it}, but has ${it} in its cache key`, span: run.keywordSpan })),
          group.firstUse
            ? { text: `the first step that may use ${it}`, span: group.firstUse.keywordSpan }
            : { text: `no step of the stage uses ${it}` },
          ...(above.length > 0 ? [{ text: 'no fix: stages that are built on this one inherit the environment' }] : []),
        ],
        savings: {
          trigger: `another value of ${listed(names)}`,
          rebuilds: between.map((run) => lineAt(file.lineStarts, run.span.start)),
          basis: 'table',
        },
        fixes: above.length > 0 ? [] : fixFor(build, stage, { ...group, name: listed(names) }, between),
      });
    }
  },
});

/** ARGs with what is made from them, and the first step that uses or may use one of them. */
interface Group {
  readonly name: string;
  /** The ARGs, and the ENV, LABEL and ARG lines that use them, before the first use. */
  readonly moved: readonly PairInstruction[];
  readonly firstUse: Instruction | undefined;
}

/** Variables that stages built on this one inherit. */
function environmentOf({ moved }: Group): readonly string[] {
  return moved.flatMap(({ keyword, pairs }) => (keyword === 'ENV' ? pairs.map(({ key }) => key) : []));
}

/** Costly RUNs in the stages that are built on this one, as far as none of these variables is used before them. */
function runsAbove(build: Build, stage: Stage, names: readonly string[]): readonly RunInstruction[] {
  if (names.length === 0) return [];
  return build.stages.flatMap((one) => {
    if (one.base.kind !== 'stage' || one.base.stage !== stage || !build.needed.has(one)) return [];
    const { firstUse } = groupOf(build, one, [], names);
    const runs = costlyRuns(build, one, one.from.index, firstUse?.index);
    return firstUse ? runs : [...runs, ...runsAbove(build, one, names)];
  });
}

/** `inherited` are variables of the environment that the stage starts with. */
function groupOf(
  build: Build,
  stage: Stage,
  args: readonly PairInstruction[],
  inherited: readonly string[] = [],
): Group {
  const names = new Set<string>(inherited);
  const moved: PairInstruction[] = [];
  for (const one of stage.instructions) {
    const own = args.some((arg) => arg === one);
    const used = [...names].some((name) => uses(build.file, one, name));
    if (one.keyword === 'RUN') {
      if (names.size > 0 && (used || printsVariables(build, one) || (isCostly(build, one) && !isInstall(build, one))))
        return { name: '', moved, firstUse: one };
    } else if (one.keyword === 'ENV' || one.keyword === 'LABEL' || one.keyword === 'ARG') {
      if (!own && !used) continue;
      moved.push(one);
      if (one.keyword !== 'LABEL') for (const { key } of one.pairs) names.add(key);
    } else if (used && one.keyword !== 'CMD' && one.keyword !== 'ENTRYPOINT' && one.keyword !== 'HEALTHCHECK') {
      return { name: '', moved, firstUse: one };
    }
  }
  return { name: '', moved, firstUse: undefined };
}

/** `env > /build.env` */
function printsVariables(build: Build, run: RunInstruction): boolean {
  const { commands } = parseShell(build.file, run, build.stateBefore(run).shell);
  return commands.some(
    ({ name = '', args }) =>
      /^(?:env|export|set|declare|typeset)$/.test(name) && args.every(({ text }) => /^-[p0xi]+$/.test(text)),
  );
}

/** Installs and nothing that builds: a build may read any variable. */
function isInstall(build: Build, run: RunInstruction): boolean {
  const { commands, complete } = parseShell(build.file, run, build.stateBefore(run).shell);
  const installs = installsIn(build, run).filter(({ kind }) => kind !== 'build');
  const known = new Set(installs.map(({ command }) => command));
  return (
    complete &&
    known.size > 0 &&
    commands.every((command) => known.has(command) || blind.has(command.name ?? '?') || isTidy(command.name))
  );
}

/** Programs that fetch or unpack what their words name. */
function isTidy(name: string | undefined): boolean {
  return [
    'curl',
    'wget',
    'tar',
    'unzip',
    'gpg',
    'install',
    'sed',
    'useradd',
    'groupadd',
    'adduser',
    'addgroup',
    'corepack',
    'update-ca-certificates',
    'locale-gen',
  ].includes(name ?? '');
}

function fixFor(
  build: Build,
  stage: Stage,
  { name, moved, firstUse }: Group,
  between: readonly RunInstruction[],
): Fix[] {
  const { file } = build;
  const { text } = file;
  const last = between.at(-1);
  if (!last || moved.some((one) => one.heredocs.length > 0)) return [];
  const eol = lineEnding(text);
  const early = moved.filter(({ index }) => index < last.index);
  const block = early.map(({ span }) => text.slice(span.start, span.end) + eol).join('');
  const at = firstUse ? commentsAbove(text, wholeLines(text, firstUse.span).start) : wholeLines(text, last.span).end;
  const isCut = at === text.length && !text.endsWith('\n');
  const lead = isCut || (!firstUse && isBlankAt(text, at)) ? eol : '';
  const edits: Edit[] = [
    ...removals(text, early),
    { span: { start: at, end: at }, text: lead + (isCut ? block.slice(0, -eol.length) : block) },
  ];
  const title = `Move ${early.length > 1 && early.some(({ keyword }) => keyword !== 'ARG') ? `${name} and what is made from ${early.filter(({ keyword }) => keyword === 'ARG').length > 1 ? 'them' : 'it'}` : name} ${firstUse ? 'down to the first use' : 'below these steps'}`;
  if (early.some(({ keyword }) => keyword === 'ENV')) {
    return [
      {
        title,
        safety: 'unsafe',
        caveat: 'a variable that moves comes later in the environment of the image, and steps between no longer see it',
        edits,
      },
    ];
  }
  const passed = stage.instructions.filter(
    (one) =>
      one.index > (early[0]?.index ?? 0) &&
      one.index < (firstUse ?? last).index &&
      !early.some((moving) => moving === one),
  );
  if (early.some((one) => passed.some((other) => other.index > one.index && setsAgain(build, one, other)))) {
    const caveat = 'what stands between sets the same label, or a variable that is used here, again';
    return [{ title, safety: 'unsafe', caveat, edits }];
  }
  const blind = between.every((run) => isBlind(build, run));
  if (!blind)
    return [{ title, safety: 'unsafe', caveat: `a step between may read ${name} from its environment`, edits }];
  return [{ title, safety: 'safe', edits }];
}

/** Without the blank lines that would stand twice. */
function removals(text: string, moved: readonly PairInstruction[]): Edit[] {
  const edits: Edit[] = [];
  let first = 0;
  for (const { span } of moved) {
    const { start } = wholeLines(text, span);
    if (edits.at(-1)?.span.end !== start) first = start;
    edits.push({ span: { start, end: afterLine(text, first, span.end) }, text: '' });
  }
  return edits;
}

function isBlankAt(text: string, at: number): boolean {
  return /^[ \t]*\r?\n/.test(text.slice(at, at + 200));
}

/** Whether a line that moves behind the other would say something else there, or get the last word. */
function setsAgain({ file }: Build, one: PairInstruction, other: Instruction): boolean {
  if (other.keyword === 'LABEL')
    return one.keyword === 'LABEL' && other.pairs.some(({ key }) => one.pairs.some((pair) => pair.key === key));
  if (other.keyword !== 'ENV' && other.keyword !== 'ARG') return false;
  return other.pairs.some(({ key }) => uses(file, one, key) || (one.keyword === 'ARG' && one.pairs[0]?.key === key));
}

/** Only installs of the distribution's packages and programs that look at no variable by themselves. */
function isBlind(build: Build, run: RunInstruction): boolean {
  const { commands, complete } = parseShell(build.file, run, build.stateBefore(run).shell);
  const installs = installsIn(build, run).filter(({ manager }) => manager.manifests.length === 0);
  const ofSystem = new Set(installs.map(({ command }) => command));
  return (
    complete &&
    commands.length > 0 &&
    commands.every((command) => ofSystem.has(command) || blind.has(command.name ?? '?'))
  );
}

const blind: ReadonlySet<string> = new Set([
  '',
  ':',
  'cd',
  'chmod',
  'chown',
  'cp',
  'echo',
  'ln',
  'mkdir',
  'mv',
  'rm',
  'set',
  'touch',
  'true',
]);
