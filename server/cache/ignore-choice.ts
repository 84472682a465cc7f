import { type BuildContext, createContext } from '../model/context.js';
import type { CacheBuilder } from './side.js';

/**
 * The context with the ignore file that a builder reads: BuildKit and kaniko `<Dockerfile>.dockerignore`, then `.dockerignore`; the
 * classic builder only the latter; Buildah has names of its own as well. All measured but kaniko.
 */
export function contextFor(builder: CacheBuilder, context: BuildContext): BuildContext {
  if (builder !== 'classic' && builder !== 'buildah') return context;
  const own = builder === 'buildah' ? context.dockerfile : undefined;
  const path = [
    ...(own === undefined ? [] : [`${own}.dockerignore`, `${own}.containerignore`]),
    ...(builder === 'buildah' ? ['.containerignore'] : []),
    '.dockerignore',
  ].find((one) => context.read(one) !== undefined);
  if (path === context.ignoreFile?.path) return context;
  return createContext({
    name: context.name,
    origin: context.origin,
    plausible: context.plausible,
    dockerfile: context.dockerfile,
    source: {
      list: (folder) => context.children(folder),
      read: (file) => context.read(file),
      gitIgnored: (file) => context.gitIgnored(file),
      packageFacts: () => context.packageFacts(),
      installedPackages: (folders) => context.installedPackages(folders),
    },
    absent: (file) => context.absent(file),
    ignoreFile: { path: path ?? '.dockerignore', text: path === undefined ? '' : (context.read(path) ?? '') },
  });
}
