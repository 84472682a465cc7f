import type { Comparison } from './content.js';

/** Whether an image has other content in the later build. */
export function hasMoved({ moved }: Pick<Comparison, 'moved'>, image: string | undefined): boolean {
  return image !== undefined && (moved.has('*') || moved.has(image));
}
