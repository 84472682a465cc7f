import { joinPath } from '../path.js';
import type { Area } from './area.js';

/** Programs whose settings are known. */
export type SettingsOwner =
  | 'npm'
  | 'pnpm'
  | 'yarn'
  | 'bundler'
  | 'conda'
  | 'poetry'
  | 'pip'
  | 'uv'
  | 'composer'
  | 'nuget';

/** A setting of a package manager that is not read from a file of the project. */
export interface Setting {
  readonly of: SettingsOwner;
  /** Who sets it, as it is named in a sentence. */
  readonly by: string;
  /** Undefined where it is not known. */
  readonly key: string | undefined;
  readonly value: string | undefined;
}

/** What a setting makes an install read and write. */
export interface Kept {
  readonly reads: readonly Area[];
  readonly writes: readonly Area[];
}

export const keptNothing: Kept = { reads: [], writes: [] };

/** The absolute path that a value names, `~` being `home`; undefined for any other value. */
export function placeOf(value: string | undefined, home: string | undefined): string | undefined {
  const path = value?.replace(/^~(?=\/)/, home ?? '~');
  return path?.startsWith('/') ? joinPath('/', path) : undefined;
}
