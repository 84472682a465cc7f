import { shadowedPattern } from '../../../server/rules/ignore-file/shadowed-pattern.js';
import { testRule } from '../../helpers/rule-tester.js';

testRule(shadowedPattern, {
  valid: [
    { name: 'an exception between', code: '*.md\n!README.md\nREADME.md\n' },
    { name: 'only the root', code: 'node_modules\n**/node_modules\n' },
    { name: 'a wildcard does not cross folders', code: '*.log\nlogs/a.log\n' },
    { name: 'dir/** does not match dir itself', code: 'dist/**\ndist\n' },
    { name: 'meant as a comment', code: '*\n// allow the sources\n!src\n' },
    {
      name: 'a folder that an earlier pattern has ignored is not asked for again, so the exception counts below it',
      code: '**/a\n!a/a/*\na\na/*/*\n',
    },
    { name: 'an exception is never shadowed here', code: 'a\n!a/b\n!a/b\n' },
  ],
  invalid: [
    {
      name: 'twice',
      code: 'dist\nsrc\n«dist/»\n',
      message: '"dist" in line 1 covers it',
      safety: 'safe',
      fixed: 'dist\nsrc\n',
    },
    { name: 'twice in the same words', code: 'dist\n«dist»\n', message: '"dist" stands here a second time: line 1' },
    { name: 'below an ignored folder', code: 'dist\n«dist/js/*.map»\n', fixed: 'dist\n' },
    { name: 'a literal that a wildcard matches', code: '*.md\n«README.md»\n', fixed: '*.md\n' },
    { name: 'any depth covers the root', code: '**/*.pyc\n«*.pyc»\n', fixed: '**/*.pyc\n' },
    { name: 'after an exception, the later patterns count', code: 'a\n!a/b\na\n«a/c»\n', fixed: 'a\n!a/b\na\n' },
    { name: 'a folder that a wildcard matches', code: '**/build\n«web/build/out.js»\n', fixed: '**/build\n' },
  ],
});
