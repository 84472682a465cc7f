import assert from 'node:assert/strict';
import { buildOf } from '../../server/model/build.js';
import { createContext, memorySource } from '../../server/model/context.js';
import { projectFiles } from '../../server/model/project-files.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

const source = memorySource({ 'package.json': '', 'web/package.json': '', 'web/yarn.lock': '' });

/** What the last RUN finds at the path. */
function ask(text: string, path: string): { path: string | undefined; elsewhere: boolean } {
  const build = buildOf(parseDockerfile(text));
  const run = build.file.instructions.findLast((one) => one.keyword === 'RUN');
  const stage = run && build.stageOf(run);
  assert.ok(run?.keyword === 'RUN' && stage);
  const files = projectFiles(build, createContext({ name: '.', origin: 'folder', source }));
  return { path: files.suppliedTo(run, stage, path)?.path, elsewhere: files.mayComeFromElsewhere(run, stage, path) };
}

describe('projectFiles', () => {
  it('finds the newest copy above the RUN', () => {
    assert.equal(
      ask('FROM a\nCOPY package.json /app/\nCOPY web /app\nRUN x\n', '/app/package.json').path,
      'web/package.json',
    );
    assert.equal(ask('FROM a\nRUN x\nCOPY package.json /app/\n', '/app/package.json').path, undefined);
  });

  it('looks into the stages below', () => {
    assert.equal(ask('FROM a AS b\nCOPY web /app\nFROM b\nRUN x\n', '/app/yarn.lock').path, 'web/yarn.lock');
    assert.equal(ask('FROM a AS b\nCOPY web /app\nFROM a\nRUN x\n', '/app/yarn.lock').path, undefined);
  });

  it('finds what is mounted', () => {
    const text = 'FROM a\nWORKDIR /app\nRUN --mount=type=bind,source=web/yarn.lock,target=yarn.lock x\n';
    assert.equal(ask(text, '/app/yarn.lock').path, 'web/yarn.lock');
  });

  it('says where another stage may have written', () => {
    assert.equal(ask('FROM a AS b\nFROM a\nCOPY --from=b /out /app\nRUN x\n', '/app/yarn.lock').elsewhere, true);
    assert.equal(ask('FROM a AS b\nFROM a\nCOPY --from=b /out /opt\nRUN x\n', '/app/yarn.lock').elsewhere, false);
  });
});
