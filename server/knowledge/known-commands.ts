/** What a program does with files, as far as its words say it. */
export interface KnownCommand {
  /**
   * What words that are no options are: `text`; paths that it `reads` or `writes` (with all below, and reads too); `into-last` reads
   * all and writes the last one; `folders` makes them; `tests` names a path behind an option such as `-f`.
   */
  readonly words: 'text' | 'reads' | 'writes' | 'into-last' | 'folders' | 'tests';
  /** So many first words are text all the same: a mode, an owner, a pattern. */
  readonly skip?: number;
  /** Words that match are text as well. */
  readonly textWords?: RegExp;
  /** A first word that matches is a bundle of options: `tar xzf`. */
  readonly bundled?: RegExp;
  /** Options with a value that is text. */
  readonly textOptions?: readonly string[];
  /** It writes files into the working folder, unless one of these options says where. */
  readonly here?: { readonly unless: readonly string[] };
  /** Without a path among its words it reads the working folder; a pattern for the words that make it do so. */
  readonly readsHere?: RegExp;
  /** It also changes what belongs to the system. */
  readonly system?: true;
  /** It may add or change users and groups. */
  readonly accounts?: true;
  readonly network?: true;
  /** With a word that matches, what it does is not known. */
  readonly unknownWith?: RegExp;
  /** With a word that matches, it changes what its words name. */
  readonly writesWith?: RegExp;
}

function rows(names: string, facts: KnownCommand): (readonly [string, KnownCommand])[] {
  return names.split(' ').map((name) => [name, facts]);
}

/** Programs that touch no files but what their words name, and those that belong to the system. */
export const knownCommands: ReadonlyMap<string, KnownCommand> = new Map([
  ...rows(
    ': true false echo printf set unset export sleep nproc uname id whoami which type hash arch getconf exit wait shift tr seq basename dirname hostname expr groups tty logname',
    { words: 'text' },
  ),
  ...rows('date', { words: 'text', unknownWith: /^-\w*[rf]|^--(?:reference|file)/ }),
  ...rows('test [ [[', { words: 'tests' }),
  ...rows('cd pushd', { words: 'reads' }),
  ...rows('cat head tail stat wc cut sha1sum sha256sum sha384sum sha512sum md5sum cksum df readlink realpath', {
    words: 'reads',
  }),
  ...rows('ls du', { words: 'reads', readsHere: /^/ }),
  ...rows('cmp diff od strings nl rev tac', { words: 'reads' }),
  ...rows('sort', { words: 'reads', unknownWith: /^-\w*o|^--output/ }),
  ...rows('grep egrep fgrep', {
    words: 'reads',
    skip: 1,
    readsHere: /^-\w*[rR]|^--(?:dereference-)?recursive/,
    unknownWith: /^-\w*f|^--file/,
  }),
  ...rows('find', {
    words: 'reads',
    readsHere: /^/,
    textOptions: [
      ...['-name', '-iname', '-path', '-ipath', '-wholename', '-regex', '-type', '-maxdepth', '-mindepth', '-mtime'],
      ...['-size', '-perm', '-user', '-group', '-printf', '-empty'],
    ],
    unknownWith: /^-(?:exec|ok|fprint|fls)/,
    writesWith: /^-delete$/,
  }),
  ...rows('rm rmdir unlink touch truncate tee mv strip gunzip gzip bzip2 bunzip2 xz unxz zstd shred', {
    words: 'writes',
  }),
  ...rows('chmod', {
    words: 'writes',
    textWords: /^[ugoa]*[-+=][rwxXstugoa]*(?:,[ugoa]*[-+=][rwxXstugoa]*)*$|^[0-7]{1,5}$/,
    unknownWith: /^--reference/,
  }),
  ...rows('chown chgrp', { words: 'writes', skip: 1, unknownWith: /^--(?:reference|from)/ }),
  // Without capabilities to set the first word is a file.
  ...rows('setcap', { words: 'writes', skip: 1, unknownWith: /^-\w*r/ }),
  ...rows('sed', {
    words: 'reads',
    skip: 1,
    unknownWith: /^-(?:\w*f|e|-[ef])/,
    writesWith: /^-\w*i|^--in-place/,
  }),
  ...rows('cp', { words: 'into-last', unknownWith: /^-\w*t|^--(?:target-directory|parents)/ }),
  ...rows('ln', { words: 'into-last', unknownWith: /^-\w*t|^--target-directory/ }),
  ...rows('install', {
    words: 'into-last',
    textOptions: ['-m', '--mode', '-o', '--owner', '-g', '--group'],
    unknownWith: /^-\w*[td]|^--(?:target-)?directory/,
  }),
  ...rows('mkdir', { words: 'folders', textOptions: ['-m', '--mode'] }),
  ...rows('tar', {
    words: 'writes',
    bundled: /^[A-Za-z]*[Acdrtux][A-Za-z]*$/,
    here: { unless: ['-C', '--directory'] },
    textOptions: ['--strip-components', '--strip'],
    unknownWith:
      /^--(?:to-command|use-compress|checkpoint|transform|files-from|exclude-from|absolute-names)|^-\w*[ITXP]/,
  }),
  ...rows('unzip', { words: 'writes', here: { unless: ['-d'] } }),
  ...rows('curl', {
    words: 'writes',
    network: true,
    textOptions: [
      ...['-H', '--header', '-A', '--user-agent', '-u', '--user', '-X', '--request', '-w', '--write-out', '-e'],
      ...[
        '--retry',
        '--retry-delay',
        '--retry-max-time',
        '--max-time',
        '-m',
        '--connect-timeout',
        '--proto',
        '--resolve',
      ],
    ],
    // `@file` stands for what is in it, in a form `name=@file` too; behind these letters a file may stand without a blank.
    unknownWith:
      /^-\w*[OKJ]|^--(?:remote-name|config|output-dir|remote-header)|^(?:-\w)?(?:@|[\w.-]+=[@<])|^-[^-XHuAemwrtUxyYzCPQoDTcbEdF]*[oDTcbE](?!\/|-$).+$|^file:/,
  }),
  ...rows('wget', {
    words: 'writes',
    network: true,
    here: { unless: ['-O', '--output-document', '-P', '--directory-prefix'] },
    textOptions: ['--header', '-U', '--user-agent', '--user', '--password', '--tries', '-t', '-T', '--timeout'],
    unknownWith: /^-\w*i$|^--(?:input-file|config)/,
  }),
  ...rows(
    'groupadd addgroup groupmod groupdel usermod passwd chpasswd gpasswd deluser delgroup userdel adduser useradd',
    { words: 'text', system: true, accounts: true },
  ),
  ...rows(
    'ldconfig locale-gen localedef update-locale update-ca-certificates update-alternatives debconf-set-selections dpkg-reconfigure apt-key add-apt-repository apt-add-repository apt-mark apt-config yum-config-manager a2enmod a2dismod a2ensite a2dissite a2enconf phpenmod phpdismod docker-php-ext-install docker-php-ext-configure docker-php-ext-enable docker-php-source pecl install-php-extensions crb subscription-manager',
    { words: 'text', system: true, network: true },
  ),
]);

/** Programs that every distribution has and that do the same in all of them, whatever else is installed. */
export const plainPrograms: ReadonlySet<string> = new Set(
  ': true echo cd test [ mkdir rmdir rm touch chmod mv cp ln'.split(' '),
);

/** Package managers of distributions: their words are packages, or paths of packages. */
export const distributionManagers: ReadonlySet<string> = new Set(
  'apt apt-get apt-cache aptitude apk dnf microdnf tdnf yum zypper pacman dpkg rpm'.split(' '),
);

/** First words of commands that change the settings of a user or of the system, install for everybody, or tidy; they read no project. */
export const systemCommands: readonly RegExp[] = [
  /^npm (?:(?:install|i|add) (?:.* )?(?:-g|--global|--location=global)\b|(?:config|set) .*(?:-g|--global)\b|cache (?:clean|clear|verify)\b|(?:-v|--version)$)/,
  /^pip3? (?:install|cache|config set|config --global|--version|uninstall)\b/,
  /^python3? (?:--version|-V|-m pip (?:install|cache|--version))\b/,
  /^gem (?:install|update --system|cleanup|sources|--version)\b/,
  /^(?:yarn cache clean|pnpm store prune|bun pm cache rm|composer (?:clear-?cache|clearcache))\b/,
  /^corepack (?:enable|disable)\b/,
  /^corepack (?:prepare|install -g) (?:.* )?\w+@/,
  /^poetry (?:config (?!--local)|--version)/,
  /^conda (?:config|init)\b/,
  /^(?:conda|mamba|micromamba) (?:install|create|update|clean)\b/,
  /^git (?:config (?:--global|--system)|--version)\b/,
  /^go (?:install (?:-v )?\S+@\S+|env|version)$/,
  /^rustup (?:(?:target|component) add|default|toolchain install|set profile|--version)\b/,
  /^(?:node|npm|yarn|pnpm|bun|ruby|java|php|perl) (?:-v|--version|-version)$/,
];

/** Files of the working folder, or of one above it, that say how some of these go about it, or which version is run. */
export const settingsOfSystemCommands: readonly { readonly of: RegExp; readonly names: readonly string[] }[] = [
  { of: /^npm cache\b/, names: ['.npmrc'] },
  { of: /^yarn\b/, names: ['package.json', '.yarnrc', '.yarnrc.yml', '.npmrc'] },
  { of: /^pnpm\b/, names: ['package.json', '.npmrc', 'pnpm-workspace.yaml'] },
  { of: /^bun pm\b/, names: ['package.json', 'bunfig.toml', '.npmrc'] },
  { of: /^composer\b/, names: ['composer.json'] },
  // The version that a project asks for is fetched (https://go.dev/doc/toolchain).
  { of: /^go (?:env|version)$/, names: ['go.mod', 'go.work'] },
  // https://rust-lang.github.io/rustup/overrides.html
  { of: /^rustup\b/, names: ['rust-toolchain', 'rust-toolchain.toml'] },
];

const ofPip =
  /^(?:-f|--find-links|-i|--index-url|--extra-index-url|--cert|--client-cert|--log|--report|--cache-dir|--python|--keyring-provider)$/;
const ofRpm = /^(?:-c|--config|--installroot|--root|-R|--dbpath|--repofrompath|--downloaddir|--destdir|--import)$/;

/** Options whose value is a place: of package managers of the system and of `systemCommands`, by program. */
export const placeOptions: ReadonlyMap<string, RegExp> = new Map([
  ['pip', ofPip],
  ['pip3', ofPip],
  ['python', ofPip],
  ['python3', ofPip],
  [
    'gem',
    /^(?:-g|--file|-l|--local|-i|--install-dir|-n|--bindir|--build-root|--vendor|--config-file|-s|--source|--document)$/,
  ],
  ['npm', /^(?:--cache|--userconfig|--globalconfig|--cafile)$/],
  ['corepack', /^(?:-o|--output|--install-directory)$/],
  ...['apt', 'apt-get', 'aptitude'].map((name) => [name, /^(?:-c|--config-file|--with-source)$/] as const),
  ['apk', /^(?:--repositories-file|-X|--repository|--root|-p|--keys-dir|--cache-dir|--arch-file)$/],
  ['dpkg', /^(?:--root|--admindir|--instdir|-R|--recursive)$/],
  ...['dnf', 'yum', 'tdnf', 'microdnf', 'zypper', 'rpm'].map((name) => [name, ofRpm] as const),
  ['pacman', /^(?:--config|-r|--root|--sysroot|--dbpath|-b|--cachedir|--gpgdir|--hookdir)$/],
]);

/** Commands with effects on the system whose words may be files. */
export const readingSystem =
  /^(?:ldconfig|docker-php-ext-\w+|install-php-extensions|apt-key|debconf-set-selections|yum-config-manager|pecl|update-ca-certificates|localedef|apt-config|update-alternatives)$/;

/** Names under which builds are told about themselves; no package of a distribution reads them. */
export const metadataVariables =
  /^(?:(?:GIT|VCS|SOURCE|CI|APP|BUILD|IMAGE|RELEASE|SERVICE|PROJECT)_)?(?:SHA|COMMIT|COMMIT_SHA|COMMIT_HASH|HASH|REVISION|REF|BRANCH|DATE|BUILD_DATE|BUILD_TIME|TIMESTAMP|BUILD_ID|BUILD_VERSION|VERSION)$/;

/**
 * Variables whose values programs take for paths that they read or write. Some stand alone: `CURL_HOME` (curl.1), `WGETRC` (wget.1), `NETRC`
 * (Python's `requests`), `GEMRC` (`Gem::ConfigFile`), `RUBYLIB` (ruby.1), `PHPRC` and `PHP_INI_…` (https://www.php.net/configuration.file),
 * `ERL_LIBS` (https://www.erlang.org/doc/apps/kernel/code.html), `GOBIN` (`go help environment`), `MAKEFILES` (make.1), `GIT_DIR` (git.1),
 * `GNUPGHOME` (gpg.1), `LD_AUDIT` (ld.so.8).
 */
export const pathVariables =
  /PATH$|OPT(?:ION)?S?$|FLAGS$|CONF(?:IG)?|FILE$|BUNDLE|CACHE|CERT|PRELOAD|CONSTRAINT|REQUIREMENT|^XDG_|^GIT_(?:SSH|SSL|ASKPASS|CONFIG|TEMPLATE|PROXY|DIR$|WORK_TREE$)|^(?:BASH_)?ENV$|^(?:npm|NPM|YARN|PNPM|BUN|PIP|PIPX|UV|POETRY|PIPENV|PDM|HATCH|COREPACK|GEM|RUBY|PERL|COMPOSER|GO|CARGO|RUST|MAVEN|GRADLE|NUGET|DOTNET|PRISMA|NODE|DENO)[A-Z_]*_|^(?:GO(?:WORK|ENV|PROXY|BIN|TMPDIR)|PYTHONHOME|PYTHONUSERBASE|PYTHONPYCACHEPREFIX|PERL5?LIB|RUBYLIB|ERL_LIBS|JAVA_HOME|GOROOT|CONDARC|MAMBARC|GEMRC|WGETRC|CURL_HOME|NETRC|PHPRC|PHP_INI_(?:SCAN_)?DIR|GNUPGHOME|LD_AUDIT|MAKEFILES|TMPDIR|TMP|TEMP|(?:CONDA|MAMBA)_(?:ENVS_DIRS|PKGS_DIRS|BLD_PATH|ROOT_PREFIX|CHANNELS))$/;
