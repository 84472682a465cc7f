import { missingIgnoreFile } from '../../../server/rules/context/missing-ignore-file.js';
import { testRule } from '../../helpers/rule-tester.js';

const git = { '.git/HEAD': 'ref: refs/heads/main\n' };

testRule(missingIgnoreFile, {
  valid: [
    {
      name: 'a mount of it',
      code: 'FROM a\nCOPY . .\nRUN --mount=type=bind,source=.git,target=/src/.git make\n',
      files: git,
    },
    { name: 'a step asks Git', code: 'FROM a\nCOPY . .\nRUN git describe > version\n', files: git },
    { name: 'nothing unwanted is there', code: 'FROM a\nCOPY . .\n', files: { 'src/a.js': '' } },
    {
      name: 'an empty ignore file is an ignore file',
      code: 'FROM a\nCOPY . .\n',
      files: { ...git, '.dockerignore': '' },
    },
    {
      name: 'the ignore file of the Dockerfile',
      code: 'FROM a\nCOPY . .\n',
      files: { ...git, 'Dockerfile.dockerignore': '.git\n' },
    },
    { name: 'nothing unwanted is copied', code: 'FROM a\nCOPY src /src\n', files: { ...git, 'src/a.js': '' } },
    {
      name: 'dependencies are installed before the build and copied on purpose',
      code: 'FROM a\nCOPY . .\n',
      files: { 'node_modules/a/index.js': '', 'package.json': '{}' },
    },
    { name: 'named on purpose', code: 'FROM a\nCOPY .git /src/.git\nCOPY . .\n', files: git },
    { name: 'no context', code: 'FROM a\nCOPY . .\n' },
  ],
  invalid: [
    {
      name: 'the repository',
      code: 'FROM a\nCOPY «.» .\n',
      files: git,
      message: 'COPY . takes .git, and no .dockerignore keeps it out',
      safety: 'unsafe',
      fixed: 'FROM a\nCOPY . .\n',
      fixedFiles: { '.dockerignore': '.git\n' },
    },
    {
      name: 'dependencies that the stage installs itself',
      code: 'FROM node:22\nCOPY «.» .\nRUN npm ci\n',
      files: { ...git, 'package.json': '{}', 'node_modules/a/index.js': '' },
      evidence: /node_modules: 1 file/,
      fixedFiles: { '.dockerignore': '.git\nnode_modules\n' },
    },
  ],
});
