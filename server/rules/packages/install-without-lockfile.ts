import * as v from 'valibot';
import type { Evidence, Fix } from '../../core/finding.js';
import { type DockerfileCheck, defineRule } from '../../core/rule.js';
import type { LockedInstall } from '../../knowledge/locked-installs.js';
import { stagesDown } from '../../model/caches.js';
import { type Install, installsOf } from '../../model/installs.js';
import { joinPath } from '../../model/path.js';
import { type ProjectFiles, projectFiles, type Supplied } from '../../model/project-files.js';
import { baseName, parentOf } from '../../syntax/go-path.js';
import type { Span } from '../../syntax/text.js';
import { ignoreManagers, ignoresManager } from '../options.js';
import { isSettled, lockingOf, touchesFiles, verbsOf } from './install-without-lockfile-commands.js';
import { copyEdits, insistEdits } from './install-without-lockfile-fix.js';

const options = v.object({ ignoreManagers });

type Check = DockerfileCheck<v.InferOutput<typeof options>>;

/** More installs of one file are not looked at, so that time stays linear. */
const mostInstalls = 200;

export const installWithoutLockfile = defineRule({
  name: 'install-without-lockfile',
  category: 'packages',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: ['tally/ruby/missing-bundle-deployment'],
  needs: ['context'],
  docs: {
    summary: 'A dependency install that does not insist on the lockfile the project has.',
    why: `A lockfile says which versions of all packages belong together. Commands like \`npm install\` take it as a suggestion: where it and the manifest disagree they choose versions anew and rewrite it, inside an image where nobody sees that. The image then holds what nobody has tested, and another build of the same commit may hold something else. Commands like \`npm ci\` install what the lockfile says, or fail.

It is a *warning* where the lockfile cannot have any effect: the Dockerfile copies the manifest and leaves the lockfile behind although the context has it (the first yarn then installs what is newest even with \`--frozen-lockfile\`), or the command does not read it (\`composer update\`, \`cargo install --path\`). It is *info* where the lockfile is there and only not insisted on.

The fix writes the strict form: \`npm ci\`, \`yarn install --frozen-lockfile\` (\`--immutable\` from Yarn 2 on), \`pnpm install --frozen-lockfile\`, \`bun install --frozen-lockfile\`, \`BUNDLE_FROZEN=true bundle install\`, \`composer install\`, \`pipenv install --deploy\`, \`uv sync --locked\`, \`pdm install --frozen-lockfile\`, \`cargo build --locked\`, \`dotnet restore --locked-mode\`, \`dart pub get --enforce-lockfile\`; and it copies the lockfile beside the manifest where it was left behind.
It is *unsafe*: a build whose lockfile is out of date now fails (that is its purpose), and other versions may come out than today.

Only installs whose manifests provably come from the build context are looked at. Nothing is reported where the ignore file or Git ignores the lockfile, where a variable or a settings file makes the install strict (\`CI\`, \`BUNDLE_DEPLOYMENT\`, \`.npmrc\`…), or where a command above works on manifest or lockfile.

Do not follow it in an image that exists to try the newest versions.`,
    bad: `FROM node:22
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm install
`,
    good: `FROM node:22
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
`,
    files: { 'package.json': '{}', 'package-lock.json': '{}' },
    links: [
      'https://docs.npmjs.com/cli/commands/npm-ci',
      'https://pnpm.io/cli/install#--frozen-lockfile',
      'https://doc.rust-lang.org/cargo/commands/cargo-build.html#manifest-options',
      'https://bundler.io/man/bundle-config.1.html',
    ],
  },
  options,
  check(check) {
    const { build, context, options: given } = check;
    if (!context?.plausible) return;
    const files = projectFiles(build, context);
    const reported = new Set<string>();
    const isIgnored = ignoresManager(given.ignoreManagers);
    for (const install of installsOf(build).slice(0, mostInstalls)) {
      if (isIgnored(install.manager)) continue;
      const lockfile = install.directory === undefined ? undefined : lockfileFor(install, install.directory, files);
      const locking = lockfile ? lockingOf(install, context.read(lockfile.path)) : lockingOf(install, undefined);
      if (!locking) continue;
      const lenient = lockfile ? undefined : lenientOption(install, locking);
      if (lenient === undefined && isSettled({ build, context, files }, install, locking)) continue;
      if (lockfile) {
        if (belongTogether(install, lockfile, files)) reportLoose(check, install, locking, lockfile);
      } else reportMissing(check, install, locking, files, reported);
    }
  },
});

function lockfileFor(install: Install, folder: string, files: ProjectFiles): Supplied | undefined {
  const { manager, run, stage } = install;
  const projects = install.manifestArguments.map((path) => path ?? '');
  const folders = [folder, ...projects.flatMap((path) => [path, parentOf(path)]).map((path) => joinPath(folder, path))];
  for (const path of folders.flatMap((one) => manager.lockfiles.map((name) => joinPath(one, name)))) {
    const found = files.suppliedTo(run, stage, path);
    if (found) return found;
  }
  return undefined;
}

/** The lockfile is there, and the command may go its own way. */
function reportLoose(check: Check, install: Install, locking: LockedInstall, lockfile: Supplied): void {
  const edits = insistEdits(check.build, install, locking);
  if (!locking.insist || touchesFiles(check.build, install, [baseName(lockfile.path)])) return;
  const command = nameOf(install, locking);
  const name = baseName(lockfile.path);
  const message = locking.ignoresLockfile
    ? `${command} does not read ${name}: it installs whatever versions are newest`
    : `${command} may install other versions than ${name} says: it does not insist on it`;
  const evidence: Evidence[] = [
    lockfile.transfer
      ? { text: `${lockfile.path} comes into the image here`, span: lockfile.transfer.instruction.span }
      : { text: `${lockfile.path} is mounted for this step`, span: install.run.keywordSpan },
  ];
  check.report({
    span: spanOf(install, locking),
    message,
    evidence,
    fixes: edits ? [fixOf(titleOf(locking), locking, edits)] : [],
    severity: locking.ignoresLockfile ? 'warning' : 'info',
  });
}

/** The file that names the dependencies; undefined where it cannot be told, or has no fixed name. */
function manifestFor({ manager, run, stage }: Install, folder: string, files: ProjectFiles): Supplied | undefined {
  for (const name of manager.manifests) {
    const found = name.includes('*') ? undefined : files.suppliedTo(run, stage, joinPath(folder, name));
    if (found) return found;
  }
  return undefined;
}

/** A lockfile of a workspace does not fit a manifest that was taken out of it. */
function belongTogether(install: Install, lockfile: Supplied, files: ProjectFiles): boolean {
  if (install.directory === undefined || install.manager.manifests.some((name) => name.includes('*'))) return true;
  const manifest = manifestFor(install, install.directory, files);
  return manifest !== undefined && parentOf(manifest.path) === parentOf(lockfile.path);
}

/** The manifest was copied and the lockfile beside it in the context was not. */
function reportMissing(
  check: Check,
  install: Install,
  row: LockedInstall,
  files: ProjectFiles,
  reported: Set<string>,
): void {
  const { build, context } = check;
  const { manager, directory, run, stage } = install;
  if (!context || directory === undefined || row.ignoresLockfile) return;
  const key = `${stage.index} ${manager.name} ${directory}`;
  const manifest = manifestFor(install, directory, files);
  if (!manifest || reported.has(key)) return;
  const folder = parentOf(manifest.path);
  const name = manager.lockfiles.find((one) => isLeftBehind(context, folder === '' ? one : `${folder}/${one}`));
  if (name === undefined) return;
  reported.add(key);
  if (files.mayComeFromElsewhere(run, stage, joinPath(directory, name)) || touchesFiles(build, install, [name])) return;
  if (manager.name === 'cargo' && isCooked(install)) return;
  const lockfile = folder === '' ? name : `${folder}/${name}`;
  const locking = lockingOf(install, context.read(lockfile)) ?? row;
  const lenient = lenientOption(install, locking);
  if (lenient === undefined && isSettled({ build, context, files }, install, locking)) return;
  const copied = manifest.transfer && copyEdits(build, manifest.transfer, manifest.path, name);
  const strict = lenient === undefined ? insistEdits(build, install, locking) : [];
  const evidence: Evidence[] = [{ text: `${lockfile} is in the build context, and no step copies it`, file: lockfile }];
  if (manifest.transfer)
    evidence.push({ text: `${manifest.path} comes into the image here`, span: manifest.transfer.instruction.span });
  if (lenient !== undefined) evidence.push({ text: `${lenient} does not fail where there is no lockfile` });
  const title = lenient === undefined ? `Copy ${name} as well and insist on it` : `Copy ${name} as well`;
  check.report({
    span: spanOf(install, locking),
    message: `${nameOf(install, locking)} runs without ${name}, which the context has: versions are chosen anew`,
    evidence,
    fixes: copied && strict ? [fixOf(title, locking, [...copied, ...strict])] : [],
  });
}

/** An option that the install has, and that does not help where the lockfile is missing. */
function lenientOption({ options }: Install, { lenient = [] }: LockedInstall): string | undefined {
  if (options.some(({ name }) => name === '--no-lockfile')) return undefined;
  return options.find(({ name }) => lenient.includes(name))?.name;
}

/** `cargo chef cook` writes the lockfile of its recipe into the folder (`src/skeleton/mod.rs:build_minimum_project` of cargo-chef). */
function isCooked({ stage, run }: Install): boolean {
  return stagesDown(stage).some(({ instructions }) =>
    instructions.some(({ keyword, index, text }) => {
      return keyword === 'RUN' && index < run.index && /\bcargo[ -]chef\s+cook\b/.test(text);
    }),
  );
}

function isLeftBehind(context: NonNullable<Check['context']>, path: string): boolean {
  return context.entry(path)?.type === 'file' && !context.ignored(path) && context.gitIgnored(path) !== true;
}

/** From the program to the word that says what it does. */
function spanOf(install: Install, locking: LockedInstall): Span {
  const { nameSpan } = install.command;
  return { start: nameSpan.start, end: verbsOf(install, locking).at(-1)?.span.end ?? nameSpan.end };
}

function nameOf(install: Install, locking: LockedInstall): string {
  const { command, manager } = install;
  const verbs = verbsOf(install, locking).map(({ value }) => value);
  const program = manager.programs.includes(command.name ?? '') ? command.name : manager.programs[0];
  return [program, ...verbs].join(' ');
}

function titleOf({ insist, manager }: LockedInstall): string {
  if (!insist) return '';
  if ('word' in insist) return `Use ${manager} ${insist.word}`;
  return 'option' in insist ? `Add ${insist.option}` : `Set ${insist.variable}`;
}

function fixOf(title: string, { caveat }: LockedInstall, edits: Fix['edits']): Fix {
  const general = 'the build fails where lockfile and manifest disagree, and other versions may come out than today';
  return { title, safety: 'unsafe', caveat: caveat ? `${general}; ${caveat}` : general, edits };
}
