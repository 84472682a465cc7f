/** Raised where this machine cannot run an engine; the message says why. */
export class NoEngine extends Error {}
