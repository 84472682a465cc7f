declare const LAYERWISE_VERSION: string | undefined;

/** Of the package; `0.0.0` where the code runs unbundled. */
export const version = typeof LAYERWISE_VERSION === 'string' ? LAYERWISE_VERSION : '0.0.0';
