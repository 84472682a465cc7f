import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose, whyBehind } from '../../helpers/proposals.js';

const head = 'FROM continuumio/miniconda3\nWORKDIR /app\n';
const files: MemoryFiles = {
  'environment.yml':
    'name: app\nchannels:\n  - conda-forge # first\ndependencies:\n  - numpy=2.1\n  - pip:\n    - -r requirements.txt\n',
  'requirements.txt': 'flask==3.0.0\n',
  'lib/setup.py': '',
  'src/app.py': '',
  '.dockerignore': 'Dockerfile\n',
};

describe('An environment of conda', () => {
  for (const run of [
    'conda env create -f environment.yml',
    'conda env create',
    'conda env update -n base --file environment.yml && conda clean -afy',
    'mamba env create -q -f environment.yml',
    'micromamba install -y -n base -f environment.yml',
  ])
    it(`is made before the sources: ${run}`, () => {
      const found = propose(`${head}COPY . .\nRUN ${run}\n`, files, ['src/app.py']).text;
      assert.equal(found, `${head}COPY environment.yml requirements.txt ./\nRUN ${run}\nCOPY . .\n`);
    });

  it('is made with the constraints that the list names for pip', () => {
    const list = 'dependencies:\n  - pip:\n    - -c requirements.txt\n    - flask\n';
    const found = propose(`${head}COPY . .\nRUN conda env create\n`, { ...files, 'environment.yml': list });
    assert.equal(found.text, `${head}COPY environment.yml requirements.txt ./\nRUN conda env create\nCOPY . .\n`);
  });

  it('may put a repository into the folder of the sources, whoever owns that', () => {
    const list = 'dependencies:\n  - pip:\n    - -e git+https://example.org/x.git#egg=x\n';
    const found = whyBehind(
      `${head}COPY conda conda\nCOPY --chown=1000 conda/src conda/src\nRUN conda env create -f conda/environment.yml\n`,
      { 'conda/environment.yml': list, 'conda/src/app.py': '' },
      'COPY --chown',
      'RUN',
    );
    assert.equal(found, '`COPY --chown=1000 conda/src conda/src` decides owner and mode of /app/conda/src');
  });

  const refusals: (readonly [why: string, reason: string, run: string, more: MemoryFiles])[] = [
    ['it lies in the project', '', 'conda env create -p /app/env -f environment.yml', {}],
    [
      'pip installs a project of the repository',
      ': environment.yml installs `./lib`, a project of this repository',
      'conda env create -f environment.yml',
      { 'environment.yml': 'dependencies:\n- pip:\n  - ./lib\n' },
    ],
    [
      'a channel is a folder',
      ': environment.yml names /app/channel',
      'conda env create -f environment.yml',
      { 'environment.yml': 'channels:\n- file:///app/channel\ndependencies:\n- own\n' },
    ],
    [
      'a list names a package of the repository',
      ': list.txt names /app/own-1.0.conda',
      'conda create -n own --file list.txt',
      { 'list.txt': '@EXPLICIT\nfile:///app/own-1.0.conda\n' },
    ],
  ];
  for (const [why, reason, list] of [
    [
      'gives pip a project in an option',
      'environment.yml installs `./lib`, a project of this repository',
      '--editable=./lib',
    ],
    ['names a folder of packages', 'environment.yml names the package source /app/lib', '--find-links=/app/lib'],
    ['includes a list that is not there', 'environment.yml includes more.txt, which is not found', '-rmore.txt'],
    ['takes an item from elsewhere in the file', 'environment.yml is not understood', '*own'],
  ] as const)
    refusals.push([
      `the list ${why}`,
      `: ${reason}`,
      'conda env create -f environment.yml',
      { 'environment.yml': `own: &own ./lib\ndependencies:\n- pip:\n  - ${list}\n` },
    ]);
  refusals.push([
    'what pip installs is in brackets',
    ': environment.yml is not understood',
    'conda env create -f environment.yml',
    { 'environment.yml': 'dependencies: [numpy, pip, {pip: [./lib]}]\n' },
  ]);
  refusals.push([
    'an option names a folder of packages',
    ': -c names the package source ./channel',
    'conda install --file list.txt -c ./channel',
    { 'list.txt': 'own\n' },
  ]);
  for (const [why, reason, run, more] of refusals)
    it(`stays behind the sources where ${why}`, () => {
      const found = whyBehind(`${head}COPY . .\nRUN ${run}\n`, { ...files, ...more }, 'COPY . .', 'RUN');
      assert.equal(found, `\`${run}\` may read what \`COPY . .\` brings${reason}`);
    });

  for (const before of [
    'ENV CONDARC=/app/.condarc',
    'ENV CONDA_PKGS_DIRS=/app/packages',
    'ENV MAMBA_ROOT_PREFIX=/app/mamba',
    'RUN conda config --add envs_dirs /app/envs',
    'RUN conda config --prepend channels file:///app/channel',
    'RUN micromamba config append channels "$CHANNEL"',
  ])
    it(`stays behind the sources where settings may name a place of the project: ${before}`, () => {
      const text = `${head}${before}\nCOPY . .\nRUN conda env create\n`;
      assert.equal(propose(text, { ...files, '.condarc': 'channels: [own]\n' }, ['src/app.py']).text, text);
    });

  for (const before of ['ENV MAMBA_ROOT_PREFIX=/opt/conda', 'RUN conda config --add channels conda-forge/label/main'])
    it(`is made before them where settings name others: ${before}`, () => {
      const { text } = propose(`${head}${before}\nCOPY . .\nRUN conda env create\n`, files, ['src/app.py']);
      assert.match(text, /RUN conda env create\nCOPY/);
    });
});
