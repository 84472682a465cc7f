/** How a package manager is told to install exactly what its lockfile says. */
export interface LockedInstall {
  /** Name in the table of package managers; `yarn-berry` for Yarn 2 and later. */
  readonly manager: string;
  /** First words of the commands that do not insist on the lockfile; '' for the bare program. */
  readonly words: readonly string[];
  /** Options with which one of them insists on it, or passes over it on purpose. */
  readonly settled: readonly string[];
  /** Environment variables that do the same, whatever they are set to. */
  readonly variables: readonly string[];
  /** Settings that do the same: a file of the project's folder and what it then has. */
  readonly settings?: readonly { readonly file: string; readonly pattern: RegExp }[];
  /** Another first word, one more option, or a variable before the command; left out where the command is right as it is. */
  readonly insist?: { readonly word: string } | { readonly option: string } | { readonly variable: string };
  /** Options that make no sense any more then. */
  readonly drops?: readonly string[];
  /** The lockfile is not only not insisted on: it is not read at all. */
  readonly ignoresLockfile?: boolean;
  /** Options of `settled` with which it installs all the same where there is no lockfile. */
  readonly lenient?: readonly string[];
  /** Besides failing where manifest and lockfile disagree. */
  readonly caveat?: string;
}

/** The first row that fits a command counts. */
export const lockedInstalls: readonly LockedInstall[] = [
  {
    // https://docs.npmjs.com/cli/commands/npm-ci
    manager: 'npm',
    words: ['install', 'i', 'in', 'ins', 'isnt', 'add'],
    settled: ['--no-package-lock', '--package-lock=false', '--package-lock-only', '--package-lock'],
    variables: ['npm_config_package_lock', 'NPM_CONFIG_PACKAGE_LOCK'],
    settings: [{ file: '.npmrc', pattern: /^\s*package-lock\s*=\s*false/m }],
    insist: { word: 'ci' },
    drops: ['--save', '-S', '--no-save', '--save-exact', '--save-prod', '-P'],
    caveat: 'npm ci also removes a node_modules that is there already',
  },
  {
    // https://classic.yarnpkg.com/lang/en/docs/cli/install/
    manager: 'yarn',
    words: ['install', ''],
    settled: ['--frozen-lockfile', '--immutable', '--pure-lockfile', '--no-lockfile'],
    // Tried with 1.22: https://github.com/yarnpkg/yarn/issues/6857
    lenient: ['--frozen-lockfile', '--pure-lockfile'],
    variables: [],
    settings: [
      { file: '.yarnrc', pattern: /^\s*(?:--install\.)?(?:frozen-lockfile|pure-lockfile)\s+true/m },
      // settings of Yarn 2 beside a lockfile of Yarn 1: which of the two runs cannot be told
      { file: '.yarnrc.yml', pattern: /^/ },
    ],
    insist: { option: '--frozen-lockfile' },
  },
  {
    // https://yarnpkg.com/configuration/yarnrc#enableImmutableInstalls: true only where CI is set
    manager: 'yarn-berry',
    words: ['install', ''],
    settled: ['--immutable', '--no-immutable', '--frozen-lockfile'],
    variables: ['CI', 'YARN_ENABLE_IMMUTABLE_INSTALLS'],
    settings: [{ file: '.yarnrc.yml', pattern: /^enableImmutableInstalls:/m }],
    insist: { option: '--immutable' },
  },
  {
    // https://pnpm.io/cli/install#--frozen-lockfile: the default only where CI is set
    manager: 'pnpm',
    words: ['install', 'i'],
    settled: [
      '--frozen-lockfile',
      '--no-frozen-lockfile',
      '--lockfile-only',
      '--no-lockfile',
      '--fix-lockfile',
      '--frozen-lockfile=false',
    ],
    variables: ['CI', 'npm_config_frozen_lockfile', 'NPM_CONFIG_FROZEN_LOCKFILE', 'pnpm_config_frozen_lockfile'],
    settings: [
      { file: '.npmrc', pattern: /^\s*(?:frozen-lockfile|lockfile)\s*=/m },
      { file: 'pnpm-workspace.yaml', pattern: /^(?:frozenLockfile|lockfile):/m },
    ],
    insist: { option: '--frozen-lockfile' },
  },
  {
    // https://bun.com/docs/cli/install; --production implies it
    manager: 'bun',
    words: ['install', 'i'],
    settled: ['--frozen-lockfile', '--production', '-p', '--no-save', '--lockfile-only'],
    variables: [],
    settings: [{ file: 'bunfig.toml', pattern: /^[^#\n]*\b(?:frozenLockfile|production)["']?\s*=/m }],
    insist: { option: '--frozen-lockfile' },
  },
  {
    // https://bundler.io/man/bundle-config.1.html: frozen, deployment
    manager: 'bundler',
    words: ['install', ''],
    settled: ['--deployment', '--frozen', '--gemfile'],
    variables: ['BUNDLE_FROZEN', 'BUNDLE_DEPLOYMENT', 'BUNDLE_GEMFILE'],
    settings: [{ file: '.bundle/config', pattern: /BUNDLE_(?:FROZEN|DEPLOYMENT):/ }],
    insist: { variable: 'BUNDLE_FROZEN=true' },
  },
  {
    // https://getcomposer.org/doc/03-cli.md#install-i
    manager: 'composer',
    words: ['update', 'u', 'upgrade'],
    settled: ['--lock', '--no-install', '--dry-run'],
    variables: [],
    insist: { word: 'install' },
    drops: [
      '-W',
      '-w',
      '--with-all-dependencies',
      '--with-dependencies',
      '--prefer-stable',
      '--prefer-lowest',
      '-m',
      '--minimal-changes',
    ],
    ignoresLockfile: true,
  },
  { manager: 'composer', words: ['install', 'i'], settled: [], variables: [] },
  {
    // https://pipenv.pypa.io/en/latest/commands.html#install
    manager: 'pipenv',
    words: ['install'],
    settled: ['--deploy', '--ignore-pipfile', '--skip-lock'],
    variables: ['PIPENV_DEPLOY', 'PIPENV_IGNORE_PIPFILE', 'PIPENV_SKIP_LOCK'],
    insist: { option: '--deploy' },
  },
  { manager: 'poetry', words: ['install', 'sync'], settled: [], variables: [] },
  {
    // https://docs.astral.sh/uv/concepts/projects/sync/
    manager: 'uv',
    words: ['sync'],
    settled: ['--locked', '--frozen', '--no-sources', '--upgrade', '-U', '--script'],
    variables: ['UV_LOCKED', 'UV_FROZEN'],
    insist: { option: '--locked' },
  },
  {
    // https://pdm-project.org/latest/reference/cli/#install
    manager: 'pdm',
    words: ['install'],
    settled: ['--frozen-lockfile', '--no-lock', '--check', '-L', '--lockfile'],
    variables: ['PDM_FROZEN_LOCKFILE', 'PDM_NO_LOCK', 'PDM_LOCKFILE'],
    insist: { option: '--frozen-lockfile' },
  },
  {
    // https://doc.rust-lang.org/cargo/commands/cargo-install.html: the lockfile is not read without --locked
    manager: 'cargo',
    words: ['install'],
    settled: ['--locked', '--frozen', '--git', '--manifest-path'],
    variables: [],
    insist: { option: '--locked' },
    ignoresLockfile: true,
  },
  {
    // https://doc.rust-lang.org/cargo/commands/cargo-build.html
    manager: 'cargo',
    words: ['build', 'b', 'test', 't', 'check', 'c', 'run', 'r', 'fetch'],
    settled: ['--locked', '--frozen', '--manifest-path'],
    variables: [],
    insist: { option: '--locked' },
  },
  {
    // https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies
    manager: 'dotnet',
    words: ['restore'],
    settled: ['--locked-mode', '-p:RestoreLockedMode', '/p:RestoreLockedMode', '--force-evaluate'],
    variables: ['RestoreLockedMode'],
    settings: [{ file: 'Directory.Build.props', pattern: /<RestoreLockedMode/ }],
    insist: { option: '--locked-mode' },
  },
  { manager: 'mix', words: ['deps.get'], settled: [], variables: [] },
  {
    // https://github.com/crystal-lang/shards, `Install`: a lockfile that does not fit is written anew
    manager: 'shards',
    words: ['install', ''],
    settled: ['--frozen', '--production'],
    variables: ['SHARDS_OPTS'],
    insist: { option: '--frozen' },
  },
  {
    // https://dart.dev/tools/pub/cmd/pub-get#enforce-lockfile
    manager: 'pub',
    words: ['pub get'],
    settled: ['--enforce-lockfile', '--offline', '--dry-run'],
    variables: [],
    insist: { option: '--enforce-lockfile' },
  },
];
