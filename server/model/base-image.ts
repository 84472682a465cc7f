import { type BaseImage, baseImages } from '../knowledge/base-images.js';
import { familiarName, parseImageReference } from '../syntax/image-ref.js';

/** What is known of an image's config; undefined for an image that is not in the table. */
export function baseImageOf(image: string): BaseImage | undefined {
  const reference = parseImageReference(image);
  if (!reference) return undefined;
  const repository = familiarName(reference);
  const tag = reference.tag ?? '';
  return baseImages.find(
    (row) => row.repository === repository && (row.tags === undefined || new RegExp(row.tags).test(tag)),
  );
}
