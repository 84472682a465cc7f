import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose, whyBehind } from '../../helpers/proposals.js';

const text = 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install .\n';

const sources: MemoryFiles = {
  'README.md': 'read',
  'src/my_app/__init__.py': '"""An app."""\n__version__ = "1.0"\n',
  'src/my_app/main.py': 'main',
  '.dockerignore': 'Dockerfile\n',
};
const flat: MemoryFiles = {
  'README.md': 'read',
  'my_app/__init__.py': '',
  'my_app/main.py': 'main',
  '.dockerignore': 'Dockerfile\n',
};

const project = (more = '', name = 'My-App') =>
  `[project]\nname = "${name}"\nversion = "1.0"\ndependencies = ["flask"]\n${more}\n`;
const dynamic = (what: string, more = '') => project(more).replace('version = "1.0"', `dynamic = ${what}`);
const system = (requires: string, backend: string) =>
  `[build-system]\nrequires = ["${requires}"]\nbuild-backend = "${backend}"\n`;
const setuptools = system('setuptools>=61", "wheel', 'setuptools.build_meta');
const flit = system('flit_core >=3.2,<4', 'flit_core.buildapi');
const pdm = system('pdm-backend', 'pdm.backend');
const poetry = system('poetry-core>=1.0.0', 'poetry.core.masonry.api');
const hatch = system('hatchling', 'hatchling.build');
const ownTable = (more = '') =>
  `[tool.poetry]\nname = "my-app"\nversion = "1.0"\nreadme = "README.md"\n${more}\n[tool.poetry.dependencies]\npython = "^3.11"\nflask = "*"\n`;

const init = 'COPY src/my_app/__init__.py src/my_app/\n';

const cases: readonly (readonly [name: string, manifest: string, copied: string, files?: MemoryFiles])[] = [
  ['hatchling, which looks for a package of the name', hatch + project(), `COPY pyproject.toml ./\n${init}`],
  ['setuptools, which looks into src', setuptools + project(), `COPY pyproject.toml ./\n${init}`],
  ['setuptools, without src', setuptools + project(), 'COPY pyproject.toml ./\n', flat],
  [
    'setuptools, told where to look',
    `${setuptools}${project()}[tool.setuptools.packages.find]\nwhere = ["src"]\n[tool.setuptools.package-data]\nmy_app = ["*.html"]\n`,
    `COPY pyproject.toml ./\n${init}`,
  ],
  [
    'setuptools, with the packages named',
    `${setuptools}${project()}[tool.setuptools]\npackages = ["my_app"]\n`,
    'COPY pyproject.toml ./\nCOPY my_app/__init__.py my_app/\n',
    flat,
  ],
  [
    'setuptools, with the version in a module and the dependencies in a list',
    `${setuptools}${dynamic('["version", "dependencies"]').replace('dependencies = ["flask"]\n', '')}[tool.setuptools.dynamic]\nversion = {attr = "my_app.__version__"}\ndependencies = {file = ["requirements.txt"]}\n`,
    `COPY pyproject.toml requirements.txt ./\n${init}`,
    { ...sources, 'requirements.txt': 'flask\n' },
  ],
  [
    'setuptools, with a script that does nothing',
    setuptools + project(),
    `COPY pyproject.toml setup.py ./\n${init}`,
    { ...sources, 'setup.py': '# for old tools\nfrom setuptools import setup\n\nsetup()\n' },
  ],
  ['Poetry', poetry + ownTable(), `COPY README.md pyproject.toml ./\n${init}`],
  [
    'Poetry, with the packages named',
    poetry + ownTable('packages = [{ include = "my_app", from = "src" }]\ninclude = ["data/*"]'),
    `COPY README.md pyproject.toml ./\n${init}`,
  ],
  ['Flit', `${flit}${project()}[tool.flit.module]\nname = "my_app"\n`, `COPY pyproject.toml ./\n${init}`],
  ['Flit, which reads the module', flit + dynamic('["version", "description"]'), `COPY pyproject.toml ./\n${init}`],
  ['PDM', `${pdm}${project()}[tool.pdm]\ndistribution = true\n`, 'COPY pyproject.toml ./\n'],
  [
    'hatchling, in dotted keys and inline tables',
    'build-system = { requires = ["hatchling"], build-backend = "hatchling.build" }\nproject.name = "my-app"\nproject.version = "1.0"\nproject.dependencies = ["flask"]\ntool.hatch.build.targets.wheel.packages = ["src/my_app"]\n',
    'COPY pyproject.toml ./\n',
  ],
  [
    'hatchling, with a description like a path',
    hatch + project('description = "mail @ /home"'),
    `COPY pyproject.toml ./\n${init}`,
  ],
  [
    'setuptools, told where to look in a dotted key',
    `${setuptools}${project()}[tool.setuptools]\npackages.find.where = ["src"]\n`,
    `COPY pyproject.toml ./\n${init}`,
  ],
  [
    'setuptools, with the version in a table of its own',
    `${setuptools}${dynamic('["version"]')}[tool.setuptools.dynamic.version]\nattr = "my_app.__version__"\n`,
    `COPY pyproject.toml ./\n${init}`,
  ],
  [
    'Poetry, with a table for each package, and a dependency of the name of an option',
    `${poetry}${ownTable()}path = "*"\n[[tool.poetry.packages]]\ninclude = "my_app"\nfrom = "src"\n`,
    `COPY README.md pyproject.toml ./\n${init}`,
  ],
];

const refusals: readonly (readonly [name: string, manifest: string, why: string, files?: MemoryFiles])[] = [
  [
    'setuptools with a script that does more',
    setuptools + project(),
    'setup.py may do more than pyproject.toml says',
    { ...sources, 'setup.py': 'from setuptools import setup\nsetup(ext_modules=[])\n' },
  ],
  [
    'setuptools with settings of its own',
    setuptools + project(),
    'setup.cfg has [options]',
    { ...sources, 'setup.cfg': '[flake8]\nmax = 1\n[options]\npackages = find:\n' },
  ],
  [
    'a plugin of setuptools that looks into the history',
    system('setuptools", "setuptools-scm', 'setuptools.build_meta') + project(),
    'the build needs setuptools-scm',
  ],
  [
    'extensions',
    `${setuptools}${project()}[tool.setuptools]\next-modules = []\n`,
    'pyproject.toml has `ext-modules` in [tool.setuptools]',
  ],
  [
    'a version that a module computes',
    `${setuptools}${dynamic('["version"]')}[tool.setuptools.dynamic]\nversion = {attr = "my_app.VERSION"}\n`,
    'pyproject.toml leaves version to the build',
    { ...sources, 'src/my_app/__init__.py': 'VERSION = ".".join(["1", "2"])\n' },
  ],
  [
    'a list of dependencies that includes another',
    `${setuptools}${dynamic('["dependencies"]')}[tool.setuptools.dynamic]\ndependencies = {file = "requirements.txt"}\n`,
    'requirements.txt names other files',
    { ...sources, 'requirements.txt': '-r more.txt\n' },
  ],
  [
    'no package that could go first',
    setuptools + project(),
    'src has no package that could be copied first',
    { 'src/main.py': '', 'README.md': '' },
  ],
  [
    'Poetry with a dependency in the repository',
    `${poetry}${ownTable()}lib = { path = "../lib" }\n`,
    'pyproject.toml has a dependency that is a folder of this repository',
  ],
  [
    'Poetry with a script that builds',
    `${poetry}${ownTable()}[tool.poetry.build]\nscript = "build.py"\n`,
    'pyproject.toml has [tool.poetry.build]',
  ],
  ['Poetry with files of another format', poetry + ownTable('to = "lib"'), 'pyproject.toml has `to` in [tool.poetry]'],
  [
    'Flit with a module that must be imported',
    flit + dynamic('["version", "description"]'),
    'pyproject.toml leaves version and description to the build',
    { ...sources, 'src/my_app/__init__.py': 'from .main import __version__\n' },
  ],
  [
    'setuptools with packages that lie elsewhere',
    `${setuptools}${project()}[tool.setuptools.package-dir]\n"" = "lib"\n`,
    'lib has no package that could be copied first',
  ],
  [
    'setuptools with a package that lies elsewhere',
    `${setuptools}${project()}[tool.setuptools.package-dir]\nmy_app = "lib"\n`,
    'pyproject.toml maps packages to folders',
  ],
  [
    'setuptools with settings of its commands',
    `${setuptools}${project()}[tool.distutils.egg_info]\ntag_build = "dev"\n`,
    'pyproject.toml has settings of plugins of setuptools',
  ],
  [
    'Poetry with a script that is a file',
    `${poetry}${ownTable()}[tool.poetry.scripts.app]\nreference = "bin/app"\ntype = "file"\n`,
    'pyproject.toml has [tool.poetry.scripts.app]',
  ],
  [
    'Poetry with a dependency in the repository, in a table of its own',
    `${poetry}${ownTable()}[tool.poetry.dependencies.lib]\n"path" = "../lib"\n`,
    'pyproject.toml has a dependency that is a folder of this repository',
  ],
  ['a manifest that is no TOML', `${hatch}${project('name = "twice"')}`, 'pyproject.toml is not understood'],
  [
    'PDM with a hook',
    `${pdm}${project()}[tool.pdm.build]\nrun-setuptools = true\n`,
    'pyproject.toml has `run-setuptools` in [tool.pdm.build]',
  ],
  [
    'another back end',
    system('maturin', 'maturin') + project(),
    'pyproject.toml names no build back end that is known to build without the sources',
  ],
];

describe('A project is built before its sources are there', () => {
  for (const [name, manifest, copied, files = sources] of cases)
    it(`by ${name}`, () => {
      const { text: found } = propose(text, { ...files, 'pyproject.toml': manifest }, [
        'src/my_app/main.py',
        'my_app/main.py',
      ]);
      assert.equal(found, `FROM python:3.13\nWORKDIR /app\n${copied}RUN pip install .\nCOPY . .\nRUN pip install .\n`);
    });

  for (const [name, manifest, why, files = sources] of refusals)
    it(`not with ${name}`, () => {
      const all = { ...files, 'pyproject.toml': manifest };
      assert.equal(propose(text, all, ['src/my_app/main.py']).text, text);
      assert.ok(whyBehind(text, all, 'COPY', 'RUN')?.endsWith(`: ${why}`), whyBehind(text, all, 'COPY', 'RUN'));
    });

  it('not by others than hatchling where the root of the image would be the project', () => {
    const over = 'FROM ubuntu:jammy\nCOPY . .\nRUN pip install .\n';
    assert.equal(
      propose(over, { ...sources, 'pyproject.toml': setuptools + project() }, ['src/my_app/main.py']).text,
      over,
    );
  });
});

describe('A project that a script sets up', () => {
  const script = (more: string, packages = 'find_packages()') =>
    `#!/usr/bin/env python\nfrom setuptools import setup, find_packages\n\nsetup(\n    name="my-app",\n    version='1.0', # so far\n    packages=${packages},\n    install_requires=["flask>=3"],${more}\n)\n`;
  const twice = (copied: string) => text.replace('COPY', `${copied}RUN pip install .\nCOPY`);

  it('is built from the script where it says all in texts', () => {
    const entry = "entry_points={'console_scripts': ['app=my_app.main:run']}";
    const found = propose(text, { ...flat, 'setup.py': script(entry) }, ['my_app/main.py']);
    assert.equal(found.text, twice('COPY setup.py ./\n'));
  });

  it('needs the folders that the script names', () => {
    const own = script('package_dir={"": "src"}', 'find_packages(where="src")');
    assert.equal(
      propose(text, { ...sources, 'setup.py': own }, ['src/my_app/main.py']).text,
      twice(`COPY setup.py ./\n${init}`),
    );
  });

  for (const [name, more, why] of [
    ['reads a file', 'long_description=open("README.md").read()', 'setup.py has `open`'],
    ['builds extensions', 'ext_modules=[]', 'setup.py has `ext_modules`'],
    ['installs scripts that must be there', 'scripts=["bin/app"]', 'setup.py has `scripts`'],
    ['computes', 'keywords=["a"] + ["b"]', 'setup.py has `+`'],
    ['fills in', 'description=f"{1}"', 'setup.py has `f`'],
    ['moves packages', 'package_dir={"my_app": "lib"}', 'setup.py maps packages to folders'],
  ] as const)
    it(`stays behind the sources where the script ${name}`, () => {
      const all = { ...flat, 'setup.py': script(more) };
      assert.equal(propose(text, all, ['my_app/main.py']).text, text);
      assert.ok(whyBehind(text, all, 'COPY', 'RUN')?.endsWith(`: ${why}`), whyBehind(text, all, 'COPY', 'RUN'));
    });
});

describe('What a project depends on is installed by uv', () => {
  const from = 'FROM python:3.13\nWORKDIR /app\n';
  const files = { ...sources, 'pyproject.toml': hatch + dynamic('["version"]') };
  const manifests = 'COPY pyproject.toml ./\n';

  for (const [run, step] of [
    ['uv pip install --system .', 'uv pip install --system -r pyproject.toml'],
    [
      'uv pip install --system --no-cache ".[web,db]"',
      'uv pip install --system --no-cache -r pyproject.toml --extra web --extra db',
    ],
    ['uv pip install --system -e .', 'uv pip install --system -r pyproject.toml'],
    [
      '--mount=type=cache,target=/root/.cache/uv uv pip install --system ./',
      '--mount=type=cache,target=/root/.cache/uv uv pip install --system -r pyproject.toml',
    ],
  ] as const)
    it(`for ${run}`, () => {
      const { text: found } = propose(`${from}COPY . .\nRUN ${run}\n`, files, ['src/my_app/main.py']);
      assert.equal(found, `${from}${manifests}RUN ${step}\nCOPY . .\nRUN ${run}\n`);
    });

  it('where a variable names the Python of the system', () => {
    const start = `${from}ENV UV_SYSTEM_PYTHON=1\n`;
    assert.equal(
      propose(`${start}COPY . .\nRUN uv pip install .\n`, files, ['src/my_app/main.py']).text,
      `${start}${manifests}RUN uv pip install -r pyproject.toml\nCOPY . .\nRUN uv pip install .\n`,
    );
  });

  for (const [name, run, own = files] of [
    ['it may make an environment beside the sources', 'uv pip install .'],
    ['it goes elsewhere', 'uv pip install --target /out .'],
    ['it leaves the dependencies out', 'uv pip install --system --no-deps .'],
    ['it installs more', 'uv pip install --system . ./lib'],
    [
      'the dependencies are made at build time',
      'uv pip install --system .',
      { ...sources, 'pyproject.toml': setuptools + dynamic('["dependencies"]') },
    ],
    [
      'one of them is a folder of the repository',
      'uv pip install --system .',
      { ...files, 'pyproject.toml': `${hatch}${project()}[tool.uv.sources]\nflask = { path = "../flask" }\n` },
    ],
    ['the same RUN does more', 'uv pip install --system . && touch /done'],
  ] as const)
    it(`not where ${name}`, () => {
      const one = `${from}COPY . .\nRUN ${run}\n`;
      assert.equal(propose(one, own as MemoryFiles, ['src/my_app/main.py']).text, one);
    });
});
