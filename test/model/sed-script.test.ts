import assert from 'node:assert/strict';
import { mayTouchFiles } from '../../server/model/effects/sed-script.js';

describe('A script of sed', () => {
  for (const script of [
    's/a/b/',
    's|^host = .*$|host = "w r/e"|g',
    's,a\\,b,c,2I;s#/x#/y#',
    '/^#/d',
    '1,/^$/d; $!N; 0~3p',
    '/a/I,+2{s/b/c/;n;d}',
    '\\|/usr/bin|s/a/b/',
    '$a write w x',
    '1i\\first',
    '/x/c\\\n  new\\\n  lines\ns/a/b/',
    ':top; /a$/{N;b top}; y/abc/xyz/',
    's/a/b/ # what it is for',
    's/x/first\\\nsecond/',
    '2q',
    '',
  ])
    it(`touches nothing: ${JSON.stringify(script)}`, () => assert.equal(mayTouchFiles(script), false));

  for (const script of [
    'w out',
    '1wout',
    '$r/etc/hosts',
    '/a/rout',
    's/a/b/w out',
    's|a|b|gwout',
    's/a/make/e',
    '1e make',
    '/a/{p;w out\n}',
    's/a/b/;W out',
    's/a/b',
    '/a',
    'k',
  ])
    it(`may touch files: ${JSON.stringify(script)}`, () => assert.equal(mayTouchFiles(script), true));
});
