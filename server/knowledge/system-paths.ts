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

/** Folders of which everything that starts with a dot, and these names, belong to the user's programs. */
export const homeFolders = /^\/root$|^\/home\/[^/]+$/;
export const homeNames = /^\.|^(?:go|miniconda3?|anaconda3?|miniforge3?|mambaforge|micromamba|snap)$/;
