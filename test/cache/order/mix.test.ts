import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose, whyBehind } from '../../helpers/proposals.js';

const manifest = (dependencies = '{:jason, "~> 1.4"}', more = '', project = '') => `defmodule App.MixProject do
  use Mix.Project

  def project do
    [
      app: :app,
      version: "0.1.0",
      ${project}
      deps: deps()
    ]
  end

  defp deps do
    [
      ${dependencies}
    ]
  end
${more}end
`;

const sum = 'a'.repeat(64);
const lock = `%{\n  "jason": {:hex, :jason, "1.4.1", "${sum}", [:mix], [], "hexpm", "${sum}"},\n}\n`;

const files: MemoryFiles = {
  'mix.exs': manifest(),
  'mix.lock': lock,
  'config/config.exs': 'import Config\nconfig :app, x: 1\nimport_config "#{config_env()}.exs"\n',
  'config/prod.exs': 'import Config\n',
  'config/runtime.exs': 'import Config\n',
  'lib/app.ex': 'a',
  '.dockerignore': 'Dockerfile\ndeps\n_build\n',
};

const from = 'FROM elixir:1.18\nENV MIX_ENV=prod\nWORKDIR /app\n';
const hex = 'mix local.hex --force && mix local.rebar --force';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly files?: MemoryFiles;
  readonly expected: string;
  readonly likely?: true;
}

const cases: readonly Case[] = [
  {
    name: 'deps.get, of a RUN that goes on to compile',
    text: `${from}COPY . .\nRUN ${hex} && mix deps.get && mix compile\n`,
    expected: `${from}COPY mix.exs mix.lock ./\nRUN ${hex} && mix deps.get\nCOPY . .\nRUN mix compile\n`,
  },
  {
    name: 'Hex and rebar3 by themselves, before the manifests',
    text: `${from}COPY . .\nRUN ${hex}\nRUN mix deps.get --only prod\n`,
    expected: `${from}RUN ${hex}\nCOPY mix.exs mix.lock ./\nRUN mix deps.get --only prod\nCOPY . .\n`,
  },
  {
    name: 'tasks that `mix do` lists with commas, with a quoted `do`',
    text: `${from}COPY . .\nRUN mix "do" local.hex --force, local.rebar --force, deps.get --only $MIX_ENV\n`,
    expected: `${from}COPY mix.exs mix.lock ./\nRUN mix "do" local.hex --force, local.rebar --force, deps.get --only $MIX_ENV\nCOPY . .\n`,
  },
  {
    name: 'and with plus signs',
    text: `${from}COPY . .\nRUN mix do local.hex --force + deps.get\n`,
    expected: `${from}COPY mix.exs mix.lock ./\nRUN mix do local.hex --force + deps.get\nCOPY . .\n`,
  },
  {
    name: 'tasks that fetch, of a `mix do` that goes on to compile',
    text: `${from}COPY . .\nRUN set -x && mix do local.hex --force, deps.get, compile, release && echo done\n`,
    expected: `${from}COPY mix.exs mix.lock ./\nRUN set -x && mix do local.hex --force, deps.get\nCOPY . .\nRUN set -x && mix do compile, release && echo done\n`,
  },
  {
    name: 'tasks that fetch, of a `mix do` with plus signs that goes on to compile dependencies',
    text: `${from}COPY . .\nRUN mix do deps.get + deps.compile + release\n`,
    expected: `${from}COPY mix.exs mix.lock ./\nRUN mix do deps.get\nCOPY . .\nRUN mix do deps.compile + release\n`,
  },
  {
    name: 'with --unsafe those that compile dependencies too',
    text: `${from}COPY . .\nRUN mix do deps.get + deps.compile + release\n`,
    expected: `${from}COPY mix.exs mix.lock ./\nCOPY config/config.exs config/prod.exs config/\nRUN mix do deps.get + deps.compile\nCOPY . .\nRUN mix do release\n`,
    likely: true,
  },
  {
    name: 'with the file that the version stands in',
    text: `${from}COPY . .\nRUN mix deps.get\n`,
    files: { ...files, VERSION: '1.2', 'mix.exs': manifest(undefined, '  def version, do: File.read!("./VERSION")\n') },
    expected: `${from}COPY VERSION mix.exs mix.lock ./\nRUN mix deps.get\nCOPY . .\n`,
  },
  {
    name: 'with a file of a folder that mix.exs joins, and what it keeps in another home',
    text: `${from}ENV MIX_HOME=/opt/mix\nCOPY . .\nRUN mix local.hex --force && mix deps.get\n`,
    files: {
      ...files,
      'rel/VERSION': '1.2',
      'mix.exs': manifest(undefined, '  def version, do: File.read!(Path.join("rel", "VERSION"))\n'),
    },
    expected: `${from}ENV MIX_HOME=/opt/mix\nCOPY mix.exs mix.lock ./\nCOPY rel/VERSION rel/\nRUN mix local.hex --force && mix deps.get\nCOPY . .\n`,
  },
  {
    name: 'with a dependency of this repository, and a script that its mix.exs runs',
    text: `${from}COPY . .\nRUN mix deps.get --check-locked\n`,
    files: {
      ...files,
      'mix.exs': manifest('{:tool, path: "tools/own"}'),
      'tools/own/mix.exs': manifest('', '  Code.require_file("versions.exs", __DIR__)\n'),
      'tools/own/versions.exs': '1',
      'tools/own/lib/a.ex': '',
    },
    expected: `${from}COPY mix.exs mix.lock ./\nCOPY tools/own/mix.exs tools/own/versions.exs tools/own/\nCOPY config/config.exs config/prod.exs config/\nRUN mix deps.get --check-locked\nCOPY . .\n`,
  },
  {
    name: 'with the apps of an umbrella and their configuration',
    text: `${from}COPY . .\nRUN mix deps.get --check-locked\n`,
    files: {
      ...files,
      'mix.exs': manifest('', '', 'apps_path: "apps",'),
      'apps/web/mix.exs': manifest('{:core, in_umbrella: true}', '', 'deps_path: "../../deps",'),
      'apps/core/mix.exs': manifest(),
      'apps/core/lib/a.ex': '',
    },
    expected: `${from}COPY mix.exs mix.lock ./\nCOPY apps/core/mix.exs apps/core/\nCOPY apps/web/mix.exs apps/web/\nCOPY config/config.exs config/prod.exs config/\nRUN mix deps.get --check-locked\nCOPY . .\n`,
  },
  {
    name: 'without the lockfile, where it may be written anew',
    text: `${from}COPY . .\nRUN mix deps.get\n`,
    files: { ...files, 'mix.exs': manifest('{:jason, "~> 1.5"}') },
    expected: `# syntax=docker/dockerfile:1\n${from}COPY mix.exs mix.lock ./\nRUN mix deps.get\nCOPY --exclude=mix.lock . .\n`,
  },
  {
    name: 'without the lockfiles of two managers',
    text: `${from}COPY . .\nRUN mix deps.get\nRUN npm install\n`,
    files: {
      ...files,
      'mix.exs': manifest('{:jason, "~> 1.5"}'),
      'package.json': '{"dependencies": {"left": "1.0.0"}}',
      'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/left": {}}}',
      '.dockerignore': 'Dockerfile\ndeps\n_build\nnode_modules\n',
    },
    expected: `# syntax=docker/dockerfile:1\n${from}COPY mix.exs mix.lock ./\nRUN mix deps.get\nCOPY package-lock.json package.json ./\nRUN npm install\nCOPY --exclude=mix.lock --exclude=package-lock.json . .\n`,
  },
  {
    name: 'without its own lockfile alone, where the other manager stays behind the sources',
    text: `${from}COPY . .\nRUN mix deps.get\nRUN mix compile\nRUN npm install\n`,
    files: {
      ...files,
      'mix.exs': manifest('{:jason, "~> 1.5"}'),
      'package.json': '{"dependencies": {"left": "1.0.0"}}',
      'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/left": {}}}',
      '.dockerignore': 'Dockerfile\ndeps\n_build\nnode_modules\n',
    },
    expected: `# syntax=docker/dockerfile:1\n${from}COPY mix.exs mix.lock ./\nRUN mix deps.get\nCOPY --exclude=mix.lock . .\nRUN mix compile\nRUN npm install\n`,
  },
  {
    name: 'with the configuration, where it may matter to a dependency from Git',
    text: `${from}COPY . .\nRUN mix deps.get --check-locked\n`,
    files: {
      ...files,
      'mix.lock': '%{\n  "x": {:git, "https://github.com/a/x.git", "0123", []},\n}\n',
    },
    expected: `${from}COPY mix.exs mix.lock ./\nCOPY config/config.exs config/prod.exs config/\nRUN mix deps.get --check-locked\nCOPY . .\n`,
  },
  {
    name: 'deps.compile with --unsafe, with the configuration that it is compiled with',
    text: `${from}COPY . .\nRUN ${hex} && mix do deps.get, deps.compile && mix release\n`,
    expected: `${from}COPY mix.exs mix.lock ./\nCOPY config/config.exs config/prod.exs config/\nRUN ${hex} && mix do deps.get, deps.compile\nCOPY . .\nRUN mix release\n`,
    likely: true,
  },
  {
    name: 'deps.compile with --unsafe, with the whole configuration where the environment is not known',
    text: 'FROM elixir:1.18\nWORKDIR /app\nCOPY . .\nRUN mix deps.get && mix deps.compile\n',
    expected:
      'FROM elixir:1.18\nWORKDIR /app\nCOPY mix.exs mix.lock ./\nCOPY config config/\nRUN mix deps.get && mix deps.compile\nCOPY . .\n',
    likely: true,
  },
  {
    name: 'deps.compile with --unsafe, with the configuration of the environment that the command names',
    text: `${from}COPY . .\nRUN MIX_ENV=test mix do deps.get, deps.compile\n`,
    files: { ...files, 'config/test.exs': '' },
    expected: `${from}COPY mix.exs mix.lock ./\nCOPY config/config.exs config/test.exs config/\nRUN MIX_ENV=test mix do deps.get, deps.compile\nCOPY . .\n`,
    likely: true,
  },
  {
    name: 'deps.compile with --unsafe, with the whole configuration where the script sets the environment',
    text: `${from}COPY . .\nRUN export MIX_ENV=test && mix do deps.get, deps.compile\n`,
    expected: `${from}COPY mix.exs mix.lock ./\nCOPY config config/\nRUN export MIX_ENV=test && mix do deps.get, deps.compile\nCOPY . .\n`,
    likely: true,
  },
];

interface Refusal {
  readonly name: string;
  readonly run?: string;
  readonly before?: string;
  readonly files?: MemoryFiles;
  readonly why: RegExp;
}

const withManifest = (text: string, more: MemoryFiles = {}): MemoryFiles => ({ ...files, 'mix.exs': text, ...more });

const refusals: readonly Refusal[] = [
  { name: 'another task runs before it', run: 'mix do compile, deps.get', why: /may read what `COPY \. \.` brings$/ },
  {
    name: 'dependencies are compiled, which may look at the sources',
    run: 'mix deps.compile',
    why: /a dependency may look at the sources of the project when it is compiled$/,
  },
  {
    name: 'an alias stands for the task',
    files: withManifest(manifest(undefined, '  defp aliases, do: ["deps.get": ["deps.get", "compile"]]\n')),
    why: /mix\.exs gives the task deps\.get a meaning of its own$/,
  },
  {
    name: 'an alias stands for a task that it runs, and Hex alone is installed',
    run: 'mix local.hex --force',
    files: withManifest(manifest(undefined, '  defp aliases, do: ["local.hex": &own/1]\n')),
    why: /mix\.exs gives the task local\.hex a meaning of its own$/,
  },
  {
    name: 'the dependencies are elsewhere',
    files: withManifest(manifest(undefined, '', 'deps_path: "../../deps",')),
    why: /mix\.exs says itself where dependencies, builds or mix\.lock are$/,
  },
  {
    name: 'a variable says where they are',
    before: 'ENV MIX_DEPS_PATH=/deps\n',
    why: /an environment variable says where mix finds or puts things$/,
  },
  {
    name: 'mix.exs asks Git',
    files: withManifest(manifest(undefined, '  def version, do: System.cmd("git", ["describe"])\n')),
    why: /mix\.exs may look at other files$/,
  },
  {
    name: 'a script that mix.exs runs has an alias for the task',
    files: withManifest(manifest(undefined, '  Code.require_file("aliases.exs", __DIR__)\n'), {
      'aliases.exs': '["deps.get": ["deps.get", "compile"]]',
    }),
    why: /aliases\.exs gives the task deps\.get a meaning of its own$/,
  },
  {
    name: 'mix.exs reads one file that is named, and one that is not',
    files: withManifest(manifest(undefined, '  def all, do: File.read!("VERSION") <> File.read!(other())\n'), {
      VERSION: '1',
    }),
    why: /mix\.exs may look at other files$/,
  },
  {
    name: 'a script says where Hex keeps things',
    run: 'export HEX_HOME=$PWD/hex && mix deps.get',
    why: /an environment variable says where mix keeps things$/,
  },
  {
    name: 'the sources might be the home folder',
    before: 'USER $USER\n',
    files: { ...files, '.hex/hex.config': '' },
    why: /its home folder is not known, and \.hex may lie in it$/,
  },
  {
    name: 'mix.exs lists a folder',
    files: withManifest(manifest(undefined, '  def all, do: Path.wildcard("lib/*.ex")\n')),
    why: /mix\.exs may look at other files$/,
  },
  {
    name: 'a dependency lies outside of the context',
    files: withManifest(manifest('{:own, path: "../own"}')),
    why: /mix\.exs has the dependency \.\.\/own, outside of the build context$/,
  },
  {
    name: 'the context has dependencies of its own',
    files: { ...files, '.dockerignore': '', 'deps/jason/mix.exs': '' },
    why: /writes deps, over which `COPY \. \.` would copy a deps of the context: list it in the ignore file$/,
  },
  {
    name: 'the configuration is evaluated, and asks Git',
    files: { ...files, 'config/prod.exs': 'config :app, rev: System.cmd("git", ["rev-parse", "HEAD"])' },
    why: /prod\.exs may look at other files$/,
  },
];

describe('An install of mix', () => {
  describe('goes before the sources:', () => {
    for (const { name, text, files: own = files, expected, likely } of cases) {
      it(name, () => {
        const acceptance = likely ? 'likely' : 'proved';
        const proposal = propose(text, own, ['lib/app.ex'], { acceptance });
        assert.equal(proposal.text, expected);
        if (likely)
          assert.ok(proposal.moves.some(({ caveats }) => caveats.some((one) => /a dependency may/.test(one))));
      });
    }
  });

  describe('stays behind the sources where', () => {
    for (const { name, run = 'mix deps.get', before = '', files: own = files, why } of refusals) {
      it(name, () => {
        const text = `${from}${before}COPY . .\nRUN ${run}\n`;
        assert.equal(propose(text, own, ['lib/app.ex']).text, text);
        assert.match(whyBehind(text, own, 'COPY', 'RUN') ?? '', why);
      });
    }

    it('deps.compile would compile an app of the umbrella, even with --unsafe', () => {
      const text = `${from}COPY . .\nRUN mix deps.compile\n`;
      const own = withManifest(manifest('', '', 'apps_path: "apps",'), { 'apps/web/mix.exs': manifest() });
      assert.equal(propose(text, own, ['lib/app.ex'], { acceptance: 'likely' }).text, text);
    });
  });

  it('does not mind a configuration that comes behind it, whatever that does', () => {
    const text = `${from}COPY lib lib\nCOPY mix.exs mix.lock ./\nRUN mix deps.get\nCOPY config config\n`;
    const own = { ...files, 'config/config.exs': 'config :app, rev: System.cmd("git", ["describe"])' };
    assert.equal(whyBehind(text, own, 'COPY lib', 'RUN'), undefined);
  });

  it('stays behind a configuration that another folder brings', () => {
    const text = `${from}COPY mix.exs mix.lock ./\nCOPY settings config\nRUN mix deps.get\n`;
    const own = { ...files, 'settings/config.exs': 'import Config' };
    assert.match(whyBehind(text, own, 'COPY settings', 'RUN') ?? '', /config\/config\.exs comes from another place$/);
  });

  it('stays before a configuration that it does not find now', () => {
    const text = `${from}COPY mix.exs mix.lock ./\nRUN mix deps.get\nCOPY config config\n`;
    assert.match(whyBehind(text, files, 'RUN', 'COPY config') ?? '', /must not find config\/config\.exs/);
  });
});
