import { inlineComment } from '../../../server/rules/ignore-file/inline-comment.js';
import { testRule } from '../../helpers/rule-tester.js';

testRule(inlineComment, {
  valid: [
    '# build output\ndist\n',
    'a#b\n',
    { name: 'a path with two slashes', code: '//dist\n' },
    { name: 'a file really has that name', code: 'notes #1.txt\n', files: { 'notes #1.txt': '' } },
  ],
  invalid: [
    {
      code: 'src\ndist   «# build output»\n*.log\n',
      message: '"dist" is not ignored',
      safety: 'unsafe',
      fixed: 'src\n# build output\ndist\n*.log\n',
    },
    { code: '  «# build output»\ndist\n', message: 'indented', safety: 'safe', fixed: '# build output\ndist\n' },
    {
      name: 'the slashes of another language',
      code: '«//» Ignore everything\n*\n«//»but the sources\n!src\n',
      message: '// does not begin a comment here',
      safety: 'safe',
      fixed: '# Ignore everything\n*\n#but the sources\n!src\n',
    },
    {
      name: 'slashes before one word, which is ignored as seen with BuildKit 0.25',
      code: '«//» dist\n',
      message: '// does not begin a comment here: this line ignores "dist"',
      safety: 'unsafe',
      caveat: /^what "dist" matches is then sent/,
      fixed: '# dist\n',
    },
    {
      name: 'an exception of nothing but a comment, without which the build would not start',
      code: '*\n!  «# sources»\n!src\n',
      message: 'matches nothing',
      safety: 'safe',
      fixed: '*\n# sources\n!src\n',
    },
    { name: 'an exception', code: '*\n!src «# sources»\n', fixed: '*\n# sources\n!src\n' },
  ],
});
