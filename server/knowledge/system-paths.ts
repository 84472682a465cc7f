/** Top folders of an image that belong to the distribution, the languages and their package managers. */
export const systemFolders: ReadonlySet<string> = new Set(
  'bin boot dev etc lib lib32 lib64 libx32 media mnt nix proc run sbin snap sys usr conda miniconda miniconda3 cargo rustup pnpm venv env'.split(
    ' ',
  ),
);

/** Folders with both: names in them that belong to the system; a pattern for the rest of the path. All else in them is free for projects. */
export const sharedFolders: readonly { readonly folder: string; readonly system: RegExp }[] = [
  // Programs make up names of their own in it; these are the ones that they come back to.
  {
    folder: '/tmp',
    system:
      /^\.|^(?:npm|yarn|pnpm|corepack|node|v8|jest|pip|pear|php|composer|get-|setup|install|poetry|uv|rust|cargo|go-|apt|dpkg|apk|yum|dnf|rpm|conda|mamba|bundle|gem|hsperfdata|phantomjs|puppeteer|playwright|systemd|ssh-|krb5cc|tmp|build|ccache)/i,
  },
  { folder: '/usr/src', system: /^(?:php|linux|python|ruby|node|kernel|debug|dkms|nvidia|zfs)/ },
  { folder: '/var', system: /^(?:backups|cache|db|empty|games|lib|local|lock|log|mail|opt|run|spool|tmp|www|yp)$/ },
  {
    folder: '/opt',
    system:
      /^(?:ana|mini)?conda|^mini(?:forge|conda)|^(?:mamba|venv|virtualenv|env|poetry|pipx|pip|uv|rust|cargo|rustup|java|jdk|jre|graalvm|openjdk|maven|gradle|sbt|kotlin|google|microsoft|intel|nvidia|rocm|amd|bitnami|homebrew|yarn|pnpm|bun|deno|node|nodejs|nvm|python|pyenv|ruby|rbenv|php|go|golang|android|flutter|dart|dotnet|erlang|elixir|containerd|local|bin|lib|etc|share|texlive|cuda|hadoop|spark|tomcat|wildfly|keycloak|oracle|ibm|cni|datadog|aws|az|sonar)/,
  },
  { folder: '/home', system: /^linuxbrew$/ },
  { folder: '/go', system: /^(?:bin|pkg)$/ },
];

/** What web servers serve. Projects are copied there; of all packages only those of web servers and their sites put something there. */
export const webFolders: readonly string[] = ['/var/www', '/usr/share/nginx/html', '/usr/local/apache2/htdocs'];

/** Packages of distributions that are no part of a web server, and bring none along. */
export const plainPackage =
  /^(?!.*(?:apache|httpd|nginx|lighttpd|caddy|php|\bmod[_-]))(?:lib[\w.+-]+|[\w.+-]+-(?:dev|devel|headers)|\.[\w-]+|build-(?:essential|base)|gcc|g\+\+|make|cmake|autoconf|automake|libtool|pkg-?conf(?:ig)?|patch|file|git|curl|wget|zip|unzip|bzip2|xz(?:-utils)?|gzip|tar|rsync|vim|nano|less|procps|gnupg2?|ca-certificates|openssl|openssh-client|bash|sudo|tzdata|locales|supervisor|imagemagick|ghostscript|ffmpeg|graphviz|jq|gettext|icu|default-mysql-client|mariadb-client|mysql-client|postgresql-client(?:-\d+)?|sqlite3?|redis-tools|iputils-ping|htop|nodejs|python3?)(?:[=<>~@:].*)?$/;

/** Folders of which everything that starts with a dot, and these names, belong to the user's programs. */
export const homeFolders = /^\/root$|^\/home\/[^/]+$/;
export const homeNames = /^\.|^(?:go|miniconda3?|anaconda3?|miniforge3?|mambaforge|micromamba|snap)$/;
