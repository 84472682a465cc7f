import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose } from '../../helpers/proposals.js';

const files: MemoryFiles = {
  'src/a.c': 'a',
  'tool.conf': 'a',
  '.dockerignore': 'Dockerfile\n',
};

const install = 'RUN apt-get update && apt-get install -y gcc\n';

function ordered(text: string): string {
  return propose(text, files, ['src/a.c']).text.replace(/^# syntax.*\n/, '');
}

const whole: MemoryFiles = { ...files, 'conf/a.conf': 'a', 'conf/sub/b.conf': 'b' };

/** A folder is there, so the file lands in it; without the folder it would become a file of that name. */
const entering: readonly (readonly [what: string, before: string, copy: string])[] = [
  ['a file', 'COPY src /app/src\n', 'COPY tool.conf /app\n'],
  ['what a pattern matches', 'COPY src /app/src\n', 'COPY tool* /app\n'],
  ['a text', 'COPY src /app/src\n', 'COPY <<tool.conf /app\nx\ntool.conf\n'],
  ['what is fetched', 'COPY src /app/src\n', 'ADD https://example.org/tool.jar /app\n'],
  ['several files', 'COPY src /app/src\n', 'COPY tool.conf tool.conf /app\n'],
  ['a file of an image', 'COPY src /app/src\n', 'COPY --from=alpine:3.22 /etc/issue /app\n'],
];

/** It lands at the same place wherever it stands. */
const plain: readonly (readonly [what: string, before: string, copy: string])[] = [
  ['a file to a folder', 'COPY src /app/src\n', 'COPY tool.conf /app/\n'],
  ['several files', 'COPY src /app/src\n', 'COPY tool.conf tool.conf /app/\n'],
  ['a file to a name that is no folder', 'COPY src /app/src\n', 'COPY tool.conf /app/conf\n'],
  ['a file into a folder that is there before', 'WORKDIR /app\nCOPY src src\n', 'COPY tool.conf /app\n'],
  ['a file into a folder of the distribution', 'COPY src /opt/src\n', 'COPY tool.conf /opt\n'],
];

describe('A COPY to a name without a slash', () => {
  for (const [what, before, copy] of entering)
    it(`stays behind what makes a folder of that name: ${what}`, () =>
      assert.equal(
        ordered(`FROM debian:12\n${before}${copy}${install}`),
        `FROM debian:12\n${install}${before}${copy}`,
      ));

  for (const [what, before, copy] of plain)
    it(`may come first where that makes no difference: ${what}`, () => {
      const text = ordered(`FROM debian:12\n${before}${copy}${install}`);
      assert.ok(text.indexOf(copy) < text.indexOf('src'), text);
    });

  it('lands in a folder in which the stage below ends', () => {
    const head = 'FROM debian:12 AS base\nWORKDIR /app\nFROM base\n';
    const text = ordered(`${head}COPY src /app/src\nCOPY tool.conf /app\n${install}`);
    assert.equal(text, `${head}COPY tool.conf /app\n${install}COPY src /app/src\n`);
  });

  it('stays behind a COPY that brings a folder of that name among others', () => {
    const text = `FROM debian:12\nCOPY . /app/\nCOPY conf/* /app/conf\n${install}`;
    const expected = `FROM debian:12\n${install}COPY . /app/\nCOPY conf/* /app/conf\n`;
    assert.equal(propose(text, whole, ['src/a.c']).text, expected);
  });
});

describe('A RUN that makes a folder', () => {
  const made = (user: string, before = '') => {
    const head = `FROM debian:12\n${before}USER ${user}\n`;
    const text = `${head}COPY --chown=${user} src /app/src\nRUN mkdir -p /app/log && touch /app/log/a\nUSER root\n${install}`;
    return ordered(text).indexOf('mkdir') < ordered(text).indexOf('COPY');
  };

  it('stays behind the COPY that makes the folder above where another user might not be allowed to', () => {
    assert.equal(made('5'), false);
  });

  it('comes first as root, or where the folder above is there before', () => {
    assert.equal(made('root'), true);
    assert.equal(made('5', 'USER 5\nWORKDIR /app\n'), true);
  });

  it('stays behind the COPY that makes it where it writes there first', () => {
    const run = 'RUN touch /app/log && mkdir -p /app/data\n';
    const text = `FROM debian:12\nCOPY src /app/src\n${run}${install}`;
    assert.equal(ordered(text), `FROM debian:12\n${install}COPY src /app/src\n${run}`);
  });
});

describe('A COPY of what matches a pattern', () => {
  const npm: MemoryFiles = {
    ...whole,
    '.dockerignore': 'Dockerfile\nnode_modules\n',
    'package.json': '{"name": "app", "dependencies": {"left": "1.0.0"}}',
    'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/left": {}}}',
  };
  const both = (pattern: string, files = npm) =>
    propose(`FROM node:22\nWORKDIR /app\nCOPY . .\nCOPY ${pattern} ./\nRUN npm ci\n`, files, ['src/a.c']).text;

  it('brings no manifest that does not match', () =>
    assert.match(both('t*'), /^COPY package-lock.json package.json .\/\nRUN npm ci\nCOPY \. \./m));

  it('brings one that matches', () =>
    assert.equal(both('pack*'), 'FROM node:22\nWORKDIR /app\nCOPY pack* ./\nRUN npm ci\nCOPY . .\n'));

  it('stays in order where a folder that matches has a file of the same name', () => {
    const text = `FROM debian:12\nCOPY . /app/\nCOPY c* /app/\n${install}`;
    const twice = propose(text, { ...whole, 'a.conf': 'b' }, ['src/a.c']).text;
    assert.equal(twice, `FROM debian:12\n${install}COPY . /app/\nCOPY c* /app/\n`);
  });
});

describe('The folders that a COPY makes on its way', () => {
  const behind: readonly (readonly [what: string, before: string, after: string])[] = [
    ['another COPY', 'COPY src /app/src\n', 'COPY --chmod=700 tool.conf /app/\n'],
    ['a WORKDIR', 'COPY --chmod=644 src/a.c /app/conf/\n', 'WORKDIR /app/conf\n'],
    ['a RUN', 'COPY --chmod=700 src/a.c /app/x/\n', 'RUN mkdir -p /app/log\n'],
  ];

  for (const [what, before, after] of behind)
    it(`have the mode of --chmod, so that it keeps its place before ${what}`, () => {
      const text = ordered(`FROM debian:12\n${before}${after}${install}`);
      assert.ok(text.indexOf(before) < text.indexOf(after), text);
    });

  for (const mode of ['0755', 'go-w'])
    it(`have the usual mode where --chmod gives that: ${mode}`, () => {
      const copy = `COPY --chmod=${mode} src/a.c /app/\n`;
      const expected = `FROM debian:12\nWORKDIR /app\n${install}${copy}`;
      assert.equal(ordered(`FROM debian:12\n${copy}WORKDIR /app\n${install}`), expected);
    });

  it('are made by the COPY of the manifests first', () => {
    const files: MemoryFiles = {
      'web/package.json': '{"name": "app", "dependencies": {"left": "1.0.0"}}',
      'web/package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/left": {}}}',
      'web/a.js': 'a',
      '.dockerignore': 'Dockerfile\n**/node_modules\n',
    };
    const text = 'FROM node:22\nCOPY --chmod=700 web /srv/web\nWORKDIR /srv/web\nRUN npm ci\n';
    assert.equal(
      propose(text, files, ['web/a.js']).text,
      'FROM node:22\nCOPY --chmod=700 web/package-lock.json web/package.json /srv/web/\nWORKDIR /srv/web\nRUN npm ci\nCOPY --chmod=700 web /srv/web\n',
    );
  });
});
