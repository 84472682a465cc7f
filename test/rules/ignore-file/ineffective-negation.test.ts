import { ineffectiveNegation } from '../../../server/rules/ignore-file/ineffective-negation.js';
import { testRule } from '../../helpers/rule-tester.js';

const files = { 'src/a.js': '', 'docs/api.md': '', 'docs/b.md': '', 'packages/web/index.js': '' };

testRule(ineffectiveNegation, {
  valid: [
    { name: 'an allow-list', code: '*\n!src\n', files },
    { name: 'what it names does not exist here: it may be built later', code: 'dist\n!dist/keep.js\n', files },
    { name: 'no context', code: '!docs/api.md\ndocs\n' },
    { name: 'the exception below covers the one above', code: '*\n!docs\n!docs/api.md\n', files },
    { name: 'a folder exception that BuildKit enters', code: '*\n!packages/**\n', files },
  ],
  invalid: [
    {
      name: 'above the pattern it should soften',
      code: '«!docs/api.md»\nsrc\ndocs\n',
      files,
      message: '"docs" below it',
      safety: 'unsafe',
      fixed: 'src\ndocs\n!docs/api.md\n',
    },
    {
      name: 'BuildKit does not look into the folder',
      code: '*\n«!packages/*/**»\n',
      files,
      message: 'does not look into',
      evidence: /not sent: packages\/web/,
      fixed: '*\n!packages/**\n',
    },
    {
      name: 'nothing is ignored above it',
      code: 'target\n«!src»\n',
      files,
      message: 'brings nothing back',
      fixed: 'target\n',
    },
  ],
});
