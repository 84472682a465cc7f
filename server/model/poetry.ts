import type { Project } from './install-project.js';
import type { Install } from './installs.js';
import { inFolder } from './manifests/reading.js';

/**
 * Whether a Poetry of the image may be older than 1.8, which does not know `package-mode` and installs the project
 * (https://github.com/python-poetry/poetry/blob/main/CHANGELOG.md). `source` is the text of the Dockerfile. Distributions have what they
 * have.
 */
export function mayBeOldPoetry(source: string, { manager, options }: Pick<Install, 'manager' | 'options'>): boolean {
  if (manager.name !== 'poetry' || options.some(({ name }) => name === '--no-root')) return false;
  const given = versionsGiven(source);
  const versions = [...source.matchAll(named)].flatMap((match) => boundsBehind(source, given, match));
  return ofDistribution.test(source) || versions.some(({ major, minor }) => major < 1 || (major === 1 && minor < 8));
}

interface Version {
  readonly major: number;
  readonly minor: number;
}

/** The newest versions that are let through by what stands behind a name; of a variable all that are given to it. */
function boundsBehind(
  source: string,
  given: ReadonlyMap<string, readonly (readonly (string | undefined)[])[]>,
  { 0: name, index }: RegExpExecArray,
): readonly Version[] {
  const found: Version[] = [];
  bound.lastIndex = index + name.length;
  for (let match = bound.exec(source); match; match = bound.exec(source)) {
    const [, sign = '', variable, major, minor = '0'] = match;
    if (/^\s+$/.test(sign) && /^poetry/i.test(name) && !/^poetry_/i.test(name)) break;
    if (/[>!]/.test(sign)) continue;
    const below = /<(?!=)/.test(sign) ? 1 : 0;
    const texts = variable === undefined ? [[major, minor]] : (given.get(variable) ?? []);
    for (const [one, other = '0'] of texts) found.push({ major: Number(one), minor: Number(other) - below });
  }
  return found;
}

/** What variables are set to: `ARG V=1.7`. */
function versionsGiven(source: string): ReadonlyMap<string, readonly (readonly (string | undefined)[])[]> {
  const found = new Map<string, (readonly (string | undefined)[])[]>();
  for (const [, name = '', ...version] of source.matchAll(/\b(\w+)[= ]["']?v?(\d+)(?:\.(\d+))?/g)) {
    const known = found.get(name);
    if (known) known.push(version);
    else found.set(name, [version]);
  }
  return found;
}

/** In `poetry==1.7`, `poetry:1.7` of an image, `POETRY_VERSION=1.7`, and what the installer is told. */
const named =
  /\bPOETRY_VERSION|\bpoetry(?:\[[\w,-]*\])?["']?|\bpython-poetry\.org\b(?:[^\n\\]|\\[\s\S]){0,200}?--version/gi;

/** A comparison with a version, or with a variable that has it. */
const bound = /,?[ \t]*([=~<>!]{1,3}|[@:-]|[ \t])[ \t]*["']?v?(?:\$\{?(\w+)\}?|(\d+)(?:\.(\d+))?[\w.]*)/y;

const ofDistribution =
  /\bpython3?-poetry\b(?!\.org)|\b(?:apk|apt|apt-get|dnf|yum|zypper|microdnf)\s[^\n&;|]*\spoetry\b/;

/**
 * Whether an install may change the program that installs, so that it is another one the next time; `source` is the text of the
 * Dockerfile. Poetry that lies in the environment which it fills may leave its own dependencies in other versions, with which it does
 * not start again (https://python-poetry.org/docs/configuration/#virtualenvscreate). Its installer and pipx give it one of its own.
 */
export function mayChangeItself(source: string, { manager }: Install, { context, folder }: Project): boolean {
  if (manager.name !== 'poetry') return false;
  if (/\binstall\.python-poetry\.org\b|\bpipx\s(?:[^\n]*\s)?install\s[^\n]*\bpoetry\b/.test(source)) return false;
  const settings = context.read(inFolder(folder, 'poetry.toml')) ?? '';
  return /virtualenvs[._]create|\bVIRTUAL_ENV\b|\bactivate\b|conda/i.test(source) || /^\s*create\s*=/m.test(settings);
}
