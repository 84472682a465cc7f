import assert from 'node:assert/strict';
import { createContext, type MemoryFiles, memorySource } from '../../server/model/context.js';
import { versionHint } from '../../server/model/version-hint.js';

function hint(repository: string, files: MemoryFiles, dockerfile = 'Dockerfile'): string | undefined {
  const context = createContext({ name: '.', origin: 'folder', dockerfile, source: memorySource(files) });
  const found = versionHint(repository, context);
  return found && `${found.version} ${found.path}`;
}

describe('versionHint', () => {
  it('reads the files in which projects name versions', () => {
    assert.equal(hint('node', { '.nvmrc': 'v22.1\n' }), '22.1 .nvmrc');
    assert.equal(hint('node', { '.tool-versions': 'ruby 3.4.1\nnodejs 22.1.0\n' }), '22.1.0 .tool-versions');
    assert.equal(hint('golang', { 'go.mod': 'module x\n\ngo 1.24\n\ntoolchain go1.24.3\n' }), '1.24.3 go.mod');
    assert.equal(hint('ruby', { '.ruby-version': 'ruby-3.4.1\n' }), '3.4.1 .ruby-version');
    assert.equal(
      hint('rust', { 'rust-toolchain.toml': '[toolchain]\nchannel = "1.90"\n' }),
      '1.90 rust-toolchain.toml',
    );
  });

  it('reads the channel of Rust in any way that TOML has', () => {
    assert.equal(
      hint('rust', { 'rust-toolchain.toml': "toolchain = { channel = '1.90.1' }\n" }),
      '1.90.1 rust-toolchain.toml',
    );
    assert.equal(
      hint('rust', { 'rust-toolchain': '[toolchain] # ours\r\n  channel = "1.90"\r\n' }),
      '1.90 rust-toolchain',
    );
    assert.equal(hint('rust', { 'rust-toolchain': '1.90\n' }), '1.90 rust-toolchain');
    assert.equal(hint('rust', { 'rust-toolchain.toml': '[other]\nchannel = "1.90"\n' }), undefined);
    assert.equal(hint('rust', { 'rust-toolchain.toml': '[toolchain]\nchannel = "stable"\n' }), undefined);
  });

  it("prefers the Dockerfile's folder to the root", () => {
    const files = { '.nvmrc': '20\n', 'web/.nvmrc': '22\n' };
    assert.equal(hint('node', files, 'web/Dockerfile'), '22 web/.nvmrc');
    assert.equal(hint('node', files, 'api/Dockerfile'), '20 .nvmrc');
  });

  it('says nothing of names and ranges', () => {
    assert.equal(hint('node', { '.nvmrc': 'lts/jod\n' }), undefined);
    assert.equal(hint('python', { '.python-version': '>=3.12\n' }), undefined);
    assert.equal(hint('nginx', { '.nvmrc': '22\n' }), undefined);
  });
});
