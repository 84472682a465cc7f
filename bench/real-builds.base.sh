#!/bin/sh
# Makes the root file system that bench/real-builds.mjs takes as --base: Debian with this machine's own Node, npm and corepack, its
# network settings and certificates, yarn 1, and pnpm as the one that corepack gives. Debian or Ubuntu, root, debootstrap, Node 20.
#   sh bench/real-builds.base.sh OUT.tar [MIRROR]
set -eu
out=$(realpath "$1")
mirror=${2:-http://deb.debian.org/debian}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

debootstrap --variant=minbase --no-check-gpg --include=ca-certificates bookworm "$root" "$mirror" >/dev/null
node=$(realpath "$(command -v node)")
modules=$(npm root --global)
mkdir -p "$root/usr/lib/node_modules"
cp "$node" "$root/usr/bin/node"
for name in npm corepack; do cp -a "$modules/$name" "$root/usr/lib/node_modules/"; done
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/bin/npx"
ln -s ../lib/node_modules/corepack/dist/corepack.js "$root/usr/bin/corepack"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cp "${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" "$root/etc/ca-all.pem"
chroot "$root" groupadd --gid 1000 node
chroot "$root" useradd --uid 1000 --gid node --create-home node

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root NODE_EXTRA_CA_CERTS=/etc/ca-all.pem "$@"; }
inside npm install --global yarn@1.22.22 >/dev/null
inside COREPACK_INTEGRITY_KEYS=0 corepack install --global pnpm@9.0.6 >/dev/null
rm -rf "$root/root/.npm" "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
tar --directory "$root" --create --file "$out" --exclude './proc/*' --exclude './dev/*' --exclude './sys/*' .
