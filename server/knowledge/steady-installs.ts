/** A way of calling a package manager of which it is known what it writes, so that its RUN may change places with a COPY. */
export interface SteadyInstall {
  readonly manager: string;
  /** First operands; of several the first row that fits counts. */
  readonly words: readonly string[];
  /** One of these options or, with `$` in front, variables keeps it from writing its lockfile; none where it never does. */
  readonly lockedBy: readonly string[];
  /** All of these options must be there. */
  readonly needs: readonly string[];
  /** With one of these options it is not known what it writes. */
  readonly not: readonly string[];
  /** Folders beside each of its manifests that it writes. */
  readonly writes: readonly string[];
  /** Options that name a folder which it writes, and whether one of them must be there. */
  readonly into?: {
    readonly options: readonly string[];
    readonly variables?: readonly string[];
    readonly needed: boolean;
  };
  /** It also installs into the environment of the program itself: that of the system, or a virtual one. */
  readonly intoPrefix?: true;
}

const pdm = {
  needs: ['--no-self'],
  not: ['-p', '--project', '-g', '--global'],
  writes: ['.venv', '__pypackages__', '.pdm-python'],
  intoPrefix: true,
} as const;

export const steadyInstalls: readonly SteadyInstall[] = [
  {
    // It removes node_modules, and never writes package.json or the lockfile.
    manager: 'npm',
    words: ['ci', 'clean-install', 'ic', 'install-clean'],
    lockedBy: [],
    needs: [],
    not: ['-w', '--workspace', '--install-links', '--global-style'],
    writes: ['node_modules'],
  },
  {
    manager: 'npm',
    words: ['install', 'i'],
    lockedBy: ['--no-package-lock', '--package-lock=false', '$npm_config_package_lock'],
    needs: [],
    not: ['-w', '--workspace', '--save', '-S', '--install-links'],
    writes: ['node_modules'],
  },
  {
    manager: 'yarn',
    words: ['install', ''],
    lockedBy: ['--frozen-lockfile', '--pure-lockfile'],
    needs: [],
    not: ['--modules-folder', '--cache-folder'],
    writes: ['node_modules'],
  },
  {
    // Beside the cache only with the linker `node-modules`.
    manager: 'yarn-berry',
    words: ['install', ''],
    lockedBy: ['--immutable', '--frozen-lockfile', '$YARN_ENABLE_IMMUTABLE_INSTALLS', '$CI'],
    needs: [],
    not: ['--refresh-lockfile', '--cache-folder'],
    writes: ['node_modules', '.yarn/install-state.gz', '.yarn/build-state.yml'],
  },
  {
    manager: 'pnpm',
    words: ['install', 'i', 'ci'],
    lockedBy: ['--frozen-lockfile', '$CI'],
    needs: [],
    not: ['--virtual-store-dir', '--modules-dir', '--lockfile-dir', '--fix-lockfile'],
    writes: ['node_modules'],
  },
  {
    manager: 'bun',
    words: ['install', 'i', 'ci'],
    lockedBy: ['--frozen-lockfile'],
    needs: [],
    not: ['--backend'],
    writes: ['node_modules'],
  },
  {
    manager: 'pip',
    words: ['install'],
    lockedBy: [],
    needs: [],
    not: ['--root', '--src', '--report', '-e', '--editable', '-d', '--dest', '--group'],
    writes: [],
    into: {
      options: ['-t', '--target', '--prefix'],
      variables: ['PIP_TARGET', 'PIP_PREFIX', 'PIP_ROOT'],
      needed: false,
    },
    intoPrefix: true,
  },
  {
    manager: 'pip',
    words: ['wheel'],
    lockedBy: [],
    needs: [],
    not: ['--src', '-e', '--editable'],
    writes: [],
    into: { options: ['-w', '--wheel-dir'], needed: true },
  },
  {
    manager: 'pip',
    words: ['download'],
    lockedBy: [],
    needs: [],
    not: ['--src', '-e', '--editable'],
    writes: [],
    into: { options: ['-d', '--dest'], needed: true },
  },
  {
    manager: 'pipenv',
    words: ['sync'],
    lockedBy: [],
    needs: [],
    not: ['-e', '--editable'],
    writes: ['.venv'],
    intoPrefix: true,
  },
  {
    manager: 'pipenv',
    words: ['install'],
    lockedBy: ['--deploy', '--ignore-pipfile', '$PIPENV_DEPLOY', '$PIPENV_IGNORE_PIPFILE'],
    needs: [],
    not: ['-e', '--editable'],
    writes: ['.venv'],
    intoPrefix: true,
  },
  {
    manager: 'poetry',
    words: ['install', 'sync'],
    lockedBy: [],
    needs: [],
    not: [],
    writes: ['.venv'],
    intoPrefix: true,
  },
  {
    manager: 'uv',
    words: ['sync'],
    lockedBy: ['--locked', '--frozen', '$UV_LOCKED', '$UV_FROZEN'],
    needs: [],
    not: ['--script', '--active'],
    writes: ['.venv'],
    into: { options: [], variables: ['UV_PROJECT_ENVIRONMENT'], needed: false },
    intoPrefix: true,
  },
  {
    manager: 'uv',
    words: ['pip install', 'pip sync'],
    lockedBy: [],
    needs: [],
    not: ['-t', '--target', '--prefix', '--python', '-p', '-e', '--editable'],
    writes: ['.venv'],
    intoPrefix: true,
  },
  {
    manager: 'bundler',
    words: ['install', ''],
    lockedBy: ['$BUNDLE_FROZEN', '$BUNDLE_DEPLOYMENT'],
    needs: [],
    not: [
      '--path',
      '--deployment',
      '--frozen',
      '--without',
      '--with',
      '--binstubs',
      '--standalone',
      '--clean',
      '--system',
    ],
    writes: ['vendor/bundle', '.bundle'],
  },
  {
    manager: 'composer',
    words: ['install', 'i'],
    lockedBy: [],
    needs: ['--no-scripts', '--no-autoloader'],
    not: ['--no-install', '--download-only', '--dry-run'],
    writes: ['vendor'],
  },
  {
    manager: 'maven',
    words: ['dependency:go-offline', 'dependency:resolve', 'dependency:resolve-plugins'],
    lockedBy: [],
    needs: [],
    not: ['-Dmaven.repo.local', '-l', '--log-file'],
    writes: [],
  },
  {
    manager: 'shards',
    words: ['install', 'update', ''],
    lockedBy: ['--frozen', '--production'],
    needs: [],
    not: ['--local'],
    writes: ['lib', 'bin'],
  },
  { manager: 'go', words: ['mod download'], lockedBy: [], needs: [], not: [], writes: [] },
  {
    manager: 'dotnet',
    words: ['restore'],
    lockedBy: [],
    needs: [],
    not: ['--packages', '--use-lock-file', '--lock-file-path', '--force-evaluate'],
    writes: ['obj'],
  },
  {
    // Environments lie in the folder of conda itself, unless an option says where.
    manager: 'conda',
    words: ['env create', 'env update', 'create', 'install', 'update'],
    lockedBy: [],
    needs: [],
    not: ['-p', '--prefix', '-r', '--root-prefix', '--clone', '--rc-file'],
    writes: [],
    intoPrefix: true,
  },
  {
    // Loads manifests and fetches into .build; all of them insist on Package.resolved.
    manager: 'swift',
    words: ['package resolve'],
    lockedBy: ['--force-resolved-versions', '--only-use-versions-from-resolved-file', '--disable-automatic-resolution'],
    needs: [],
    not: ['--scratch-path', '--build-path', '--cache-path', '--config-path', '--security-path'],
    writes: ['.build'],
  },
  { manager: 'pdm', words: ['sync'], lockedBy: [], ...pdm },
  {
    manager: 'pdm',
    words: ['install'],
    lockedBy: ['--frozen-lockfile', '--no-lock', '--check', '$PDM_FROZEN_LOCKFILE'],
    ...pdm,
  },
];
