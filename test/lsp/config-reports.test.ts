import assert from 'node:assert/strict';
import type { PublishDiagnosticsParams } from 'vscode-languageserver';
import { resolveConfig } from '../../server/core/config.js';
import { ConfigReports } from '../../server/lsp/config-reports.js';
import { rules } from '../../server/rules/index.js';

/** The reports of a server, and the files that show a mistake in the editor. */
function reports({ tellsChanges = true } = {}) {
  const shown = new Set<string>();
  const sendDiagnostics = async ({ uri, diagnostics }: PublishDiagnosticsParams) => {
    if (diagnostics.length > 0) shown.add(uri);
    else shown.delete(uri);
  };
  const all = new ConfigReports({ sendDiagnostics }, tellsChanges);
  /** The document goes by these config files; a `!` stands before those with a mistake. */
  const lint = (document: string, ...files: string[]) =>
    all.report(document, {
      config: resolveConfig(rules, []),
      configUris: files.map((file) => file.replace('!', '')),
      configFiles: files.map((file) => ({
        uri: file.replace('!', ''),
        text: '{}',
        problems: file.startsWith('!') ? [{ message: 'unknown rule', span: { start: 0, end: 1 } }] : [],
      })),
    });
  return { all, lint, shown: () => [...shown] };
}

describe('reports of config files', () => {
  it('go when the mistake is mended', () => {
    const { lint, shown } = reports();
    lint('Dockerfile', '!config');
    assert.deepEqual(shown(), ['config']);
    lint('Dockerfile', 'config');
    assert.deepEqual(shown(), []);
  });

  it('go when no document goes by the file any more', () => {
    const { lint, shown } = reports();
    lint('a/Dockerfile', '!base', 'config');
    lint('b/Dockerfile', '!base');
    lint('a/Dockerfile', 'config');
    assert.deepEqual(shown(), ['base']);
    lint('b/Dockerfile');
    assert.deepEqual(shown(), []);
  });

  it('stay when the document is closed, until a file of its config changes', () => {
    const { all, lint, shown } = reports();
    lint('Dockerfile', '!base', 'config');
    all.closed('Dockerfile');
    all.changed('package.json', false);
    assert.deepEqual(shown(), ['base']);
    all.changed('config', false);
    assert.deepEqual(shown(), []);
  });

  it('go with the document where nobody tells of changes', () => {
    const { all, lint, shown } = reports({ tellsChanges: false });
    lint('Dockerfile', '!config');
    all.closed('Dockerfile');
    assert.deepEqual(shown(), []);
  });

  it('stay after a change while a document is open that is linted anew', () => {
    const { all, lint, shown } = reports();
    lint('Dockerfile', '!config');
    all.closed('Dockerfile');
    lint('Dockerfile', '!config');
    all.changed('config', false);
    assert.deepEqual(shown(), ['config']);
  });

  it('go with the file', () => {
    const { all, lint, shown } = reports();
    lint('Dockerfile', '!config');
    all.changed('config', true);
    assert.deepEqual(shown(), []);
  });

  it('go when the settings change, and come back with what they leave on', () => {
    const { all, lint, shown } = reports();
    lint('a/Dockerfile', '!config');
    lint('b/Dockerfile', '!other');
    all.clear();
    assert.deepEqual(shown(), []);
    lint('b/Dockerfile', '!other');
    assert.deepEqual(shown(), ['other']);
  });
});
