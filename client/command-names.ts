import { clientCommands } from '../server/lsp/protocol.js';

/** As in `contributes.commands` of the manifest. */
export const commandNames = {
  restart: 'layerwise.restart',
  showOutput: 'layerwise.showOutput',
  fixAll: 'layerwise.fixAll',
  explainRule: clientCommands.explainRule,
  whatReRuns: 'layerwise.whatReRuns',
  clearReRuns: 'layerwise.clearReRuns',
  showLayerHistory: clientCommands.showLayerHistory,
  createConfig: 'layerwise.createConfig',
  collectDebugInformation: 'layerwise.collectDebugInformation',
} as const;
