import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { orderByChangeFrequency } from '../../../server/rules/order/order-by-change-frequency.js';
import { testRule } from '../../helpers/rule-tester.js';
import { layerwise } from '../../helpers/run-cli.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';

const files = {
  'app.py': 'print()\n',
  'requirements.txt': 'flask==3.0.0\n',
  'README.md': '',
  '.dockerignore': 'Dockerfile\n',
};
const changed = ['app.py'];
const bad = 'FROM python:3.13\nWORKDIR /app\nCOPY . .\n«RUN» apk add git\n';
const good = 'FROM python:3.13\nWORKDIR /app\nRUN apk add git\nCOPY . .\n';

testRule(orderByChangeFrequency, {
  valid: [
    { name: 'the best order', code: good, files, changed },
    { name: 'a short history', code: bad.replace(/[«»]/g, ''), files, changed: [] },
    {
      name: 'fewer commits than are asked for',
      code: bad.replace(/[«»]/g, ''),
      files,
      changed,
      options: { commits: 21 },
    },
    {
      name: 'a saving below the share that is asked for',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN apk add git\nRUN make\n',
      files,
      changed,
      options: { share: 0.5 },
    },
    {
      name: 'what is not proved',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN make\n',
      files,
      changed,
    },
    {
      name: 'an install behind the sources, which copy-before-install reports',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n',
      files,
      changed,
    },
    {
      name: 'a build that could find its modules there, which copy-before-install reports',
      code: 'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /out .\nFROM scratch\nCOPY --from=build /out /out\n',
      files: { 'go.mod': 'module a\nrequire b v1.0.0\n', 'go.sum': 'b v1.0.0 h1:x\n'.repeat(200), 'main.go': '' },
      changed: ['main.go'],
    },
    {
      name: "another builder's cache",
      code: bad.replace(/[«»]/g, ''),
      files,
      changed,
      settings: { builder: 'kaniko' },
    },
    { name: 'a host that has read no history', code: bad.replace(/[«»]/g, ''), files },
  ],
  invalid: [
    {
      code: bad,
      files,
      changed,
      message:
        /^`RUN apk add git` re-ran in 20 of 20 commits behind `COPY \. \.`, and need only in 0: another order saves \d+ %, ~/,
      safety: 'safe',
      evidence: /reads nothing of what `COPY \. \.` brings/,
      fixed: good,
    },
    {
      name: 'a frontend that the build has to get',
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\n«RUN» apt-get update && apt-get install -y a b c d e f g h i j k l m n o p q r s t u v w x y z\nRUN npm install\n',
      files: {
        'package.json': '{"name": "a", "dependencies": {"left": "1.0.0"}}',
        'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/left": {}}}',
        '.dockerignore': 'Dockerfile\nnode_modules\n',
        'src/a.js': '',
      },
      changed: ['src/a.js'],
      safety: 'unsafe',
      caveat: /^the builder must be able to get docker\/dockerfile:1$/,
    },
    {
      name: 'the whole order in one fix, at the step that gains most',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\n«RUN» apk add git\nFROM alpine\nCOPY README.md /\nCOPY --from=0 /app/x /x\nRUN apk add curl\n',
      files,
      changed,
      fixed:
        'FROM python:3.13\nWORKDIR /app\nRUN apk add git\nCOPY . .\nFROM alpine\nCOPY README.md /\nRUN apk add curl\nCOPY --from=0 /app/x /x\n',
    },
  ],
});

describe('order-by-change-frequency on the command line', () => {
  const text = bad.replace(/[«»]/g, '');
  const run = (cwd: string, args: string) => layerwise(`lint ${args}`, { cwd });

  it('reads the history of the repository, and mends the file', async () => {
    const folder = temporaryFolder({ ...files, Dockerfile: text });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
        cwd: folder.path,
        stdio: 'pipe',
      });
    git('init', '-q');
    for (const content of ['1', '2', '3']) {
      folder.write('app.py', content);
      git('add', '-A');
      git('commit', '-q', '-m', content);
    }
    folder.write('.layerwise.jsonc', '{"rules": {"order-by-change-frequency": {"severity": "on", "commits": 2}}}');
    const { stdout } = await run(folder.path, '--only order-by-change-frequency');
    assert.match(stdout, /re-ran in 2 of 2 commits/);
    await run(folder.path, '--fix-only order-by-change-frequency');
    assert.equal(readFileSync(path.join(folder.path, 'Dockerfile'), 'utf8'), good);
    folder.remove();
  });

  it('is skipped, and says so, where there is no repository', async () => {
    const folder = temporaryFolder({ ...files, Dockerfile: text });
    const { stdout, stderr } = await run(folder.path, '--only order-by-change-frequency --verbose');
    folder.remove();
    assert.match(`${stdout}${stderr}`, /order-by-change-frequency.*no Git history is known/);
  });
});
