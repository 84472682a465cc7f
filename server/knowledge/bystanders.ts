/** Programs whose words are no paths of the project, and that look at none of its files by themselves. */
export const wordPrograms: ReadonlySet<string> = new Set(
  [
    // Say, wait, set
    'echo printf set export unset cd pushd popd exit trap : true sleep date nproc uname id whoami which type command hash arch getconf',
    'test [ locale-gen localedef ldconfig update-locale update-ca-certificates debconf-set-selections dpkg-reconfigure',
    // Accounts
    'useradd adduser groupadd addgroup usermod groupmod deluser passwd chpasswd',
    // Set-up of repositories, web servers, languages and tools
    'apt-key add-apt-repository apt-add-repository apt-mark yum-config-manager a2enmod a2dismod a2ensite a2dissite phpenmod',
    'corepack rustup docker-php-ext-install docker-php-ext-configure docker-php-ext-enable pecl install-php-extensions nvm fnm n volta',
  ]
    .join(' ')
    .split(' '),
);

/** Programs that look at what their words name, and at nothing else. */
export const pathPrograms: ReadonlySet<string> = new Set(
  [
    'mkdir rm rmdir touch ln mv cp chmod chown chgrp install find ls cat sed tee tar unzip gunzip gzip xz bzip2',
    'sha256sum sha512sum md5sum strip . source curl wget gpg dpkg rpm setcap update-alternatives virtualenv',
  ]
    .join(' ')
    .split(' '),
);

/** Of programs that package managers come with: how the arguments of a command start that only sets up or tidies. */
export const setupCommands: ReadonlyMap<string, RegExp> = new Map([
  ...each(
    ['npm', 'pnpm'],
    /^(?:config|set|cache|store|c|root|prefix|bin|-v|--version|setup|(?:install|i|add) (?:-g|--global|--location=global))\b/,
  ),
  ['yarn', /^(?:cache|config set (?:registry|network-timeout|cache-folder|strict-ssl)|--version|-v|global add)\b/],
  ['bun', /^(?:--version|-v|add -g|install -g)\b/],
  ...each(['pip', 'pip3'], /^(?:config|cache|--version)\b/),
  ...each(['python', 'python3'], /^(?:--version|-V|-m (?:venv|ensurepip))\b/),
  ['poetry', /^(?:config(?! --local)|self|--version|cache)\b/],
  ['uv', /^(?:cache|venv|python|--version|tool)\b/],
  ...each(['conda', 'mamba', 'micromamba'], /^(?:config|clean|init|update -n base|shell)\b/),
  ['pdm', /^(?:config|cache|self)\b/],
  ...each(['bundle', 'bundler'], /^(?:config|-v|--version)\b/),
  ['gem', /^(?:update|sources|cleanup|-v|--version)\b/],
  ['composer', /^(?:config (?:-g|--global)|global|clear-cache|clearcache|cc|self-update|--version|-V)\b/],
  ['go', /^(?:env|version|clean)\b/],
  ['cargo', /^(?:--version|-V)\b/],
  ...each(['mvn', 'mvnw', 'gradle'], /^(?:--version|-v|-version)\b/),
  ['dotnet', /^(?:nuget|tool install|workload|--info|--version)\b/],
  ['mix', /^(?:local|archive|hex|--version)\b/],
  ['shards', /^--version\b/],
  ...each(['flutter', 'dart'], /^(?:config|doctor|precache|channel|--version|--disable-analytics|pub global)\b/),
  ['php', /^(?:-- |-r |composer-setup\.php|(?:-version|--version|-v|-V)\b)/],
  ...each(['java', 'javac', 'node', 'ruby', 'perl', 'swift', 'rustc'], /^(?:-version|--version|-v|-V)\b/),
  ['git', /^(?:config (?:--global|--system)|--version|clone)\b/],
]);

function each(names: readonly string[], pattern: RegExp): [string, RegExp][] {
  return names.map((name) => [name, pattern]);
}
