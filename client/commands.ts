import {
  type CodeAction,
  commands,
  type Disposable,
  type LogOutputChannel,
  Range,
  Uri,
  window,
  workspace,
} from 'vscode';
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

/**
 * The safe fixes of the open file, as `source.fixAll.layerwise` on save applies them. Not by `editor.action.sourceAction`, which gives
 * up without a word where the focus comes back to the editor meanwhile.
 */
async function fixAll(): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (!document) return;
  const whole = new Range(0, 0, document.lineCount, 0);
  const actions = await commands.executeCommand<readonly CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    whole,
    fixAllKind,
    1,
  );
  const edit = actions.find(({ kind }) => kind?.value === fixAllKind)?.edit;
  if (!edit) void window.showInformationMessage('Layerwise: there is nothing to fix safely in this file');
  else if (!(await workspace.applyEdit(edit))) throw new Error('the file has changed meanwhile; run the command again');
}
