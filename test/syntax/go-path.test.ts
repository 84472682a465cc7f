import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { cleanPath } from '../../server/syntax/go-path.js';

describe('cleanPath', () => {
  it('gives what Node gives, without the slash at the end', () => {
    const pieces = fc.array(fc.constantFrom('/', '/', '.', '..', 'a', 'b.c'), { maxLength: 10 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const given = parts.join('');
        assert.equal(cleanPath(given), path.posix.normalize(given).replace(/(?<=.)\/$/, ''), given);
      }),
      { numRuns: 1000 },
    );
  });
});
