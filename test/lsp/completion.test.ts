import assert from 'node:assert/strict';
import type { CompletionItem } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { completion } from '../../server/lsp/completion.js';
import { filesTaken } from '../../server/model/files-taken.js';
import type { MemoryFiles } from '../../server/model/memory-source.js';
import { contextTransfers } from '../../server/model/transfers.js';
import { openText } from './open-text.js';

const project: MemoryFiles = {
  'package.json': '{}',
  'src/a.js': '',
  'src/lib/b.js': '',
  'node_modules/x/index.js': '',
  '.dockerignore': 'node_modules\n',
};

const client = { languageFeatures: true, snippets: true };

function itemsAt(marked: string, files: MemoryFiles = project, path = 'Dockerfile', facts = client): CompletionItem[] {
  const opened = openText(marked, files, path);
  return completion(opened, opened.offset, facts);
}

function labelsAt(...args: Parameters<typeof itemsAt>): string[] {
  return itemsAt(...args).map(({ label }) => label);
}

/** The text after the item with that label is taken. */
function accept(label: string, marked: string, ...rest: [MemoryFiles?, string?]): string {
  const opened = openText(marked, ...rest);
  const item = completion(opened, opened.offset, client).find((one) => one.label === label);
  assert.ok(item?.textEdit && 'range' in item.textEdit, label);
  return TextDocument.applyEdits(opened.document, [item.textEdit]);
}

describe('completion', () => {
  describe('of COPY and ADD sources', () => {
    it('offers what is in the context and not ignored', () => {
      assert.deepEqual(labelsAt('FROM alpine:3.22\nCOPY |\n'), ['.dockerignore', 'Dockerfile', 'package.json', 'src/']);
      assert.deepEqual(labelsAt('FROM alpine:3.22\nADD --link |\n'), [
        '.dockerignore',
        'Dockerfile',
        'package.json',
        'src/',
      ]);
    });

    it('goes on below a folder, with or without ./', () => {
      assert.deepEqual(labelsAt('FROM alpine:3.22\nCOPY src/|\n'), ['a.js', 'lib/']);
      assert.equal(
        accept('lib/', 'FROM alpine:3.22\nCOPY ./src/l| /app\n', project),
        'FROM alpine:3.22\nCOPY ./src/lib/ /app\n',
      );
    });

    describe('writes names that Docker reads as they are', () => {
      const odd = '[id].tsx|x$Y.txt|a*b|a?b|it\'s|say"so|[slug]/f|a]b|~x^|{a}|-n|!x|#n'.split('|');
      const files = Object.fromEntries(odd.map((path) => [path, 'one']));
      /** What the source takes that is there once the path is taken, folder by folder. */
      const taken = (path: string, head: string) => {
        let text = `${head}|\n`;
        for (const part of path.match(/[^/]+\/?/g) ?? []) {
          text = accept(part, text, files).replace(/\n$/, '|\n');
        }
        const opened = openText(text.replace('|', ' /x/'), files);
        assert.ok(opened.parsed.kind === 'dockerfile' && opened.surroundings.context);
        const [transfer] = contextTransfers(opened.parsed.build);
        const sources = transfer?.sources.map((source) => source.path ?? '?') ?? [];
        return Array.from(filesTaken(opened.surroundings.context, sources).entries, (entry) => entry.path);
      };
      for (const [where, head] of Object.entries({
        'in a line': 'FROM alpine:3.22\nCOPY ',
        'in a continuation': 'FROM alpine:3.22\nCOPY \\\n  ',
        'with another escape character': '# escape=`\nFROM alpine:3.22\nCOPY ',
      })) {
        for (const path of odd) it(`${path} ${where}`, () => assert.deepEqual(taken(path, head), [path]));
      }

      it('and offers none that cannot be written', () => {
        const files = { 'a b.txt': '', '--link': '', '<<EOF': '', 'a\\b': '', ok: '' };
        assert.deepEqual(labelsAt('FROM alpine:3.22\nCOPY |\n', files, 'docker/Dockerfile'), ['docker/', 'ok']);
      });
    });

    it('works on continuation lines, past comments', () => {
      assert.ok(labelsAt('FROM alpine:3.22\nCOPY package.json \\\n  # sources\n  sr|\n').includes('src/'));
    });

    it('replaces text of one line only', () => {
      assert.deepEqual(labelsAt('FROM alpine:3.22\nCOPY pack\\\n| /x\n'), []);
      assert.deepEqual(labelsAt('FROM alpine:3.22\nCOPY src/l\\\ni| /x\n'), []);
      assert.equal(
        accept('lib/', 'FROM alpine:3.22\nCOPY src/\\\nl| /x\n', project),
        'FROM alpine:3.22\nCOPY src/\\\nlib/ /x\n',
      );
    });

    it('offers nothing of other stages, outside the context, or in a heredoc', () => {
      assert.deepEqual(labelsAt('FROM alpine:3.22 AS a\nFROM scratch\nCOPY --from=a |\n'), []);
      assert.deepEqual(labelsAt('FROM alpine:3.22\nCOPY ../|\n'), []);
      assert.deepEqual(labelsAt('FROM alpine:3.22\nCOPY <<EOF /a\nsr|\nEOF\n'), []);
    });

    it('is there where another extension has the rest', () => {
      const facts = { languageFeatures: false, snippets: true };
      assert.ok(labelsAt('FROM alpine:3.22\nCOPY s|\n', project, 'Dockerfile', facts).includes('src/'));
      assert.deepEqual(labelsAt('FROM alpine:3.22\nRU|\n', project, 'Dockerfile', facts), []);
      assert.deepEqual(labelsAt('FROM alpine:3.22 AS a\nFROM |\n', project, 'Dockerfile', facts), []);
    });
  });

  describe('of mounts', () => {
    it('offers types, then options, each once', () => {
      assert.ok(labelsAt('FROM alpine:3.22\nRUN --mount=|\n').includes('type=cache'));
      assert.ok(labelsAt('FROM alpine:3.22\nRUN --mount=type=|\n').includes('cache'));
      const options = labelsAt('FROM alpine:3.22\nRUN --mount=type=cache,target=/x,|\n');
      assert.ok(options.includes('sharing=') && !options.includes('target='));
      assert.deepEqual(labelsAt('FROM alpine:3.22\nRUN --mount=type=cache,sharing=|\n'), [
        'shared',
        'locked',
        'private',
      ]);
    });

    it('offers the cache folders of the package managers that the RUN calls', () => {
      assert.deepEqual(labelsAt('FROM node:24\nRUN --mount=type=cache,target=| npm ci\n'), ['/root/.npm']);
      assert.ok(labelsAt('FROM node:24\nRUN --mount=type=cache,target=| true\n').includes('/root/.cache/pip'));
    });

    it('offers no name that the value of a mount cannot have', () => {
      const files = { 'a b': '', 'a,b': '', x$Y: '', '[id]': '' };
      const labels = labelsAt('FROM alpine:3.22\nRUN --mount=type=bind,source=|\n', files);
      assert.deepEqual(labels, ['Dockerfile', '[id]']);
    });

    it('offers paths of the context as the source of a bind mount', () => {
      assert.ok(labelsAt('FROM alpine:3.22\nRUN --mount=type=bind,source=|\n').includes('package.json'));
      assert.deepEqual(labelsAt('FROM alpine:3.22\nRUN --mount=type=bind,from=x,source=|\n'), []);
    });
  });

  describe('of names', () => {
    it('offers the stages above in --from, FROM and mounts', () => {
      const text = 'FROM alpine:3.22 AS one\nFROM alpine:3.22 AS two\n';
      assert.deepEqual(labelsAt(`${text}COPY --from=|\n`), ['one']);
      assert.deepEqual(labelsAt(`${text}FROM |\n`), ['one', 'two']);
      assert.deepEqual(labelsAt(`${text}RUN --mount=from=|\n`), ['one']);
      assert.equal(accept('one', `${text}COPY --from=o| /a /b\n`), `${text}COPY --from=one /a /b\n`);
    });

    it('offers variables that are set above', () => {
      assert.deepEqual(labelsAt('ARG TAG=1\nFROM alpine:$|\n'), ['TAG']);
      assert.deepEqual(labelsAt('FROM alpine:3.22\nENV A=1\nWORKDIR $|\nENV B=2\n'), ['A']);
    });

    it('offers keywords and flags', () => {
      assert.ok(labelsAt('FROM alpine:3.22\nW|\n').includes('WORKDIR'));
      assert.ok(labelsAt('|').includes('FROM'));
      const flags = labelsAt('FROM alpine:3.22\nCOPY --link --|\n');
      assert.ok(flags.includes('--from=') && !flags.includes('--link'));
    });
  });

  describe('in comments', () => {
    it('offers the rules that are reported first', () => {
      const items = itemsAt('# layerwise ignore=|\nFROM alpine\n');
      const first = items.toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1))[0];
      assert.equal(first?.label, 'unpinned-base');
      assert.ok(items.every(({ label }) => label !== 'shadowed-pattern'));
    });

    it('offers each rule once and none in the reason', () => {
      assert.ok(!labelsAt('# layerwise ignore=unpinned-base,|\nFROM alpine\n').includes('unpinned-base'));
      assert.deepEqual(labelsAt('# layerwise ignore=unpinned-base re|\nFROM alpine\n'), []);
      assert.deepEqual(labelsAt('# layerwise ignore=unpinned-base |\nFROM alpine\n'), []);
    });

    it('offers rules behind a blank that ends no name', () => {
      for (const start of ['# layerwise ignore= ', '# layerwise ignore=unpinned-base , ']) {
        assert.equal(accept('broad-copy', `${start}bro|\nFROM alpine\n`), `${start}broad-copy\nFROM alpine\n`);
      }
    });

    it('offers rules for ignore files in ignore files', () => {
      assert.ok(labelsAt('# layerwise ignore-file=|\n', project, '.dockerignore').includes('shadowed-pattern'));
    });

    it('offers to begin a comment that ignores something', () => {
      assert.equal(
        accept('layerwise ignore=', '# lay|\nFROM alpine\n'),
        '# layerwise ignore=$1 reason="$2"\nFROM alpine\n',
      );
      assert.deepEqual(labelsAt('# anything |\nFROM alpine\n'), []);
    });
  });

  describe('in ignore files', () => {
    it('offers paths that are still sent, and common patterns that are not there', () => {
      const labels = labelsAt('node_modules\n.git\n|', project, '.dockerignore');
      assert.ok(labels.includes('src/') && labels.includes('**/*.log'));
      assert.ok(!labels.includes('node_modules/') && !labels.includes('.git'));
    });

    it('offers what is left out after !', () => {
      assert.deepEqual(labelsAt('node_modules\n!|', project, '.dockerignore'), ['node_modules/']);
      assert.deepEqual(labelsAt('node_modules\n!node_modules/|', project, '.dockerignore'), ['x/']);
    });

    describe('writes names that Docker reads as they are', () => {
      const odd = '[slug]/f|#n.txt|!x|a*b|a?b|x^[1]|back\\slash|a b|a.b+(c)'.split('|');
      const files = Object.fromEntries([...odd, 'n.txt', 'x', 'ab', 's/f', 'a/b'].map((path) => [path, 'one']));
      for (const path of odd) {
        it(path, () => {
          let text = '|';
          for (const part of path.match(/[^/]+\/?/g) ?? []) text = `${accept(part, text, files, '.dockerignore')}|`;
          const { context } = openText(text, files, '.dockerignore').surroundings;
          const ignored = Object.keys(files).filter((one) => context?.ignored(one));
          assert.deepEqual(ignored, [path]);
          const excepted = openText(`*\n!${text}`, files, '.dockerignore').surroundings.context;
          const sent = Object.keys(files).filter((one) => !excepted?.ignored(one));
          assert.deepEqual(sent, [path]);
        });
      }

      it('and offers none that cannot be written', () => {
        assert.ok(!labelsAt('|', { 'a ': '', ' a': '', b: '' }, '.dockerignore').some((label) => label.includes(' ')));
      });
    });

    it('replaces only what is typed of the last name', () => {
      assert.equal(accept('lib/', 'src/l|\n', project, '.dockerignore'), 'src/lib/\n');
    });
  });
});
