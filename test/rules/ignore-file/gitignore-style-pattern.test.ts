import { gitignoreStylePattern } from '../../../server/rules/ignore-file/gitignore-style-pattern.js';
import { testRule } from '../../helpers/rule-tester.js';

const workspace = { 'package.json': '{}', 'packages/web/package.json': '{}', 'packages/web/index.js': '' };

testRule(gitignoreStylePattern, {
  valid: [
    { name: 'one package', code: 'node_modules\n', files: { 'package.json': '{}' } },
    { name: 'any depth', code: '**/node_modules\n', files: workspace },
    { name: 'both', code: 'node_modules\n**/node_modules\n', files: workspace },
    { name: 'nested ones have their own pattern', code: 'node_modules\npackages/*/node_modules\n', files: workspace },
    { name: 'the nested package is ignored', code: 'node_modules\npackages\n', files: workspace },
    { name: 'a name that is meant at the root', code: 'README.md\n', files: { 'docs/README.md': '' } },
    { name: 'what __pycache__ stands for as well', code: '**/__pycache__\n*.pyc\n', files: { 'app/main.py': '' } },
    {
      name: 'a slash in front means the root in both kinds of file',
      code: '/node_modules\n',
      files: { ...workspace, 'packages/web/node_modules/left-pad/index.js': '' },
    },
    { name: 'what Git itself has', code: 'logs\n', files: { '.git/logs': { gitIgnored: true }, '.git/logs/HEAD': '' } },
    {
      name: 'packages that Git has, for a test',
      code: 'node_modules\n',
      files: { '.gitignore': { gitIgnored: false }, 'test/node_modules/left-pad/index.js': '' },
    },
    { name: 'an exception', code: '*\n!node_modules\n!packages\n', files: { 'src/node_modules/x': '' } },
  ],
  invalid: [
    {
      name: 'a workspace',
      code: '.git\n«node_modules»\n',
      files: workspace,
      message: 'below packages/web/, node_modules would be sent',
      severity: 'info',
      evidence: /packages\/web\/package\.json/,
      safety: 'unsafe',
      fixed: '.git\n**/node_modules\n',
    },
    {
      name: 'they are there and sent',
      code: '«node_modules/»\n',
      files: { ...workspace, 'packages/web/node_modules/left-pad/index.js': '' },
      message: 'packages/web/node_modules is sent',
      severity: 'warning',
      fixed: '**/node_modules/\n',
    },
    {
      name: 'a pattern that stands twice',
      code: '«node_modules»\ndist\nnode_modules\n',
      files: workspace,
    },
    {
      name: 'Python modules in folders',
      code: '«__pycache__»\n',
      files: { 'app/main.py': '' },
      message: 'below app/, __pycache__ would be sent',
      fixed: '**/__pycache__\n',
    },
  ],
});
