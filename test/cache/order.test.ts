import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../server/model/memory-source.js';
import { nodeProject, propose } from '../helpers/proposals.js';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly files?: MemoryFiles;
  readonly changed?: readonly string[];
  readonly expected: string;
}

const python: MemoryFiles = {
  'requirements.txt': 'flask==3.0.0\n',
  'app.py': 'print()\n',
  'conf/app.ini': 'a=1\n',
  '.dockerignore': 'Dockerfile\n',
};

const cases: readonly Case[] = [
  {
    name: 'copies the manifests first, and the rest behind the install',
    text: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n',
    expected:
      'FROM node:22\nWORKDIR /app\nCOPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n',
  },
  {
    name: 'of an image with an unknown home, if none of the sources belongs to a home',
    text: 'FROM example.org/base\nWORKDIR /app\nCOPY . .\nRUN npm ci\n',
    expected: 'FROM example.org/base\nWORKDIR /app\nCOPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .\n',
  },
  {
    name: 'cuts a RUN that installs and builds',
    text: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && \\\n    npm run build\n',
    expected:
      'FROM node:22\nWORKDIR /app\nCOPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n',
  },
  {
    name: 'takes along what the install needs: variables, the working folder',
    text: 'FROM node:22\nCOPY . /app\nWORKDIR /app\nENV NODE_ENV=production\nRUN npm ci\n',
    expected:
      'FROM node:22\nWORKDIR /app\nENV NODE_ENV=production\nCOPY package-lock.json package.json /app/\nRUN npm ci\nCOPY . /app\n',
  },
  {
    name: 'puts packages of the distribution before the sources',
    text: 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\nCMD ["python", "app.py"]\n',
    files: python,
    changed: ['app.py'],
    expected:
      'FROM python:3.12\nWORKDIR /app\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\nCOPY . .\nCMD ["python", "app.py"]\n',
  },
  {
    name: 'leaves out a lockfile that the install may write anew, and names a syntax that knows how',
    text: 'FROM node:22\nWORKDIR /app\n# all\nCOPY --chown=node . .\nRUN npm install\nRUN npm run build\n',
    expected:
      '# syntax=docker/dockerfile:1\nFROM node:22\nWORKDIR /app\nCOPY --chown=node package-lock.json package.json ./\nRUN npm install\n# all\nCOPY --chown=node --exclude=package-lock.json . .\nRUN npm run build\n',
  },
  {
    name: 'leaves out a lockfile by its path in the folder that is copied',
    text: '# syntax=docker/dockerfile:1.19\nFROM ruby:3.4\nWORKDIR /app\nADD web .\nRUN bundle install\n',
    files: { 'web/Gemfile': 'gem "rack"\n', 'web/Gemfile.lock': 'GEM\n', 'web/app.rb': '' },
    changed: ['web/app.rb'],
    expected:
      '# syntax=docker/dockerfile:1.19\nFROM ruby:3.4\nWORKDIR /app\nCOPY web/Gemfile web/Gemfile.lock ./\nRUN bundle install\nADD --exclude=Gemfile.lock web .\n',
  },
  {
    name: 'leaves no lockfile out for the sake of an install that stays',
    text: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y git make gcc\nRUN npm install\n',
    changed: ['package.json'],
    expected:
      'FROM node:22\nWORKDIR /app\nRUN apt-get update && apt-get install -y git make gcc\nCOPY . .\nRUN npm install\n',
  },
  {
    name: 'lets an install go whose scripts run in a folder that is far from the sources',
    text: 'FROM node:22\nCOPY . /app\nCOPY package.json package-lock.json /tmp/\nRUN cd /tmp && npm ci\nRUN cp -r /tmp/node_modules /app/\n',
    files: {
      ...nodeProject,
      'package-lock.json':
        '{"lockfileVersion": 3, "packages": {"node_modules/left": {"hasInstallScript": true}, "node_modules/x": {"hasInstallScript": true, "os": ["darwin"]}}}',
    },
    expected:
      'FROM node:22\nCOPY package.json package-lock.json /tmp/\nRUN cd /tmp && npm ci\nCOPY . /app\nRUN cp -r /tmp/node_modules /app/\n',
  },
  {
    name: 'knows what well-known scripts from the network do',
    text: 'FROM debian:13\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y curl && curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs\nRUN npm run build\n',
    expected:
      'FROM debian:13\nWORKDIR /app\nRUN apt-get update && apt-get install -y curl && curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs\nCOPY . .\nRUN npm run build\n',
  },
  {
    name: 'knows where Bundler keeps its settings',
    text: "# syntax=docker/dockerfile:1\nFROM ruby:3.4\nWORKDIR /app\nCOPY . .\nRUN bundle config set --local without 'test' && bundle install\n",
    files: { Gemfile: 'gem "rack"\n', 'Gemfile.lock': 'GEM\n', 'app.rb': '', '.dockerignore': '.bundle\nDockerfile\n' },
    changed: ['app.rb'],
    expected:
      "# syntax=docker/dockerfile:1\nFROM ruby:3.4\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle config set --local without 'test' && bundle install\nCOPY --exclude=Gemfile.lock . .\n",
  },
  {
    name: 'helps what is left of a RUN that it cuts',
    text: 'FROM golang:1.24 AS build\nWORKDIR /src\nCOPY . .\nRUN apt-get update && apt-get install -y git && go mod vendor && make\nFROM scratch\nCOPY --from=build /src/app /app\n',
    files: {
      'go.mod': 'module app\nrequire a v1\n',
      'go.sum': 'a v1 h1:x\na v1/go.mod h1:x\n'.repeat(40),
      'src/a.js': '',
    },
    expected:
      'FROM golang:1.24 AS build\nWORKDIR /src\nRUN apt-get update && apt-get install -y git\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go mod vendor && make\nFROM scratch\nCOPY --from=build /src/app /app\n',
  },
  {
    name: 'lets an install pass a volume in which it only reads',
    text: 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nVOLUME /app\nRUN pip install -r requirements.txt\n',
    files: python,
    changed: ['app.py'],
    expected:
      'FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\nVOLUME /app\n',
  },
  {
    name: 'knows Go to look for nothing in src of its GOPATH',
    text: 'FROM golang:1.24 AS build\nENV GOPATH=/go\nWORKDIR /go/src/app\nCOPY . .\nRUN go install ./cmd/app\nFROM scratch\nCOPY --from=build /go/bin/app /app\n',
    files: {
      'go.mod': 'module app\nrequire a v1\n',
      'go.sum': 'a v1 h1:x\na v1/go.mod h1:x\n'.repeat(40),
      'src/a.js': '',
    },
    expected:
      'FROM golang:1.24 AS build\nENV GOPATH=/go\nWORKDIR /go/src/app\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go install ./cmd/app\nFROM scratch\nCOPY --from=build /go/bin/app /app\n',
  },
  {
    name: 'knows where the functions of AWS Lambda lie',
    text: `FROM public.ecr.aws/lambda/python:3.12\nCOPY . \${LAMBDA_TASK_ROOT}\nRUN pip install -r requirements.txt\nCMD ["app.handler"]\n`,
    files: python,
    changed: ['app.py'],
    expected: `FROM public.ecr.aws/lambda/python:3.12\nCOPY requirements.txt \${LAMBDA_TASK_ROOT}/\nRUN pip install -r requirements.txt\nCOPY . \${LAMBDA_TASK_ROOT}\nCMD ["app.handler"]\n`,
  },
  {
    name: 'takes comments along and keeps paragraphs',
    text: 'FROM python:3.12\n\n# the app\nCOPY . /app\n\n# tools\nRUN apk add git\n\n# start\nCMD ["true"]\n',
    files: python,
    changed: ['app.py'],
    expected: 'FROM python:3.12\n\n# tools\nRUN apk add git\n\n# the app\nCOPY . /app\n\n# start\nCMD ["true"]\n',
  },
  {
    name: 'keeps CRLF, and a last line without its end',
    text: 'FROM python:3.12\r\nCOPY . /app\r\nRUN apk add git',
    files: python,
    changed: ['app.py'],
    expected: 'FROM python:3.12\r\nRUN apk add git\r\nCOPY . /app',
  },
  {
    name: 'writes manifests with the flags and in the form of the COPY',
    text: 'FROM python:3.12\nWORKDIR /app\ncopy --chown=1000:1000 [".", "./"]\nrun pip install -r requirements.txt\n',
    files: python,
    changed: ['app.py'],
    expected:
      'FROM python:3.12\nWORKDIR /app\ncopy --chown=1000:1000 ["requirements.txt", "./"]\nrun pip install -r requirements.txt\ncopy --chown=1000:1000 [".", "./"]\n',
  },
  {
    name: 'copies the manifests of workspaces to their folders',
    text: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n',
    files: {
      ...nodeProject,
      'package.json': '{"workspaces": ["packages/*"]}',
      'packages/one/package.json': '{"name": "one"}',
      'packages/one/index.js': '',
      '.dockerignore': '**/node_modules\nDockerfile\n',
    },
    changed: ['packages/one/index.js'],
    expected:
      'FROM node:22\nWORKDIR /app\nCOPY package-lock.json package.json ./\nCOPY packages/one/package.json packages/one/\nRUN npm ci\nCOPY . .\n',
  },
  {
    name: 'puts what changes seldom before what changes often',
    text: 'FROM python:3.12\nWORKDIR /app\nCOPY app.py ./\nCOPY conf ./conf\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\n',
    files: python,
    changed: ['app.py'],
    expected:
      'FROM python:3.12\nWORKDIR /app\nCOPY conf ./conf\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY app.py ./\n',
  },
  {
    name: 'orders every stage that the target needs',
    text: 'FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nFROM nginx\nCOPY --from=build /app/dist /srv/web\nRUN apk add curl\nCOPY README.md /srv/\n',
    expected:
      'FROM node:22 AS build\nWORKDIR /app\nCOPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .\nFROM nginx\nRUN apk add curl\nCOPY --from=build /app/dist /srv/web\nCOPY README.md /srv/\n',
  },
];

describe('proposeOrder', () => {
  for (const { name, text, files, changed, expected } of cases) {
    it(name, () => {
      const found = propose(text, files, changed);
      assert.equal(found.text, expected);
      assert.ok(found.after.seconds < found.before.seconds);
      assert.ok(found.moves.length > 0 && found.moves.every(({ safe }) => safe.length > 0));
    });
  }

  it('proposes nothing for a file that is in the best order', () => {
    for (const { expected, files, changed } of cases) {
      const found = propose(expected, files, changed);
      assert.deepEqual(found.edits, [], expected);
      assert.equal(found.text, expected);
    }
  });

  it('gives edits that make the text', () => {
    for (const { text, files, changed } of cases) {
      const found = propose(text, files, changed);
      let made = text;
      for (const { span, text: now } of found.edits.toReversed())
        made = made.slice(0, span.start) + now + made.slice(span.end);
      assert.equal(made, found.text);
    }
  });

  for (const run of [
    'apt-get update && ./install.sh',
    'apk update && ./install.sh',
    'apt-get update && xargs -a conf/app.ini apt-get install -y',
    'apt-get update && apt-get install -y gcc && make && apt-get install -y vim',
  ])
    it(`caches no package lists apart from what installs by them: ${run}`, () => {
      assert.deepEqual(propose(`FROM debian:13\nWORKDIR /app\nCOPY . .\nRUN ${run}\n`, python, ['app.py']).edits, []);
    });

  it('cuts behind package lists of which nothing else is installed, and before an update', () => {
    for (const rest of ['make', 'make && apt-get update && apt-get install -y vim']) {
      const run = 'RUN apt-get update && apt-get install -y gcc';
      const found = propose(`FROM debian:13\nWORKDIR /app\nCOPY . .\n${run} && ${rest}\n`, python, ['app.py']);
      assert.equal(found.text, `FROM debian:13\nWORKDIR /app\n${run}\nCOPY . .\nRUN ${rest}\n`);
    }
  });

  it('moves an ARG of the distribution behind what it has nothing to do with, if its value changes with every build', () => {
    const text = 'FROM alpine\nARG GIT_SHA\nRUN apk add git\nRUN echo $GIT_SHA > /version\n';
    assert.deepEqual(propose(text, python, ['app.py']).edits, []);
    const found = propose(text, python, ['app.py'], { changingArgs: new Set(['GIT_SHA']) });
    assert.equal(found.text, 'FROM alpine\nRUN apk add git\nARG GIT_SHA\nRUN echo $GIT_SHA > /version\n');
  });

  it('knows that such an ARG is in the keys of commands behind it, those of later stages too, and of what names it', () => {
    const counted = (text: string) =>
      propose(text, python, ['app.py'], { changingArgs: new Set(['GIT_SHA']) }).before.rebuiltSteps;
    const head = 'FROM alpine AS a\nARG GIT_SHA\nLABEL sha=$GIT_SHA\n';
    assert.equal(counted(`${head}WORKDIR /app\nCOPY requirements.txt .\n`), 0);
    assert.equal(counted(`${head}WORKDIR /app\nRUN true\nCOPY requirements.txt .\n`), 2 * 20);
    assert.equal(counted(`${head}FROM a\nCOPY requirements.txt .\nRUN true\n`), 20);
    assert.equal(counted(`${head}ENV V=$GIT_SHA\nWORKDIR /app/$V\nCOPY requirements.txt .\n`), 2 * 20);
    assert.equal(counted(`${head}FROM alpine\nCOPY --from=a /etc /etc\nRUN true\n`), 0);
  });

  it('puts an install before such an ARG with a caveat, as one of its packages might read it', () => {
    const text =
      'FROM python:3.12\nARG GIT_SHA\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n';
    const more = { changingArgs: new Set(['GIT_SHA']) };
    assert.deepEqual(propose(text, python, ['app.py'], more).edits, []);
    const { text: found, moves } = propose(text, python, ['app.py'], { ...more, acceptance: 'likely' });
    assert.match(found, /RUN pip install -r requirements\.txt\nARG GIT_SHA\nCOPY \. \.\n$/);
    assert.deepEqual(
      moves.flatMap(({ caveats }) => caveats),
      ['a package that `pip install -r requirements.txt` installs might read GIT_SHA'],
    );
  });

  it('says what it saves and why it is safe', () => {
    const { moves } = propose('FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n');
    const install = moves.find(({ instruction }) => instruction === 'RUN npm ci');
    assert.deepEqual(install?.passes, [{ line: 2, instruction: 'COPY . .' }]);
    assert.deepEqual([install?.rebuilds.before, install?.rebuilds.after], [20, 0]);
    assert.deepEqual(install?.safe, [
      'of what `COPY . .` brings `npm ci` reads only package-lock.json and package.json, copied before it',
      'what it writes there (node_modules) is kept out of the context',
    ]);
  });

  it('moves packages of the distribution before commands that are the same everywhere, others not', () => {
    const text = (command: string) => `FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN ${command}\nRUN apk add git\n`;
    const isMoved = (command: string) => propose(text(command), python, ['app.py']).edits.length > 0;
    assert.ok(isMoved('chmod +x app.py && mkdir -p conf'));
    assert.ok(!isMoved('chmod +x {app,run}.py'), 'braces are text to some shells');
    assert.ok(!isMoved('tar xf app.tar'));
    const bash = text('chmod +x app.py').replace('RUN chmod', 'SHELL ["bash", "-c"]\nRUN chmod');
    assert.ok(!propose(bash, python, ['app.py']).text.includes('RUN apk add git\nCOPY'), 'bash may be installed later');
  });

  it('puts the copy of manifests in front of the install, behind what does not need it', () => {
    const text = 'FROM node:22\nCOPY . /app\nWORKDIR /app\nRUN apt-get update && apt-get install -y git\nRUN npm ci\n';
    assert.equal(
      propose(text).text,
      'FROM node:22\nWORKDIR /app\nRUN apt-get update && apt-get install -y git\nCOPY package-lock.json package.json /app/\nRUN npm ci\nCOPY . /app\n',
    );
  });

  it('copies settings that lie beside the manifest of a workspace', () => {
    const files = {
      ...nodeProject,
      'package.json': '{"workspaces": ["packages/*"]}',
      'packages/one/package.json': '{"name": "one"}',
      'packages/one/.npmrc': 'save-exact=true',
      '.dockerignore': '**/node_modules\nDockerfile\n',
    };
    const { text } = propose('FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n', files);
    assert.match(text, /^COPY packages\/one\/.npmrc packages\/one\/package.json packages\/one\/$/m);
  });

  it('copies no file beside the folder that it lies in', () => {
    const files = {
      ...nodeProject,
      'package.json': '{"scripts": {"postinstall": "patch-package"}, "dependencies": {"left": "1.0.0"}}',
      'patches/left.patch': '',
    };
    const { text } = propose('FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n', files);
    assert.deepEqual(text.match(/^COPY .*/gm), [
      'COPY package-lock.json package.json ./',
      'COPY patches patches/',
      'COPY . .',
    ]);
  });

  it('copies no part of a folder that several sources land in', () => {
    const files = { ...nodeProject, 'conf/a.conf': 'a', 'web.conf': 'a' };
    const text =
      'FROM debian:12\nCOPY conf web.conf /conf/\nCOPY src /src\nRUN cp -r /conf /etc/own && apt-get update && apt-get install -y gcc\n';
    assert.deepEqual(propose(text, files, ['web.conf']).text.match(/^COPY .*conf.*/gm), ['COPY conf web.conf /conf/']);
  });

  it('says why a WORKDIR may come before what it followed', () => {
    const text = 'FROM node:22\nCOPY . /app\nWORKDIR /app\nRUN npm ci\n';
    const [move] = propose(text).moves.filter(({ line }) => line === 2);
    assert.deepEqual(move?.safe, ['`COPY . /app` does the same before and after `WORKDIR /app`']);
  });

  it('takes what the history does not know to change all the time', () => {
    const text =
      'FROM python:3.12\nWORKDIR /app\nCOPY app.py ./\nCOPY built ./built\nRUN apk add git\nRUN apk add curl\n';
    const files = { ...python, 'built/x': '' };
    const rest = 'RUN apk add git\nRUN apk add curl\n';
    const known = propose(text, files, ['app.py'], { tracked: Object.keys(files) });
    assert.equal(known.text, `FROM python:3.12\nWORKDIR /app\nCOPY built ./built\n${rest}COPY app.py ./\n`);
    const unknown = propose(text, files, ['app.py'], { tracked: ['app.py'] });
    assert.equal(unknown.text, `FROM python:3.12\nWORKDIR /app\n${rest}COPY app.py ./\nCOPY built ./built\n`);
    const commits = propose(
      'FROM python:3.12\nWORKDIR /app\nCOPY built ./built\nRUN apk add git\nCOPY app.py ./\nRUN make\n',
      files,
      ['app.py'],
      { tracked: ['app.py'] },
    );
    assert.deepEqual(commits.edits, [], 'nobody knows what it would save');
    const idle = propose(text, files, ['app.py', 'README.md'], { tracked: ['app.py', 'README.md'] });
    assert.equal(idle.text, unknown.text);
    const told = idle.moves.map(({ line, rebuilds }) => [line, rebuilds.before, rebuilds.after]);
    assert.deepEqual(
      told,
      [
        [4, 20, 0],
        [5, 20, 0],
      ],
      'of 40 commits those count of which the history knows that something changes, as in the sum',
    );
  });

  it('does not turn a stage upside down for little', () => {
    const names = Array.from({ length: 6 }, (_, index) => `part${index}`);
    const files = Object.fromEntries(names.map((name) => [`${name}/x`, '']));
    const text = `FROM alpine\nWORKDIR /app\n${names.map((name) => `COPY ${name} ${name}\n`).join('')}`;
    assert.deepEqual(propose(text, files, ['part0/x', 'part1/x', 'part2/x']).edits, []);
  });

  it('reads the first word of tar as options, and what they name as files', () => {
    const text = (words: string) =>
      `FROM debian:13\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y curl && curl -fsSL https://example.org/a.tgz | tar ${words}\n`;
    const isMoved = (words: string) => propose(text(words), python, ['app.py']).edits.length > 0;
    assert.ok(isMoved('xz -C /opt/tool'));
    assert.ok(isMoved('-xz -C /opt/tool'));
    assert.ok(!isMoved('xz'), 'writes into the folder of the sources');
    assert.ok(!isMoved('xzT app.py -C /opt/tool'), 'reads a list');
  });

  it('does not cut a RUN that tidies up behind itself: what it removes would stay in the first layer', () => {
    const text =
      'FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN apt-get install -y gcc && make && apt-get purge -y gcc\n';
    assert.equal(propose(text, python, ['app.py']).text, text);
    const plain = propose(text.replace(' && apt-get purge -y gcc', ''), python, ['app.py']).text;
    assert.match(plain, /^RUN apt-get install -y gcc\nCOPY \. \.\nRUN make$/m);
  });

  it('leaves a lockfile out where it changes as often as the sources', () => {
    const text = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install\n';
    assert.match(propose(text, nodeProject, ['src/a.js', 'package-lock.json']).text, /--exclude=package-lock\.json/);
  });

  it('does not touch the file for half a second per commit', () => {
    const text = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN echo done\n';
    assert.deepEqual(propose(text, python, ['app.py']).edits, []);
  });

  describe('where what is likely counts too', () => {
    const likely = (text: string, files: MemoryFiles) => propose(text, files, undefined, { acceptance: 'likely' });
    const text = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n';
    const better = 'FROM node:22\nWORKDIR /app\nCOPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .\n';
    const script = '{"lockfileVersion": 3, "packages": {"node_modules/left": {"hasInstallScript": true}}}';
    const open: readonly (readonly [string, string, MemoryFiles, string])[] = [
      [
        'install scripts of dependencies',
        text,
        { ...nodeProject, 'package-lock.json': script },
        'the install script of left would run before the sources are there',
      ],
      [
        'a folder that the ignore file lets through and that is not there',
        text,
        { ...nodeProject, '.dockerignore': 'Dockerfile\n' },
        'node_modules beside the sources would be copied over what it makes there',
      ],
      [
        'a lockfile that may be rewritten',
        `# syntax=docker/dockerfile:1.4\n${text.replace('ci', 'install')}`,
        nodeProject,
        'it may write package-lock.json anew, and the COPY behind it brings the old one back',
      ],
    ];
    for (const [name, before, files, caveat] of open) {
      it(`moves with a caveat: ${name}`, () => {
        assert.deepEqual(propose(before, files).edits, []);
        const { text: after, moves } = likely(before, files);
        const [syntax = ''] = /^# syntax.*\n/.exec(before) ?? [];
        assert.equal(after, syntax + better.replace('npm ci', before.includes('npm ci') ? 'npm ci' : 'npm install'));
        assert.deepEqual(moves.find(({ part }) => part === 'whole')?.caveats, [caveat]);
      });
    }

    it('moves what is proved without one', () => {
      const { moves } = likely(text, nodeProject);
      assert.deepEqual(
        moves.map(({ caveats }) => caveats),
        [[], []],
      );
    });

    it('leaves what surely reads the sources', () => {
      const files = { ...nodeProject, 'package.json': '{"scripts": {"postinstall": "node src/a.js"}}' };
      assert.deepEqual(likely(text, files).edits, []);
    });

    it('leaves an install whose folder is there', () => {
      const files = { ...nodeProject, '.dockerignore': 'Dockerfile\n', 'node_modules/left/index.js': '' };
      assert.deepEqual(likely(text, files).edits, []);
    });
  });

  it('rejects what the builder rejects', () => {
    assert.throws(() => propose('FROM alpine\nCOPY\n'), /rejected/);
  });
});
