import assert from 'node:assert/strict';
import { formatCheckstyle } from '../../server/report/checkstyle.js';
import { formatJunit } from '../../server/report/junit.js';
import { readXml } from './read-xml.js';
import { fileResult, input, linted, nastyInput, nastyMessages, nastyPaths } from './sample.js';

/** What XML can hold of a text. */
function inXml(text: string): string {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}

describe('checkstyle report', () => {
  it('lists every file with its findings', () => {
    const root = readXml(formatCheckstyle(input(linted('FROM a\nCOPY «.» .\n'), fileResult({ path: 'clean' }))));
    assert.deepEqual([root.name, root.attributes], ['checkstyle', { version: '4.3' }]);
    assert.deepEqual(
      root.children.map((file) => [file.attributes.name, file.children.map((error) => error.attributes)]),
      [
        [
          'Dockerfile',
          [
            {
              line: '2',
              column: '6',
              severity: 'warning',
              message: 'every source edit re-runs npm ci',
              source: 'layerwise.copy-before-install',
            },
          ],
        ],
        ['clean', []],
      ],
    );
  });

  it('reads back as it was, whatever paths and messages hold', () => {
    const root = readXml(formatCheckstyle(nastyInput()));
    assert.deepEqual(
      root.children.map((file) => file.attributes.name),
      [...nastyPaths.map(inXml), 'clean'],
    );
    const messages = new Set(root.children[0]?.children.map((error) => error.attributes.message));
    assert.deepEqual(messages, new Set(nastyMessages.map(inXml)));
  });
});

describe('JUnit report', () => {
  it('has a failed case per finding and a passed one per clean file', () => {
    const root = readXml(formatJunit(input(linted('FROM a\nCOPY «.» «.»\n'), fileResult({ path: 'clean' }))));
    assert.deepEqual(root.attributes, { name: 'layerwise', tests: '3', failures: '2', errors: '0' });
    const [suite, clean] = root.children;
    assert.deepEqual(suite?.attributes, { name: 'Dockerfile', tests: '2', failures: '2', errors: '0', skipped: '0' });
    assert.deepEqual(suite?.children[0]?.attributes, {
      name: 'copy-before-install 2:6',
      classname: 'Dockerfile',
      file: 'Dockerfile',
      line: '2',
    });
    assert.equal(suite?.children[0]?.children[0]?.name, 'failure');
    assert.deepEqual(
      clean?.children.map(({ name, children }) => [name, children]),
      [['testcase', []]],
    );
  });

  it('tells message, evidence, savings and fix', () => {
    const result = linted('«a»\nb', {
      evidence: [{ text: 'look here', span: { start: 2, end: 3 } }],
      fixes: [{ title: 'Mend it', safety: 'unsafe', caveat: 'it may hurt', edits: [] }],
      savings: { trigger: 'an edit', rebuilds: [1], seconds: 7, basis: 'context' },
    });
    const failure = readXml(formatJunit(input(result))).children[0]?.children[0]?.children[0];
    assert.deepEqual(failure?.text.split('\n').slice(0, -1), [
      'Dockerfile:1:1',
      'every source edit re-runs npm ci',
      '- line 2: look here',
      'Saves: an edit no longer re-runs line 2: about 7 s less (estimated from the build context)',
      'Fix (unsafe): Mend it; it may hurt',
    ]);
  });

  it('reads back as it was, whatever paths and messages hold', () => {
    const suites = readXml(formatJunit(nastyInput())).children;
    assert.deepEqual(
      suites.map((suite) => suite.attributes.name),
      [...nastyPaths.map(inXml), 'clean'],
    );
    const failures = suites[0]?.children.map((one) => one.children[0]);
    assert.deepEqual(new Set(failures?.map((one) => one?.attributes.message)), new Set(nastyMessages.map(inXml)));
  });
});
