import assert from 'node:assert/strict';
import type { Connection } from 'vscode-languageserver';
import { ConfigWatch } from '../../server/lsp/config-watch.js';

/** The patterns that the client is asked to watch. */
function asked(client: { readonly watchesFiles: boolean; readonly watchesOutside: boolean }, ...used: string[][]) {
  const patterns: unknown[] = [];
  const register = async (_: unknown, { watchers }: { watchers: { globPattern: unknown }[] }) => {
    patterns.push(...watchers.map(({ globPattern }) => globPattern));
  };
  const connection = { client: { register } } as unknown as Connection;
  const watch = new ConfigWatch(connection, client, () => ['file:///a/project']);
  for (const uris of used) watch.use(uris);
  return patterns;
}

const able = { watchesFiles: true, watchesOutside: true };

describe('the watch over config files', () => {
  it('asks once for what a config extends', () => {
    const used = ['file:///a/project/.layerwise.jsonc', 'file:///a/project/shared/base.jsonc'];
    assert.deepEqual(asked(able, used, used), [{ baseUri: 'file:///a/project/shared', pattern: 'base.jsonc' }]);
  });

  it('asks for a config above the workspace', () => {
    assert.deepEqual(asked(able, ['file:///a/.layerwise.jsonc']), [
      { baseUri: 'file:///a', pattern: '.layerwise.jsonc' },
    ]);
  });

  it('asks by name where the client knows no other way', () => {
    const client = { watchesFiles: true, watchesOutside: false };
    assert.deepEqual(asked(client, ['file:///a/project/lint%20%5B1%5D.jsonc']), ['**/lint ?1?.jsonc']);
  });

  it('asks for nothing where the client watches nothing', () => {
    assert.deepEqual(asked({ watchesFiles: false, watchesOutside: false }, ['file:///a/project/base.jsonc']), []);
  });
});
