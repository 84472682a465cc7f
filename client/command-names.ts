import { clientCommands } from '../server/lsp/protocol.js';

/** As in `contributes.commands` of the manifest. */
export const commandNames = {
  restart: 'layerwise.restart',
  showOutput: 'layerwise.showOutput',
  fixAll: 'layerwise.fixAll',
  explainRule: clientCommands.explainRule,
  createConfig: 'layerwise.createConfig',
  collectDebugInformation: 'layerwise.collectDebugInformation',
} as const;
