import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface ScratchFolder {
  /** Absolute, without symlinks. */
  readonly path: string;
  /** Writes files (path → text; `name/` is an empty folder; `→target` a symlink) and returns the folder. */
  write(files: Readonly<Record<string, string>>): string;
}

/** A fresh folder for each test of the `describe` it is called in; gone afterwards. */
export function scratchFolder(): ScratchFolder {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'layerwise-')));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return {
    get path() {
      return folder;
    },
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        const file = path.join(folder, name);
        mkdirSync(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
        if (text.startsWith('→')) symlinkSync(text.slice(1), file);
        else if (!name.endsWith('/')) writeFileSync(file, text);
      }
      return folder;
    },
  };
}
