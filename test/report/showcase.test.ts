import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unifiedDiff } from '../../server/report/diff.js';
import { formats } from '../../server/report/formats.js';
import { root } from '../helpers/root.js';
import { showcase } from './showcase.js';

const folder = join(root, 'fixtures/report');

/** Reports that people have read and found good; after a wanted change run with UPDATE_FIXTURES=1 and read them again. */
function isAsKept(name: string, text: string): void {
  const file = join(folder, name);
  if (process.env.UPDATE_FIXTURES === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  assert.equal(text, readFileSync(file, 'utf8'));
}

describe('reports of a small repository', () => {
  const endings = { pretty: 'txt', github: 'txt', checkstyle: 'xml', junit: 'xml', markdown: 'md' };
  for (const [name, load] of Object.entries(formats)) {
    const ending = Object.entries(endings).find(([format]) => format === name)?.[1] ?? 'json';
    it(`${name} reads as it was proofread`, async () => {
      const format = await load();
      isAsKept(`${name}.${ending}`, format(showcase));
    });
  }

  it('diff reads as it was proofread', () => {
    const diffs = showcase.results.map(({ path, text, findings }) => {
      const safe = findings.flatMap(({ fixes }) => fixes.filter(({ safety }) => safety === 'safe'));
      return unifiedDiff(
        path,
        text,
        safe.flatMap(({ edits }) => edits),
      );
    });
    isAsKept('fixes.diff', diffs.join(''));
  });
});
