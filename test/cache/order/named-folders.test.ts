import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose } from '../../helpers/proposals.js';

const pip: MemoryFiles = {
  'requirements.txt': 'flask==3.0.0\nrequests==2.32.0\n',
  'app/main.py': 'main',
  '.dockerignore': 'Dockerfile\n',
};

const lock = Array.from({ length: 60 }, (_, n) => `[[package]]\nname = "p${n}"\n`).join('');

const uv: MemoryFiles = {
  'web/pyproject.toml': '[project]\nname = "app"\nversion = "1.0.0"\ndependencies = ["flask"]\n',
  'web/uv.lock': lock,
  'app/main.py': 'main',
  '.dockerignore': 'Dockerfile\n**/.venv\n',
};

const head = 'FROM python:3.13\nWORKDIR /app\n';

function ordered(run: string, files: MemoryFiles): string {
  return propose(`${head}COPY . .\nRUN ${run}\n`, files, ['app/main.py']).text;
}

describe('An install into a folder that an option names', () => {
  for (const run of [
    'pip install --target /deps -r requirements.txt',
    'pip install --prefix=/install --no-warn-script-location -r requirements.txt',
    'pip wheel --no-cache-dir --wheel-dir=/wheels -r requirements.txt',
    'pip download -r requirements.txt -d /wheels',
  ])
    it(`goes before the sources: ${run}`, () =>
      assert.equal(ordered(run, pip), `${head}COPY requirements.txt ./\nRUN ${run}\nCOPY . .\n`));

  for (const [why, run] of [
    ['the sources might have a folder of that name', 'pip install --target vendored -r requirements.txt'],
    ['the sources have it', 'pip install --target app -r requirements.txt'],
    ['nobody knows which', 'pip install --target "$FOLDER" -r requirements.txt'],
    ['it is that of a user', 'pip install --target ~/deps -r requirements.txt'],
    ['optparse takes two options from one word', 'pip install -qt app -r requirements.txt'],
    ['optparse takes the beginning of an option for it', 'pip install --targ=app -r requirements.txt'],
    ['a variable names it', 'PIP_PREFIX=app pip install -r requirements.txt'],
    ['none is named, and the wheels land beside the sources', 'pip wheel -r requirements.txt'],
  ] as const)
    it(`stays where ${why}: ${run}`, () => assert.equal(ordered(run, pip), `${head}COPY . .\nRUN ${run}\n`));
});

describe('A project of uv that an option names', () => {
  const manifests = 'COPY web/pyproject.toml web/uv.lock web/\n';

  for (const run of ['uv sync --frozen --project web', 'uv sync --frozen --directory web'])
    it(`is installed before the sources: ${run}`, () =>
      assert.equal(
        ordered(`${run} --no-install-project`, uv),
        `${head}${manifests}RUN ${run} --no-install-project\nCOPY . .\n`,
      ));

  it('stays where a variable names an environment that is not ignored', () => {
    const text =
      'FROM python:3.13\nWORKDIR /app\nENV UV_PROJECT_ENVIRONMENT=venv\nCOPY . .\nRUN uv sync --frozen --no-install-project --project web\n';
    assert.equal(propose(text, uv, ['app/main.py']).text, text);
  });

  it('stays where two options name folders', () => {
    const run = 'uv sync --frozen --no-install-project --directory web --project .';
    assert.equal(ordered(run, uv), `${head}COPY . .\nRUN ${run}\n`);
  });
});

describe('An install whose manifest a word names by its place', () => {
  it('needs it there, wherever else it is copied to', () => {
    const text = `${head}COPY . /srv/\nCOPY *.txt conf/\nRUN pip install -r /srv/requirements.txt\n`;
    assert.equal(
      propose(text, pip, ['app/main.py']).text,
      `${head}COPY *.txt conf/\nCOPY requirements.txt /srv/\nRUN pip install -r /srv/requirements.txt\nCOPY . /srv/\n`,
    );
  });
});
