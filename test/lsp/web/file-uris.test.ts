import assert from 'node:assert/strict';
import { pathOfUri } from '../../../server/lsp/file-uri.js';
import { fileUri, ownUri } from '../../../server/lsp/web/file-uris.js';
import { uriOf } from '../../../server/report/uri.js';

describe('URIs of the worker', () => {
  const uris = [
    'vscode-vfs://github/layerwise/layerwise/Dockerfile',
    'vscode-vfs://github%2B7b2276223a317d/a/b/x%20y/Dockerfile',
    'file:///c%3A/work/Dockerfile',
    'memfs:/Dockerfile',
    'vscode-remote://localhost:8080/work/caf%C3%A9/Dockerfile',
  ];
  for (const uri of uris) {
    it(`gives ${uri} a path and finds it again`, () => {
      const path = pathOfUri(fileUri(uri), false) ?? assert.fail();
      assert.ok(path.endsWith('/Dockerfile'));
      assert.equal(ownUri(fileUri(uri)), uri);
      assert.equal(ownUri(uriOf(path)), uri);
    });
  }

  it('keeps places apart', () => {
    assert.notEqual(fileUri('a://b/c'), fileUri('a://d/c'));
  });

  it('leaves what has no folders alone', () => {
    assert.equal(fileUri('untitled:Untitled-1'), 'untitled:Untitled-1');
    assert.equal(ownUri('untitled:Untitled-1'), 'untitled:Untitled-1');
  });
});
