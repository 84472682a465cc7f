import { ignoredCopySource } from '../../../server/rules/context/ignored-copy-source.js';
import { testRule } from '../../helpers/rule-tester.js';

const files = { 'dist/index.html': '', 'src/a.js': '', 'a.log': '' };
const ignoring = (text: string) => ({ ...files, '.dockerignore': text });

testRule(ignoredCopySource, {
  valid: [
    { name: 'no ignore file', code: 'FROM a\nCOPY dist /x\n', files },
    { name: 'the whole context', code: 'FROM a\nCOPY . /x\n', files: ignoring('*\n') },
    { name: 'an exception below it', code: 'FROM a\nCOPY dist /x\n', files: ignoring('dist\n!dist/index.html\n') },
    {
      name: 'an exception for a file that is not built yet',
      code: 'FROM a\nCOPY target /x\n',
      files: ignoring('target\n!target/*.jar\n'),
    },
    {
      name: 'a copy of another stage',
      code: 'FROM a AS b\nFROM a\nCOPY --from=b dist /x\n',
      files: ignoring('dist\n'),
    },
    { name: 'a variable without a value', code: 'FROM a\nARG DIR\nCOPY $DIR /x\n', files: ignoring('*\n') },
    { name: 'a URL', code: 'FROM a\nADD https://example.com/dist /x\n', files: ignoring('*\n') },
    {
      name: 'the ignore file of the Dockerfile goes first',
      code: 'FROM a\nCOPY dist /x\n',
      files: { ...ignoring('dist\n'), 'Dockerfile.dockerignore': 'src\n' },
    },
    { name: 'a wildcard that matches no file here', code: 'FROM a\nCOPY *.jar /x/\n', files: ignoring('*.jar\n') },
  ],
  invalid: [
    {
      code: 'FROM a\nCOPY src «dist» /x/\n',
      files: ignoring('node_modules\ndist/\n'),
      message: 'dist is kept out of the build context by .dockerignore',
      evidence: /line 2: dist\//,
      severity: 'error',
      safety: 'unsafe',
      caveat: /sent to every build/,
      fixedFiles: { '.dockerignore': 'node_modules\ndist/\n!dist\n' },
    },
    {
      name: 'by a folder above it',
      code: 'FROM a\nCOPY «./dist/index.html» /x\n',
      files: ignoring('dist\n'),
      fixedFiles: { '.dockerignore': 'dist\n!dist/index.html\n' },
    },
    {
      name: 'the exception is for something else',
      code: 'FROM a\nCOPY «dist» /x\n',
      files: ignoring('*\n!src\n'),
      evidence: /line 1: \*/,
      fixedFiles: { '.dockerignore': '*\n!src\n!dist\n' },
    },
    { name: 'with the value of an ARG', code: 'FROM a\nARG DIR=dist\nCOPY «$DIR» /x\n', files: ignoring('dist\n') },
    {
      name: 'every file that a wildcard matches',
      code: 'FROM a\nCOPY «*.log» /x/\n',
      files: ignoring('*.log\n'),
      severity: 'warning',
      safety: 'none',
    },
    { name: 'a file that is not there', code: 'FROM a\nCOPY «app» /x\n', files: ignoring('app\n'), safety: 'none' },
    {
      name: 'a name that a pattern would take for another',
      code: 'FROM a\nCOPY «#x» /x\n',
      files: { ...ignoring('*\n'), '#x': '' },
      safety: 'none',
    },
  ],
});
