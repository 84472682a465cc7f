import { VirtualDisk } from './virtual-disk.js';

/** The one disk of the worker: what stands in for `node:fs` reads it, and the host fills it. */
export const disk = new VirtualDisk();
