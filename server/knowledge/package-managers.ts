import { compiledManagers } from './compiled-managers.js';
import { nodeManagers } from './node-managers.js';
import type { PackageManager } from './package-manager.js';
import { pythonManagers } from './python-managers.js';
import { scriptManagers } from './script-managers.js';
import { systemManagers } from './system-managers.js';

export type { CacheFolder, CommandShape, InstallKind, PackageManager } from './package-manager.js';

/** Every package manager that is known, one row each. A new one is a row in one of these tables. */
export const packageManagers: readonly PackageManager[] = [
  ...nodeManagers,
  ...pythonManagers,
  ...compiledManagers,
  ...scriptManagers,
  ...systemManagers,
];
