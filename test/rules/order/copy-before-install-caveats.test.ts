import assert from 'node:assert/strict';
import { copyBeforeInstall } from '../../../server/rules/order/copy-before-install.js';
import { type InvalidCase, runCase, testRule } from '../../helpers/rule-tester.js';

/** A folder that the install makes and that the sources, copied behind it now, may bring along. */
const poetry = { 'pyproject.toml': '[tool.poetry]\nname = "a"\n', 'poetry.lock': '', 'app/main.py': '' };
const pipenv = { Pipfile: '[packages]\n', 'Pipfile.lock': '{}', 'app/main.py': '' };
const pip = { 'requirements.txt': 'flask==3.0.0\n', 'app/main.py': '' };
const bundler = { Gemfile: "gem 'rack'\n", 'Gemfile.lock': '', 'app/main.rb': '' };
const carton = { cpanfile: "requires 'Mojo';\n", 'cpanfile.snapshot': '', 'lib/App.pm': '' };
const npm = {
  'package.json': '{}',
  'package-lock.json': '{"packages": {}}',
  'a.js': '',
  '.dockerignore': 'node_modules\n',
};
const yarn = {
  'package.json': '{"dependencies": {"a": "1"}}',
  'yarn.lock': '# yarn lockfile v1\n',
  'a.js': '',
  '.dockerignore': 'node_modules\n',
};
const berry = {
  ...yarn,
  'yarn.lock': '__metadata:\n  version: 8\n',
  '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: false\n',
};
const mix = { 'mix.exs': '', 'mix.lock': '', 'lib/a.ex': '', '.dockerignore': 'deps\n_build\n' };

function overwritten(
  name: string,
  setup: string,
  install: string,
  files: InvalidCase['files'],
  folder: string,
): InvalidCase {
  return {
    name,
    code: `FROM a AS base\nWORKDIR /app\n${setup}COPY «.» .\nRUN ${install}\n`,
    files: files ?? {},
    safety: 'unsafe',
    caveat: new RegExp(`${folder} would be copied over`),
  };
}

function kept(name: string, setup: string, install: string, files: InvalidCase['files']): InvalidCase {
  return {
    name,
    code: `FROM a\nWORKDIR /app\n${setup}COPY «.» .\nRUN ${install}\n`,
    files: files ?? {},
    safety: 'safe',
  };
}

/** The install may write its lockfile, and the COPY that is behind it now brings that of the repository back. */
function rewritten(name: string, install: string, files: InvalidCase['files'], setup = ''): InvalidCase {
  return {
    name,
    code: `FROM a\nWORKDIR /app\n${setup}COPY «.» .\nRUN ${install}\n`,
    files: files ?? {},
    safety: 'unsafe',
    caveat: new RegExp(`\`${install}\` may write \\S+ anew, and the COPY behind it brings the old one back`),
  };
}

const project = (more = '') => `<Project Sdk="X"><PropertyGroup>${more}</PropertyGroup></Project>`;

/** A restore in a stage of which only the result is taken. */
function restored(name: string, command: string, more: string, caveat?: RegExp, lockfile = true): InvalidCase {
  return {
    name: `a restore ${name}`,
    code: `FROM a AS build\nWORKDIR /src\nCOPY «.» .\nRUN dotnet restore${command}\nRUN dotnet publish -o /out\n\nFROM b\nCOPY --from=build /out /app\n`,
    files: {
      'App.csproj': project(more),
      ...(lockfile ? { 'packages.lock.json': '{}' } : {}),
      'Program.cs': '',
      '.dockerignore': 'obj\nbin\n',
    },
    ...(caveat ? { safety: 'unsafe', caveat } : { safety: 'safe' }),
  };
}

/** In a stage of which only the result is taken, a command behind the sources may look at the lockfile that they bring back. */
function readAgain(name: string, install: string, behind: string, files: InvalidCase['files']): InvalidCase {
  return {
    name: `a lockfile written anew that is read again ${name}`,
    code: `FROM a AS build\nWORKDIR /app\nCOPY «.» .\nRUN ${install}\n${behind}\n\nFROM b\nCOPY --from=build /app/dist /app\n`,
    files: files ?? {},
    safety: 'unsafe',
    caveat: /may write \S+ anew, and the COPY behind it brings the old one back/,
  };
}

/** The same, but nothing does. */
function unread(name: string, install: string, run: string, files: InvalidCase['files'], last = ''): InvalidCase {
  return {
    name: `a lockfile written anew that ${name} does not read`,
    code: `FROM a AS build\nWORKDIR /app\nCOPY «.» .\nRUN ${install}\n${run && `RUN ${run}\n`}\nFROM b\nCOPY --from=build /app/dist /app\n${last}`,
    files: files ?? {},
    safety: 'safe',
  };
}

testRule(copyBeforeInstall, {
  valid: [],
  invalid: [
    {
      name: 'a build argument names the folder of the manifests',
      code: 'FROM node:22\nWORKDIR /app\nARG DIR=web\nCOPY «.» .\nRUN cd $DIR && npm ci\n',
      files: {
        'web/package.json': '{}',
        'web/package-lock.json': '{"packages": {}}',
        'web/a.js': '',
        '.dockerignore': '**/node_modules\n',
      },
      safety: 'unsafe',
      caveat: /^with another value of DIR other manifests would have to be copied$/,
    },
    overwritten('poetry takes an environment in the project', '', 'poetry install --no-root', poetry, '.venv'),
    kept('poetry may be told not to', 'ENV POETRY_VIRTUALENVS_IN_PROJECT=false\n', 'poetry install --no-root', poetry),
    {
      name: 'a download stops the build where the install behind it may fail',
      code: 'FROM a\nWORKDIR /app\nCOPY «.» .\nRUN poetry install || true\n',
      files: poetry,
      safety: 'unsafe',
      caveat: /^the build stops where `poetry install --no-root` fails$/,
    },
    {
      name: 'what a RUN removes behind its install stays in the layer of the download',
      code: 'FROM a\nWORKDIR /app\nCOPY «.» .\nRUN poetry install && rm -rf /root/.cache\n',
      files: poetry,
      safety: 'unsafe',
      caveat: /what the second RUN removes stays in the layer of the first/,
    },
    overwritten(
      'poetry installs into the project where it is told to',
      'ENV POETRY_VIRTUALENVS_IN_PROJECT=1\n',
      'poetry install --no-root',
      poetry,
      '.venv',
    ),
    overwritten('pipenv takes an environment in the project', '', 'pipenv sync', pipenv, '.venv'),
    kept('pipenv may be told not to', '', 'pipenv sync --system', pipenv),
    ...['/app/venv', 'venv', '$PLACE'].map((place) =>
      overwritten(
        `a virtual environment is made in ${place}`,
        'ENV PLACE=/app/venv\n',
        `python -m venv ${place}\nENV PATH=/app/venv/bin:$PATH\nRUN pip install -r requirements.txt`,
        pip,
        'venv',
      ),
    ),
    overwritten(
      'a virtual environment is made in the same RUN',
      '',
      'virtualenv env && env/bin/pip install -r requirements.txt',
      pip,
      'env',
    ),
    overwritten(
      'a stage below makes a virtual environment',
      'RUN python -m venv venv\nENV PATH=/app/venv/bin:$PATH\nFROM base\n',
      'pip install -r requirements.txt',
      pip,
      'venv',
    ),
    kept(
      'a virtual environment lies outside the project',
      'RUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\n',
      'pip install -r requirements.txt',
      pip,
    ),
    kept('a virtual environment is ignored', 'RUN python -m venv venv\n', 'pip install -r requirements.txt', {
      ...pip,
      '.dockerignore': 'venv\n',
    }),
    {
      name: 'a setting names other files',
      code: 'FROM a\nWORKDIR /app\nRUN pip config set global.find-links wheels\nCOPY «.» .\nRUN pip install -r requirements.txt\n',
      files: pip,
      safety: 'unsafe',
      caveat: /^`pip config` sets find-links, with which the install may read or write other files$/,
    },
    overwritten('pipenv too', 'ENV PIPENV_VENV_IN_PROJECT=1\n', 'pipenv sync', pipenv, '.venv'),
    kept('bundler installs into GEM_HOME by default', 'ENV BUNDLE_FROZEN=1\n', 'bundle install', bundler),
    rewritten('bundler adds platforms to its lockfile', 'bundle install', bundler),
    rewritten('npm install mends its lockfile', 'npm install', npm),
    rewritten('a lockfile that came before comes again', 'npm install', npm, 'COPY package*.json ./\n'),
    kept('npm ci leaves it alone', '', 'npm ci', npm),
    kept('mix may be told to leave it alone', '', 'mix deps.get --check-locked', mix),
    rewritten('mix locks what is missing', 'mix deps.get', mix),
    overwritten('bundler too', 'ENV BUNDLE_DEPLOYMENT=1\n', 'bundle install', bundler, 'vendor/bundle'),
    overwritten('bundler by its path', 'ENV BUNDLE_PATH=vendor/gems\n', 'bundle install', bundler, 'vendor/gems'),
    kept('bundler outside the project', 'ENV BUNDLE_PATH=/gems BUNDLE_DEPLOYMENT=1\n', 'bundle install', bundler),
    overwritten('carton installs into local', '', 'carton install --deployment', carton, 'local'),
    overwritten('cpm does too', '', 'cpm install', carton, 'local'),
    kept('cpm may install beside Perl itself', '', 'cpm install -g', carton),
    rewritten('carton locks what it has installed', 'carton install', { ...carton, '.dockerignore': 'local\n' }),
    kept('a cpanfile is enough for cpanm, whatever Makefile.PL does', '', 'cpanm --installdeps .', {
      ...carton,
      'Makefile.PL': 'die',
    }),
    {
      name: 'composer is told of another manifest',
      code: 'FROM a\nWORKDIR /app\nENV COMPOSER=other.json\nCOPY «.» .\nRUN composer install\n',
      files: { 'composer.json': '{}', 'composer.lock': '{}', 'other.json': '{}', 'src/a.php': '' },
      safety: 'unsafe',
      caveat: /COMPOSER may name another manifest or folder/,
    },
    kept('an ignored folder is not copied', 'ENV PIPENV_VENV_IN_PROJECT=1\n', 'pipenv sync --dev', {
      ...pipenv,
      '.dockerignore': '.venv\n',
    }),
    {
      name: 'what the second half of a cut RUN removes stays in the image',
      code: 'FROM a\nWORKDIR /app\nCOPY «.» .\nRUN npm ci && npm run build && npm prune --omit=dev\n',
      files: {
        'package.json': '{"name":"a","scripts":{"build":"tsc"}}',
        'package-lock.json': '{}',
        'src/a.ts': '',
        '.dockerignore': 'node_modules\n',
      },
      safety: 'unsafe',
      caveat: /removes stays in the layer of the first/,
    },
    {
      name: 'a lockfile written anew in a stage from which only the result is taken',
      code: 'FROM a AS build\nWORKDIR /app\nCOPY «.» .\nRUN npm install\nRUN npm run build\n\nFROM b\nCOPY --from=build /app/dist /app\n',
      files: npm,
      safety: 'safe',
    },
    {
      name: 'a lockfile written anew in a stage of which all is taken',
      code: 'FROM a AS build\nWORKDIR /app\nCOPY «.» .\nRUN npm install\nRUN npm run build\n\nFROM b\nCOPY --from=build /app /app\n',
      files: npm,
      safety: 'unsafe',
      caveat: /may write package-lock.json anew/,
    },
    readAgain('by npm prune', 'npm install', 'RUN npm run build && npm prune --omit=dev', npm),
    readAgain('by what another command of the RUN becomes', 'npm install && npm run build && npm dedupe', '', npm),
    readAgain('by a script that nobody sees', 'npm install', 'RUN ./build.sh', npm),
    readAgain('by make', 'npm install', 'RUN make dist', npm),
    readAgain('by a stage that is built from it', 'npm install', 'FROM build AS more\nRUN npm ci', npm),
    readAgain('by a mount', 'npm install', 'FROM b AS more\nRUN --mount=from=build,target=/mnt cp -r /mnt/app /x', npm),
    readAgain('by Yarn 4', 'yarn install', 'RUN yarn build', berry),
    readAgain('by whatever Ruby runs', 'bundle install', 'RUN bin/rails assets:precompile', bundler),
    readAgain('by carton', 'carton install', 'RUN carton exec perl build.pl', {
      ...carton,
      '.dockerignore': 'local\n',
    }),
    readAgain('by mix', 'mix deps.get', 'RUN mix compile', mix),
    restored('may write its lockfile anew', '', '', /may write packages\.lock\.json anew/),
    restored(
      'is locked on some machines only',
      '',
      `<RestoreLockedMode Condition="'$(CI)' != ''">true</RestoreLockedMode>`,
      /may write packages\.lock\.json anew/,
    ),
    restored('is told to keep it', ' --locked-mode', ''),
    restored('is always locked', '', '<RestoreLockedMode>true</RestoreLockedMode>'),
    restored(
      'writes a lockfile that the sources do not bring',
      '',
      '<RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>',
      undefined,
      false,
    ),
    restored('has no lockfile', '', '', undefined, false),
    unread('npm run', 'npm install', 'npm run build && node_modules/.bin/tsc && rm -rf src', npm),
    unread('the first yarn', 'yarn install --ignore-scripts', 'yarn build', yarn),
    unread(
      'a mount of another folder',
      'npm install',
      '',
      npm,
      'RUN --mount=from=build,source=/app/dist,target=/x cp -r /x /y\n',
    ),
    {
      name: 'a lockfile that the install does not see tells nothing of install scripts',
      code: 'FROM a\nWORKDIR /app\nCOPY package.json ./\nCOPY «src» ./src\nRUN npm install\n',
      files: { ...npm, 'package.json': '{"dependencies": {"a": "1"}}', 'src/a.js': '' },
      safety: 'unsafe',
      caveat: /install scripts of dependencies would run before the sources/,
    },
    {
      name: 'in a stage that only builds, nobody minds',
      code: 'FROM a AS build\nWORKDIR /app\nCOPY «.» .\nRUN npm ci && npm run build && npm prune --omit=dev\n\nFROM b\nCOPY --from=build /app/dist /app\n',
      files: {
        'package.json': '{"name":"a","scripts":{"build":"tsc"}}',
        'package-lock.json': '{}',
        'src/a.ts': '',
        '.dockerignore': 'node_modules\n',
      },
      safety: 'safe',
    },
  ],
});

describe('what copy-before-install says that an edit no longer re-runs', () => {
  const go = { 'go.mod': 'module a\nrequire b v1.0.0\n', 'cmd/main.go': '' };
  const rebuilds = (code: string, files: InvalidCase['files'] = {}) =>
    runCase(copyBeforeInstall, { code, files }).findings.map(({ savings }) => savings?.rebuilds);

  it('are not told where there is no fix', () => {
    const code = 'FROM a\nWORKDIR /app\nCOPY . .\nRUN node a.js\nRUN npm ci\n';
    assert.deepEqual(rebuilds(code, npm), [undefined]);
  });

  it('is the install and what stands before it', () => {
    const code = 'FROM node:22\nCOPY . /app\nWORKDIR /app\nRUN npm ci\nRUN npm run build\n';
    assert.deepEqual(rebuilds(code, { ...npm, 'package-lock.json': '{"lockfileVersion": 3, "packages": {}}' }), [
      [2, 3],
    ]);
  });

  it('is not a RUN that goes on with the sources, but a RUN before it', () => {
    const files = { ...npm, 'package-lock.json': '{"lockfileVersion": 3, "packages": {}}' };
    const code = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN apk add git\nRUN npm ci && npm run build\n';
    assert.deepEqual(rebuilds(code, files), [[3]]);
  });

  it('is not the command that builds, which has only less to fetch', () => {
    assert.deepEqual(rebuilds('FROM golang:1.25\nCOPY . /src\nWORKDIR /src\nRUN go build ./...\n', go), [[]]);
    assert.deepEqual(rebuilds('FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go build ./...\n', go), [[]]);
  });
});
