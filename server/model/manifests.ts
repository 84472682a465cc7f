import type { BuildContext } from './context.js';
import type { Install } from './installs.js';
import { readCpan } from './manifests/cpan.js';
import { readDotnet } from './manifests/dotnet.js';
import { readGo } from './manifests/go.js';
import { readGradle, readMaven } from './manifests/jvm.js';
import { readMix } from './manifests/mix.js';
import { readNode } from './manifests/node.js';
import { readByTable, readConan, readHaskell, readPub } from './manifests/others.js';
import { readPhp } from './manifests/php.js';
import { readPython } from './manifests/python.js';
import { type Around, newReading, type Reading } from './manifests/reading.js';
import { readRuby } from './manifests/ruby.js';
import { readShards } from './manifests/shards.js';
import { readSwift } from './manifests/swift.js';

export { installsItself, isOfWorkspace } from './manifests/python.js';
export type { Reading } from './manifests/reading.js';

type Reader = (install: Install, folder: string, reading: Reading) => boolean;

const readers: Readonly<Record<string, Reader>> = {
  npm: readNode,
  yarn: readNode,
  pnpm: readNode,
  bun: readNode,
  deno: readNode,
  pip: readPython,
  'pip-tools': readPython,
  poetry: readPython,
  pipenv: readPython,
  uv: readPython,
  pdm: readPython,
  conda: readPython,
  bundler: readRuby,
  composer: readPhp,
  go: (_, folder, reading) => readGo(folder, reading),
  dotnet: readDotnet,
  maven: readMaven,
  gradle: readGradle,
  mix: readMix,
  pub: readPub,
  swift: readSwift,
  stack: readHaskell,
  cabal: readHaskell,
  cpan: readCpan,
  conan: readConan,
  shards: readShards,
};

/**
 * What an install of dependencies reads of the context when it runs in the folder of the context; undefined where its manifest
 * is not there. Only files that are there and sent are listed.
 */
export function manifestsOf(
  install: Install,
  context: BuildContext,
  folder: string,
  around?: Partial<Around>,
): Reading | undefined {
  const reading = newReading(context, around);
  const read = readers[install.manager.name] ?? readByTable;
  return read(install, folder, reading) ? reading : undefined;
}
