import assert from 'node:assert/strict';
import { fix, order, rebuild } from '../server/index.js';

const text = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n';
const files = {
  'package.json': '{"dependencies": {"left": "1.0.0"}}',
  'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/left": {}}}',
  'src/a.js': 'one',
  '.dockerignore': 'node_modules\nDockerfile\n',
};
const statesOf = ({ steps }: ReturnType<typeof rebuild>) => steps.map(({ state }) => state);

describe('the library', () => {
  it('says what re-runs between two builds', () => {
    const before = { text, files };
    assert.deepEqual(statesOf(rebuild(before, before)), ['cached', 'cached', 'cached', 'cached']);
    const after = { text, files: { ...files, 'src/a.js': 'two' } };
    assert.deepEqual(statesOf(rebuild(before, after)), ['cached', 'rebuilt', 'rebuilt', 'rebuilt']);
    const labelled = { text: text.replace('WORKDIR', 'LABEL a=b\nWORKDIR'), files };
    assert.deepEqual(statesOf(rebuild(before, labelled)), ['cached', 'cached', 'cached', 'cached']);
    assert.ok(statesOf(rebuild(before, labelled, 'classic')).includes('rebuilt'));
  });

  it('knows build arguments and targets', () => {
    const build = { text: 'FROM a AS one\nARG V\nRUN make $V\nFROM a\nRUN test\n', buildArgs: { V: '1' } };
    const states = statesOf(rebuild(build, { ...build, buildArgs: { V: '2' }, target: 'one' }));
    assert.deepEqual(states, ['rebuilt', 'not-needed']);
  });

  it('proposes an order', () => {
    const commits = Array.from({ length: 20 }, () => ['src/a.js']);
    const proposal = order({ text, files, commits });
    assert.equal(
      proposal?.text,
      'FROM node:22\nWORKDIR /app\nCOPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n',
    );
    assert.equal(order({ text: 'FROM a\nCOPY\n', files, commits }), undefined);
  });

  describe('a file whose last line ends in an escape character', () => {
    const open: Record<string, string> = {
      'metadata-early': 'FROM node:22\nLABEL a=1\nRUN npm ci \\\n',
      'volatile-arg-early': 'FROM debian:12\nARG GIT_SHA\nRUN apt-get update && apt-get install -y git \\',
      'copy-before-install': 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci \\ \n\n# the end\n',
      'chown-after-copy': 'FROM debian:12\nCOPY . /app\nRUN useradd -m app && chown -R app:app /app \\\n',
    };
    for (const [rule, one] of Object.entries(open)) {
      const config = { builder: 'buildah', cacheStrategy: 'clean' } as const;
      const fixed = (source: string) =>
        fix(
          { path: 'Dockerfile', text: source, files: { ...files, 'data.bin': 'x'.repeat(200_000) }, config },
          { unsafe: true, only: [rule] },
        ).text;
      it(`gets nothing behind that by ${rule}`, () => {
        assert.equal(fixed(one), one);
        const closed = one.replace(/ ?\\[\s\S]*$/, '\n');
        assert.notEqual(fixed(closed), closed);
      });
    }

    it('keeps the fixes above', () => {
      const one = 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y git \\\n';
      const fixed = 'FROM debian:12\nRUN apt-get update && apt-get install -y git \\\n';
      assert.equal(fix({ path: 'Dockerfile', text: one }).text, fixed);
    });

    it('gets no other order', () => {
      const commits = Array.from({ length: 20 }, () => ['src/a.js']);
      assert.deepEqual(order({ text: `${text.trimEnd()} \\\n`, files, commits })?.edits, []);
    });
  });
});
