import { addPrismaSchema } from './prisma.js';
import { inFolder, member, type Reading } from './reading.js';

export interface LifecycleScript {
  /** `postinstall`, … */
  readonly name: string;
  readonly script: string;
  readonly scripts: ReadonlyMap<string, string>;
  readonly folder: string;
  readonly manifest: unknown;
  readonly reading: Reading;
}

/** Commands of lifecycle scripts that read nothing of the project but what an install reads anyway. */
const harmless =
  /^(?:(?:npx|pnpx|bunx|yarn|pnpm)\s+(?:-y\s+|--yes\s+|dlx\s+|exec\s+)*)?(?:husky(?:\s+install)?(?:\s+(?!(?:init|add|set|uninstall)$)\S+)?|is-ci|ci-info|lefthook install.*|simple-git-hooks|skip-ci|only-allow\s+\w+|patch-package(?!.*--patch-dir).*|opencollective\S*.*|playwright install.*)$|^(?:true|:|exit 0|echo\b.*|git config\s.*|test\s.*|\[.*\])$/;

/** What is left of a command may run another, or read and write files. */
const joined = /[|<>&`\n]|\$\(/;
const silenced = /\s+(?:\d?>\s*\/dev\/null|\d>&\d|&>\s*\/dev\/null)/g;

/** `test -d src`: what it says depends on whether that is there. */
const fileTest = /^(?:test|\[)(?=\s).*?\s-[a-hkprsuwxLOGSN]\s+(?:"([^"]*)"|'([^']*)'|(\S+))/;

/** Fails under another manager: `node -e "if (process.env.npm_execpath.indexOf('yarn') === -1) throw new Error('Use yarn')"`. */
const managerCheck =
  /^node -e (["'])(?!.*\b(?:require|import)\b)if ?\(!?(?:process\.env\.npm_(?:execpath|config_user_agent)|\/\w+\/\.test\(process\.env\.npm_execpath\b)[^;&|$`]*\) ?(?:throw new Error\([\w\s'"\\.,!:-]*\)|process\.exit\(1\));?\1$/;

/** Tools that read or build the sources of a project. */
const building =
  /^(?:npx\s+)?(?:tsc|tsup|vite|webpack|rollup|esbuild|turbo|nx|lerna|next|gulp|grunt|babel|swc|unbuild|parcel|ng|vue-tsc|bob|preconstruct|node-gyp|make|cmake|graphql-codegen|relay-compiler|eslint|prettier|jest|vitest)\b/;

/** Judges what a lifecycle script may read, by the commands it is made of. */
export function judgeScript(of: LifecycleScript, depth = 0): void {
  if (managerCheck.test(of.script)) return;
  for (const part of of.script.split(/&&|\|\||;/)) {
    const command = part
      .trim()
      .replace(/^(?:cross-env\s+)?(?:[A-Z_]+=\S*\s+)*/, '')
      .replaceAll(silenced, '');
    if (
      /\b(?:husky|lefthook|simple-git-hooks|git config(?! --global))\b/.test(command) &&
      of.reading.brings('.git') &&
      !givesUp(of, command)
    ) {
      of.reading.doubts.add(`the \`${of.name}\` script sets up Git hooks, and .git is not there yet`);
    }
    const isHarmless = harmless.test(command) && !joined.test(part.replaceAll(silenced, ''));
    if (command !== '' && !(isHarmless && !asksForFile(of, command))) judgeCommand(of, command, depth);
  }
}

/**
 * Husky does nothing where it finds no program `git`, before it looks for a repository or behind that: `install` in `index.js` of
 * versions 6 to 9 (5 fails without the repository, and 4 has an install script of its own).
 */
function givesUp({ manifest, reading }: LifecycleScript, command: string): boolean {
  const range = ['devDependencies', 'dependencies']
    .map((key) => member(member(manifest, key), 'husky'))
    .find((one) => typeof one === 'string');
  return /\bhusky\b/.test(command) && /^[~^]?[6-9](?:\.|$)/.test(range ?? '') && !reading.mayHaveGit();
}

/** It tests for a file that the install might not find yet. */
function asksForFile({ folder, reading: { context, files } }: LifecycleScript, command: string): boolean {
  const found = fileTest.exec(command);
  const text = found?.[1] ?? found?.[2] ?? found?.[3];
  if (text === undefined) return false;
  const path = inFolder(folder, text);
  return /[$*?]/.test(text) || (context.entry(path) !== undefined && !context.ignored(path) && !files.has(path));
}

function judgeCommand(of: LifecycleScript, command: string, depth: number): void {
  const named = /^(?:npm|pnpm|yarn|bun)\s+(?:run\s+|run-script\s+)?(?:-s\s+|--silent\s+)?([\w:.-]+)$/.exec(
    command,
  )?.[1];
  const script = named === undefined ? undefined : of.scripts.get(named);
  if (script !== undefined && depth < 5) {
    judgeScript({ ...of, script }, depth + 1);
    return;
  }
  const generate =
    /^(?:(?:npx|pnpm|yarn|bunx)\s+)?prisma generate(?:\s+--(?:no-engine|no-hints|allow-no-models))*(?:\s+--schema[=\s]\s*["']?([\w./-]+)["']?)?$/.exec(
      command,
    );
  if (generate) {
    if (!addPrismaSchema(of.folder, of.manifest, of.reading, generate[1]))
      of.reading.doubts.add(`the \`${of.name}\` script runs \`${command}\`, whose schema is not found`);
    return;
  }
  const file =
    /^(?:node|sh|bash|tsx|ts-node|bun|zx)?\s*(?:--\S+\s+)*(\.{0,2}\/?[\w./-]+\.(?:[cm]?[jt]s|sh)|\.\/\S+)/.exec(
      command,
    )?.[1];
  const own = file !== undefined && of.reading.context.entry(inFolder(of.folder, file)) !== undefined;
  const text = `the \`${of.name}\` script runs \`${command}\``;
  const runsOther = /^(?:npm|pnpm|yarn|bun)\s+(?!install|add|i\b|dlx|exec|config)/.test(command);
  if (own || runsOther || building.test(command)) of.reading.blockers.add(`${text}, which may read the sources`);
  else of.reading.doubts.add(text);
}
