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
  const versions = [...source.matchAll(named)].map(([text, major, minor]) => {
    const isBelow = text.includes('<') && !text.includes('<=');
    return { major: Number(major), minor: Number(minor ?? 0) - (isBelow ? 1 : 0) };
  });
  return ofDistribution.test(source) || versions.some(({ major, minor }) => major < 1 || (major === 1 && minor < 8));
}

/** `poetry==1.7`, `POETRY_VERSION=1.7`, and what the installer is told. */
const named =
  /(?:\bpoetry(?:\[[\w,-]*\])?["']?\s*(?:[=~<]=|<|@|-)|\bPOETRY_VERSION[= ]|\bpython-poetry\.org\b[^\n]*--version[ =])\s*["']?v?(\d+)(?:\.(\d+))?/gi;

const ofDistribution =
  /\bpython3?-poetry\b(?!\.org)|\b(?:apk|apt|apt-get|dnf|yum|zypper|microdnf)\s[^\n&;|]*\spoetry\b/;

/**
 * Whether an install may change the program that installs, so that it is another one the next time; `source` is the text of the Dockerfile. Poetry that lies in the environment which it fills may leave its own dependencies in other versions, with which it does not start
 * again (https://python-poetry.org/docs/configuration/#virtualenvscreate). Its installer and pipx give it an environment of its own.
 */
export function mayChangeItself(source: string, { manager }: Install, { context, folder }: Project): boolean {
  if (manager.name !== 'poetry') return false;
  if (/\binstall\.python-poetry\.org\b|\bpipx\s(?:[^\n]*\s)?install\s[^\n]*\bpoetry\b/.test(source)) return false;
  const settings = context.read(inFolder(folder, 'poetry.toml')) ?? '';
  return /virtualenvs[._]create|\bVIRTUAL_ENV\b|\bactivate\b|conda/i.test(source) || /^\s*create\s*=/m.test(settings);
}
