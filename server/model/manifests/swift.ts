import { baseName } from '../../syntax/go-path.js';
import type { Install } from '../installs.js';
import { addPatterns, inFolder, leaves, type Reading } from './reading.js';
import { swiftCode } from './swift-code.js';

/**
 * What SwiftPM reads to resolve dependencies: the manifest, which is a program, that of each package of this repository that it names
 * by its path, `Package.resolved` and the mirrors; no sources (`Workspace+Dependencies.swift`, `Workspace+Manifests.swift`:
 * `loadRootManifests`, `loadDependencyManifests`).
 */
export function readSwift({ manager }: Install, folder: string, reading: Reading): boolean {
  if (!addPatterns(reading, folder, manager.manifests)) return false;
  addPatterns(reading, folder, [...manager.lockfiles, ...manager.settings]);
  const open = [folder];
  for (const at of open) {
    // `ToolsVersionSpecification`: one for each version of the language may stand beside it.
    addPatterns(reading, at, ['Package.swift', 'Package@swift-*.swift']);
    const found = reading.context
      .children(at)
      .filter(({ path }) => /^Package(?:@swift-[\d.]+)?\.swift$/.test(baseName(path)));
    for (const path of found.flatMap((one) => packagesIn(reading.read(one.path) ?? '', at, reading)))
      if (!open.includes(path)) open.push(path);
  }
  const mirrors = reading.context.read(inFolder(folder, '.swiftpm/configuration/mirrors.json')) ?? '';
  if (/"mirror"\s*:\s*"(?!https?:|ssh:|git@)/.test(mirrors))
    reading.doubts.add('mirrors.json names a place of this machine');
  return true;
}

/** Folders of packages that a manifest names by their path; notes what it may read besides. */
function packagesIn(text: string, folder: string, reading: Reading): readonly string[] {
  const doubt = (why: string) => void reading.doubts.add(`Package.swift ${why}`);
  const { code, strings, isPlain } = swiftCode(text);
  if (!isPlain) doubt('is a program that may read other files');
  const found: string[] = [];
  for (const [, name, index, end] of code.matchAll(/\b(url|path)\s*:\s*(?:"(\d+)"\s*([,)])?)?/g)) {
    const value = strings[Number(index)];
    if (value === undefined || end === undefined) doubt(`works out the ${name} of something`);
    else if (name === 'url') {
      if (!/^(?:https?|ssh|git):\/\/|^[\w.-]+@[\w.-]+:/.test(value)) doubt(`takes a package from ${value}`);
    } else if (/\.(?:xcframework|artifactbundle|zip)$/.test(value)) doubt(`takes a binary from ${value}`);
    else if (value.startsWith('/') || value.startsWith('~') || leaves(folder, value))
      doubt(`names ${value}, outside of the build context`);
    // Of a target it is a folder of sources, in which no manifest lies.
    else if (reading.add(inFolder(folder, `${value}/Package.swift`))) found.push(inFolder(folder, value));
  }
  return found;
}
