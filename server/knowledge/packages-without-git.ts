/**
 * Packages of Debian, Ubuntu and Alpine that bring no Git, whatever they depend on or recommend. Those of Debian 12 were asked for with
 * `apt-get -s install`; no name is here that means something else in Alpine.
 */
export const packagesWithoutGit: ReadonlySet<string> = new Set(
  [
    'apt-transport-https autoconf automake bash build-base build-essential bzip2 ca-certificates cairo-dev chromium cmake cron curl',
    'default-mysql-client dnsutils dumb-init ffmpeg file fontconfig fonts-freefont-ttf fonts-liberation freetype g++ gcc ghostscript',
    'giflib-dev gnupg gnupg2 gosu graphicsmagick gzip harfbuzz htop icu-data-full icu-libs imagemagick iputils-ping jpeg-dev jq less',
    'libc-dev libc6-compat libc6-dev libcairo2-dev libcap libcap2-bin libgcc libgif-dev libjpeg-dev libjpeg-turbo-dev libnss3',
    'libpango1.0-dev libpixman-1-dev libpng-dev libpq-dev librsvg-dev librsvg2-dev libsqlite3-dev libssl-dev libstdc++ libtool libvips',
    'libvips-dev libvips42 libxml2-dev linux-headers locales lsb-release lsof make musl-dev mysql-client nano nasm net-tools',
    'netcat-openbsd nginx ninja-build nss openssh-client openssl openssl-dev pango-dev patch pixman-dev pkg-config pkgconf postgresql-client',
    'procps py3-pip python python-is-python3 python2 python3 python3-pip rsync shadow sqlite sqlite-dev sqlite3 su-exec sudo supervisor tar',
    'tini ttf-freefont tzdata udev unzip vim vips vips-dev wget xvfb xz xz-utils zip zlib-dev zlib1g-dev',
  ]
    .join(' ')
    .split(' '),
);
