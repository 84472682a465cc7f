import assert from 'node:assert/strict';
import { isInFolder, nameOfUri, pathOfUri, uriBeside } from '../../server/lsp/file-uri.js';
import { kindOfDocument } from '../../server/lsp/opened.js';

describe('file URIs', () => {
  it('become paths of the system', () => {
    assert.equal(pathOfUri('file:///a/b%20c/Dockerfile', false), '/a/b c/Dockerfile');
    assert.equal(pathOfUri('file:///c%3A/work/Dockerfile', true), 'c:\\work\\Dockerfile');
    assert.equal(pathOfUri('file:///C:/work/Dockerfile', true), 'C:\\work\\Dockerfile');
    assert.equal(pathOfUri('file://server/share/Dockerfile', true), '\\\\server\\share\\Dockerfile');
  });

  it('that name no file have no path', () => {
    for (const uri of [
      'untitled:Untitled-1',
      'vscode-vfs://github/a/b',
      'file:///%E0%A4%A',
      'file:///a%00b',
      'file://host/x',
      '',
    ]) {
      assert.equal(pathOfUri(uri, false), undefined, uri);
    }
    assert.equal(pathOfUri('file:///no/drive', true), undefined);
  });

  it('of neighbours are written as the client writes them', () => {
    assert.equal(uriBeside('file:///c%3A/work/api/Dockerfile', '.dockerignore'), 'file:///c%3A/work/api/.dockerignore');
    assert.equal(uriBeside('file:///c%3A/work/api/Dockerfile', '../a b/#x'), 'file:///c%3A/work/a%20b/%23x');
    assert.equal(uriBeside('vscode-vfs://github/o/r/Dockerfile', 'src/a'), 'vscode-vfs://github/o/r/src/a');
    assert.equal(uriBeside('file:///Dockerfile', '../../x'), 'file:///x');
  });

  it('have names and folders', () => {
    assert.equal(nameOfUri('file:///a/my%20Dockerfile?x#y'), 'my Dockerfile');
    assert.equal(nameOfUri('untitled:Untitled-1'), 'Untitled-1');
    assert.equal(isInFolder('file:///a/b', 'file:///a/b/c'), true);
    assert.equal(isInFolder('file:///a/b/', 'file:///a/b'), true);
    assert.equal(isInFolder('file:///a/b', 'file:///a/bc'), false);
  });
});

describe('kind of a document', () => {
  it('goes by the name, then by the language', () => {
    assert.equal(kindOfDocument('file:///a/.dockerignore', 'ignore'), 'dockerignore');
    assert.equal(kindOfDocument('file:///a/api.Dockerfile.dockerignore', 'dockerfile'), 'dockerignore');
    assert.equal(kindOfDocument('untitled:1', 'dockerignore'), 'dockerignore');
    assert.equal(kindOfDocument('file:///a/Dockerfile.prod', 'plaintext'), 'dockerfile');
    assert.equal(kindOfDocument('file:///a/build', 'dockerfile'), 'dockerfile');
    assert.equal(kindOfDocument('file:///a/build', 'python'), undefined);
  });

  it('is none for views of other versions', () => {
    assert.equal(kindOfDocument('git:/a/Dockerfile?x', 'dockerfile'), undefined);
    assert.equal(kindOfDocument('gitlens://x/Dockerfile', 'dockerfile'), undefined);
  });
});
