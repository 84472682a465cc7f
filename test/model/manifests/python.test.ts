import assert from 'node:assert/strict';
import { buildOf } from '../../../server/model/build.js';
import { createContext, type MemoryFiles, memorySource } from '../../../server/model/context.js';
import { type Install, installsOf } from '../../../server/model/installs.js';
import { installsItself, manifestsOf, type Reading } from '../../../server/model/manifests.js';
import { parseDockerfile } from '../../../server/syntax/dockerfile.js';

function installOf(command: string): Install {
  const [install] = installsOf(buildOf(parseDockerfile(`FROM a\nWORKDIR /app\nRUN ${command}\n`)));
  assert.ok(install, command);
  return install;
}

function read(command: string, files: MemoryFiles): Reading {
  const context = createContext({ name: '.', origin: 'folder', source: memorySource(files) });
  const reading = manifestsOf(installOf(command), context, '');
  assert.ok(reading, command);
  return reading;
}

describe('What an install of Python reads', () => {
  for (const [command, manifest, text] of [
    ['poetry install', 'pyproject.toml', '[tool.poetry.dependencies]\nlib = { "path" = "../lib" }\n'],
    ['poetry install', 'pyproject.toml', '[tool.poetry.group.dev.dependencies.lib]\npath = "lib"\n'],
    ['poetry install', 'pyproject.toml', '[project]\ndependencies = ["lib @ file:///app/lib"]\n'],
    ['pipenv install', 'Pipfile', "[packages]\nlib = {editable = true, path = '.'}\n"],
    ['pdm install', 'pyproject.toml', `[tool.pdm.dev-dependencies]\ndev = ["-e file:///\${PROJECT_ROOT}/lib"]\n`],
    ['uv sync', 'pyproject.toml', '[project.optional-dependencies]\nmore = [\n  "lib @ ./lib",\n]\n'],
  ] as const)
    it(`${command}: a dependency of the repository in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(
        [...read(command, { [manifest]: text }).blockers],
        [`${manifest} has a dependency that is a folder of this repository`],
      );
    });

  for (const text of [
    '[tool.uv.sources]\nlib = { path = "../lib" }\n',
    '[tool.uv.sources.lib]\npath = "../lib"\n',
    '[tool]\nuv.sources.lib = [\n  { path = "../lib", marker = "x" }, # here\n]\n',
  ])
    it(`uv: a source of the repository in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(
        [...read('uv sync', { 'pyproject.toml': text }).blockers],
        ['pyproject.toml has the dependency ../lib, a folder of this repository'],
      );
    });

  it('uv: members of its workspace, and wheels', () => {
    const text = 'tool.uv.workspace = { members = ["libs/*"] } # all\n[tool.uv.sources]\na = { path = "a.whl" }\n';
    const files = { 'pyproject.toml': text, 'libs/b/pyproject.toml': '', 'libs/b/b.py': '', 'a.whl': '' };
    assert.deepEqual([...read('uv sync', files).files].sort(), ['a.whl', 'libs/b/pyproject.toml', 'pyproject.toml']);
  });

  it('what is no dependency names no folder', () => {
    const text = '[tool.pdm.version]\nsource = "file"\npath = "app/__init__.py"\n[tool.other]\neditable = true\n';
    for (const command of ['pdm install', 'poetry install'])
      assert.deepEqual([...read(command, { 'pyproject.toml': text }).blockers], []);
  });

  it('a list of dependencies that is made at build time', () => {
    const of = (text: string) => [...read('pip install -r pyproject.toml', { 'pyproject.toml': text }).blockers];
    const why = ['pyproject.toml computes its dependencies'];
    assert.deepEqual(of("[project]\ndynamic = [ # all\n  'dependencies',\n]\n"), why);
    assert.deepEqual(of('project = { dynamic = ["optional-dependencies"] }\n'), why);
    assert.deepEqual(of('[project]\ndynamic = ["version"]\n'), []);
  });

  it('a manifest that is no TOML is a doubt', () => {
    for (const command of ['uv sync', 'poetry install', 'pip install -r pyproject.toml'])
      assert.deepEqual(
        [...read(command, { 'pyproject.toml': '[project\n' }).doubts],
        ['pyproject.toml is not understood'],
      );
  });
});

describe('installsItself', () => {
  for (const [command, text, expected] of [
    ['uv sync', '[build-system]\n', true],
    ['uv sync', 'build-system.requires = []\n', true],
    ['uv sync', '[project]\nname = "a"\n', false],
    ['uv sync', '[tool.uv]\npackage = false # an app\n[build-system]\n', false],
    ['uv sync', 'tool.uv = { package = true }\n', true],
    ['uv sync', '[tool]\nuv.workspace.members = []\n', true],
    ['uv sync --no-install-project', '[build-system]\n', false],
    ['uv sync --no-install-project', '[tool.uv.workspace]\n', true],
    ['uv sync --only-group dev', '[tool.uv.sources]\nlib = { workspace = true }\n', true],
    ['uv sync --no-install-workspace', '[tool.uv.workspace]\n', false],
    ['uv sync', '[tool.uv]\npackage = false\nworkspace.members = ["lib"]\n', true],
    ['uv pip install -r requirements.txt', '[build-system]\n', false],
    ['uv sync', '[build-system\n', true],
    ['poetry install', '[tool.poetry]\n"package-mode" = false\n', false],
    ['poetry install', '[tool.other]\npackage-mode = false\n', true],
    ['poetry install --no-root', '', false],
    ['pdm install', '[build-system]\n[tool.pdm]\ndistribution = false\n', false],
    ['pdm install', '[build-system]\n[tool.other]\ndistribution = false\n', true],
    ['npm ci', '[build-system]\n', false],
  ] as const)
    it(`${expected ? 'so does' : 'not'} ${command} with ${JSON.stringify(text)}`, () => {
      assert.equal(installsItself(installOf(command), text), expected);
    });
});
