import type { ImageReference } from '../syntax/image-ref.js';

/** The page of an image at its registry, for those registries that have one; no request is made. */
export function imagePage({ registry, repository }: ImageReference): string | undefined {
  const path = repository.split('/').map(encodeURIComponent).join('/');
  switch (registry) {
    case 'docker.io':
      return repository.startsWith('library/')
        ? `https://hub.docker.com/_/${path.slice('library/'.length)}`
        : `https://hub.docker.com/r/${path}`;
    case 'ghcr.io':
      return `https://ghcr.io/${path}`;
    case 'quay.io':
      return `https://quay.io/repository/${path}`;
    case 'mcr.microsoft.com':
      return `https://mcr.microsoft.com/artifact/mar/${path}`;
    case 'public.ecr.aws':
      return `https://gallery.ecr.aws/${path}`;
    default:
      return undefined;
  }
}
