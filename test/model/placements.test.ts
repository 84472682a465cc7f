import assert from 'node:assert/strict';
import { buildOf } from '../../server/model/build.js';
import { createContext, type MemoryFiles, memorySource } from '../../server/model/context.js';
import { placementBytes, placementsOf } from '../../server/model/placements.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

const files = { 'a.txt': 'x', 'dir/b.txt': 'xx', 'c.tar.gz': 'xxx' };

/** `type paths` of the last instruction. */
function placed(text: string, context: MemoryFiles | undefined = files): string[] {
  const build = buildOf(parseDockerfile(text));
  const last = build.file.instructions.at(-1);
  assert.ok(last && (last.keyword === 'COPY' || last.keyword === 'ADD'));
  return placementsOf(build, last, context && contextOf(context)).map(
    ({ type, paths }) => `${type} ${paths.join(' ')}`,
  );
}

function contextOf(tree: MemoryFiles) {
  return createContext({ name: '.', origin: 'folder', source: memorySource(tree) });
}

describe('placementsOf', () => {
  it('puts a file into a folder that is there for certain', () => {
    assert.deepEqual(placed('FROM a\nCOPY a.txt /tmp\n'), ['file /tmp/a.txt']);
    assert.deepEqual(placed('FROM a\nCOPY a.txt /x/\n'), ['file /x/a.txt']);
    assert.deepEqual(placed('FROM a\nWORKDIR /w\nCOPY a.txt .\n'), ['file /w/a.txt']);
    assert.deepEqual(placed('FROM a\nCOPY a.txt c.tar.gz /x\n'), ['file /x/a.txt', 'file /x/c.tar.gz']);
  });

  it('does not guess whether the destination is a folder', () => {
    assert.deepEqual(placed('FROM a\nCOPY a.txt /x\n'), ['file /x /x/a.txt']);
  });

  it('puts what is in a folder into the destination', () => {
    assert.deepEqual(placed('FROM a\nCOPY dir /x\n'), ['directory /x']);
    assert.deepEqual(placed('FROM a\nCOPY . /x\n'), ['directory /x']);
  });

  it('knows what ADD unpacks and fetches', () => {
    assert.deepEqual(placed('FROM a\nADD c.tar.gz /x/\n'), ['directory /x']);
    assert.deepEqual(placed('FROM a\nADD https://example.com/d.bin?x=1 /x/\n'), ['file /x/d.bin']);
    assert.deepEqual(placed('FROM a\nADD https://example.com/r.git#main /x\n'), ['directory /x']);
  });

  it('takes a heredoc by its name', () => {
    assert.deepEqual(placed('FROM a\nCOPY <<run.sh /bin/\nx\nrun.sh\n'), ['file /bin/run.sh']);
  });

  it('does not know of what kind the files of another stage are', () => {
    assert.deepEqual(placed('FROM a AS b\nFROM a\nCOPY --from=b /o/p /x/\n'), ['unknown /x /x/p']);
    assert.deepEqual(placed('FROM a AS b\nFROM a\nCOPY --from=b /o/ /x/\n'), ['directory /x']);
  });

  it('says nothing where it cannot be known, or nothing is copied', () => {
    assert.deepEqual(placed('FROM a\nCOPY a.txt $X/\n'), []);
    assert.deepEqual(placed('FROM a\nCOPY a.txt C:\\\\x\\\\\n'), []);
    assert.deepEqual(placed('FROM a\nCOPY a.txt /x/\n', { ...files, '.dockerignore': 'a.txt\n' }), []);
  });

  it('measures what is sent', () => {
    const build = buildOf(parseDockerfile('FROM a\nCOPY . /x\n'));
    const [, copy] = build.file.instructions;
    assert.ok(copy?.keyword === 'COPY');
    const context = contextOf({ ...files, '.dockerignore': '*\n!dir\n' });
    const [placement] = placementsOf(build, copy, context);
    assert.ok(placement);
    assert.equal(placementBytes(placement, context), 2);
    assert.equal(placementBytes(placement, undefined), undefined);
  });
});
