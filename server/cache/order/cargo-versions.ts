import type { Build, Stage } from '../../model/build.js';
import { stagesDown } from '../../model/caches.js';
import type { Install } from '../../model/installs.js';
import type { ImageFiles } from '../../model/manifests/cargo.js';
import { joinPath } from '../../model/path.js';
import { parseToml, type TomlTable, tableAt } from '../../syntax/toml.js';

/** Images with a Cargo before 1.47, whose `cargo clean -p` has left parts of a package (https://github.com/rust-lang/cargo/pull/8210). */
const oldCargo =
  /(?:^|\/)(?:rust:1\.(?:\d|[1-3]\d|4[0-6])\b|debian:(?:[89]|10|jessie|stretch|buster)\b|ubuntu:1[0-8]|alpine:3\.(?:\d|1[0-2])\b)/;

export function hasOldCargo(stage: Stage): boolean {
  return oldCargo.test(imageOf(stage));
}

/** The text of a `rust-toolchain` that names such a Cargo, or one in a folder, or is not understood. */
export function isStrangeToolchain(text: string): boolean {
  const toolchain = toolchainOf(text);
  return !toolchain || toolchain.path !== undefined || /\b1\.(?:\d|[1-3]\d|4[0-6])\b/.test(`${toolchain.channel}`);
}

/** TOML, or the name of the channel alone: https://rust-lang.github.io/rustup/overrides.html#the-toolchain-file */
function toolchainOf(text: string): TomlTable | undefined {
  if (/^\s*[\w.-]+\s*$/.test(text)) return { channel: text };
  const manifest = parseToml(text);
  return manifest && tableAt(manifest, 'toolchain');
}

/**
 * Whether `cargo clean` surely understands a `Cargo.lock` that the build itself does not look at: version 4 is written since 1.78
 * (https://doc.rust-lang.org/cargo/CHANGELOG.html).
 */
export function readsLock(
  { file }: Build,
  { stage }: Install,
  files: ImageFiles,
  root: string,
  seen: readonly string[],
): boolean {
  const version = /^version = (\d+)$/m.exec(files.read(joinPath(root, 'Cargo.lock')) ?? '')?.[1];
  if (version === undefined) return true;
  const toolchains = seen
    .filter((path) => /\/rust-toolchain(?:\.toml)?$/.test(path))
    .map((path) => `${toolchainOf(files.read(path) ?? '')?.channel}`);
  const isOld = (text: string) => /\b1\.(?:\d|[1-6]\d|7[0-7])\b/.test(text);
  if (toolchains.some(isOld)) return false;
  const image = imageOf(stage);
  return /(?:^|\/)rust(?:[:@]|$)/.test(image) ? !isOld(image) : /\bsh\.rustup\.rs\b/.test(file.text);
}

/** The one at the bottom, as written. */
function imageOf(stage: Stage): string {
  const base = stagesDown(stage).at(-1)?.base;
  return base?.kind === 'image' ? base.image : '';
}
