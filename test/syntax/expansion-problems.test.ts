import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { expansionProblem } from '../../server/syntax/expansion-problems.js';
import { expandWord, unknown } from '../../server/syntax/variables.js';

const name = `{A}`;
const pieces = fc.constantFrom(
  'a',
  '/',
  ':',
  '=',
  '"',
  '"',
  '$A',
  '$_b',
  `$${name}`,
  '$',
  '{',
  '}',
  "'",
  '`',
  '<',
  'é',
);

describe('expansionProblem', () => {
  it('finds one wherever the expansion fails, and only there', () => {
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 8 }), (parts) => {
        const text = `x${parts.join('')}`;
        const [, instruction] = parseDockerfile(`FROM scratch\nWORKDIR ${text}\n`).instructions;
        assert.ok(instruction);
        const { error } = expandWord(text, () => unknown, { escape: '\\' });
        assert.equal(expansionProblem(instruction, '\\') !== undefined, error !== undefined, text);
      }),
      { numRuns: 500 },
    );
  });
});
