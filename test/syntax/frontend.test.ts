import assert from 'node:assert/strict';
import { hasOlderFrontend } from '../../server/syntax/frontend.js';

describe('hasOlderFrontend', () => {
  const cases: Readonly<Record<string, boolean>> = {
    'FROM a\n': false,
    '# syntax=docker/dockerfile:1\nFROM a\n': false,
    '# syntax=docker/dockerfile:1.6\nFROM a\n': false,
    '# syntax=docker/dockerfile:1.10-labs\nFROM a\n': false,
    '# syntax=docker/dockerfile:2.0\nFROM a\n': false,
    '# syntax=docker/dockerfile:1.5.2\nFROM a\n': true,
    '#!/bin/x\n# escape=`\n# syntax = docker/dockerfile:1.0-experimental\nFROM a\n': true,
    'FROM a\n# syntax=docker/dockerfile:1.5\n': false,
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(`${expected ? 'is' : 'is not'} so for ${JSON.stringify(text)}`, () =>
      assert.equal(hasOlderFrontend(text, 1, 6), expected));
  }
});
