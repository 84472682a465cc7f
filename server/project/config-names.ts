/** Names looked for in each folder; the first one there wins. */
export const configNames = ['.layerwise.jsonc', '.layerwise.json', 'package.json'] as const;
