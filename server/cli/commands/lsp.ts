import type { CliResult } from '../io.js';

/** `layerwise lsp`: the server takes the process over and ends it itself when the client is done. */
export async function runLsp(): Promise<CliResult> {
  await import('../../lsp/main.js');
  return new Promise(() => {});
}
