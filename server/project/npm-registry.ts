import { existsSync } from 'node:fs';
import path from 'node:path';
import { foreignHost, type LockedPackage, packageKey } from '../model/package-facts.js';
import { readBody } from './careful-fetch.js';
import { readTextFile } from './files.js';

/** Where packages are asked about. */
export interface RegistryChoice {
  /** Without a final `/`. */
  readonly registry: string;
  /** By scope, with its `@`. */
  readonly scopes: ReadonlyMap<string, string>;
}

/** What registries said of packages, by `packageKey`. */
export interface RegistryAnswers {
  /** Not those that are known by their commands to keep to their own package. */
  readonly hasInstallScript: ReadonlyMap<string, boolean>;
  /** A reason that ends the sentence "NAME@VERSION: ". */
  readonly failures: readonly { readonly one: LockedPackage; readonly reason: string }[];
}

const ATONCE = 12;
const TIMEOUT = 30_000;

/** As npm chooses: the environment, `.npmrc` of the project, then that of the user. Passwords and tokens are not read. */
export function chooseRegistry(folder: string, env: Readonly<Record<string, string | undefined>>): RegistryChoice {
  const home = env.HOME ?? env.USERPROFILE;
  const user = env.npm_config_userconfig ?? env.NPM_CONFIG_USERCONFIG ?? (home && path.join(home, '.npmrc'));
  const scopes = new Map<string, string>();
  let registry = env.npm_config_registry ?? env.NPM_CONFIG_REGISTRY;
  for (const file of [path.join(folder, '.npmrc'), user]) {
    for (const [key, value] of file && existsSync(file) ? settingsIn(file, env) : []) {
      const scope = /^(@[^:]+):registry$/.exec(key)?.[1];
      if (scope !== undefined && !scopes.has(scope)) scopes.set(scope, trimmed(value));
      if (key === 'registry') registry ??= value;
    }
  }
  return { registry: trimmed(registry ?? 'https://registry.npmjs.org'), scopes };
}

function settingsIn(file: string, env: Readonly<Record<string, string | undefined>>): [string, string][] {
  const read = readTextFile(file);
  return ('error' in read ? '' : read.text).split('\n').flatMap((line): [string, string][] => {
    const [, key, value] = /^\s*([^#;=\s][^=]*?)\s*=\s*"?(.*?)"?\s*$/.exec(line) ?? [];
    if (key === undefined || value === undefined || !/(?:^|:)registry$/.test(key)) return [];
    return [[key, value.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => env[name] ?? '')]];
  });
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Asks for each package once, a few at a time. Never throws. */
export async function askRegistry(
  packages: readonly LockedPackage[],
  choice: RegistryChoice,
  progress: (done: number, all: number) => void = () => undefined,
): Promise<RegistryAnswers> {
  const byName = new Map<string, LockedPackage[]>();
  for (const one of packages) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  const answers = new Map<string, boolean>();
  const failures: { one: LockedPackage; reason: string }[] = [];
  const open = [...byName];
  let done = 0;
  const work = async () => {
    for (let next = open.shift(); next; next = open.shift()) {
      const [name, versions] = next;
      const registry = choice.scopes.get(name.split('/', 1)[0] ?? '') ?? choice.registry;
      const document = await fetchDocument(registry, name);
      for (const one of versions) {
        const told = 'error' in document ? document.error : judge(document, one, registry);
        const judged = told === true ? !(await keepsToItself(registry, one)) : told;
        if (typeof judged === 'boolean') answers.set(packageKey(one), judged);
        else failures.push({ one, reason: judged });
      }
      progress(++done, byName.size);
    }
  };
  await Promise.all(Array.from({ length: ATONCE }, work));
  failures.sort((a, b) => (packageKey(a.one) < packageKey(b.one) ? -1 : 1));
  return { hasInstallScript: answers, failures };
}

/** The longest documents of packages have some tens of megabytes. */
const LARGEST_DOCUMENT = 256 * 1024 * 1024;

interface Document {
  readonly body: unknown;
  /** The short form, in which the registry says of each version whether it has an install script. */
  readonly short: boolean;
}

async function fetchDocument(
  registry: string,
  name: string,
  version?: string,
): Promise<Document | { readonly error: string }> {
  try {
    const short = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8';
    const place = `${registry}/${encodeURIComponent(name).replace('%40', '@')}`;
    const response = await fetch(version === undefined ? place : `${place}/${encodeURIComponent(version)}`, {
      headers: { accept: version === undefined ? short : 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { error: `${hostOf(registry)} answered with ${response.status}` };
    }
    const isShort = response.headers.get('content-type')?.includes('vnd.npm.install-v1+json') === true;
    const body = await readBody(response, LARGEST_DOCUMENT);
    return body === undefined
      ? { error: `${hostOf(registry)} answered with more than ${LARGEST_DOCUMENT >> 20} MB` }
      : { body: JSON.parse(body.toString('utf8')) as unknown, short: isShort };
  } catch (error) {
    return { error: `${hostOf(registry)} ${reasonOf(error)}` };
  }
}

function hostOf(registry: string): string {
  return URL.canParse(registry) ? new URL(registry).host : registry;
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'answered with something that is not JSON';
  if (error instanceof Error && error.name === 'TimeoutError') return 'did not answer in time';
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
  return `cannot be asked${cause === '' ? '' : `: ${cause}`}`;
}

/** Commands of an install script that fetch, compile or say something of their own package. */
const ownCommand =
  /^(?:node-gyp(?: [\w-]+)*|node-gyp-build(?:-\w+)*|prebuild-install(?: --?[\w-]+(?:[ =][\w-]+)?)*|node-pre-gyp install(?: --?[\w-]+)*|pkg-prebuilds-verify [\w./-]+|opencollective(?:-postinstall| postinstall)|chmod [\w+]+ [\w-][\w./-]*|echo(?: [\w.,:!()'"-]+)*|exit 0|true|:)$/;

/** Whether its install scripts are known by their commands to read nothing of the project; asks for that one version. */
async function keepsToItself(registry: string, one: LockedPackage): Promise<boolean> {
  const document = await fetchDocument(registry, one.name, one.version);
  const body = 'error' in document ? undefined : document.body;
  if (member(body, 'name') !== one.name || member(body, 'version') !== one.version) return false;
  const scripts = ['preinstall', 'install', 'postinstall'].map((name) => member(member(body, 'scripts'), name));
  const commands = scripts.flatMap((script) => (isText(script) ? script.split(/&&|\|\||;/) : []));
  return commands.length > 0 && commands.every((command) => command.length < 200 && ownCommand.test(command.trim()));
}

/** Whether the version has an install script; text where the document does not surely tell. */
function judge({ body, short }: Document, one: LockedPackage, registry: string): boolean | string {
  const host = hostOf(registry);
  const version = member(member(body, 'versions'), one.version);
  const dist = member(version, 'dist');
  if (version === undefined) return `${host} does not know this version`;
  if (
    member(version, 'name') !== one.name ||
    member(version, 'version') !== one.version ||
    !isText(member(dist, 'tarball'))
  )
    return `${host} answered with something that is no document of a package`;
  const isSame = sameContent(one.integrity, dist);
  if (isSame === false) return `${host} has another package of this name and version`;
  const own = foreignHost(one);
  if (isSame === undefined && own !== undefined && own !== host)
    return `its tarball is not from ${host}, but from ${own}`;
  const told = member(version, 'hasInstallScript');
  if (typeof told === 'boolean') return told;
  const scripts = member(version, 'scripts');
  if (['preinstall', 'install', 'postinstall'].some((name) => member(scripts, name) !== undefined)) return true;
  if (member(version, 'gypfile') === true) return true;
  // The whole document has the manifests as they were published, under ids.
  const isWhole = member(body, '_id') === one.name && member(version, '_id') === `${one.name}@${one.version}`;
  return short || isWhole ? false : `${host} does not say whether it has an install script`;
}

/** Undefined where the two have no checksum of one kind. */
function sameContent(integrity: string | undefined, dist: unknown): boolean | undefined {
  const shasum = member(dist, 'shasum');
  const theirs = [
    ...String(member(dist, 'integrity') ?? '').split(/\s+/),
    ...(isText(shasum) ? [`sha1-${shasum}`, `sha1-${Buffer.from(shasum, 'hex').toString('base64')}`] : []),
  ].filter(Boolean);
  const kinds = new Set(theirs.map(kindOf));
  const ours = (integrity ?? '').split(/\s+/).filter((one) => one !== '' && kinds.has(kindOf(one)));
  return ours.length === 0 ? undefined : ours.every((one) => theirs.includes(one));
}

function kindOf(checksum: string): string {
  return checksum.slice(0, checksum.indexOf('-'));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
