import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder with these files (path → text), gone when it is removed, or else at the end of the run. */
export interface TemporaryFolder {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Writes or overwrites a file; its folders are made. */
  write(file: string, text: string): void;
  remove(): void;
}

const left = new Set<string>();
process.on('exit', () => {
  for (const folder of left) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(files: Readonly<Record<string, string>> = {}): TemporaryFolder {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'layerwise-')));
  left.add(root);
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  return { path: root, write, remove: () => rmSync(root, { recursive: true, force: true }) };
}
