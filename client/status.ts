import { Disposable, LanguageStatusSeverity, languages, window } from 'vscode';
import { documentSelector } from './client-options.js';
import { commandNames } from './command-names.js';
import type { Server } from './server.js';

/** Layerwise's line behind the braces in the status bar: what it found in the open file, its version, and the log. */
export function showStatus(server: Server, version: string): Disposable {
  const item = languages.createLanguageStatusItem('layerwise.status', documentSelector);
  item.name = 'Layerwise';
  item.command = { command: commandNames.showOutput, title: 'Show Log' };

  const update = () => {
    const { text, severity } = stateOf(server);
    item.text = text;
    item.severity = severity;
    item.detail = `Layerwise ${version}`;
    item.busy = server.state === 'starting' || (server.status?.busy ?? false);
  };
  update();
  return Disposable.from(
    item,
    server.onDidChange(update),
    languages.onDidChangeDiagnostics(update),
    window.onDidChangeActiveTextEditor(update),
  );
}

function stateOf(server: Server): { text: string; severity: LanguageStatusSeverity } {
  const { Error: error, Warning: warning, Information: information } = LanguageStatusSeverity;
  switch (server.state) {
    case 'failed':
      return { text: `Layerwise did not start: ${server.failure}`, severity: error };
    case 'starting':
      return { text: 'Layerwise starts', severity: information };
    case 'stopped':
      return { text: 'Layerwise is stopped', severity: warning };
    case 'running':
      return server.status?.problem
        ? { text: server.status.problem, severity: warning }
        : { text: findingsText(), severity: information };
  }
}

function findingsText(): string {
  const document = window.activeTextEditor?.document;
  if (!document) return 'Layerwise';
  const findings = languages.getDiagnostics(document.uri).filter(({ source }) => source === 'layerwise').length;
  return findings === 0 ? 'No findings' : findings === 1 ? '1 finding' : `${findings} findings`;
}
