import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseText } from '../../server/syntax/shell-view.js';
import { literalValue } from '../../server/syntax/shell-words.js';

const pieces = fc.constantFrom(
  'a',
  '1',
  '/',
  '.',
  '-',
  '=',
  '"',
  '$A',
  '$_b1',
  '$' + '{A}',
  '$',
  '{',
  "'",
  '\\',
  '*',
  '@(',
  ')',
);

describe('literalValue', () => {
  it('is undefined where the parser finds an expansion, and only there', () => {
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 8 }), (parts) => {
        const script = parseText(`echo x${parts.join('')}`);
        const command = script.commands[0]?.command;
        const word = command?.type === 'Command' ? command.args[0] : undefined;
        fc.pre(word?.type === 'Word' && script.commands.length === 1);
        const hasExpansion = /"type":"\w*Expansion"/.test(JSON.stringify(word.parts ?? []));
        assert.equal(literalValue(word) === undefined, hasExpansion, word.text);
      }),
      { numRuns: 500 },
    );
  });
});
