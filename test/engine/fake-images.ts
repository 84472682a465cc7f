import type { Engine } from './engine.js';
import { buildImage } from './image-content.js';

/**
 * Small stand-ins for the managers, as scripts: they read their manifests for real, fail without them, write what they install and
 * fill their cache folders as the real ones do.
 */
const programs: Readonly<Record<string, string>> = {
  npm: `
cache=$HOME/.npm
case "$1" in
  ci|install)
    test -f package.json && test -f package-lock.json || { echo "no package.json or lockfile in $PWD"; exit 1; }
    mkdir -p node_modules $cache/_cacache; rm -rf node_modules/* node_modules/.names node_modules/.package-lock.json
    cp package-lock.json node_modules/.package-lock.json
    sed -n 's|.*"node_modules/\\([a-z-]*\\)".*|\\1|p' package-lock.json | sort > node_modules/.names
    for name in $(cat node_modules/.names); do
      mkdir -p node_modules/$name; echo "module $name" > node_modules/$name/index.js; echo $name > $cache/_cacache/$name
    done
    if grep -q '"postinstall"' package.json; then sh -c "$(sed -n 's/.*"postinstall": "\\([^"]*\\)".*/\\1/p' package.json)"; fi ;;
  run) test -f node_modules/.names || exit 1
    mkdir -p dist; find src -type f | sort > dist/names; find src -type f | sort | xargs cat > dist/app.js ;;
  cache) rm -rf $cache/_cacache ;;
esac`,
  yarn: `
cache=/usr/local/share/.cache/yarn/v6
case "$1" in
  install)
    test -f package.json && test -f yarn.lock || { echo "no package.json or lockfile in $PWD"; exit 1; }
    rm -rf node_modules; mkdir -p node_modules $cache
    for name in $(sed -n 's|^\\([a-z-]*\\)@.*|\\1|p' yarn.lock); do
      test -f $cache/$name || echo "module $name" > $cache/$name
      cp $cache/$name node_modules/$name
    done ;;
  build) test -d node_modules || exit 1; mkdir -p dist; cat node_modules/* src/* > dist/app.js ;;
esac`,
  pip: `
cache=\${PIP_CACHE_DIR:-$HOME/.cache/pip}; keep=yes; file=; names=
shift
while [ $# -gt 0 ]; do
  case "$1" in -r) file=$2; shift ;; --no-cache-dir) keep=no ;; -*) ;; *) names="$names $1" ;; esac; shift
done
if [ -n "$file" ]; then names="$names $(cat "$file")" || exit 1; fi
mkdir -p /usr/lib/site
for name in $names; do
  echo "$name" > /usr/lib/site/\${name%%=*}
  if [ $keep = yes ]; then mkdir -p $cache; echo "$name" > $cache/\${name%%=*}; fi
done`,
  'apt-get': `
verb=; names=
for word in "$@"; do case "$word" in -*) ;; *) if [ -z "$verb" ]; then verb=$word; else names="$names $word"; fi ;; esac; done
lists=/var/lib/apt/lists; archives=/var/cache/apt/archives
case "$verb" in
  update) mkdir -p $lists; find /etc/apt -name '*.list' | sort | while read -r one; do cat "$one"; done > $lists/index ;;
  install) test -f $lists/index || { echo "Unable to locate package$names"; exit 100; }
    mkdir -p /usr/share/installed $archives
    for name in $names; do
      echo "$name $(cat $lists/index)" > /usr/share/installed/$name
      if [ ! -f /etc/apt/apt.conf.d/docker-clean ]; then echo $name > $archives/$name.deb; fi
    done ;;
  clean) rm -rf $archives ;;
esac`,
  curl: `
file=; url=
while [ $# -gt 0 ]; do case "$1" in -*o) file=$2; shift ;; -O) file=- ;; -*) ;; *) url=$1 ;; esac; shift; done
if [ "$file" = - ]; then file=\${url##*/}; fi
echo "served $url" > "$file"`,
  go: `
case "$1 $2" in
  "mod download") test -f go.mod || exit 1; mkdir -p /go/pkg/mod; cat go.mod > /go/pkg/mod/list ;;
  *) test -f /go/pkg/mod/list || exit 1; while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out=$2; fi; shift; done; find . -name '*.go' | sort | xargs cat > $out ;;
esac`,
  xargs: `
read_all=$(cat); exec "$@" $read_all`,
};

const names = 'node:22 python:3.13 debian:13 debian:12 golang:1.25 golang:1.25-alpine alpine:3.22 nginx:1.29'.split(
  ' ',
);

/** Makes the official images that the cases name, out of busybox and the programs above. `base` is an image with busybox. */
export async function makeFakeImages(engine: Engine, base: string): Promise<void> {
  const files = Object.fromEntries(
    Object.entries(programs).map(([name, text]) => [
      `bin/${name}`,
      { text: `#!/bin/sh\nset -e${text}\n`, mode: 0o755 },
    ]),
  );
  const accounts = {
    'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
    'etc/group': 'root:x:0:\nnode:x:1000:\n',
  };
  const config = { 'apt/sources.list': 'deb main\n', 'apt/apt.conf.d/docker-clean': 'clean\n' };
  const dockerfile = `FROM ${base}\nCOPY bin/ /usr/local/bin/\nCOPY etc/ /etc/\nCOPY apt/ /etc/apt/\n`;
  await buildImage(engine, { dockerfile, files: { ...files, ...accounts, ...config } }, [
    '--load',
    ...names.flatMap((name) => ['--tag', name]),
  ]);
}
