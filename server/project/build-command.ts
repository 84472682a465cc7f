import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseShellText, type ShellCommand, type ShellWord } from '../syntax/shell.js';
import { isRemoteContext, type KnownBuild } from './known-build.js';

/** What a command builds. */
export type CommandBuild = Omit<KnownBuild, 'origin' | 'file'>;

/**
 * The builds of a shell script that runs in the folder `cwd` (absolute): `docker build` and its like with plain words. What an
 * expansion decides is left out, and so are remote contexts and standard input.
 */
export function commandBuilds(script: string, cwd: string): readonly CommandBuild[] {
  const { commands } = parseShellText(script);
  return commands.flatMap((command, index) => {
    const words = buildWords(command);
    const folder = words && folderOf(commands, index, cwd);
    return (folder === undefined ? undefined : buildOf(command.name ?? '', words ?? [], folder)) ?? [];
  });
}

/** The words behind those that name the command; undefined for other commands. */
function buildWords({ name, args, wrappers }: ShellCommand): readonly ShellWord[] | undefined {
  if (name === undefined || wrappers.includes('xargs')) return undefined;
  const head = args.slice(0, 2).map(({ value }) => value);
  const isBuild =
    name === 'buildah' ? /^(?:build|bud|build-using-dockerfile)$/ : /^(?:build|(?:buildx|image|builder) (?:build|b))$/;
  if (!/^(?:docker|podman|nerdctl|buildah)$/.test(name)) return undefined;
  const length = isBuild.test(head[0] ?? '') ? 1 : isBuild.test(head.join(' ')) ? 2 : 0;
  return length === 0 ? undefined : args.slice(length).map(withoutTemplates);
}

/** In single quotes a `${…}` is plain text to the shell, but whoever wrote the script had something put in there. */
function withoutTemplates(word: ShellWord): ShellWord {
  return word.value?.includes('${') ? { ...word, value: undefined } : word;
}

/** Where a command runs; undefined where a `cd` before it goes to where nobody knows. */
function folderOf(commands: readonly ShellCommand[], index: number, cwd: string): string | undefined {
  const depth = commands[index]?.depth ?? 0;
  const { all, sure } = chainBefore(commands, index);
  let folder: string | undefined = cwd;
  for (const [place, command] of commands.slice(0, index).entries()) {
    if (!/^(?:cd|pushd|popd)$/.test(command.name ?? '')) continue;
    // What a subshell does that has ended does not count.
    if (command.depth > depth || (command.depth === depth && depth > 0 && !all.has(place))) continue;
    const isOutside = command.depth < depth && command.depth > 0;
    const to = isOutside || !(command.certain || sure.has(place)) ? undefined : folderNamed(command);
    folder = folder === undefined || to === undefined ? undefined : path.resolve(folder, to);
  }
  return folder;
}

/** The commands before it in its list, and those of them without which it does not run. */
function chainBefore(commands: readonly ShellCommand[], index: number): { all: Set<number>; sure: Set<number> } {
  const all = new Set<number>();
  const sure = new Set<number>();
  let isSure = true;
  for (let at = commands[index]; at?.previous !== undefined; at = commands[at.previous]) {
    isSure &&= at.joinedBy === '&&';
    all.add(at.previous);
    if (isSure) sure.add(at.previous);
  }
  return { all, sure };
}

/** Of a `cd` with one plain word. */
function folderNamed({ name, args: [to, more] }: ShellCommand): string | undefined {
  if (name !== 'cd' || more !== undefined || to?.value === undefined) return undefined;
  return isPlainPath(to.value) && !to.value.startsWith('-') ? to.value : undefined;
}

/** Flags without a value (`docker buildx build --help`, `podman build --help`, `buildah build --help`). */
const SWITCHES = new Set(
  `--check --compress --debug -D --disable-compression --disable-content-trust --force-rm --help -h --http-proxy --identity-label
   --inherit-annotations --inherit-labels --layer-label --layers --load --log-rusage --no-cache --no-hostname --no-hosts
   --omit-history --pull --pull-always --pull-never --push --quiet -q --rewrite-timestamp --rm --skip-unused-stages --squash
   --squash-all --stdin --stream --tls-verify --all-platforms --save-stages`.split(/\s+/),
);

/** Flags with a value in the next word, or behind `=`. */
const OPTIONS = new Set(
  `--add-host --allow --annotation --attest --build-arg --build-context --builder --cache-from --cache-to --call --cgroup-parent
   --cgroupns --cpu-period -c --cpu-shares --cpu-quota --cpuset-cpus --cpuset-mems --cap-add --cap-drop --cert-dir --creds
   --authfile --arch --os --variant --device --dns --dns-option --dns-search --env --file -f --format --from --iidfile --isolation
   --jobs --label --logfile --manifest --memory -m --memory-swap --metadata-file --network --no-cache-filter --output -o --platform
   --policy --progress --provenance --sbom --secret --security-opt --shm-size --ssh --tag -t --target --timestamp --ulimit --userns
   --volume -v --runtime --retry --retry-delay --ignorefile --build-arg-file --unsetenv --unsetlabel --namespace -n
   --source-date-epoch --buildkit-host --hostname`.split(/\s+/),
);

interface Arguments {
  /** Flag → values; undefined ones an expansion decides. */
  readonly flags: ReadonlyMap<string, readonly (string | undefined)[]>;
  readonly rest: readonly (string | undefined)[];
}

/** Undefined where it cannot be told which words are values of flags. */
function readArguments(words: readonly ShellWord[]): Arguments | undefined {
  const flags = new Map<string, (string | undefined)[]>();
  const rest: (string | undefined)[] = [];
  for (let at = 0; at < words.length; at++) {
    const { text = '', value } = words[at] ?? {};
    if (!text.startsWith('-') || text === '-') {
      // `$FLAGS` may be any number of words, `"$DIR"` is one.
      if (value === undefined && !text.startsWith('"')) return undefined;
      rest.push(value);
      continue;
    }
    const flag = readFlag(text, value);
    if (!flag) return undefined;
    if (flag.kind === 'switch') continue;
    const given = flag.kind === 'option' ? words[++at]?.value : flag.value;
    flags.set(flag.name, [...(flags.get(flag.name) ?? []), given]);
  }
  return { flags, rest };
}

type Flag =
  | { readonly kind: 'switch' }
  /** Its value is the next word. */
  | { readonly kind: 'option'; readonly name: string }
  | { readonly kind: 'with-value'; readonly name: string; readonly value: string | undefined };

/** `--rm`, `--file x`, `--file=x`, `-fx`; undefined for a flag of which nothing is known. */
function readFlag(text: string, value: string | undefined): Flag | undefined {
  const name = /^(?:--[\w-]+|-[A-Za-z])/.exec(text)?.[0];
  if (name === undefined) return undefined;
  const rest = text.slice(name.length);
  if (rest === '')
    return SWITCHES.has(name) ? { kind: 'switch' } : OPTIONS.has(name) ? { kind: 'option', name } : undefined;
  const isShort = !name.startsWith('--');
  if (isShort ? !OPTIONS.has(name) : !rest.startsWith('=')) return undefined;
  return { kind: 'with-value', name, value: value?.slice(name.length + (rest.startsWith('=') ? 1 : 0)) };
}

/**
 * `-f` starts from the working folder; Podman and Buildah look for it in the context, too
 * (https://docs.docker.com/reference/cli/docker/buildx/build/#file, https://docs.podman.io/en/latest/markdown/podman-build.1.html).
 */
function buildOf(program: string, words: readonly ShellWord[], cwd: string): CommandBuild | undefined {
  const read = readArguments(words);
  const [first] = read?.rest ?? [];
  if (read?.rest.length !== 1 || first === undefined || !isPlainPath(first)) return undefined;
  const named = (...names: readonly string[]) => names.flatMap((name) => read.flags.get(name) ?? []);
  const files = named('--file', '-f');
  if (files.length > 1 || files.some((file) => file === undefined || !isPlainPath(file))) return undefined;
  const context = path.resolve(cwd, first);
  const isDocker = program === 'docker' || program === 'nerdctl';
  const defaults = isDocker ? ['Dockerfile'] : ['Containerfile', 'Dockerfile'];
  const [file] = files;
  const places =
    file === undefined
      ? defaults.map((name) => path.join(context, name))
      : [path.resolve(cwd, file), ...(isDocker ? [] : [path.resolve(context, file)])];
  return {
    context,
    dockerfile: places.find((place) => existsSync(place)) ?? places[0],
    target: named('--target').at(-1),
    args: new Map(pairs(named('--build-arg'))),
    additionalContexts: new Map(
      pairs(named('--build-context')).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, /^[\w-]+:/.test(value) ? value : path.resolve(cwd, value)]],
      ),
    ),
  };
}

/** A folder or a file, as far as it can be told. */
function isPlainPath(text: string): boolean {
  return text !== '' && text !== '-' && !isRemoteContext(text) && !/^~|[*?[{]/.test(text);
}

/** `NAME=value`; a name alone has the value of the environment. */
function pairs(texts: readonly (string | undefined)[]): [string, string | undefined][] {
  return texts.flatMap((text) => {
    if (text === undefined) return [];
    const equals = text.indexOf('=');
    return [equals === -1 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)]];
  });
}
