import { commands, type Disposable, type LogOutputChannel, Uri, window } from 'vscode';
import { fixAllKind } from '../server/lsp/protocol.js';
import { commandNames } from './command-names.js';
import { createConfig } from './create-config.js';
import { showDebugInformation } from './debug-information.js';
import { showLayerHistory } from './layer-history.js';
import { ReRuns } from './re-runs.js';
import { explainRule } from './rule-page.js';
import type { Server } from './server.js';

export interface CommandHost {
  readonly server: Server;
  readonly log: LogOutputChannel;
  readonly version: string;
}

export function registerCommands({ server, log, version }: CommandHost): Disposable[] {
  const register = (name: string, run: (...args: unknown[]) => unknown) =>
    commands.registerCommand(name, async (...args: unknown[]) => {
      try {
        await run(...args);
      } catch (error) {
        log.error(`${name}: ${error}`);
        void window.showErrorMessage(`Layerwise: ${error instanceof Error ? error.message : error}`);
      }
    });
  const reRuns = new ReRuns(server);
  return [
    reRuns,
    register(commandNames.whatReRuns, (file) => reRuns.ask(file instanceof Uri ? file : undefined)),
    register(commandNames.clearReRuns, () => reRuns.clear()),
    register(commandNames.showLayerHistory, (uri) => showLayerHistory(server, uri)),
    register(commandNames.restart, () => server.restart()),
    register(commandNames.showOutput, () => log.show(true)),
    register(commandNames.fixAll, fixAll),
    register(commandNames.explainRule, (rule) => explainRule(server, typeof rule === 'string' ? rule : undefined)),
    register(commandNames.createConfig, () => createConfig(server)),
    register(commandNames.collectDebugInformation, () => showDebugInformation(server, version)),
  ];
}

/** The safe fixes of the open file, as `source.fixAll.layerwise` on save applies them. */
function fixAll(): Thenable<unknown> {
  return commands.executeCommand('editor.action.sourceAction', { kind: fixAllKind, apply: 'first' });
}
