import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { nodeProject, propose } from '../../helpers/proposals.js';

const { '.dockerignore': _, ...project } = nodeProject;

const files: MemoryFiles = {
  ...Object.fromEntries(Object.entries(project).map(([path, text]) => [`web/${path}`, text])),
  'api/a.py': 'a',
  '.dockerignore': '**/node_modules\nDockerfile\n',
};

const head = 'FROM node:22\nWORKDIR /app\n';
const manifests = 'COPY web/package-lock.json web/package.json web/\n';

function ordered(rest: string): string {
  return propose(`${head}${rest}`, files, ['web/src/a.js', 'api/a.py']).text;
}

const cases: readonly (readonly [name: string, rest: string, expected: string])[] = [
  ['by a command', 'COPY . .\nRUN cd web && npm ci\n', `${manifests}RUN cd web && npm ci\nCOPY . .\n`],
  ['in a subshell', 'COPY . .\nRUN (cd web && npm ci)\n', `${manifests}RUN (cd web && npm ci)\nCOPY . .\n`],
  [
    'in a RUN that builds behind the install',
    'COPY . .\nRUN cd web && npm ci && npm run build\n',
    `${manifests}RUN cd web && npm ci\nCOPY . .\nRUN cd web && npm run build\n`,
  ],
  [
    'with all of it where more is asked than whether it is there',
    'COPY . .\nRUN test -w web && cd web && npm ci\n',
    'COPY web web/\nRUN test -w web && cd web && npm ci\nCOPY . .\n',
  ],
  [
    'under set -e',
    'COPY . .\nRUN set -eux; cd web; npm ci; npm run build\n',
    `${manifests}RUN set -eux; cd web; npm ci\nCOPY . .\nRUN set -eux; cd web; npm run build\n`,
  ],
  [
    'under set -e, behind packages of the distribution',
    'COPY . .\nRUN set -eux; apt-get update && apt-get install -y git; cd web; npm ci; npm run build\n',
    `${manifests}RUN set -eux; apt-get update && apt-get install -y git; cd web; npm ci\nCOPY . .\nRUN set -eux; cd web; npm run build\n`,
  ],
  [
    'and left again for a build of all',
    'COPY . .\nRUN cd web && npm ci && cd .. && make\n',
    `${manifests}RUN cd web && npm ci\nCOPY . .\nRUN cd web && cd .. && make\n`,
  ],
  [
    'with an install that writes its lockfile anew',
    'COPY . .\nRUN cd web && npm install && npm run build\n',
    `${manifests}RUN cd web && npm install\nCOPY --exclude=web/package-lock.json . .\nRUN cd web && npm run build\n`,
  ],
  [
    'where commands work on its sources first',
    'COPY . .\nRUN cd web && chmod +x src/a.js && npm ci\n',
    `${manifests}RUN cd web && npm ci\nCOPY . .\nRUN cd web && chmod +x src/a.js\n`,
  ],
];

const refusals: readonly (readonly [why: string, rest: string])[] = [
  ['it has no manifests', 'COPY . .\nRUN cd api && npm install -g pm2 && make\n'],
  ['it is not there without the COPY', 'COPY . .\nRUN cd api && apt-get update\nRUN make\n'],
  ['the way leads through another one', 'COPY . .\nRUN cd api/../web && npm ci\n'],
  ['an option leads through another one', 'COPY . .\nRUN npm --prefix api/../web ci\n'],
  ['a variable sends the shell elsewhere', 'ENV CDPATH=/opt\nCOPY . .\nCOPY web /opt/web\nRUN cd web && npm ci\n'],
  ['a link leads there', 'COPY . .\nRUN ln -s web ui && cd ui && npm ci\n'],
];

const lax: MemoryFiles = { ...files, web: { type: 'directory', mode: 0o775 } };
const inherited: MemoryFiles = { ...files, web: { type: 'directory', mode: 0o2755 } };
const build = 'RUN cd web && npm ci && npm run build\n';

/** The RUN would find the folder with another owner or mode: what makes it on the way gives it 0755. */
const renewals: readonly (readonly [why: string, rest: string, files: MemoryFiles])[] = [
  ['its group may write there', `COPY . .\nUSER 1001:0\n${build}`, lax],
  ['what is made there inherits its group', `COPY . .\n${build}`, inherited],
  ['all may write there by --chmod', `COPY --chmod=777 . .\nUSER node\n${build}`, files],
  ['--chmod is not a number', `COPY --chmod=go+w . .\nUSER node\n${build}`, files],
  ['a RUN makes it first', `RUN mkdir -p web/logs\nCOPY --chown=node:node . .\nUSER node\n${build}`, files],
  ['a WORKDIR makes it first', `WORKDIR web\nWORKDIR /app\nCOPY --chown=node . .\nUSER node\n${build}`, files],
  ['an install works in it', 'COPY --chmod=777 . .\nUSER node\nWORKDIR web\nRUN npm ci\n', files],
];

const yarnLock =
  '# yarn lockfile v1\n\n\nleft@1.0.0:\n  version "1.0.0"\n  resolved "https://registry.yarnpkg.com/left/-/left-1.0.0.tgz#aaa"\n  integrity sha512-x\n';
const pnpmLock =
  "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      left:\n        specifier: 1.0.0\n        version: 1.0.0\n\npackages:\n\n  left@1.0.0:\n    resolution: {integrity: sha512-x}\n\nsnapshots:\n\n  left@1.0.0: {}\n";
const uvProject = {
  'web/pyproject.toml': '[project]\nname = "app"\nversion = "1.0.0"\ndependencies = ["flask"]\n',
  'web/uv.lock':
    'version = 1\n[[package]]\nname = "app"\nversion = "1.0.0"\nsource = { virtual = "." }\n[[package]]\nname = "flask"\nversion = "3.0.0"\nsource = { registry = "https://pypi.org/simple" }\n',
  '.dockerignore': '**/node_modules\n**/.venv\nDockerfile\n',
};
const all = { ...files, 'web/yarn.lock': yarnLock, 'web/pnpm-lock.yaml': pnpmLock, ...uvProject };
const member = { 'package.json': '{"private": true, "workspaces": ["web"]}' };

/** Of folders above that of the project. */
const above: readonly (readonly [name: string, run: string, more: MemoryFiles, copied: string | undefined])[] = [
  ['npm finds nothing', 'npm ci', { 'package.json': '{}' }, ''],
  ['npm finds its workspaces', 'npm ci', member, undefined],
  ['yarn finds its workspaces', 'yarn install --frozen-lockfile --ignore-scripts', member, undefined],
  ['yarn finds settings', 'yarn install --frozen-lockfile --ignore-scripts', { '.npmrc': 'x=y\n' }, 'COPY .npmrc ./\n'],
  [
    'pnpm finds its workspaces',
    'pnpm install --frozen-lockfile --ignore-scripts',
    { 'pnpm-workspace.yaml': 'packages: [web]\n' },
    undefined,
  ],
  ['uv finds settings', 'uv sync --frozen', { 'uv.toml': 'compile-bytecode = true\n' }, 'COPY uv.toml ./\n'],
  [
    'uv finds its workspaces',
    'uv sync --frozen',
    { 'pyproject.toml': '[tool.uv.workspace]\nmembers = ["web"]\n' },
    undefined,
  ],
];

/** It makes no difference. */
const harmless: readonly (readonly [why: string, rest: string, files: MemoryFiles])[] = [
  ['root may all', `COPY . .\n${build}`, lax],
  ['it belongs to the user', `COPY --chown=node:node . .\nUSER node\n${build}`, lax],
  ['--chmod gives the usual mode', `COPY --chmod=755 . .\nUSER node\n${build}`, files],
  ['what makes it first gives it the same owner', `RUN mkdir -p web/logs\nCOPY . .\n${build}`, files],
];

describe('A folder of the sources that a RUN enters', () => {
  for (const [name, rest, expected] of cases)
    it(`comes with the manifests in it: ${name}`, () =>
      assert.equal(ordered(rest).replace(/^# syntax.*\n/, ''), head + expected));

  for (const [why, rest] of refusals)
    it(`stays in front of the RUN where ${why}`, () => assert.equal(ordered(rest), head + rest));

  for (const [why, rest, own] of renewals)
    it(`comes with its COPY only where ${why}`, () =>
      assert.equal(propose(head + rest, own, ['web/src/a.js', 'api/a.py']).text, head + rest));

  for (const [why, rest, own] of harmless)
    it(`may be made by another step where ${why}`, () =>
      assert.match(propose(head + rest, own, ['web/src/a.js', 'api/a.py']).text, /npm ci\nCOPY/));

  for (const [name, run, more, copied] of above)
    it(`is not all that counts where above it ${name}`, () => {
      const { text } = propose(`${head}COPY . .\nRUN cd web && ${run}\n`, { ...all, ...more }, ['api/a.py']);
      assert.equal(
        /web\/\n(.*\n)?RUN .*\nCOPY (?:--exclude=\S+ )?\. \.\n/.exec(text) &&
          (/web\/\n(.*\n)?RUN/.exec(text)?.[1] ?? ''),
        copied ?? null,
      );
    });

  it('is not named among what the install reads', () => {
    const { moves } = propose(`${head}COPY . .\nRUN cd web && npm ci\n`, files, ['web/src/a.js']);
    const reasons = moves.flatMap(({ safe }) => safe);
    assert.ok(
      reasons.includes(
        'of what `COPY . .` brings `cd web && npm ci` reads only web/package-lock.json and web/package.json, copied before it',
      ),
      reasons.join('\n'),
    );
  });
});
