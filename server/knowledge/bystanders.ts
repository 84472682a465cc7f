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

/** First words of package managers' commands that only set them up or tidy them. */
export const setupCommands: readonly RegExp[] = [
  /^(?:npm|pnpm) (?:config|set|cache|store|c|root|prefix|bin|-v|--version|setup)\b/,
  /^yarn (?:cache|config set (?:registry|network-timeout|cache-folder|strict-ssl)|--version|-v)\b/,
  /^yarn (?:global add)\b/,
  /^(?:npm|pnpm) (?:install|i|add) (?:-g|--global|--location=global)\b/,
  /^bun (?:--version|-v|add -g|install -g)\b/,
  /^pip3? (?:config|cache|--version)\b/,
  /^python3? (?:--version|-V)\b/,
  /^python3? -m (?:venv|ensurepip)\b/,
  /^poetry (?:config(?! --local)|self|--version|cache)\b/,
  /^uv (?:cache|venv|python|--version|tool)\b/,
  /^(?:conda|mamba|micromamba) (?:config|clean|init|update -n base|shell)\b/,
  /^pdm (?:config|cache|self)\b/,
  /^(?:bundle|bundler) (?:config|-v|--version)\b/,
  /^gem (?:update|sources|cleanup|-v|--version)\b/,
  /^php (?:-- |-r |composer-setup\.php)/,
  /^composer (?:config (?:-g|--global)|global|clear-cache|clearcache|cc|self-update|--version|-V)\b/,
  /^go (?:env|version|clean)\b/,
  /^cargo (?:--version|-V)\b/,
  /^(?:mvn|mvnw|gradle) (?:--version|-v|-version)\b/,
  /^dotnet (?:nuget|tool install|workload|--info|--version)\b/,
  /^mix (?:local|archive|hex|--version)\b/,
  /^(?:flutter|dart) (?:config|doctor|precache|channel|--version|--disable-analytics|pub global)\b/,
  /^(?:java|javac|node|ruby|php|perl|swift|rustc) (?:-version|--version|-v|-V)\b/,
  /^git (?:config (?:--global|--system)|--version|clone)\b/,
];
