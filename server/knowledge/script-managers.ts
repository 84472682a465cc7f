import { cache, type PackageManager } from './package-manager.js';

/** Managers of Ruby, PHP, Perl, Elixir, Erlang and Dart. */
export const scriptManagers: readonly PackageManager[] = [
  {
    name: 'bundler',
    programs: ['bundle', 'bundler'],
    commands: [
      { kind: 'dependencies', words: 'install', operands: 'none' },
      { kind: 'packages', words: 'add', operands: 'some' },
      { kind: 'build', words: 'exec|package|binstubs' },
      { kind: 'dependencies', words: '', operands: 'none', without: ['-v', '--version', '-h', '--help'] },
    ],
    valueOptions: [
      '--path',
      '--without',
      '--with',
      '-j',
      '--jobs',
      '--retry',
      '--system',
      '--shebang',
      '--trust-policy',
    ],
    manifestOptions: ['--gemfile'],
    manifests: ['Gemfile', 'gems.rb'],
    lockfiles: ['Gemfile.lock', 'gems.locked'],
    settings: ['.bundle/config', '.ruby-version', '.tool-versions', 'vendor/cache/'],
    writes: ['vendor/bundle', '.bundle'],
    caches: [
      // Bundler `source/rubygems.rb`: what it downloads it keeps in, and looks for in, the `cache` folder of the gem home.
      cache('$GEM_HOME/cache', {
        unless: ['BUNDLE_PATH', 'BUNDLE_DEPLOYMENT', '--path', '--deployment'],
        kinds: ['dependencies'],
        sharing: 'locked',
      }),
    ],
  },
  {
    name: 'gem',
    programs: ['gem'],
    commands: [
      { kind: 'packages', words: 'install|update', operands: 'some' },
      { kind: 'index', words: 'update' },
    ],
    valueOptions: ['-v', '--version', '-i', '--install-dir', '-n', '--bindir', '-s', '--source', '-P'],
    manifests: [],
    lockfiles: [],
    settings: [],
    writes: [],
    caches: [
      // RubyGems `remote_fetcher.rb:download`
      cache('$GEM_HOME/cache', {
        unless: ['-i', '--install-dir'],
        kinds: ['packages'],
        sharing: 'locked',
      }),
    ],
  },
  {
    name: 'composer',
    programs: ['composer', 'composer.phar'],
    launchers: [
      ['php', 'composer.phar'],
      ['php', 'composer'],
    ],
    commands: [
      { kind: 'dependencies', words: 'install|i|update|u|upgrade', operands: 'none' },
      { kind: 'packages', words: 'require|req|global require|create-project', operands: 'some' },
      { kind: 'build', words: 'dump-autoload|dumpautoload|run-script|run|exec|update|u|upgrade' },
    ],
    directoryOptions: ['-d', '--working-dir'],
    manifests: ['composer.json'],
    lockfiles: ['composer.lock'],
    settings: ['auth.json', 'symfony.lock', 'patches/'],
    writes: ['vendor'],
    caches: [
      // https://getcomposer.org/doc/03-cli.md#composer-cache-dir; without COMPOSER_HOME the place depends on XDG folders
      cache('$COMPOSER_HOME/cache', {
        moved: ['COMPOSER_CACHE_DIR'],
        sharing: 'locked',
        defeatedBy: ['--no-cache', 'COMPOSER_NO_CACHE'],
        cleanup: ['composer clear-cache', 'composer clearcache', 'composer cc'],
      }),
    ],
  },
  {
    name: 'cpan',
    programs: ['cpanm', 'cpm', 'carton'],
    commands: [
      { kind: 'dependencies', words: '', with: ['--installdeps'], paths: true },
      { kind: 'dependencies', words: 'install', operands: 'none' },
      { kind: 'packages', words: '', operands: 'some' },
    ],
    valueOptions: ['-l', '-L', '--local-lib', '--local-lib-contained', '--mirror', '-w', '--workers', '--path'],
    manifestOptions: ['--cpanfile'],
    manifests: ['cpanfile', 'Makefile.PL', 'Build.PL'],
    lockfiles: ['cpanfile.snapshot'],
    settings: ['META.json', 'META.yml', 'cpm.yml'],
    writes: ['local'],
    // cpanm unpacks below ~/.cpanm/work and never looks there again; cpm and carton have caches of their own.
    caches: [],
  },
  {
    name: 'mix',
    programs: ['mix'],
    commands: [
      { kind: 'packages', words: 'local.hex|local.rebar|archive.install|hex.repo|hex.organization' },
      { kind: 'dependencies', words: 'deps.get' },
      { kind: 'dependencies', words: 'deps.compile', offline: true },
      {
        kind: 'build',
        words: 'compile|release|phx.digest|assets.deploy|assets.setup|assets.build|do|test|ecto.migrate|escript.build',
      },
    ],
    valueOptions: ['--only', '--target'],
    manifests: ['mix.exs'],
    lockfiles: ['mix.lock'],
    settings: [],
    writes: ['deps', '_build'],
    caches: [
      // hex `Hex.SCM`: archives of packages
      cache('~/.hex/packages', {
        beside: true,
        moved: ['HEX_HOME/packages'],
        unless: ['MIX_XDG'],
        kinds: ['dependencies'],
        sharing: 'locked',
      }),
    ],
  },
  {
    name: 'rebar3',
    programs: ['rebar3'],
    commands: [
      { kind: 'dependencies', words: 'get-deps|deps|compile', with: ['--deps_only', '-d'] },
      { kind: 'dependencies', words: 'get-deps', operands: 'none' },
      { kind: 'build', words: 'compile|release|as|do|ct|escriptize|tar' },
    ],
    manifests: ['rebar.config'],
    lockfiles: ['rebar.lock'],
    settings: ['rebar.config.script'],
    writes: ['_build'],
    caches: [
      // https://rebar3.org/docs/configuration/configuration/: global cache
      cache('~/.cache/rebar3', {
        unless: ['REBAR_CACHE_DIR', 'XDG_CACHE_HOME'],
        kinds: ['dependencies', 'build'],
        sharing: 'locked',
      }),
    ],
  },
  {
    name: 'pub',
    offlineOptions: ['--offline', '--no-pub'],
    programs: ['dart', 'flutter', 'pub'],
    commands: [
      { kind: 'dependencies', words: 'pub get|pub upgrade|packages get|get', operands: 'none' },
      { kind: 'packages', words: 'pub global activate|pub add|config|precache|doctor|channel|upgrade|--version' },
      { kind: 'build', words: 'compile', offline: true },
      { kind: 'build', words: 'run|build|test|analyze|pub run' },
    ],
    directoryOptions: ['-C', '--directory'],
    manifests: ['pubspec.yaml'],
    lockfiles: ['pubspec.lock'],
    settings: ['pubspec_overrides.yaml'],
    writes: ['.dart_tool'],
    caches: [
      // https://dart.dev/tools/pub/environment-variables; a program that is not compiled reads it at run time
      cache('~/.pub-cache', {
        moved: ['PUB_CACHE'],
        sharing: 'locked',
        inPlace: true,
        kinds: ['dependencies', 'packages', 'build'],
      }),
    ],
  },
];
