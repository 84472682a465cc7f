import { type BaseImage, baseImages } from '../knowledge/base-images.js';
import { officialName, parseImageReference } from '../syntax/image-ref.js';

/** What is known of an image's config; undefined for an image that is not in the table. */
export function baseImageOf(image: string): BaseImage | undefined {
  const reference = parseImageReference(image);
  if (!reference) return undefined;
  const repository = officialName(reference);
  const tag = reference.tag ?? '';
  return byRepository.get(repository)?.find(({ tags }) => tags === undefined || new RegExp(tags).test(tag));
}

const byRepository = new Map<string, BaseImage[]>();
for (const row of baseImages) {
  const rows = byRepository.get(row.repository);
  if (rows) rows.push(row);
  else byRepository.set(row.repository, [row]);
}
