/** Packages of Alpine that bring no compiler of C, whatever they depend on (https://pkgs.alpinelinux.org). */
export const packagesWithoutCompiler: ReadonlySet<string> = new Set(
  [
    'bash bzip2 ca-certificates coreutils curl file findutils gcompat gettext git git-lfs gnupg grep gzip jq libc6-compat libcap',
    'linux-headers mailcap make mercurial musl-dev nodejs npm openssh openssh-client openssl patch rsync sed shadow sqlite su-exec',
    'subversion tar tini tzdata unzip upx util-linux wget xz yarn zip',
  ]
    .join(' ')
    .split(' '),
);
