import path from 'node:path';

/** A path as the user should see it: relative to the working folder with `/`; absolute where it lies on another drive. */
export function shownPath(cwd: string, file: string): string {
  const relative = path.relative(cwd, file) || '.';
  return path.sep === '/' ? relative : relative.split(path.sep).join('/');
}
