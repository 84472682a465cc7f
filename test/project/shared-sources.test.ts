import assert from 'node:assert/strict';
import path from 'node:path';
import { createSources } from '../../server/project/shared-sources.js';
import { scratchFolder } from '../helpers/scratch-folder.js';

describe('createSources', () => {
  const folder = scratchFolder();
  const names = (sources: ReturnType<typeof createSources>, root = folder.path) =>
    sources(root)
      .list('')
      .map((entry) => entry.path)
      .sort();

  it('lists a folder once for all contexts that share it', () => {
    folder.write({ a: '' });
    const sources = createSources();
    assert.deepEqual(names(sources), ['a']);
    folder.write({ b: '' });
    assert.deepEqual(names(sources), ['a']);
    assert.deepEqual(names(createSources()), ['a', 'b']);
  });

  it('reads texts afresh', () => {
    folder.write({ a: 'old' });
    const source = createSources()(folder.path);
    assert.equal(source.read('a'), 'old');
    folder.write({ a: 'new' });
    assert.equal(source.read('a'), 'new');
  });

  it('keeps what is in use and forgets what was not used for longest', () => {
    const roots = ['0', '1', '2', '3', '4'].map((name) => path.join(folder.write({ [`${name}/a`]: '' }), name));
    const [first = '', second = '', ...others] = roots;
    const sources = createSources();
    const before = [sources(first), sources(second)];
    for (const root of others) {
      sources(first);
      sources(root);
    }
    assert.equal(sources(first), before[0]);
    assert.notEqual(sources(second), before[1]);
  });
});
