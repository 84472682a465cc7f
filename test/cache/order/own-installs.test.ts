import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose, whyBehind } from '../../helpers/proposals.js';

const manifest = (more = '', version = 'version = "1.2"') =>
  `[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "my-app"
${version}
readme = "README.md"
dependencies = [
    "flask >= 3", # a server
    "rich[all]",
]

[project.scripts]
my-app = "app.main:run"

${more}`;

const packages = '[tool.hatch.build.targets.wheel]\npackages = ["src/app"]\n';

const files: MemoryFiles = {
  'pyproject.toml': manifest(packages),
  'README.md': 'read',
  'src/app/__init__.py': '',
  'src/app/main.py': 'main',
  '.dockerignore': 'Dockerfile\n',
};

const copied = 'COPY README.md pyproject.toml ./';
const from = 'FROM python:3.13\nWORKDIR /app\n';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly files?: MemoryFiles;
  readonly expected: string;
}

const cases: readonly Case[] = [
  {
    name: 'with the manifests alone first, and as it was behind the sources',
    text: `${from}COPY . .\nRUN pip install --no-cache-dir .\n`,
    expected: `${from}${copied}\nRUN pip install --no-cache-dir .\nCOPY . .\nRUN pip install --no-cache-dir .\n`,
  },
  {
    name: 'with extras, by a module of Python, with a cache mount',
    text: `${from}COPY . .\nRUN --mount=type=cache,target=/root/.cache/pip python -m pip install -q '.[web,db]'\n`,
    expected: `${from}${copied}\nRUN --mount=type=cache,target=/root/.cache/pip python -m pip install -q '.[web,db]'\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache/pip python -m pip install -q '.[web,db]'\n`,
  },
  {
    name: 'from a folder of the repository, by a path',
    text: 'FROM python:3.13\nCOPY . /src\nRUN pip install /src/server\n',
    files: {
      'server/pyproject.toml': files['pyproject.toml'] ?? '',
      'server/README.md': 'read',
      'server/src/app/main.py': 'main',
      'src/app/main.py': 'other',
      '.dockerignore': 'Dockerfile\n',
    },
    expected:
      'FROM python:3.13\nCOPY server/README.md server/pyproject.toml /src/server/\nRUN pip install /src/server\nCOPY . /src\nRUN pip install /src/server\n',
  },
  {
    name: 'into a virtual environment',
    text: `FROM python:3.13\nRUN python -m venv /opt/venv\nWORKDIR /app\nCOPY . .\nRUN /opt/venv/bin/pip install .\n`,
    expected: `FROM python:3.13\nRUN python -m venv /opt/venv\nWORKDIR /app\n${copied}\nRUN /opt/venv/bin/pip install .\nCOPY . .\nRUN /opt/venv/bin/pip install .\n`,
  },
  {
    name: 'in place, with extras',
    text: `${from}COPY . .\nRUN pip install -e '.[web]'\n`,
    expected: `${from}${copied}\nRUN pip install -e '.[web]'\nCOPY . .\nRUN pip install -e '.[web]'\n`,
  },
  {
    name: 'with a list of more',
    text: `${from}COPY . .\nRUN pip install -r more.txt .\n`,
    files: { ...files, 'more.txt': 'gunicorn\n' },
    expected: `${from}COPY README.md more.txt pyproject.toml ./\nRUN pip install -r more.txt .\nCOPY . .\nRUN pip install -r more.txt .\n`,
  },
  {
    name: 'for the user',
    text: `${from}COPY . .\nRUN pip install --user .\n`,
    expected: `${from}${copied}\nRUN pip install --user .\nCOPY . .\nRUN pip install --user .\n`,
  },
  {
    name: 'what is installed before it in the same RUN goes first',
    text: `${from}COPY . .\nRUN apt-get update && apt-get install -y gcc && pip install .\n`,
    expected: `${from}RUN apt-get update && apt-get install -y gcc\n${copied}\nRUN pip install .\nCOPY . .\nRUN pip install .\n`,
  },
  {
    name: 'with a version that sed puts in, over the root of the image',
    text: `FROM ubuntu:jammy\nRUN apt update -y && apt -y install python3-pip\nCOPY . .\nRUN sed -i 's/dynamic = \\["version"\\]/version = "0.0.0"/' pyproject.toml && \\\n    pip install .\n`,
    files: { ...files, 'pyproject.toml': manifest(packages, 'dynamic = ["version"]') },
    expected: `FROM ubuntu:jammy\nRUN apt update -y && apt -y install python3-pip\n${copied}\nRUN sed -i 's/dynamic = \\["version"\\]/version = "0.0.0"/' pyproject.toml && \\\n    pip install .\nCOPY . .\nRUN sed -i 's/dynamic = \\["version"\\]/version = "0.0.0"/' pyproject.toml && \\\n    pip install .\n`,
  },
  {
    name: 'with the file that the version stands in',
    text: `${from}COPY . .\nRUN pip install .\n`,
    files: {
      ...files,
      'pyproject.toml': manifest(
        `${packages}\n[tool.hatch.version]\npath = "src/app/__init__.py"\n`,
        'dynamic = ["version"]',
      ),
    },
    expected: `${from}${copied}\nCOPY src/app/__init__.py src/app/\nRUN pip install .\nCOPY . .\nRUN pip install .\n`,
  },
];

interface Refusal {
  readonly name: string;
  readonly run?: string;
  readonly files?: MemoryFiles;
  readonly why: string;
}

const withManifest = (text: string): MemoryFiles => ({ ...files, 'pyproject.toml': text });

const refusals: readonly Refusal[] = [
  {
    name: 'the version is made at build time',
    files: withManifest(manifest(`${packages}[tool.hatch.version]\nsource = "vcs"\n`, 'dynamic = ["version"]')),
    why: 'pyproject.toml leaves version to the build',
  },
  {
    name: 'the dependencies are made at build time',
    files: withManifest(manifest(packages, 'version = "1"\ndynamic = ["dependencies"]')),
    why: 'pyproject.toml leaves dependencies to the build',
  },
  {
    name: 'a hook builds more',
    files: withManifest(manifest(`${packages}[tool.hatch.build.hooks.custom]\n`)),
    why: 'pyproject.toml has [tool.hatch.build.hooks.custom]',
  },
  {
    name: 'files are packed that must be there',
    files: withManifest(manifest(`${packages}[tool.hatch.build.targets.wheel.force-include]\n"data" = "app/data"\n`)),
    why: 'pyproject.toml has [tool.hatch.build.targets.wheel.force-include]',
  },
  {
    name: 'the build is set up elsewhere',
    files: { ...files, 'hatch.toml': '' },
    why: 'hatch.toml sets up the build',
  },
  {
    name: 'nothing says what the package is',
    files: withManifest(manifest()),
    why: 'pyproject.toml does not say which files are the package, and there is no my_app/__init__.py',
  },
  {
    name: 'the build needs a plugin',
    files: withManifest(manifest(packages).replace('"hatchling"]', '"hatchling", "hatch-cython"]')),
    why: 'the build needs hatch-cython',
  },
  {
    name: 'the build needs its own sources',
    files: withManifest(manifest(packages).replace('[project]', 'backend-path = ["."]\n[project]')),
    why: 'pyproject.toml names no build back end that is known to build without the sources',
  },
  {
    name: 'a dependency is a folder of the repository',
    files: withManifest(manifest(packages).replace('"rich[all]"', '"lib @ file:///app/lib"')),
    why: 'pyproject.toml has a dependency that is a folder of this repository',
  },
  {
    name: 'the read-me is kept out of the context',
    files: { ...files, '.dockerignore': 'Dockerfile\n*.md\n' },
    why: 'README.md, which pyproject.toml names, is not in the build context',
  },
  {
    name: 'there is no manifest',
    files: { 'src/app.py': '' },
    why: '/app/pyproject.toml is not found in the build context',
  },
  {
    name: 'it brings another pip',
    files: { ...files, 'pyproject.toml': manifest(packages).replace('"rich[all]"', '"pip < 20"') },
    why: 'it may bring another pip, which would run the second time',
  },
  {
    name: 'it installs in place, perhaps by a script',
    run: 'pip install -e .',
    files: { ...files, 'setup.py': '' },
    why: 'it installs the project where its sources are, and there is a setup.py',
  },
  {
    name: 'a list names a folder of the repository',
    run: 'pip install -r more.txt .',
    files: { ...files, 'more.txt': 'gunicorn\n./lib\n' },
    why: 'more.txt names other files',
  },
  { name: 'it goes elsewhere', run: 'pip install --target /out .', why: 'it is called with --target' },
  { name: 'it installs all anew', run: 'pip install --force-reinstall .', why: 'it is called with --force-reinstall' },
  { name: 'it installs no dependencies', run: 'pip install --no-deps .', why: 'it is called with --no-deps' },
  { name: 'a variable says so', run: 'PIP_NO_DEPS=1 pip install .', why: 'PIP_NO_DEPS changes what it does' },
  { name: 'two projects at once', run: 'pip install . ./lib', why: 'it installs more than one folder' },
  { name: 'a script runs before it', run: 'true; pip install .', why: 'its RUN is not understood' },
  { name: 'a file is made before it', run: 'touch a && pip install .', why: '`touch a` is run before it' },
  {
    name: 'sed changes another file',
    run: "sed -i 's/a/b/' src/app/main.py && pip install .",
    why: "`sed -i 's/a/b/' src/app/main.py` is run before it",
  },
];

describe('An install of the project itself', () => {
  describe('is made twice', () => {
    for (const { name, text, files: own = files, expected } of cases) {
      it(name, () => {
        const proposal = propose(text, own, ['src/app/main.py', 'src/app/other.py', 'server/src/app/main.py']);
        assert.equal(proposal.text, expected);
        assert.ok(proposal.after.seconds < proposal.before.seconds);
      });
    }
  });

  it('says why that is safe', () => {
    const { moves } = propose(`${from}COPY . .\nRUN pip install .\n`, files, ['src/app/main.py']);
    const move = moves.find(({ part }) => part === 'download');
    assert.deepEqual(move?.safe.slice(0, 2), [
      'hatchling builds the project from README.md and pyproject.toml alone, with the same dependencies',
      '`pip install .` behind it installs the project anew, takes away what was there of it, and finds the dependencies',
    ]);
  });

  describe('stays behind the sources where', () => {
    for (const { name, run = 'pip install .', files: own = files, why } of refusals) {
      it(name, () => {
        const text = `${from}COPY . .\nRUN ${run}\n`;
        assert.equal(propose(text, own, ['src/app/main.py']).text, text);
        assert.match(
          whyBehind(text, own, 'COPY', 'RUN') ?? '',
          new RegExp(`${why.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$`),
        );
      });
    }

    const unproposed: readonly (readonly [name: string, text: string, own?: MemoryFiles])[] = [
      ['its RUN removes what it leaves', `${from}COPY . .\nRUN pip install . && rm -rf /root/.cache\n`],
      [
        'the dependencies are there before',
        `${from}COPY req.txt ./\nRUN pip install -r req.txt\nCOPY . .\nRUN pip install .\n`,
        { ...files, 'req.txt': 'flask==3\n' },
      ],
      [
        'the home folder is not known, and settings of pip may lie in it',
        'FROM example.org/base\nWORKDIR /app\nCOPY . .\nRUN pip install .\n',
        { ...files, 'tools/.netrc': '' },
      ],
      ['the RUN has no network', `${from}COPY . .\nRUN --network=none pip install .\n`],
      [
        'a RUN before it changes the manifest',
        `${from}COPY . .\nRUN sed -i 's/1.2/1.3/' pyproject.toml\nRUN pip install .\n`,
      ],
      [
        'a folder of the context lands in the system',
        'FROM ubuntu:jammy\nCOPY . .\nRUN pip install .\n',
        { ...files, 'usr/lib/x': 'x' },
      ],
      [
        'no COPY behind it brings back what sed changes',
        `${from}COPY pyproject.toml README.md ./\nCOPY src ./src\nRUN sed -i 's/1.2/1.3/' pyproject.toml && pip install .\n`,
      ],
    ];
    for (const [name, text, own = files] of unproposed)
      it(name, () => assert.equal(propose(text, own, ['src/app/main.py']).text, text));
  });
});

describe('An install for the system', () => {
  it('makes no environment beside the sources', () => {
    const text = 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pipenv install --deploy --system\n';
    const own = {
      Pipfile: '[packages]\nflask = "*"\n',
      'Pipfile.lock': '{}',
      'app.py': '',
      '.dockerignore': 'Dockerfile\n',
    };
    assert.equal(
      propose(text, own, ['app.py']).text,
      'FROM python:3.13\nWORKDIR /app\nCOPY Pipfile Pipfile.lock ./\nRUN pipenv install --deploy --system\nCOPY . .\n',
    );
  });
});
