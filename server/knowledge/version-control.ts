/** Files of a project that tell a tool to read the version from Git history, and the words by which they do. */
export const versionFromGit: readonly { readonly file: string; readonly words: RegExp }[] = [
  {
    file: 'pyproject.toml',
    words:
      /setuptools[-_]scm|hatch-vcs|versioningit|poetry-dynamic-versioning|flit[-_]scm|\bpbr\b|versioneer|uv-dynamic-versioning|pdm[-_]backend.*scm|source\s*=\s*["']scm["']/s,
  },
  { file: 'setup.py', words: /setuptools[-_]scm|use_scm_version|\bpbr\b|versioneer|\bgit\b/ },
  { file: 'setup.cfg', words: /setuptools[-_]scm|\bpbr\b|versioneer/ },
  { file: 'Cargo.toml', words: /\b(?:vergen\w*|shadow-rs|built|git-version|git2|gix)\b/ },
  { file: 'build.rs', words: /\bgit\b/ },
  { file: 'pom.xml', words: /git-commit-id|jgitver|git-build-hook|buildnumber-maven/ },
  { file: 'build.gradle', words: /\bgit\b|versioning|nebula\.release|axion-release|reckon/i },
  { file: 'build.gradle.kts', words: /\bgit\b|versioning|nebula\.release|axion-release|reckon/i },
  { file: 'build.sbt', words: /\bgit\b|dynver/i },
  { file: 'version.json', words: /nerdbank|"version"/i },
  { file: 'Directory.Build.props', words: /MinVer|Nerdbank|GitVersion|GitInfo/ },
  {
    file: 'package.json',
    words:
      /\bgit\b (?:rev-parse|describe|log|config|status|ls-files|show)|git-rev|git-describe|git-revision|simple-git|semantic-release/,
  },
  { file: 'mix.exs', words: /\bgit\b/ },
  { file: 'Makefile', words: /\bgit\b/ },
  { file: 'Justfile', words: /\bgit\b/ },
  { file: 'justfile', words: /\bgit\b/ },
  { file: 'Taskfile.yml', words: /\bgit\b/ },
  { file: 'magefile.go', words: /\bgit\b/ },
  { file: 'CMakeLists.txt', words: /\bgit\b/i },
  { file: 'next.config.js', words: /\bgit\b/ },
  { file: 'next.config.mjs', words: /\bgit\b/ },
  { file: 'next.config.ts', words: /\bgit\b/ },
  { file: 'vite.config.ts', words: /\bgit\b/ },
  { file: 'vite.config.js', words: /\bgit\b/ },
  { file: '.goreleaser.yml', words: /./ },
  { file: '.goreleaser.yaml', words: /./ },
];
