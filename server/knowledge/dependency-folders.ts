/** A folder into which package managers put what they install or build, relative to the manifest. */
export interface DependencyFolder {
  readonly name: string;
  /** An install by one of these in the image makes a copied folder wrong: another platform's binaries, other versions. */
  readonly managers: readonly string[];
  /** Of these, the ones that make the folder on every machine they run on; others only where somebody asks for it. */
  readonly always: readonly string[];
  readonly beside: readonly string[];
}

const node = ['npm', 'yarn', 'pnpm', 'bun'];
const python = ['pip', 'pip-tools', 'poetry', 'pipenv', 'uv', 'pdm'];
const pythonManifests = ['pyproject.toml', 'requirements.txt', 'setup.py', 'Pipfile'];

function made(name: string, managers: readonly string[], beside: readonly string[]): DependencyFolder {
  return { name, managers, always: managers, beside };
}

/** Copied from a developer's machine they carry binaries of another platform, and they change without the sources. */
export const dependencyFolders: readonly DependencyFolder[] = [
  { name: 'node_modules', managers: [...node, 'yarn-berry'], always: node, beside: ['package.json'] },
  { name: '.venv', managers: python, always: ['uv', 'pdm'], beside: pythonManifests },
  { name: 'venv', managers: python, always: [], beside: pythonManifests },
  made('target', ['cargo'], ['Cargo.toml']),
  made('target', ['maven', 'sbt', 'lein'], ['pom.xml', 'build.sbt', 'project.clj']),
  made('build', ['gradle'], ['build.gradle', 'build.gradle.kts']),
  made('.gradle', ['gradle'], ['build.gradle', 'build.gradle.kts']),
  { name: 'vendor/bundle', managers: ['bundler'], always: [], beside: ['Gemfile'] },
  made('vendor', ['composer'], ['composer.json']),
  made('bin', ['dotnet'], ['*.csproj', '*.fsproj']),
  made('obj', ['dotnet'], ['*.csproj', '*.fsproj']),
  made('deps', ['mix'], ['mix.exs']),
  made('_build', ['mix'], ['mix.exs']),
  made('.dart_tool', ['pub'], ['pubspec.yaml']),
  made('.build', ['swift'], ['Package.swift']),
  made('.stack-work', ['stack'], ['stack.yaml']),
  made('dist-newstyle', ['cabal'], ['cabal.project']),
];
