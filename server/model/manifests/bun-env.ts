import { inFolder, type Reading } from './reading.js';

/**
 * Files with variables that `bun install` reads, for itself and for the scripts that it runs; others of these names it leaves alone
 * (`PackageManager::init` of oven-sh/bun loads those for production).
 */
const files = ['.env', '.env.local', '.env.production', '.env.production.local'];

/** Variables by which package managers, Node and what builds native code find and put things. */
const ofPrograms =
  /^(?:BUN|NPM|NODE|PNPM|YARN|GIT|SSL|XDG|LD|COREPACK)_|^(?:PATH|HOME|TMPDIR|SHELL|CI|CC|CXX|C\w*FLAGS|LDFLAGS|PYTHON|MAKEFLAGS)$|_PROXY$/i;

/** Words in the names of variables that install scripts of packages heed. */
const ofScripts = /MIRROR|SKIP|DOWNLOAD|INSTALL|BINAR|CACHE|PREFIX|REGISTRY|CDN|DIST|GYP|ENGINE|LIBVIPS|HUSKY/i;

/** Doubts an install of bun where a file of variables says something that it heeds. */
export function judgeBunVariables(folder: string, scripts: boolean, { context, doubts }: Reading): void {
  const text = (name: string) => {
    const path = inFolder(folder, name);
    return context.ignored(path) ? '' : (context.read(path) ?? '');
  };
  const settings = text('bunfig.toml') + text('.npmrc');
  const isNamed = (name: string) => new RegExp(`\\$\\{?${name}\\b`).test(settings);
  for (const file of files) {
    const names = [...text(file).matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=/gm)].map(
      ([, name = '']) => name,
    );
    const heeded = names.find((name) => ofPrograms.test(name) || (scripts && ofScripts.test(name)) || isNamed(name));
    if (heeded !== undefined) doubts.add(`${file} sets ${heeded}`);
  }
}
