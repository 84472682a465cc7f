import assert from 'node:assert/strict';
import { resolveConfig } from '../../../server/core/config.js';
import { lintSource } from '../../../server/core/engine.js';
import { createContext } from '../../../server/model/context.js';
import { type MemoryFiles, memorySource } from '../../../server/model/memory-source.js';
import { dockerfileBustsCopy } from '../../../server/rules/context/dockerfile-busts-copy.js';
import { testRule } from '../../helpers/rule-tester.js';

testRule(dockerfileBustsCopy, {
  valid: [
    ...['COPY Dockerfile .dockerignore /x/', 'ONBUILD COPY Dockerfile .dockerignore /x/'].map((copy) => ({
      name: `what another COPY names has to be sent: ${copy}`,
      code: `FROM a\n${copy}\nCOPY . .\nRUN make\n`,
      files: { '.dockerignore': '' },
    })),
    {
      name: 'both ignored',
      code: 'FROM a\nCOPY . .\nRUN make\n',
      files: { '.dockerignore': 'Dockerfile*\n.dockerignore\n' },
    },
    { name: 'nothing runs below', code: 'FROM a\nRUN make\nCOPY . .\nCMD ["x"]\n', files: { '.dockerignore': '' } },
    { name: 'a folder is copied', code: 'FROM a\nCOPY src .\nRUN make\n', files: { '.dockerignore': '', 'src/a': '' } },
    { name: 'no ignore file: there is more to say then', code: 'FROM a\nCOPY . .\nRUN make\n', files: {} },
    {
      name: 'what runs below is quick',
      code: 'FROM a\nCOPY . .\nRUN chmod +x run.sh && mkdir /data\n',
      files: { '.dockerignore': '' },
    },
    { name: 'named on purpose', code: 'FROM a\nCOPY Dockerfile /\nRUN make\n', files: {} },
  ],
  invalid: [
    {
      code: 'FROM a\nCOPY «.» .\nRUN make\nRUN make test\n',
      files: { '.dockerignore': 'dist\n' },
      message: 'COPY . takes Dockerfile and .dockerignore: editing them re-runs this step and 2 RUNs below',
      safety: 'unsafe',
      fixedFiles: { '.dockerignore': 'dist\nDockerfile\n.dockerignore\n' },
    },
    {
      name: 'once for a file, with all that it takes',
      code: 'FROM a AS b\nCOPY «.» .\nRUN make\nFROM a\nCOPY . .\nRUN make\n',
      files: { '.dockerignore': '' },
      fixedFiles: { '.dockerignore': 'Dockerfile\n.dockerignore\n' },
    },
  ],
});

describe('dockerfile-busts-copy, of a Dockerfile in a folder', () => {
  const text = 'FROM a\nCOPY . .\nRUN make\n';

  function finding(files: MemoryFiles) {
    const memory = memorySource({ 'docker/Dockerfile': text, '.dockerignore': '.dockerignore\n', ...files });
    // As on disk, a link is read through.
    const linked = files['.dockerignore'];
    const read = (path: string) =>
      path === '.dockerignore' && typeof linked === 'object' ? linked.text : memory.read(path);
    const source = { ...memory, read };
    const context = createContext({ name: '.', origin: 'folder', dockerfile: 'docker/Dockerfile', source });
    const config = resolveConfig([dockerfileBustsCopy], [{ origin: 'test', config: {} }]);
    const { findings } = lintSource({ path: 'docker/Dockerfile', text, kind: 'dockerfile', context }, config);
    return findings[0];
  }

  it('ignores all Dockerfiles of that name with one pattern', () => {
    const fix = finding({ 'web/Dockerfile': '', 'src/Dockerfile.ts': '' })?.fixes[0];
    assert.deepEqual(
      fix?.edits.map(({ file, text: added }) => [file, added]),
      [['.dockerignore', '**/Dockerfile\n']],
    );
    assert.equal(fix?.caveat, '**/Dockerfile is no longer copied into the image');
  });

  it('says why there is no fix where the ignore file is a link', () => {
    const found = finding({ '.dockerignore': { link: '.gitignore', text: 'dist\n' } });
    assert.deepEqual(found?.fixes, []);
    assert.match(found?.evidence[0]?.text ?? '', /^no fix: .dockerignore is no file of the build context, or a link/);
  });
});
