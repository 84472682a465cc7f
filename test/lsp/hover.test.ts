import assert from 'node:assert/strict';
import type { MarkupContent } from 'vscode-languageserver';
import { hover } from '../../server/lsp/hover.js';
import type { MemoryFiles } from '../../server/model/memory-source.js';
import { openText } from './open-text.js';

const client = { markdown: true, languageFeatures: true };

/** The hover at the `|`, and the text that it belongs to. */
function hoverAt(marked: string, files?: MemoryFiles, path?: string, facts = client): { text: string; on: string } {
  const opened = openText(marked, files, path);
  const found = hover(opened, opened.offset, facts);
  if (!found?.range) return { text: '', on: '' };
  return { text: (found.contents as MarkupContent).value, on: opened.document.getText(found.range) };
}

const project: MemoryFiles = {
  'package.json': '{}',
  'src/a.js': { text: '', size: 3000 },
  'src/lib/b.js': { text: '', size: 500 },
  'node_modules/x/index.js': { text: '', size: 90_000 },
  '.dockerignore': 'node_modules\n',
};

describe('hover', () => {
  it('on COPY tells the files it takes after the ignore file, the largest first', () => {
    const { text, on } = hoverAt('FROM alpine:3.22\nCO|PY package.json src /app/\n', project);
    assert.equal(on, 'COPY');
    assert.match(text, /^Takes \*\*3 files, 3\.5 kB\*\* of the context `\.` after `\.dockerignore`/);
    assert.match(
      text,
      /- `src\/a\.js`: 1 file, 3 kB\n- `src\/lib\/`: 1 file, 500 B\n- `package\.json`: 1 file, 2 B\n\n---/,
    );
  });

  it('on one source of a COPY tells of that source', () => {
    const { text, on } = hoverAt('FROM alpine:3.22\nCOPY package.json sr|c /app/\n', project);
    assert.equal(on, 'src');
    assert.match(text, /2 files, 3\.5 kB/);
  });

  it('on a finding explains its rule and says what would be saved', () => {
    const files = { ...project, 'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}}}' };
    const { text } = hoverAt('FROM node:22\nWORKDIR /app\nCOPY |. .\nRUN npm ci\n', files);
    assert.match(
      text,
      /\*\*copy-before-install\*\*: [\s\S]*\n\nSaves: an edit of src\/a\.js no longer re-runs line 4$/m,
    );
  });

  it('on COPY . leaves out what the ignore file leaves out', () => {
    const { text } = hoverAt('FROM alpine:3.22\nCOPY |. /app/\n', project);
    assert.doesNotMatch(text, /node_modules/);
  });

  it('names the sources that are not sent', () => {
    const { text } = hoverAt('FROM alpine:3.22\nCOP|Y package.json node_modules *.toml /app/\n', project);
    assert.match(text, /Not in what is sent: `node_modules`, `\*\.toml`/);
  });

  it('does not look for what a COPY --from takes', () => {
    const { text } = hoverAt('FROM alpine:3.22 AS a\nFROM scratch\nCO|PY --from=a /x /y\n', project);
    assert.doesNotMatch(text, /Takes/);
  });

  it('on the keyword of a step tells what its cache key depends on', () => {
    const { text, on } = hoverAt('FROM alpine:3.22\nARG VERSION=1\nWORKDIR /app\nR|UN make\n');
    assert.equal(on, 'RUN');
    assert.deepEqual(text.split('\n').slice(0, 7), [
      'Cached until one of these changes:',
      '',
      '- step above: the key of the step before it',
      '- command: `["/bin/sh","-c","make"]`',
      '- ARG: `VERSION=1`',
      '- folder: `/app`',
      '- user: that of the base image',
    ]);
  });

  it('knows the arguments that the builder sets', () => {
    const file = (run: string) => `FROM alpine:3.22\nARG TARGETARCH\n${run}\n`;
    assert.match(hoverAt(file('R|UN make')).text, /^- ARG: TARGETARCH, which the builder sets$/m);
    assert.equal(
      hoverAt(file('RUN echo $TARGET|ARCH')).text,
      '`TARGETARCH` is set by the builder\n\nFrom ARG in line 2, which `--build-arg TARGETARCH=…` replaces',
    );
  });

  it('has nothing to say on the keyword of what is no step', () => {
    assert.equal(hoverAt('FROM alpine:3.22\nLAB|EL a=b\n').text, '');
  });

  it('on an ignore pattern tells what it leaves out', () => {
    const { text, on } = hoverAt('node_mod|ules\n*.md\n', project, '.dockerignore');
    assert.equal(on, 'node_modules');
    assert.equal(text, 'Leaves out **1 file, 90 kB**\n\n`node_modules/`');
  });

  it('on an exception tells what it brings back', () => {
    const { text } = hoverAt('src\n!src/|lib\n', project, '.dockerignore');
    assert.equal(text, 'Brings back **1 file, 500 B**\n\n`src/lib/`');
  });

  it('on a pattern without effect says why', () => {
    assert.match(
      hoverAt('*.m|d # texts\n', project, '.dockerignore').text,
      /^`\*\.md # texts` matches nothing [\s\S]*\*\*inline-comment\*\*: /,
    );
    assert.match(hoverAt('*.md|\n', project, '.dockerignore').text, /matches nothing in the context `\.` as it is now/);
    assert.match(hoverAt('src\nsrc/l|ib\n', project, '.dockerignore').text, /changes nothing: other patterns/);
    assert.match(
      hoverAt('!src|/lib\nsrc\n', project, '.dockerignore').text,
      /changes nothing: line 2, `src`, leaves it out again/,
    );
  });

  it('on a rule in a comment explains the rule, by the ids of other tools too', () => {
    assert.match(hoverAt('# layerwise ignore=unpinned-|base\nFROM alpine\n').text, /^\*\*unpinned-base\*\*: /);
    assert.match(hoverAt('# hadolint ignore=DL3|006\nFROM alpine\n').text, /^\*\*unpinned-base\*\*: /);
    assert.match(hoverAt('# layerwise ignore=no-such-|rule\nFROM alpine:3.22\n').text, /unused-suppression/);
  });

  it('on a finding explains the rule, below what the place itself is', () => {
    const { text } = hoverAt('FROM al|pine\n');
    assert.match(text, /^- Registry: `docker\.io`[\s\S]*\n\n---\n\n\*\*unpinned-base\*\*: /);
  });

  it('takes an image reference apart', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const { text, on } = hoverAt(`FROM ghcr.io/acme/to|ol:1.2@${digest}\n`);
    assert.equal(on, `ghcr.io/acme/tool:1.2@${digest}`);
    assert.match(text, /- Registry: `ghcr\.io`\n- Repository: `acme\/tool`\n- Tag: `1\.2`\n- Digest: `sha256:a+`/);
  });

  it('shows the value of a variable and where it comes from', () => {
    const { text, on } = hoverAt('ARG TAG=3.22\nFROM alpine:$TA|G\n');
    assert.equal(on, 'TAG');
    assert.equal(text, '`TAG` is `3.22`\n\nFrom ARG in line 1, which `--build-arg TAG=…` replaces');
    const inherited = hoverAt('FROM alpine:3.22 AS base\nENV HOME=/srv\nFROM base\nWORKDIR $HO|ME/app\n');
    assert.equal(inherited.text, '`HOME` is `/srv`\n\nFrom ENV in line 2');
  });

  it('shows variables of the base image in a key as they are written', () => {
    const { text } = hoverAt('FROM eclipse-temurin:21\nCO|PY app-$JAVA_VERSION.jar /app/\n', { 'app-21.jar': '' });
    assert.match(text, /- names: `app-\$JAVA_VERSION\.jar`\n- destination: `\/app\/`/);
  });

  it('says nothing of a variable that a script sets itself', () => {
    assert.equal(hoverAt('FROM alpine:3.22\nRUN for f in a b; do echo $|f; done\n').text, '');
  });

  it('leaves images, stages and variables to the other extension where there is one', () => {
    const facts = { markdown: true, languageFeatures: false };
    assert.equal(hoverAt('ARG TAG=3.22\nFROM alpine:$TA|G\n', {}, 'Dockerfile', facts).text, '');
    assert.match(hoverAt('FROM alpine:3.22\nCO|PY . /\n', project, 'Dockerfile', facts).text, /^Takes/);
  });

  it('says nothing of blank lines and plain words', () => {
    assert.equal(hoverAt('FROM alpine:3.22\n|\nRUN echo\n').text, '');
    assert.equal(hoverAt('FROM alpine:3.22\nRUN ec|ho\n').text, '');
  });
});
