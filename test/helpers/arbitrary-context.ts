import fc from 'fast-check';
import type { MemoryFiles } from '../../server/model/memory-source.js';

const packageJson = fc.constantFrom(
  '{"name":"a","dependencies":{"left-pad":"1.3.0"}}',
  '{"name":"a","scripts":{"postinstall":"node scripts/x.js","prepare":"husky"},"workspaces":["packages/*"]}',
  '{"name":"a","packageManager":"pnpm@10.0.0","dependencies":{"b":"workspace:*","c":"file:./vendor/c"}}',
  '{"name":"a","packageManager":"yarn@4.9.0","pnpm":{"patchedDependencies":{"x":"patches/x.patch"}}}',
  ...['{}', '[]', '{ "name":', '', 'null', '\uFEFF{"name":"a"}', '{"workspaces":{"packages":["../*","**"]}}'],
);

const requirements = fc.constantFrom(
  'flask==3.1.0\n',
  '-r other.txt\n-c constraints.txt\nflask\n',
  '-e .\n./vendor/lib\n--hash=sha256:0\n',
  '-r requirements.txt\n',
  '',
);

const ignoreFile = fc
  .array(
    fc.constantFrom(
      ...['node_modules', '**/node_modules', '.git', '*', '!src', '!package*.json', 'Dockerfile', '.dockerignore'],
      ...['*.md # docs', '# comment', ' # indented', '/dist', 'src/', '**/*.pyc', '!', '[', 'a\\', '!README.md', ''],
      ...['requirements.txt', 'packages/*/dist', '**', '.env*', '__pycache__/', '*.md', 'srcc'],
    ),
    { maxLength: 6 },
  )
  .map((lines) => lines.join('\n'));

const texts: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'package.json': packageJson,
  'packages/a/package.json': packageJson,
  'web/package.json': packageJson,
  'package-lock.json': fc.constantFrom('{}', '{"lockfileVersion":3}', 'x'),
  'yarn.lock': fc.constantFrom('', '__metadata:\n  version: 8\n', '# yarn lockfile v1\n'),
  'pnpm-lock.yaml': fc.constantFrom('lockfileVersion: 9\n', ': ['),
  'pnpm-workspace.yaml': fc.constantFrom('packages:\n  - packages/*\n', 'packages: {', ''),
  'requirements.txt': requirements,
  'other.txt': requirements,
  'constraints.txt': fc.constant('x<2\n'),
  'pyproject.toml': fc.constantFrom('[project]\nname="a"\nreadme="README.md"\n', '[tool.poetry]\nname="a"\n', '[[['),
  'poetry.lock': fc.constant(''),
  'uv.lock': fc.constant('version = 1\n'),
  'go.mod': fc.constantFrom('module a\n\nrequire b v1.0.0\n\nreplace b => ./vendor/b\n', 'module', ''),
  'go.sum': fc.constant(''),
  'go.work': fc.constantFrom('go 1.25\n\nuse (\n\t.\n\t./tools\n)\n', 'use ../x\n'),
  'Cargo.toml': fc.constantFrom('[package]\nname="a"\nversion="0.1.0"\n', '[workspace]\nmembers=["crates/*"]\n', '['),
  'crates/x/Cargo.toml': fc.constant('[package]\nname="x"\nbuild="build.rs"\n'),
  'Cargo.lock': fc.constant('version = 4\n'),
  'pom.xml': fc.constantFrom('<project><modules><module>core</module></modules></project>', '<project', ''),
  'core/pom.xml': fc.constant('<project></project>'),
  'build.gradle.kts': fc.constant('plugins { java }\n'),
  'settings.gradle.kts': fc.constantFrom('include("core")\n', ''),
  'App.csproj': fc.constantFrom(
    '<Project><ItemGroup><ProjectReference Include="..\\B\\B.csproj"/></ItemGroup></Project>',
    '',
  ),
  'composer.json': fc.constantFrom(
    '{"scripts":{"post-install-cmd":"@php artisan"},"autoload":{"files":["a.php"]}}',
    '{',
  ),
  'composer.lock': fc.constant('{}'),
  Gemfile: fc.constantFrom("source 'https://rubygems.org'\ngem 'rails'\ngemspec\n", "eval_gemfile 'x'\n", ''),
  'Gemfile.lock': fc.constant(''),
  'mix.exs': fc.constant('defmodule A.MixProject do\nend\n'),
  'src/index.js': fc.constant('1;\n'),
  'src/app.py': fc.constant('pass\n'),
  'README.md': fc.constant('# a\n'),
  'conf/app.conf': fc.constant('a=1\n'),
  'node_modules/left-pad/index.js': fc.constant(''),
  '.git/HEAD': fc.constant('ref: refs/heads/main\n'),
  '.npmrc': fc.constantFrom('registry=https://registry.npmjs.org\n', ''),
  '.env': fc.constant('SECRET=1\n'),
  '.dockerignore': ignoreFile,
  'Dockerfile.dockerignore': ignoreFile,
};

/** A small repository: some manifests, well-formed or not, some sources, perhaps an ignore file. */
export function arbitraryContext(): fc.Arbitrary<MemoryFiles> {
  const optional = Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [path, fc.option(text, { freq: 2 })]),
  );
  return fc.record(optional).map((files) => {
    const present = Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [[path, text] as const]));
    return Object.fromEntries(present);
  });
}

export function arbitraryIgnoreFile(): fc.Arbitrary<string> {
  return ignoreFile;
}
