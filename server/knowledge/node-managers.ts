import { cache, type PackageManager } from './package-manager.js';

const global = ['-g', '--global', '--location=global'];
const information = ['-v', '--version', '-h', '--help'];

/** Managers of JavaScript packages. Lifecycle scripts of the project are read from `package.json`, not here. */
export const nodeManagers: readonly PackageManager[] = [
  {
    // https://docs.npmjs.com/cli/commands/npm-install (aliases too)
    name: 'npm',
    programs: ['npm'],
    commands: [
      { kind: 'packages', words: 'install|i|in|ins|isnt|add', operands: 'some' },
      { kind: 'build', words: 'install|i|in|ins|isnt|add', with: global },
      { kind: 'dependencies', words: 'install|i|in|ins|isnt|add', operands: 'none' },
      { kind: 'dependencies', words: 'ci|clean-install|ic|install-clean', operands: 'none', without: global },
      { kind: 'build', words: 'run|run-script|test|t|start|exec|pack|publish|link|rebuild' },
    ],
    valueOptions: [
      '--cache',
      '--registry',
      '--omit',
      '--include',
      '--only',
      '-w',
      '--workspace',
      '--loglevel',
      '--tag',
    ],
    directoryOptions: ['--prefix', '-C'],
    manifests: ['package.json'],
    lockfiles: ['package-lock.json', 'npm-shrinkwrap.json'],
    settings: ['.npmrc', 'patches/'],
    writes: ['node_modules'],
    caches: [
      // https://docs.npmjs.com/cli/using-npm/config#cache; cacache may be used by several processes at once
      cache('~/.npm', {
        moved: ['npm_config_cache', 'NPM_CONFIG_CACHE'],
        unless: ['--cache'],
        sharing: 'shared',
        cleanup: ['npm cache clean', 'npm cache clear', 'npm cache rm'],
      }),
    ],
  },
  {
    // Classic and Berry; which of the two it is the repository says (`.yarnrc.yml`, `packageManager`, the lockfile).
    name: 'yarn',
    programs: ['yarn', 'yarnpkg'],
    commands: [
      { kind: 'dependencies', words: '', operands: 'none', without: information },
      { kind: 'dependencies', words: 'install', operands: 'none' },
      { kind: 'dependencies', words: 'workspaces focus' },
      { kind: 'packages', words: 'add|dlx|global add', operands: 'some' },
      { kind: 'build', words: 'run|build|test|start|exec|node|pack|workspace|workspaces' },
    ],
    valueOptions: [
      '--network-timeout',
      '--cache-folder',
      '--modules-folder',
      '--registry',
      '--mutex',
      '--network-concurrency',
      '--mode',
    ],
    directoryOptions: ['--cwd'],
    manifests: ['package.json'],
    lockfiles: ['yarn.lock'],
    // https://yarnpkg.com/configuration/yarnrc#injectEnvironmentFiles; Corepack reads its own (`loadSpec`)
    settings: [
      '.npmrc',
      '.yarnrc',
      '.yarnrc.yml',
      '.env.yarn',
      '.corepack.env',
      '.yarnclean',
      '.yarn/releases/',
      '.yarn/plugins/',
      '.yarn/patches/',
      '.yarn/sdks/',
      '.yarn/cache/',
      '.yarn/versions/',
      '.pnp.cjs',
      '.pnp.loader.mjs',
      'patches/',
    ],
    writes: ['node_modules', '.yarn/unplugged', '.yarn/install-state.gz', '.pnp.cjs'],
    caches: [
      // Classic: `yarn cache dir`. For root its home is /usr/local/share (yarn v1 `util/user-home-dir.js`); no lock of its own.
      cache('/usr/local/share/.cache/yarn', {
        moved: ['YARN_CACHE_FOLDER', 'XDG_CACHE_HOME/yarn'],
        unless: ['--cache-folder'],
        user: 'root',
        sharing: 'locked',
        cleanup: ['yarn cache clean'],
      }),
      // Beside it corepack keeps yarn itself, and many install scripts what they download.
      cache('~/.cache/yarn', {
        beside: true,
        moved: ['YARN_CACHE_FOLDER', 'XDG_CACHE_HOME/yarn'],
        unless: ['--cache-folder'],
        user: 'other',
        sharing: 'locked',
        cleanup: ['yarn cache clean'],
      }),
    ],
  },
  {
    // The same program where the repository says Berry; https://yarnpkg.com/configuration/yarnrc#globalFolder
    name: 'yarn-berry',
    programs: [],
    commands: [],
    valueOptions: ['--mode'],
    directoryOptions: ['--cwd'],
    manifests: ['package.json'],
    lockfiles: ['yarn.lock'],
    settings: [
      '.yarnrc.yml',
      '.npmrc',
      '.yarn/releases/',
      '.yarn/plugins/',
      '.yarn/patches/',
      '.yarn/sdks/',
      '.yarn/cache/',
      '.yarn/versions/',
      '.pnp.cjs',
      '.pnp.loader.mjs',
      'patches/',
    ],
    writes: ['node_modules', '.yarn/unplugged', '.yarn/install-state.gz', '.pnp.cjs'],
    caches: [
      cache('~/.yarn/berry/cache', {
        beside: true,
        moved: ['YARN_GLOBAL_FOLDER/cache'],
        unless: ['YARN_ENABLE_GLOBAL_CACHE', 'YARN_CACHE_FOLDER'],
        sharing: 'locked',
        cleanup: ['yarn cache clean'],
      }),
    ],
  },
  {
    name: 'pnpm',
    programs: ['pnpm'],
    commands: [
      { kind: 'dependencies', words: 'install|i|ci', operands: 'none', without: global },
      { kind: 'dependencies', words: 'fetch', operands: 'none' },
      { kind: 'packages', words: 'add|install|i|dlx', operands: 'some' },
      { kind: 'build', words: 'run|build|test|start|exec|deploy|pack|rebuild|recursive' },
    ],
    valueOptions: [
      '--filter',
      '-F',
      '--filter-prod',
      '--store-dir',
      '--virtual-store-dir',
      '--reporter',
      '--network-concurrency',
      '--registry',
      '--loglevel',
    ],
    directoryOptions: ['-C', '--dir', '--prefix'],
    manifests: ['package.json'],
    lockfiles: ['pnpm-lock.yaml'],
    settings: [
      '.npmrc',
      'pnpm-workspace.yaml',
      '.pnpmfile.cjs',
      '.pnpmfile.mjs',
      'pnpmfile.js',
      '.corepack.env',
      'patches/',
    ],
    writes: ['node_modules'],
    caches: [
      // https://pnpm.io/settings#storedir
      cache('~/.local/share/pnpm/store', {
        moved: ['npm_config_store_dir', 'NPM_CONFIG_STORE_DIR', 'PNPM_HOME/store', 'XDG_DATA_HOME/pnpm/store'],
        unless: ['--store-dir'],
        sharing: 'shared',
        cleanup: ['pnpm store prune'],
      }),
    ],
  },
  {
    name: 'bun',
    programs: ['bun'],
    commands: [
      { kind: 'packages', words: 'install|i|add|a', operands: 'some' },
      { kind: 'dependencies', words: 'install|i|ci', operands: 'none', without: global },
      { kind: 'build', words: 'run|build|test|x|start' },
    ],
    valueOptions: ['--cache-dir', '--backend', '--registry', '--filter', '--omit', '-c', '--config'],
    directoryOptions: ['--cwd'],
    manifests: ['package.json'],
    lockfiles: ['bun.lock', 'bun.lockb'],
    settings: ['bunfig.toml', '.npmrc', 'patches/'],
    writes: ['node_modules'],
    caches: [
      // oven-sh/bun `src/install/PackageManager`: fetchCacheDirectoryPath
      cache('~/.bun/install/cache', {
        moved: ['BUN_INSTALL_CACHE_DIR', 'BUN_INSTALL/install/cache', 'XDG_CACHE_HOME/.bun/install/cache'],
        unless: ['--cache-dir', '-c', '--config'],
        sharing: 'locked',
        defeatedBy: ['--no-cache'],
        cleanup: ['bun pm cache rm'],
      }),
    ],
  },
  {
    // Deno 2 installs what deno.json and package.json ask for; DENO_DIR (`deno_cache_dir/src/deno_dir.rs`) is read again at run time.
    name: 'deno',
    offlineOptions: ['--cached-only'],
    programs: ['deno'],
    commands: [
      { kind: 'dependencies', words: 'install|i', operands: 'none', without: [...global, '-e', '--entrypoint'] },
      { kind: 'build', words: 'cache|install|run|task|compile|test|check' },
    ],
    valueOptions: ['--config', '-c', '--lock', '--node-modules-dir'],
    manifests: ['deno.json', 'deno.jsonc', 'package.json'],
    lockfiles: ['deno.lock'],
    settings: ['.npmrc', 'import_map.json'],
    writes: ['node_modules', 'vendor'],
    caches: [
      cache('~/.cache/deno', {
        moved: ['DENO_DIR', 'XDG_CACHE_HOME/deno'],
        sharing: 'locked',
        inPlace: true,
        kinds: ['dependencies', 'build'],
      }),
    ],
  },
];
