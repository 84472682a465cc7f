import assert from 'node:assert/strict';
import { buildOf } from '../../server/model/build.js';
import { createContext, type MemoryFiles, memorySource } from '../../server/model/context.js';
import { type Landing, landingOf } from '../../server/model/landing.js';
import { contextTransfers } from '../../server/model/transfers.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

const files: MemoryFiles = {
  'package.json': '',
  'src/a.ts': '',
  'src/deep/b.ts': '',
  'docker/x.conf': '',
  'secret.txt': '',
  '.dockerignore': 'secret.txt\n',
};

function landing(line: string, workdir = '/app'): Landing {
  const build = buildOf(parseDockerfile(`FROM a\nARG UNSET\nENV OUT=/out\nWORKDIR ${workdir}\n${line}\n`));
  const context = createContext({ name: '.', origin: 'folder', source: memorySource(files) });
  const [transfer] = contextTransfers(build);
  const found = transfer && landingOf(build, context, transfer);
  assert.ok(found, line);
  return found;
}

describe('landingOf', () => {
  const table: readonly [string, string, string | undefined][] = [
    ['COPY . .', 'src/a.ts', '/app/src/a.ts'],
    ['COPY . .', 'secret.txt', undefined],
    ['COPY src /srv', 'src/deep/b.ts', '/srv/deep/b.ts'],
    ['COPY src /srv', 'package.json', undefined],
    ['COPY package.json ./', 'package.json', '/app/package.json'],
    ['COPY package.json other.json', 'package.json', '/app/other.json'],
    ['COPY package.json docker/x.conf $OUT/', 'docker/x.conf', '/out/x.conf'],
    ['COPY package*.json /app', 'package.json', '/app/package.json'],
    ['COPY --exclude=src . .', 'src/a.ts', undefined],
    ['COPY --parents src/deep ./', 'src/deep/b.ts', '/app/src/deep/b.ts'],
    ['COPY . /', 'docker/x.conf', '/docker/x.conf'],
  ];
  for (const [line, path, place] of table) {
    it(`${line}: ${path} → ${place ?? 'not taken'}`, () => {
      const found = landing(line);
      assert.equal(found.imagePathOf(path), place);
      if (place !== undefined) assert.equal(found.contextPathOf(place), path);
    });
  }

  it('knows no context path of a place where nothing lands', () => {
    assert.equal(landing('COPY . .').contextPathOf('/app/missing'), undefined);
    assert.equal(landing('COPY . .').contextPathOf('/app/secret.txt'), undefined);
    assert.equal(landing('COPY . .').contextPathOf('/srv'), undefined);
  });

  it('is not known where a variable decides', () => {
    const build = buildOf(parseDockerfile('FROM a\nARG UNSET\nCOPY . $UNSET\n'));
    const context = createContext({ name: '.', origin: 'folder', source: memorySource(files) });
    const [transfer] = contextTransfers(build);
    assert.ok(transfer);
    assert.equal(landingOf(build, context, transfer), undefined);
  });
});
