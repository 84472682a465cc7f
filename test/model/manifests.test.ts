import assert from 'node:assert/strict';
import { buildOf } from '../../server/model/build.js';
import { createContext, type MemoryFiles, memorySource } from '../../server/model/context.js';
import { installsOf } from '../../server/model/installs.js';
import { manifestsOf, type Reading } from '../../server/model/manifests.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

function read(command: string, files: MemoryFiles, folder = ''): Reading | undefined {
  const build = buildOf(parseDockerfile(`FROM a\nWORKDIR /app\nRUN ${command}\n`));
  const [install] = installsOf(build);
  assert.ok(install, command);
  return manifestsOf(install, createContext({ name: '.', origin: 'folder', source: memorySource(files) }), folder);
}

function names(reading: Reading | undefined): string[] {
  return [...(reading?.files ?? []), ...[...(reading?.folders ?? [])].map((folder) => `${folder}/`)].sort();
}

describe('manifestsOf', () => {
  it('is undefined where the manifest is not there or not sent', () => {
    assert.equal(read('npm ci', { 'index.js': '' }), undefined);
    assert.equal(read('npm ci', { 'package.json': '{}', '.dockerignore': 'package.json\n' }), undefined);
    assert.equal(read('pip install -r requirements.txt', {}), undefined);
  });

  it('leaves out what the ignore file keeps back', () => {
    const files = { 'package.json': '{}', 'package-lock.json': '', '.npmrc': '', '.dockerignore': '.npmrc\n' };
    assert.deepEqual(names(read('npm ci', files)), ['package-lock.json', 'package.json']);
  });

  it('npm: workspaces but for excluded ones, patches, local folders', () => {
    const files = {
      'package.json':
        '{"workspaces": {"packages": ["packages/*", "!packages/old"]}, "dependencies": {"l": "file:./local"}}',
      'packages/a/package.json': '{}',
      'packages/old/package.json': '{}',
      'packages/notes/readme.md': '',
      'local/package.json': '{}',
      'patches/x.patch': '',
    };
    assert.deepEqual(names(read('npm ci', files)), [
      'local/package.json',
      'package.json',
      'packages/a/package.json',
      'patches/',
    ]);
  });

  it('npm: settings that forbid scripts, as far as they count', () => {
    const relied = (settings: string) => [
      ...(read('npm ci', { 'package.json': '{}', '.npmrc': settings })?.relied ?? []),
    ];
    for (const settings of [
      'ignore-scripts = "true"\r\n',
      'fund=false\nignore-scripts=true ; safe\n[x]\nignore-scripts=false\n',
    ])
      assert.deepEqual(relied(settings), ['.npmrc'], settings);
    for (const settings of [
      'ignore-scripts=true\nignore-scripts=false\n',
      '[x]\nignore-scripts=true\n',
      '# ignore-scripts=true\n',
    ])
      assert.deepEqual(relied(settings), [], settings);
  });

  it('finds the lockfile of the workspace above', () => {
    const files = { 'pnpm-lock.yaml': '', 'package.json': '{}', 'apps/web/package.json': '{}' };
    assert.deepEqual(names(read('pnpm install', files, 'apps/web')), [
      'apps/web/package.json',
      'package.json',
      'pnpm-lock.yaml',
    ]);
  });

  it('yarn: the release and plugins it is configured with', () => {
    const files = {
      'package.json': '{}',
      'yarn.lock': '',
      '.yarnrc.yml': '',
      '.yarn/releases/yarn.cjs': '',
      '.yarn/unplugged/x': '',
    };
    assert.deepEqual(names(read('yarn install --immutable', files)), [
      '.yarn/releases/',
      '.yarnrc.yml',
      'package.json',
      'yarn.lock',
    ]);
  });

  const scripts: readonly [string, 'blockers' | 'doubts' | undefined][] = [
    ['husky', undefined],
    ['husky || true', undefined],
    ['is-ci || husky install', undefined],
    ['npx only-allow pnpm', undefined],
    ['patch-package', undefined],
    ['tsc -p .', 'blockers'],
    ['node tools/setup.js', 'blockers'],
    ['npm run other', 'blockers'],
    ['pnpm --filter ui build', 'blockers'],
    ['nuxt prepare', 'doubts'],
  ];
  for (const [script, expected] of scripts) {
    it(`npm: the postinstall script \`${script}\` ${expected ? `is one of the ${expected}` : 'does no harm'}`, () => {
      const manifest = JSON.stringify({ scripts: { postinstall: script, other: 'vite build' } });
      const reading = read('npm ci', { 'package.json': manifest, 'tools/setup.js': '' });
      const found = (['blockers', 'doubts'] as const).find((kind) => (reading?.[kind].size ?? 0) > 0);
      assert.equal(found, expected);
    });
  }

  it('npm: scripts that are forbidden do not count', () => {
    const reading = read('npm ci --ignore-scripts', { 'package.json': '{"scripts": {"postinstall": "tsc"}}' });
    assert.equal(reading?.blockers.size, 0);
  });

  it('pip: includes and constraints, each from the folder of its file', () => {
    const files = {
      'req/a.txt': '-r b.txt # why\n-c ../c.txt\nflask\n',
      'req/b.txt': '--requirement=a.txt\n',
      'c.txt': '',
    };
    assert.deepEqual(names(read('pip install -r req/a.txt', files)), ['c.txt', 'req/a.txt', 'req/b.txt']);
  });

  it('pip: a wheel of the repository is read, a project of it stands in the way', () => {
    const wheel = read('pip install -r a.txt', { 'a.txt': './w/x-1-py3-none-any.whl\n', 'w/x-1-py3-none-any.whl': '' });
    assert.deepEqual([names(wheel), wheel?.blockers.size], [['a.txt', 'w/x-1-py3-none-any.whl'], 0]);
    for (const line of ['-e .', './lib', 'lib @ file:./lib', '-e ./lib[dev]']) {
      assert.equal(read('pip install -r a.txt', { 'a.txt': `${line}\n` })?.blockers.size, 1, line);
    }
    assert.equal(read('pip install -r a.txt', { 'a.txt': '-e git+https://x/y.git#egg=z\n' })?.blockers.size, 0);
  });

  it('conda: the requirements that the environment names', () => {
    const files = { 'env.yml': 'dependencies:\n  - pip:\n    - -r requirements.txt\n', 'requirements.txt': 'flask\n' };
    assert.deepEqual(names(read('conda env create -f env.yml', files)), ['env.yml', 'requirements.txt']);
  });

  it('bundler: the gemspec with its version, the file of the Ruby version, evaluated Gemfiles', () => {
    const files = {
      Gemfile: 'ruby file: ".ruby-version"\ngemspec\neval_gemfile "Gemfile.local"\ngem "config", require: false\n',
      'Gemfile.local': '',
      '.ruby-version': '',
      'a.gemspec': 'require_relative "lib/a/version"\n',
      'lib/a/version.rb': '',
      'lib/a.rb': '',
      'config/app.rb': '',
    };
    assert.deepEqual(names(read('bundle install', files)), [
      '.ruby-version',
      'Gemfile',
      'Gemfile.local',
      'a.gemspec',
      'lib/a/version.rb',
    ]);
  });

  it('go: replacements and the modules of a workspace', () => {
    const files = {
      'go.work': 'go 1.25\nuse (\n\t./api\n\t./tool\n)\n',
      'api/go.mod': 'module api\nrequire x v1\nreplace y => ../lib\n',
      'api/go.sum': '',
      'tool/go.mod': 'module tool\n',
      'lib/go.mod': 'module lib\n',
    };
    assert.deepEqual(names(read('go mod download', files, 'api')), [
      'api/go.mod',
      'api/go.sum',
      'go.work',
      'lib/go.mod',
      'tool/go.mod',
    ]);
  });

  it('go: a workspace without a module of its own', () => {
    const files = {
      'go.work': 'go 1.25\nuse ./api\nreplace y => ./lib\n',
      'go.work.sum': '',
      'api/go.mod': 'module api\nrequire x v1\n',
      'lib/go.mod': 'module lib\n',
    };
    const all = ['api/go.mod', 'go.work', 'go.work.sum', 'lib/go.mod'];
    assert.deepEqual(names(read('go mod download', files)), all);
    assert.equal(read('go mod download', { 'main.go': '' }), undefined);
  });

  it('maven: modules and parents; a module that another needs stands in the way', () => {
    const pom = (name: string, more = '') =>
      `<project><groupId>g</groupId><artifactId>${name}</artifactId>${more}</project>`;
    const files = {
      'pom.xml': pom('root', '<modules><module>a</module><module>b</module></modules>'),
      'a/pom.xml': pom('a'),
      'b/pom.xml': pom(
        'b',
        '<dependencies><dependency><groupId>other</groupId><artifactId>a</artifactId></dependency></dependencies>',
      ),
    };
    const apart = read('mvn package', files);
    assert.deepEqual([names(apart), apart?.obstacles.size], [['a/pom.xml', 'b/pom.xml', 'pom.xml'], 0]);
    const needing = { ...files, 'b/pom.xml': files['b/pom.xml'].replace('other', () => `\${project.groupId}`) };
    assert.equal(read('mvn package', needing)?.obstacles.size, 1);
  });

  it('maven: archives, repositories and settings in the repository', () => {
    const base = `\${project.basedir}`;
    const repository = (url: string) => `<repositories><repository><url>${url}</url></repository></repositories>`;
    const files = {
      'pom.xml': `<systemPath>${base}/lib/a.jar</systemPath><systemPath>\${java.home}/lib/tools.jar</systemPath>${repository(`file://${base}/repo`)}`,
      'lib/a.jar': '',
      'repo/g/a.jar': '',
      '.mvn/maven.config': '-s conf/settings.xml\n-T4\n',
      'conf/settings.xml': '<!-- <localRepository>x</localRepository> -->',
    };
    const reading = read('mvn dependency:go-offline', files);
    assert.deepEqual(names(reading), ['.mvn/', 'conf/settings.xml', 'lib/a.jar', 'pom.xml', 'repo/']);
    assert.equal(reading?.doubts.size, 0);
    const doubts = (pom: string, more = {}) => [
      ...(read('mvn -s conf/settings.xml dependency:go-offline', { ...files, 'pom.xml': pom, ...more })?.doubts ?? []),
    ];
    assert.deepEqual(doubts(repository('https://example.org/maven')), []);
    assert.deepEqual(doubts(repository(`\${own.url}`)), []);
    assert.deepEqual(doubts(`<own.url>file:repo</own.url>${repository(`\${own.url}`)}`), []);
    assert.deepEqual(doubts(repository('file:///srv/maven')), ['pom.xml takes packages from /srv/maven']);
    assert.deepEqual(doubts(`<systemPath>\${libs}/a.jar</systemPath>`), [`pom.xml takes packages from \${libs}/a.jar`]);
    assert.deepEqual(doubts(`<activation><file><exists>${base}/src/A.java</exists></file></activation>`), []);
    assert.deepEqual(
      doubts(`<activation><file><exists>${base}/src/A.java</exists></file></activation>`, { 'src/A.java': '' }),
      ['pom.xml asks whether src/A.java exists'],
    );
    assert.deepEqual(doubts('', { 'conf/settings.xml': '<localRepository>/app/.m2</localRepository>' }), [
      'conf/settings.xml moves the folder of the packages',
    ]);
  });

  it('dotnet: the projects of a solution, their references and the settings above them', () => {
    const files = {
      'a.sln': 'Project("{X}") = "App", "src\\App\\App.csproj", "{Y}"\nEndProject\n',
      'src/App/App.csproj': '<ProjectReference Include="..\\Lib\\Lib.csproj" />',
      'src/Lib/Lib.csproj': '',
      'src/Other/Other.csproj': '',
      'src/Directory.Build.props': '',
      'nuget.config': '',
    };
    assert.deepEqual(names(read('dotnet restore', files)), [
      'a.sln',
      'nuget.config',
      'src/App/App.csproj',
      'src/Directory.Build.props',
      'src/Lib/Lib.csproj',
    ]);
  });

  it('dotnet: what a solution imports itself', () => {
    const files = {
      'a.sln': 'Project("{X}") = "App", "App\\App.csproj", "{Y}"\nEndProject\n',
      'Directory.Solution.props': '',
      'before.a.sln.targets':
        '<Project><Import Project="$(MSBuildThisFileDirectory)\\build/hooks.targets" /></Project>',
      'build/hooks.targets': '',
      'App/App.csproj': '',
    };
    assert.deepEqual(names(read('dotnet restore', files)), Object.keys(files).sort());
  });

  it('dotnet: a condition in a file that projects import asks for files beside them', () => {
    const doubts = (condition: string) => {
      const files = {
        'App/App.csproj': '',
        'App/shipped.txt': '',
        'Directory.Build.targets': `<ItemGroup Condition="Exists('${condition}')" />`,
        'local.txt': '',
      };
      return [...(read('dotnet restore App/App.csproj', files)?.doubts ?? [])];
    };
    const asked = 'Directory.Build.targets asks whether App/shipped.txt exists';
    assert.deepEqual(doubts('shipped.txt'), [asked]);
    assert.deepEqual(doubts('$(MSBuildProjectDirectory)\\shipped.txt'), [asked]);
    assert.deepEqual(doubts('$(MSBuildThisFileDirectory)/shipped.txt'), []);
    assert.deepEqual(doubts('$(MSBuildProjectDirectory)/local.txt'), []);
    assert.deepEqual(doubts('$(MSBuildThisFileDirectory)/local.txt'), [
      'Directory.Build.targets asks whether local.txt exists',
    ]);
  });

  for (const [name, project] of [
    ['single quotes', "<ProjectReference Include='..\\Lib\\Lib&amp;Co.csproj' />"],
    ['spaces and lines', '<ProjectReference\r\n\tCondition = "$(A) > 3"\r\n\tInclude = "..\\Lib\\Lib&amp;Co.csproj"/>'],
    ['a list', '<ProjectReference Include="..\\None.csproj; ../Lib/Lib&amp;Co.csproj;" />'],
  ])
    it(`dotnet: references in ${name}`, () => {
      const files = { 'App/App.csproj': `\uFEFF<Project>${project}</Project>`, 'Lib/Lib&Co.csproj': '' };
      assert.deepEqual(names(read('dotnet restore App/App.csproj', files)), ['App/App.csproj', 'Lib/Lib&Co.csproj']);
    });

  it('dotnet: no references in comments', () => {
    const files = {
      'App.csproj': '<!-- <Import Project="$(Other)/b.props" /> <ProjectReference Include="b.csproj"/> -->',
    };
    const reading = read('dotnet restore App.csproj', { ...files, 'b.csproj': '' });
    assert.deepEqual([names(reading), reading?.doubts.size], [['App.csproj'], 0]);
  });

  it('dotnet: sources of packages in quotes of both kinds', () => {
    const settings =
      "<configuration><packageSources><add key='own' value='./packages'/></packageSources></configuration>";
    assert.deepEqual(
      [...(read('dotnet restore', { 'App.csproj': '', 'nuget.config': settings })?.doubts ?? [])],
      ['nuget.config names the package source ./packages'],
    );
  });

  it('dotnet: what it cannot follow is a doubt, what the SDK brings is none', () => {
    const doubts = (project: string) => [...(read('dotnet restore', { 'App.csproj': project })?.doubts ?? [])];
    assert.deepEqual(doubts('<Import Project="$(MSBuildExtensionsPath)/a.props" />'), []);
    assert.deepEqual(
      doubts(
        "<Import Project=\"$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))\" />",
      ),
      [],
    );
    assert.deepEqual(doubts('<Import Project="$(SolutionDir)build/a.props" />'), [
      'App.csproj imports $(SolutionDir)build/a.props',
    ]);
    assert.deepEqual(doubts("<Version>$([System.IO.File]::ReadAllText('VERSION'))</Version>"), [
      'App.csproj reads other files',
    ]);
  });

  it('gradle: the build files of included projects, catalogs and the wrapper', () => {
    const files = {
      'settings.gradle.kts': 'include(":app", ":lib:core")\n',
      'app/build.gradle.kts': '',
      'lib/core/build.gradle.kts': '',
      'gradle/libs.versions.toml': '',
      gradlew: '',
      'app/src/A.kt': '',
    };
    assert.deepEqual(names(read('gradle dependencies', files)), [
      'app/build.gradle.kts',
      'gradle/',
      'gradlew',
      'lib/core/build.gradle.kts',
      'settings.gradle.kts',
    ]);
  });

  it('go: folders without a leading dot, and the one above', () => {
    const files = {
      'go.work': '// use ./no\r\nuse api // the server\r\nuse (\r\n\t"./tool"\r\n\t// ./old\r\n)\r\n',
      'api/go.mod': 'module api\r\nrequire x v1\r\nreplace x => .. // all\r\n',
      'tool/go.mod': 'module tool\n',
      'old/go.mod': 'module old\n',
      'no/go.mod': 'module no\n',
      'go.mod': 'module x\n',
    };
    assert.deepEqual(names(read('go mod download', files, 'tool')), ['api/go.mod', 'go.mod', 'go.work', 'tool/go.mod']);
  });

  it('go: nothing is fetched for a workspace whose modules are vendored', () => {
    const files = {
      'go.work': 'use ./api\n',
      'api/go.mod': 'module api\nrequire x v1\n',
      'vendor/modules.txt': '## workspace\n',
    };
    assert.equal(read('go mod download', files, 'api')?.idle, true);
  });

  it('maven: the path of a parent on a line of its own', () => {
    const files = {
      'app/pom.xml': '<parent>\r\n<relativePath>\r\n\t../base/pom.xml\r\n</relativePath></parent>',
      'base/pom.xml': '',
    };
    assert.deepEqual(names(read('mvn package', files, 'app')), ['app/pom.xml', 'base/pom.xml']);
  });

  it('pnpm: workspaces in brackets; what is not understood is a doubt', () => {
    const files = { 'package.json': '{}', 'packages/a/package.json': '{}' };
    const of = (text: string) => read('pnpm install', { ...files, 'pnpm-workspace.yaml': text });
    assert.ok(names(of("packages: ['packages/*']\n")).includes('packages/a/package.json'));
    assert.deepEqual([...(of('packages: *all\n')?.doubts ?? [])], ['pnpm-workspace.yaml is not understood']);
  });

  it('deno: workspaces of a configuration with comments', () => {
    const files = {
      'deno.jsonc': '{\n  // ours\n  "workspace": { "members": ["./a", "./b",] },\n}\n',
      'a/deno.json': '{}',
      'b/package.json': '{}',
    };
    assert.deepEqual(names(read('deno install', files)), ['a/deno.json', 'b/package.json', 'deno.jsonc']);
  });

  it('npm: a range is no path', () => {
    const doubts = (version: string) => [
      ...(read('npm ci', { 'package.json': `{"dependencies": {"a": "${version}"}}`, 'package-lock.json': '{}' })
        ?.doubts ?? []),
    ];
    for (const range of [
      '~1.7.3',
      '^1.0.0',
      '>=1 <2 || 3.x',
      '*',
      'latest',
      'user/repository',
      'https://example.org/a.tgz',
    ])
      assert.deepEqual(doubts(range), doubts('1.0.0'), range);
    assert.match(doubts('~/lib').join(), /the dependency a is ~\/lib/);
  });

  it('composer: path repositories', () => {
    const files = {
      'composer.json':
        '{"repositories": [{"type": "path", "url": "packages/*"}, {"type": "vcs", "url": "https://x/y"}]}',
      'packages/a/composer.json': '{}',
      'packages/a/src/A.php': '',
    };
    assert.deepEqual(names(read('composer install', files)), ['composer.json', 'packages/a/composer.json']);
  });

  it('composer: scripts that run while packages are installed', () => {
    const doubts = (scripts: string) => [
      ...(read('composer install', { 'composer.json': `{"scripts": ${scripts}}` })?.doubts ?? []),
    ];
    assert.deepEqual(doubts('{"post-install-cmd": "a", "pre-autoload-dump": "b"}'), []);
    assert.deepEqual(doubts('{"post-root-package-install": ["a"], "post-create-project-cmd": ["a"]}'), []);
    assert.match(doubts('{"post-package-install": ["a"]}')[0] ?? '', /`post-package-install` script no longer runs/);
    assert.match(doubts('{"pre-install-cmd": "ls vendor"}')[0] ?? '', /`pre-install-cmd` script finds the packages/);
  });

  it('composer: folders that are moved, and plugins', () => {
    const doubts = (config: string, lock = '{}') => [
      ...(read('composer install', { 'composer.json': `{"config": ${config}}`, 'composer.lock': lock })?.doubts ?? []),
    ];
    const plugin = '{"packages": [{"name": "a/b", "type": "composer-plugin"}]}';
    assert.deepEqual(doubts('{"allow-plugins": {"pestphp/pest-plugin": true, "symfony/flex": false}}', plugin), []);
    assert.match(doubts('{"allow-plugins": {"symfony/flex": true}}')[0] ?? '', /plugin symfony\/flex would run before/);
    assert.match(doubts('{}', plugin)[0] ?? '', /Composer before 2\.2 would run the plugins of composer\.lock/);
    assert.match(doubts('{"vendor-dir": "lib"}')[0] ?? '', /composer\.json sets vendor-dir/);
  });

  it('mix: the apps of an umbrella, and the configuration where dependencies are compiled', () => {
    const files = { 'mix.exs': '', 'mix.lock': '', 'apps/web/mix.exs': '', 'config/config.exs': '', 'lib/a.ex': '' };
    assert.deepEqual(names(read('mix deps.get', files)), ['apps/web/mix.exs', 'mix.exs', 'mix.lock']);
    assert.ok(names(read('mix deps.get && mix deps.compile', files)).includes('config/'));
  });

  it('survives manifests that are broken or point at themselves', () => {
    assert.equal(read('npm ci', { 'package.json': '{' })?.doubts.size, 1);
    assert.deepEqual(names(read('pip install -r a.txt', { 'a.txt': '-r a.txt\n' })), ['a.txt']);
    assert.deepEqual(names(read('mvn package', { 'pom.xml': '<module>.</module>' })), ['pom.xml']);
    assert.deepEqual(names(read('go mod download', { 'go.mod': 'module a\nreplace b => ./\n' })), ['go.mod']);
  });
});
