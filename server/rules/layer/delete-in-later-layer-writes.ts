import { aptCall } from '../../model/apt.js';
import type { Build } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import { type Placement, placementsOf } from '../../model/placements.js';
import type { RunPaths } from '../../model/run-paths.js';
import { flagValue, hasFlag, positionals } from '../../syntax/command-line.js';
import type { ShellCommand, ShellWord } from '../../syntax/shell.js';
import type { Span } from '../../syntax/text.js';
import type { Instruction } from '../../syntax/tree.js';

/** Something that an instruction put into the image. */
export interface Write {
  readonly instruction: Instruction;
  /** The place that says so. */
  readonly span: Span;
  /** "curl downloads it here" */
  readonly how: string;
  /** Absolute; several where it is one of them. */
  readonly paths: readonly string[];
  /** `tree`: the path is a folder with something in it. `clone`: one with a `.git`. */
  readonly type: 'file' | 'tree' | 'clone';
  readonly placement?: Placement;
  /** What it holds lets somebody in. */
  readonly secret: boolean;
}

/** What a COPY or ADD wrote. */
export function transferWrites(build: Build, instruction: Instruction, context: BuildContext | undefined): Write[] {
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return [];
  return placementsOf(build, instruction, context)
    .filter(({ unpacked }) => !unpacked)
    .map((placement) => ({
      instruction,
      span: placement.word.span,
      how: `${instruction.keyword} puts it into a layer here`,
      paths: placement.paths,
      type: placement.type === 'directory' ? 'tree' : 'file',
      placement,
      secret: placement.origin === 'context' && placement.type === 'file' && isSecret(placement.source ?? '', context),
    }));
}

/** Programs of which something is known. */
const writers: ReadonlySet<string | undefined> = new Set([
  'curl',
  'wget',
  'git',
  'echo',
  'printf',
  'cat',
  'apt',
  'apt-get',
  'aptitude',
  'yum',
  'dnf',
  'tdnf',
  'microdnf',
]);

/** What a command of a RUN is known to write; `index` is that of the command. */
export function commandWrites(run: Instruction, command: ShellCommand, index: number, paths: RunPaths): Write[] {
  if (!command.certain || !writers.has(command.name)) return [];
  const base = { instruction: run, span: command.span, secret: false };
  const files = (words: readonly (ShellWord | undefined)[], how: string): Write[] =>
    words.flatMap((word) => {
      const found = word ? paths.pathsOf(word, index) : [];
      const kept = found.filter((path) => !paths.mounted(path) && !isSmall(path));
      return kept.length > 0 ? [{ ...base, how, paths: kept, type: 'file' as const }] : [];
    });
  switch (command.name) {
    case 'curl':
      return files([...curlTargets(command), ...redirected(command)], 'curl downloads it here');
    case 'wget':
      return files([...wgetTargets(command), ...redirected(command)], 'wget downloads it here');
    case 'git':
      return cloneWrites(command, index, paths).map((path) => ({
        ...base,
        how: 'git clones it here',
        paths: [path],
        type: 'clone',
      }));
    case 'echo':
    case 'printf':
    case 'cat':
      return secretWrites(command, index, paths).map((path) => ({
        ...base,
        how: 'the secret is written here',
        paths: [path],
        type: 'file',
        secret: true,
      }));
    default:
      return folderWrites(command, paths).map((path) => ({
        instruction: run,
        span: command.span,
        how: `${command.name} fills it here`,
        paths: [path],
        type: 'tree',
        secret: false,
      }));
  }
}

/** Sources and settings are written and removed for tidiness; their bytes do not count. */
function isSmall(path: string): boolean {
  return (
    /\.(?:sh|asc|sig|gpg|pub|key|list|sources|repo|txt|md5|sha\d+|sha\d+sums?|json|ya?ml|conf)$|^\/dev\//i.test(path) ||
    /(?:^|\/)[A-Z0-9_]*SUMS?[A-Z0-9_]*$/.test(path)
  );
}

function redirected({ redirects }: ShellCommand): (ShellWord | undefined)[] {
  return redirects.filter(({ operator }) => operator === '>' || operator === '1>').map(({ target }) => target);
}

function lastName(word: ShellWord): ShellWord | undefined {
  const name = (word.value ?? word.text).replace(/[?#].*$/s, '').replace(/^.*\//s, '');
  if (name === '' || /[$`"']/.test(name)) return undefined;
  return { ...word, value: name };
}

function isUrl({ value, text }: ShellWord): boolean {
  return /^["']?(?:https?|ftp):\/\//i.test(value ?? text);
}

function curlTargets(command: ShellCommand): (ShellWord | undefined)[] {
  if (hasFlag(command, '--output-dir')) return [];
  const named = flagValue(command, ['-o', '--output', ...bundlesWithOutput(command)]);
  return hasFlag(command, '-O', '--remote-name') ? [...named, ...command.args.filter(isUrl).map(lastName)] : named;
}

/** `-sSLo file`: the letter that takes the value is the last of a bundle. */
function bundlesWithOutput({ args }: ShellCommand): string[] {
  return args.flatMap(({ value }) => (value && /^-[A-Za-z]{1,6}o$/.test(value) ? [value] : []));
}

function wgetTargets(command: ShellCommand): (ShellWord | undefined)[] {
  const bundles = command.args.flatMap(({ value }) => (value && /^-[A-Za-z]{1,6}O$/.test(value) ? [value] : []));
  const named = flagValue(command, ['-O', '--output-document', ...bundles]);
  if (named.length > 0) return named.filter(({ value }) => value !== '-');
  // `-qO-`, `-Ofile`, `--spider`
  if (command.args.some(({ value }) => value !== undefined && /^-[A-Za-z]*O.|^--(?:spider|input-file)/.test(value)))
    return [];
  const [folder] = flagValue(command, ['-P', '--directory-prefix']);
  return command.args.filter(isUrl).map((url) => {
    const name = lastName(url);
    if (!folder || !name) return name;
    return folder.value === undefined ? undefined : { ...name, value: `${folder.value}/${name.value}` };
  });
}

const gitValueFlags = new Set([
  '-C',
  '-c',
  '-b',
  '--branch',
  '--depth',
  '-j',
  '--jobs',
  '-o',
  '--origin',
  '--reference',
  '--filter',
  '--config',
  '--template',
  '--separate-git-dir',
  '-u',
  '--shallow-since',
]);

function cloneWrites(command: ShellCommand, index: number, paths: RunPaths): string[] {
  if (command.args.some(({ value }) => value === '-C')) return [];
  const [verb, url, folder] = positionals(command, gitValueFlags);
  if (verb?.value !== 'clone' || !url) return [];
  const name = folder ?? lastName({ ...url, value: (url.value ?? url.text).replace(/(?:\.git)?\/?$/, '') });
  return name ? paths.pathsOf(name, index).filter((path) => !paths.mounted(path)) : [];
}

/** `echo "//registry/:_authToken=${TOKEN}" > .npmrc` */
function secretWrites(command: ShellCommand, index: number, paths: RunPaths): string[] {
  const text = command.args.map((word) => word.text).join(' ');
  if (!/\$\{?\w*(?:token|secret|passw|auth|key|cred)/i.test(text)) return [];
  return command.redirects
    .filter(({ operator }) => operator === '>' || operator === '>>')
    .flatMap(({ target }) => (target ? paths.pathsOf(target, index) : []))
    .filter((path) => secretName.test(path) && !paths.mounted(path));
}

/** Package managers that leave lists or archives behind. */
function folderWrites(command: ShellCommand, paths: RunPaths): string[] {
  const verb =
    aptCall(command)?.verb ?? command.args.find(({ value }) => value !== undefined && !value.startsWith('-'))?.value;
  const folder = folderOf(command, verb);
  return folder !== undefined && !paths.mounted(folder) ? [folder] : [];
}

function folderOf(command: ShellCommand, verb: string | undefined): string | undefined {
  if (aptCall(command)) return verb === 'update' ? '/var/lib/apt/lists' : undefined;
  const installs = /^(?:install|update|upgrade|groupinstall|localinstall|makecache)$/.test(verb ?? '');
  if (command.name === 'yum') return installs ? '/var/cache/yum' : undefined;
  if (command.name === 'dnf' || command.name === 'tdnf') return installs ? `/var/cache/${command.name}` : undefined;
  if (command.name === 'microdnf') return installs ? '/var/cache/yum' : undefined;
  return undefined;
}

const secretName =
  /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|\.netrc|\.pypirc|\.git-credentials|\.env(?:\.\w+)?|id_(?:rsa|dsa|ecdsa|ed25519)|auth\.json|credentials(?:\.json)?|pip\.conf|settings\.xml|nuget\.config|kubeconfig|[^/]+\.(?:pem|p12|pfx|key|jks|keystore))$/i;

/** A file that is a key by its name, or a settings file that has a password or token in it. */
function isSecret(path: string, context: BuildContext | undefined): boolean {
  if (!secretName.test(path)) return false;
  const text = context?.read(path);
  if (text === undefined) return false;
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return true;
  return /(?:_auth|token|secret|passw|api_?key)\w*["']?\s*[:=>]\s*["']?[^\s"'$<]/i.test(text);
}
