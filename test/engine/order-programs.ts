import type { Engine } from './engine.js';
import { buildImage } from './image-content.js';

/** More stand-ins for package managers, over those of `fake-images.ts`: they fail without their manifests and write what they read. */
const programs: Readonly<Record<string, string>> = {
  npm: `
case "$1" in
  ci|install)
    test -f package.json && test -f package-lock.json || { echo "no package.json or lockfile in $PWD"; exit 1; }
    rm -rf node_modules; mkdir -p node_modules $HOME/.npm/_cacache
    if [ "$1" = install ]; then echo "// by $(cat package.json | tr -d ' ')" >> package-lock.json; fi
    cp package-lock.json node_modules/.package-lock.json; cp package-lock.json $HOME/.npm/_cacache/index
    for name in $(sed -n 's|.*"node_modules/\\([a-z-]*\\)".*|\\1|p' package-lock.json | sort); do
      mkdir -p node_modules/$name; echo "module $name" > node_modules/$name/index.js
    done
    for one in packages/*/package.json; do
      if [ -f $one ]; then
        folder=\${one%/package.json}; ln -s ../$folder node_modules/\${folder#packages/}
        mkdir -p $folder/node_modules; cat $one > $folder/node_modules/.manifest
        if grep -q '"bin"' $one; then mkdir -p node_modules/.bin; test -f $folder/cli.js; ln -s ../../$folder/cli.js node_modules/.bin/\${folder#packages/}; fi
      fi
    done
    if grep -q '"postinstall"' package.json; then sh -c "$(sed -n 's/.*"postinstall":"\\([^"]*\\)".*/\\1/p' package.json)"; fi ;;
  run) test -d node_modules || exit 1
    mkdir -p dist; find src node_modules -type f | sort > dist/names; find src -type f | sort | xargs cat > dist/app.js ;;
esac`,
  yarn: `
if [ "$1" = build ]; then mkdir -p dist; find src node_modules -type f | sort | xargs cat > dist/app.js; exit; fi
test -f package.json && test -f yarn.lock || exit 1
cache=/usr/local/share/.cache/yarn/v6; mkdir -p node_modules $cache
for name in $(sed -n 's|^\\([a-z]*\\)@\\(.*\\):$|\\1-\\2|p' yarn.lock); do
  test -f $cache/$name || echo "module $name" > $cache/$name
  if [ ! -f node_modules/$name ]; then
    cp $cache/$name node_modules/$name
    case "$*" in *--ignore-scripts*) ;; *) find src -type f | sort | xargs cat > node_modules/$name.built ;; esac
  fi
done
cat package.json yarn.lock > node_modules/.yarn-integrity`,
  pnpm: `
case "$1" in
  install) test -f pnpm-lock.yaml && test -f pnpm-workspace.yaml || exit 1
    mkdir -p node_modules; cat package.json pnpm-lock.yaml > node_modules/.modules.yaml
    for one in packages/*/package.json; do mkdir -p \${one%package.json}node_modules; cat $one > \${one%package.json}node_modules/.manifest; done ;;
  build) find . -type f | sort > /built; find packages src -type f | sort | xargs cat >> /built ;;
esac`,
  'patch-package': `
test -d patches || exit 1
for one in patches/*.patch; do name=\${one#patches/}; cat $one >> node_modules/\${name%.patch}/index.js; done`,
  pip: `
test "$1" = install || exit 1
lib=/usr/lib/site
mkdir -p $lib $HOME/.cache/pip
read_one() {
  test -f $1 || { echo "no $1"; exit 1; }
  for line in $(sed 's/^-r /@/' $1); do
    case "$line" in @*) read_one \${1%requirements.txt}\${line#@} ;; *) echo $line > $lib/\${line%%=*}; echo $line > $HOME/.cache/pip/\${line%%=*} ;; esac
  done
}
read_project() {
  test -f pyproject.toml && test -f README.md || { echo "no manifest in $PWD"; exit 1; }
  name=$(sed -n 's/^name = "\\(.*\\)"/\\1/p' pyproject.toml); version=$(sed -n 's/^version = "\\(.*\\)"/\\1/p' pyproject.toml)
  test -n "$version" || { echo "no version"; exit 1; }
  for one in $(sed -n 's/^dependencies = .\\(.*\\)]/\\1/p' pyproject.toml | tr -d '",'); do test -f $lib/$one || echo $one > $lib/$one; done
  if [ -f $lib/$name/RECORD ]; then for old in $(cat $lib/$name/RECORD); do rm $old; done; fi
  mkdir -p $lib/$name; cat README.md > $lib/$name/METADATA; echo $version > $lib/$name/VERSION; : > $lib/$name/REQUESTED
  if [ -d src ]; then mkdir -p $lib/src; cp -r src/* $lib/src; find $lib/src -type f | sort > $lib/$name/RECORD; else : > $lib/$name/RECORD; fi
}
if [ "$2" = -r ]; then read_one "$3"; else read_project; fi`,
  composer: `
test "$1" = install && test -f composer.json && test -f composer.lock || { echo "no manifest in $PWD"; exit 1; }
cache=$HOME/.composer/cache
mkdir -p vendor/composer $cache
locked=$(sed -n 's/.*"name": "\\([^"]*\\)".*/\\1/p' composer.lock)
for old in vendor/*; do case " $(echo $locked) composer " in *" \${old#vendor/} "*) ;; *) rm -r $old ;; esac; done
for name in $locked; do
  if [ ! -d vendor/$name ]; then echo "zip $name" > $cache/$name; mkdir vendor/$name; cp $cache/$name vendor/$name/lib.php; fi
done
cat composer.lock > vendor/composer/installed.json
case "$*" in *--no-autoloader*) ;; *) find src vendor -name '*.php' | sort > vendor/autoload.list ;; esac
case "$*" in *--no-scripts*) ;; *) mkdir -p var; cat src/*.php vendor/autoload.list > var/cache ;; esac`,
  uv: `
test "$1" = sync && test -f pyproject.toml && test -f uv.lock || exit 1
mkdir -p .venv; cat pyproject.toml uv.lock > .venv/list
case "$*" in *--no-install-project*) ;; *) test -f app/main.py; echo /app > .venv/app.pth ;; esac`,
  go: `
test -f go.mod || { echo "no go.mod in $PWD"; exit 1; }
mkdir -p /go/pkg/mod
fetch() { for name in $(sed 's/ .*//' go.sum | sort -u); do mkdir -p /go/pkg/mod/\${name%/*}; echo "module $name" > /go/pkg/mod/$name; done; }
case "$1 $2" in
  "mod download") fetch; mkdir -p /go/pkg/mod/more; echo "for tests" > /go/pkg/mod/more/tests ;;
  *) fetch; while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out=$2; fi; shift; done
    { for name in $(sed 's/ .*//' go.sum | sort -u); do cat /go/pkg/mod/$name; done; find . -name '*.go' | sort | xargs cat; } > $out ;;
esac`,
  dotnet: `
restore() {
  test -f App.csproj || { echo "no project in $PWD"; exit 1; }
  mkdir -p obj $HOME/.nuget/packages
  for name in $(sed -n 's/.*Include="\\([^"]*\\)".*/\\1/p' App.csproj); do echo "package $name" > $HOME/.nuget/packages/$name; done
  cat App.csproj > obj/project.assets.json
}
case "$1" in
  restore) restore; echo "$*" > obj/restored ;;
  publish) restore; while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out=$2; fi; shift; done
    mkdir -p $out; { cat obj/project.assets.json $HOME/.nuget/packages/*; find . -name '*.cs' | sort | xargs cat; } > $out/App ;;
esac`,
  // As the real one it compiles a crate anew only where its fingerprint is gone or older than a source, whatever the sources say.
  cargo: `
home=/usr/local/cargo/registry; folder=target/debug; name=
test -f Cargo.toml && test -f Cargo.lock || { echo "no manifest in $PWD"; exit 1; }
verb=$1; shift
while [ $# -gt 0 ]; do case "$1" in --release) folder=target/release ;; -p) name=$2; shift ;; esac; shift; done
own=$(sed -n 's/^name = "\\(.*\\)"/\\1/p' Cargo.toml)
if [ $verb = clean ]; then
  test "$name" = $own || { echo "no package $name"; exit 1; }
  rm -f $folder/.fingerprint/$own $folder/deps/$own $folder/$own; exit 0
fi
test $verb = build && test -f src/main.rs || { echo "no targets in $PWD"; exit 1; }
mkdir -p $home $folder/.fingerprint $folder/deps
for one in $(sed -n 's/^name = "\\(crate.*\\)"/\\1/p' Cargo.lock); do
  echo "crate $one" > $home/$one
  if [ ! -f $folder/.fingerprint/$one ]; then echo "compiled $one" > $folder/deps/$one; touch $folder/.fingerprint/$one; fi
done
if [ ! -f $folder/.fingerprint/$own ] || [ -n "$(find src -type f -newer $folder/.fingerprint/$own)" ]; then
  { cat $folder/deps/crate*; find src -type f | sort | xargs cat; } > $folder/deps/$own; touch $folder/.fingerprint/$own
fi
cp $folder/deps/$own $folder/$own`,
  apk: `
test "$1" = add || exit 1; shift
mkdir -p /usr/share/apk; for name in "$@"; do case $name in -*) ;; *) echo $name > /usr/share/apk/$name ;; esac; done`,
};

const names = [
  'node:22',
  'python:3.13',
  'debian:13',
  'php:8.4',
  'golang:1.25',
  'rust:1.95',
  'alpine:3.22',
  'mcr.microsoft.com/dotnet/sdk:9.0',
  'mcr.microsoft.com/dotnet/aspnet:9.0',
];

/** Puts the official names on images of a layer of their own: what is built on those of one salt finds no cache of another. */
export async function makeOrderImages(engine: Engine, base: string, salt: string): Promise<void> {
  const files = Object.fromEntries(
    Object.entries(programs).map(([name, text]) => [
      `bin/${name}`,
      { text: `#!/bin/sh\nset -e${text}\n`, mode: 0o755 },
    ]),
  );
  const dockerfile = `FROM ${base}\nCOPY bin/ /usr/local/bin/\nCOPY salt ${saltFile}\n`;
  await buildImage(engine, { dockerfile, files: { ...files, salt } }, [
    '--load',
    ...names.flatMap((name) => ['--tag', name]),
  ]);
}

/** The only file in which images of two salts differ. */
export const saltFile = '/etc/order-salt';
