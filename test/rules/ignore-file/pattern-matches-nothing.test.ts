import { patternMatchesNothing } from '../../../server/rules/ignore-file/pattern-matches-nothing.js';
import { testRule } from '../../helpers/rule-tester.js';

const files = { 'README.md': '', 'fixtures/big.bin': '', 'src/Legacy/old.js': '', 'src/index.js': '' };

testRule(patternMatchesNothing, {
  valid: [
    { name: 'not there in a fresh clone', code: 'dist\n.env\n*.log\ncoverage\n.git\n', files },
    { name: 'singular and plural may both be meant', code: 'fixture\n', files },
    { name: 'far from every name', code: 'secrets.txt\n', files },
    { name: 'it does match', code: 'README.md\nsrc/*\n', files },
    { name: 'an escaped character', code: 'a\\*b\n', files },
    { name: 'the right name is ignored already', code: 'README.md\nReadme.md\n', files },
  ],
  invalid: [
    {
      name: 'another case',
      code: '«readme.md»\n',
      files,
      message: 'upper and lower case count',
      safety: 'unsafe',
      fixed: 'README.md\n',
    },
    { name: 'another case inside', code: '«src/legacy/old.js»\n', files, fixed: 'src/Legacy/old.js\n' },
    { name: 'one letter off', code: '«fixtres»\n', files, message: 'did you mean fixtures?', fixed: 'fixtures\n' },
    { name: 'quotes', code: '«"src"»\n', files, message: 'quotes', fixed: 'src\n' },
    { name: 'a Windows path', code: '«fixtures\\big.bin»\n', files, fixed: 'fixtures/big.bin\n' },
    { name: 'braces', code: '«src/{a,b}»\n', files, message: 'braces', safety: 'none' },
    { name: 'above the context', code: '«../shared»\n', files, message: 'leads out', safety: 'none' },
    { name: 'the root', code: '«.»\n', files, message: 'root of the context' },
  ],
});
