import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { housekeepingBustsCopy } from '../../../server/rules/context/housekeeping-busts-copy.js';
import { testRule } from '../../helpers/rule-tester.js';
import { layerwise } from '../../helpers/run-cli.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

const files = {
  'package.json': '{"name": "app", "scripts": {"build": "vite build"}}',
  'src/a.js': '',
  '.github/workflows/ci.yml': '',
  'CHANGELOG.md': '',
  'docs/guide.md': '',
  'docs/picture.png': '',
  Makefile: 'all:\n\tnpm test\n',
  '.dockerignore': 'Dockerfile\n',
};
const changed = ['src/a.js', '.github/workflows/ci.yml', 'CHANGELOG.md', 'docs/guide.md'];
const code = 'FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm run build\n';

testRule(housekeepingBustsCopy, {
  valid: [
    { name: 'only sources change', code, files, changed: ['src/a.js'] },
    {
      name: 'what a build looks at for all we know',
      code,
      files: { ...files, 'notes/a.txt': '' },
      changed: ['notes/a.txt'],
    },
    {
      name: 'all of it is in the ignore file',
      code,
      files: { ...files, '.dockerignore': 'Dockerfile\n.github\n*.md\ndocs\n' },
      changed,
    },
    { name: 'a folder is copied', code: code.replace('COPY . .', 'COPY src ./src'), files, changed },
    {
      name: 'an instruction names it',
      code: 'FROM node:22\nCOPY . .\nRUN npm run build && cat CHANGELOG.md docs/guide.md\nCOPY .github/workflows /w/\n',
      files,
      changed,
    },
    {
      name: 'a manifest names it',
      code,
      files: { ...files, 'package.json': '{"files": ["./CHANGELOG.md"], "workspaces": ["docs"]}' },
      changed: ['CHANGELOG.md', 'docs/guide.md'],
    },
    {
      name: 'a source file names it',
      code: 'FROM rust:1.90\nCOPY . .\nRUN cargo build\n',
      files: { ...files, 'src/lib.rs': '#![doc = include_str!("../CHANGELOG.md")]' },
      changed: ['CHANGELOG.md'],
    },
    ...[
      ['main.go', 'package main\n\n//go:embed docs/*\nvar docs embed.FS\n'],
      ['web/src/pages/deep/down/App.tsx', "import text from '../../../../../docs/guide.md?raw';\n"],
      ['setup.py', 'from glob import glob\nsetup(data_files=glob("docs/*.md"))\n'],
      ['vite.config.ts', 'const files = import.meta.glob("./docs/**");\n'],
    ].map(([path = '', text = '']) => ({
      name: `${path} names it`,
      code,
      files: { ...files, [path]: text },
      changed: ['docs/guide.md'],
    })),
    ...[
      ['MANIFEST.in', 'include *.md\n'],
      ['app.gemspec', 'spec.files = Dir["lib/**/*.rb", "*.md"]\n'],
      ['package.json', '{"scripts": {"build": "cp *.md dist/"}}'],
      ['src/main.rs', 'const TEXT: &str = include_str!("../CONTRIBUTING.md"); // and CHANGELOG.md\n'],
    ].map(([path = '', text = '']) => ({
      name: `${path} names it, or all of its kind`,
      code,
      files: { ...files, 'CONTRIBUTING.md': '', [path]: text },
      changed: ['CHANGELOG.md', 'CONTRIBUTING.md'],
    })),
    {
      name: 'an instruction names all of its kind',
      code: `${code}FROM alpine\nCOPY --from=build /app/*.md /texts/\n`,
      files,
      changed: ['CHANGELOG.md'],
    },
    {
      name: 'a site of which only the manifest tells',
      code,
      files: { ...files, 'package.json': '{"scripts": {"build": "docusaurus build"}}' },
      changed: ['docs/guide.md'],
    },
    {
      name: 'a program that reads it by itself',
      code: code.replace('npm run build', 'goreleaser build --single-target && docker compose config'),
      files: { ...files, '.goreleaser.yaml': '', 'compose.yaml': '' },
      changed: ['.goreleaser.yaml', 'compose.yaml'],
    },
    {
      name: 'texts that a web server serves',
      code: 'FROM nginx:1.29\nCOPY . /usr/share/nginx/html\nRUN apk add git\n',
      files,
      changed: ['docs/guide.md', 'CHANGELOG.md'],
    },
    {
      name: 'a link leads to it',
      code,
      files: { ...files, 'public/log.txt': { link: '../CHANGELOG.md' } },
      changed: ['CHANGELOG.md'],
    },
    {
      name: 'names that are put together',
      code,
      files: { ...files, 'src/a.py': 'text = open(name + ".md").read()\n' },
      changed: ['CHANGELOG.md'],
    },
    {
      name: 'too little time',
      code: 'FROM node:22\nCOPY . .\n',
      files,
      changed,
    },
    {
      name: 'what the ignore file excepts',
      code,
      files: { ...files, '.dockerignore': '*\n!src\n!.github\n!CHANGELOG.md\n!docs/**\n!package.json\n' },
      changed,
    },
    {
      name: 'version control is copied too',
      code,
      files: { ...files, '.git/HEAD': 'ref: refs/heads/main\n' },
      changed,
    },
    {
      name: 'documentation that is more than texts',
      code,
      files: { ...files, 'docs/package.json': '{}' },
      changed: ['docs/guide.md'],
    },
    {
      name: 'a site that is made of texts',
      code: code.replace('npm', 'mkdocs'),
      files: { ...files, 'mkdocs.yml': 'site_name: a\n' },
      changed: ['docs/guide.md'],
    },
    {
      name: 'one commit in hundreds',
      code,
      files,
      changed: [...Array.from({ length: 15 }, (_, at) => `src/${at}.js`), 'docs/guide.md'],
    },
    { name: 'allowed', code, files, changed, options: { allow: ['.github', 'docs', '*.md'] } },
    { name: 'a saving below the share that is asked for', code, files, changed, options: { share: 0.9 } },
    { name: 'fewer commits than are asked for', code, files, changed, options: { commits: 100 } },
    { name: "another builder's cache", code, files, changed, settings: { builder: 'kaniko' } },
    { name: 'a host that has read no history', code, files },
  ],
  invalid: [
    {
      code: code.replace('COPY .', 'COPY «.»'),
      files,
      changed,
      message:
        /^COPY \. takes \.github, CHANGELOG\.md and docs: 60 of 80 commits re-ran steps for nothing else, which costs 75 % of the rebuild time, ~\d+\.\d s per commit$/,
      safety: 'unsafe',
      caveat: /^\.github, CHANGELOG\.md and docs are no longer sent to any build of this context$/,
      fixedFiles: { '.dockerignore': 'Dockerfile\n.github\nCHANGELOG.md\ndocs\n' },
    },
    {
      name: 'many compose files, and no ignore file',
      code: 'FROM node:22\nADD «./» /app/\nRUN npm run build\n',
      files: { 'package.json': '{}', 'docker-compose.dev.yml': '', 'docker-compose.prod.yml': '' },
      changed: ['package.json', 'docker-compose.dev.yml', 'docker-compose.prod.yml'],
      message: /^ADD \.\/ takes docker-compose\.\*\.yml: 40 of 60 commits /,
      fixedFiles: { '.dockerignore': 'docker-compose.*.yml\n' },
    },
    {
      name: 'a site beside, which is not what is built',
      code: code.replace('COPY .', 'COPY «.»'),
      files: { ...files, 'mkdocs.yml': 'site_name: a\n' },
      changed: ['docs/guide.md', 'src/a.js'],
      message: /takes docs: 20 of 40/,
      fixedFiles: { '.dockerignore': 'Dockerfile\ndocs\n' },
    },
    {
      name: 'only lines that save something',
      code: code.replace('COPY .', 'COPY «.»'),
      files: { ...files, 'SECURITY.md': '' },
      changed: ['src/a.js', 'CHANGELOG.md'],
      message: /takes CHANGELOG\.md: /,
      fixedFiles: { '.dockerignore': 'Dockerfile\nCHANGELOG.md\n' },
    },
    {
      name: 'named only where it is said what checks its form, and in comments',
      code: code.replace('COPY .', '# .github and CHANGELOG.md are not needed\nCOPY «.»'),
      files: {
        ...files,
        'package.json': '{"lint-staged": {"*.md": "prettier --write"}}',
        'src/a.ts': '// see CHANGELOG.md\n/*\n * and .github\n */\n',
      },
      changed,
      message: /takes \.github, CHANGELOG\.md and docs: 60 of 80/,
    },
  ],
});

describe('housekeeping-busts-copy on the command line', () => {
  it('reads the history of the repository, and adds to the ignore file', async () => {
    const folder = temporaryFolder({ ...files, Dockerfile: code, '.dockerignore': 'Dockerfile\n.git\n' });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
        cwd: folder.path,
        stdio: 'pipe',
      });
    git('init', '-q');
    for (let count = 0; count < 24; count++) {
      folder.write(count % 3 === 0 ? 'src/a.js' : '.github/workflows/ci.yml', `${count}`);
      git('add', '-A');
      git('commit', '-q', '-m', `${count}`);
    }
    const rule = '--only housekeeping-busts-copy';
    const { stdout } = await layerwise(`lint ${rule}`, { cwd: folder.path });
    assert.match(
      stdout,
      /COPY \. takes \.github: 16 of 23 commits re-ran steps for nothing else, which costs 70 % of the rebuild time/,
    );
    await layerwise(`lint ${rule} --fix --unsafe-fixes`, { cwd: folder.path });
    assert.equal(readFileSync(path.join(folder.path, '.dockerignore'), 'utf8'), 'Dockerfile\n.git\n.github\n');
    const again = await layerwise(`lint ${rule}`, { cwd: folder.path });
    assert.doesNotMatch(again.stdout, /housekeeping/);
    folder.remove();
  });

  it('says that it was not run on a shallow clone', async () => {
    const folder = temporaryFolder({ ...files, Dockerfile: code });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
        cwd: folder.path,
        stdio: 'pipe',
      });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-q', '-m', 'one');
    const { stdout, stderr } = await layerwise('lint --only housekeeping-busts-copy', { cwd: folder.path });
    assert.match(`${stdout}${stderr}`, /the Git history holds no commit but the newest, as that of a shallow clone/);
    folder.remove();
  });
});
