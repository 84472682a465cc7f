import { contextIncludesDependencies } from '../../../server/rules/context/context-includes-dependencies.js';
import { testRule } from '../../helpers/rule-tester.js';

const files = { '.dockerignore': '.git\n', 'package.json': '{}', 'node_modules/a/index.js': 'x' };
const code = 'FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY «.» .\n';
const plain = code.replace(/[«»]/g, '');

testRule(contextIncludesDependencies, {
  valid: [
    {
      name: 'a mount of them',
      code: `${plain}RUN --mount=type=bind,source=node_modules/x,target=/x ls /x\n`,
      files: { ...files, '.dockerignore': '.git\n' },
    },
    { name: 'ignored', code: plain, files: { ...files, '.dockerignore': 'node_modules\n' } },
    { name: 'what is in it is ignored', code: plain, files: { ...files, '.dockerignore': 'node_modules/*\n' } },
    { name: 'not there', code: plain, files: { '.dockerignore': '.git\n', 'package.json': '{}' } },
    { name: 'nothing is installed: the folder is copied on purpose', code: 'FROM node:22\nCOPY . .\n', files },
    {
      name: 'a named package is installed, not the project',
      code: 'FROM node:22\nRUN npm install -g pm2\nCOPY . .\n',
      files,
    },
    { name: 'it does not lie in what is copied', code: 'FROM node:22\nCOPY src ./src\nRUN npm install\n', files },
    {
      name: 'no ignore file: missing-ignore-file tells',
      code: plain,
      files: { 'package.json': '{}', 'node_modules/a/index.js': '' },
    },
  ],
  invalid: [
    {
      code,
      files,
      message: 'takes node_modules',
      evidence: /node_modules: 1 file, 1 B/,
      safety: 'unsafe',
      fixedFiles: { '.dockerignore': '.git\nnode_modules\n' },
    },
    {
      name: 'Rust',
      code: 'FROM rust:1.90\nCOPY «.» .\nRUN cargo build --release\n',
      files: { '.dockerignore': '', 'Cargo.toml': '', 'target/debug/app': '' },
      fixedFiles: { '.dockerignore': 'target\n' },
    },
  ],
});
