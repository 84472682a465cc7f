/** Packages of Alpine that depend on no compiler of C. That is common knowledge; it was not looked up, as no index of Alpine was at hand. */
export const packagesWithoutCompiler: ReadonlySet<string> = new Set(
  [
    'bash bzip2 ca-certificates coreutils curl file findutils gcompat gettext git git-lfs gnupg grep gzip jq libc6-compat libcap',
    'linux-headers mailcap make mercurial musl-dev nodejs npm openssh openssh-client openssl patch rsync sed shadow sqlite su-exec',
    'subversion tar tini tzdata unzip upx util-linux wget xz yarn zip',
  ]
    .join(' ')
    .split(' '),
);
