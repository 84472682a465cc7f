import type { ShellWord } from '../syntax/shell.js';
import type { Span } from '../syntax/text.js';
import { parseToml } from '../syntax/toml.js';
import type { GoVariable } from './go-settings.js';
import type { Install } from './installs.js';
import { installsItself, isOfWorkspace } from './manifests.js';

/**
 * A command that fetches the dependencies and can run before the sources are there, where the command of the Dockerfile cannot:
 * it builds, or it installs the project itself too. The command of the Dockerfile stays. Undefined where it needs no such help.
 * `manifest` is the text of the project's manifest, `source` that of the Dockerfile; `variables` are those that commands before it set.
 */
export function downloadCommand(
  found: Install,
  manifest: string,
  source: string,
  variables: readonly GoVariable[] = [],
): string | undefined {
  const install: Call = { ...found, source, variables };
  const { manager, kind } = install;
  if (kind === 'build') return builders[manager.name]?.(install);
  if (manager.name === 'composer') return composerDownload(install);
  const skip = skipProject[manager.name];
  const table = skip === undefined ? undefined : parseToml(manifest);
  if (!table || !installsItself(install, manifest)) return undefined;
  const isWorkspace = manager.name === 'uv' && isOfWorkspace(table);
  return `${textOf(install)} ${isWorkspace ? '--no-install-workspace' : skip}`;
}

interface Call extends Install {
  readonly source: string;
  readonly variables: readonly GoVariable[];
}

/** The option that leaves the project itself out: it needs its sources. */
const skipProject: Readonly<Record<string, string>> = {
  poetry: '--no-root',
  uv: '--no-install-project',
  pdm: '--no-self',
};

/** Scripts and the autoloader look at the sources. */
function composerDownload(install: Call): string | undefined {
  const missing = ['--no-scripts', '--no-autoloader'].filter(
    (name) => !install.options.some((option) => option.name === name),
  );
  return missing.length === 0 ? undefined : [textOf(install), ...missing].join(' ');
}

const builders: Readonly<Record<string, (install: Call) => string | undefined>> = {
  go: (install) => withVariables(install, heededByGo, 'mod download'),
  maven: (install) => `${[program(install), ...mavenOptions(install), 'dependency:go-offline'].join(' ')}`,
  dotnet: (install) => withVariables(install, heededByNuget, ['restore', ...dotnetWords(install)].join(' ')),
  swift: (install) => `${program(install)} package resolve`,
  stack: (install) => `${textOf(install)} --only-dependencies`,
  cabal: (install) => `${program(install)} build --only-dependencies`,
  sbt: (install) => `${program(install)} update`,
  lein: (install) => `${program(install)} deps`,
  clojure: (install) =>
    [
      program(install),
      '-P',
      ...install.command.args.map(({ text }) => text).filter((text) => /^-[AMTX]:/.test(text)),
    ].join(' '),
};

function textOf({ command, source }: Call): string {
  return onOneLine(source, command.span);
}

/** A command of a Dockerfile (`source`) as written, on one line. */
export function onOneLine(source: string, { start, end }: Span): string {
  return source.slice(start, end).replaceAll(/[ \t]*[\\`]?[ \t]*\r?\n\s*(?:#[^\n]*\n\s*)*/g, ' ');
}

function program({ command, source }: Call): string {
  return source.slice(command.nameSpan.start, command.nameSpan.end);
}

/** Variables that a download heeds: what is built, and where to, is left out. */
const heededByGo =
  /^(?:GO(?!OS$|ARCH$|ARM|AMD64$|386$|MIPS|PPC64$|RISCV64$|WASM$|CACHE$|BIN$|TMPDIR$|DEBUG$|MAXPROCS$|GC$)\w*|GIT_\w+|SSH_\w+|SSL_\w+|XDG_\w+|NETRC|HOME|PATH|\w+_PROXY)$/i;

/** `nuget.config` may name any other. */
const heededByNuget = /^(?!DOTNET_)/;

function withVariables(install: Call, heeded: RegExp, words: string): string | undefined {
  const variables = environment(install, heeded);
  return variables === undefined ? undefined : `${variables}${program(install)} ${words}`;
}

/** Variables in front of the command that its download heeds too; undefined where one cannot be written again, or forbids it. */
function environment({ command, variables }: Call, heeded: RegExp): string | undefined {
  const all = new Map([...variables, ...command.assignments].map((one) => [one.name, one] as const));
  const kept = [...all.values()].filter(({ name }) => heeded.test(name));
  const isPlain = kept.every(({ value }) => value !== undefined && /^[\w./,:@=-]*$/.test(value));
  const forbids = kept.some(({ name, value }) => `${name}=${value}` === 'GO111MODULE=off' || /^-mod/.test(value ?? ''));
  return isPlain && !forbids ? kept.map(({ name, value }) => `${name}=${value} `).join('') : undefined;
}

/** Phases and goals go, and what only builds mean; where to look for poms, settings and profiles stays. */
function mavenOptions({ options }: Install): string[] {
  const quiet = /^(?:-B|--batch-mode|-ntp|--no-transfer-progress|-q|--quiet|-e|-U|-am|--also-make|-V)$/;
  const taking = /^(?:-f|--file|-s|--settings|-P|--activate-profiles|-pl|--projects)$/;
  return options.flatMap(({ name, word, value }) => {
    if (quiet.test(name) || /^-P./.test(word.text)) return [word.text];
    return taking.test(name) && value !== undefined ? [name, value] : [];
  });
}

/** The project, and the runtime it is published for: another runtime would be restored again. */
function dotnetWords({ options, rest }: Install): string[] {
  const taking = /^(?:-r|--runtime|-a|--arch|--os|--configfile|-s|--source)$/;
  const kept = options.flatMap(({ name, value, word }) =>
    /^["']?(?:\/|--?)p(?:roperty)?:/.test(word.text)
      ? [word.text]
      : taking.test(name)
        ? word.text.includes('=')
          ? [word.text]
          : [name, value ?? '']
        : [],
  );
  return [...rest.map((word: ShellWord) => word.text), ...kept];
}
