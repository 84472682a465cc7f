/**
 * Folders into which a package manager puts what it installs, relative to the manifest. Copied from a developer's machine they
 * carry binaries of another platform, and they change without the sources.
 */
export const dependencyFolders: readonly {
  readonly name: string;
  readonly managers: readonly string[];
  readonly beside: readonly string[];
}[] = [
  { name: 'node_modules', managers: ['npm', 'yarn', 'yarn-berry', 'pnpm', 'bun'], beside: ['package.json'] },
  {
    name: '.venv',
    managers: ['pip', 'pip-tools', 'poetry', 'pipenv', 'uv', 'pdm'],
    beside: ['pyproject.toml', 'requirements.txt', 'setup.py', 'Pipfile'],
  },
  {
    name: 'venv',
    managers: ['pip', 'pip-tools', 'poetry', 'pipenv', 'uv', 'pdm'],
    beside: ['pyproject.toml', 'requirements.txt', 'setup.py', 'Pipfile'],
  },
  { name: 'target', managers: ['cargo'], beside: ['Cargo.toml'] },
  { name: 'target', managers: ['maven', 'sbt', 'lein'], beside: ['pom.xml', 'build.sbt', 'project.clj'] },
  { name: 'build', managers: ['gradle'], beside: ['build.gradle', 'build.gradle.kts'] },
  { name: '.gradle', managers: ['gradle'], beside: ['build.gradle', 'build.gradle.kts'] },
  { name: 'vendor/bundle', managers: ['bundler'], beside: ['Gemfile'] },
  { name: 'vendor', managers: ['composer'], beside: ['composer.json'] },
  { name: 'bin', managers: ['dotnet'], beside: ['*.csproj', '*.fsproj'] },
  { name: 'obj', managers: ['dotnet'], beside: ['*.csproj', '*.fsproj'] },
  { name: 'deps', managers: ['mix'], beside: ['mix.exs'] },
  { name: '_build', managers: ['mix'], beside: ['mix.exs'] },
  { name: '.dart_tool', managers: ['pub'], beside: ['pubspec.yaml'] },
  { name: '.build', managers: ['swift'], beside: ['Package.swift'] },
  { name: '.stack-work', managers: ['stack', 'cabal'], beside: ['stack.yaml'] },
  { name: 'dist-newstyle', managers: ['stack', 'cabal'], beside: ['cabal.project'] },
];
