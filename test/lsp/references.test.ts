// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Dockerfiles
import assert from 'node:assert/strict';
import type { TextDocumentEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { definition, highlights, prepareRename, references, rename } from '../../server/lsp/references.js';
import { ableClient, openText } from './open-text.js';

/** The text with `«…»` around every place that means the same as the one at the `|`, `«!…»` where it is defined. */
function marked(text: string): string {
  const opened = openText(text);
  const edits = highlights(opened, opened.offset).map(({ range, kind }) => ({
    range,
    newText: `«${kind === 3 ? '!' : ''}${opened.document.getText(range)}»`,
  }));
  return TextDocument.applyEdits(opened.document, edits);
}

function definitionLine(text: string): number | undefined {
  const opened = openText(text);
  const found = definition(opened, opened.offset);
  return found && found.range.start.line + 1;
}

function renamed(text: string, to: string): string {
  const opened = openText(text);
  const [change] = rename(opened, opened.offset, to, ableClient)?.documentChanges ?? [];
  return TextDocument.applyEdits(opened.document, (change as TextDocumentEdit).edits as never);
}

describe('names', () => {
  it('of stages are found in FROM, COPY --from and mounts', () => {
    assert.equal(
      marked(
        'FROM alpine AS bu|ild\nFROM build\nCOPY --from=build /a /b\nRUN --mount=type=bind,from=build,target=/x true\n',
      ),
      'FROM alpine AS «!build»\nFROM «build»\nCOPY --from=«build» /a /b\nRUN --mount=type=bind,from=«build»,target=/x true\n',
    );
  });

  it('of stages do not care for case, and numbers mean them too', () => {
    assert.equal(
      marked('FROM alpine AS Build\nFROM scratch\nCOPY --from=BUI|LD /a /b\nCOPY --from=0 /c /d\n'),
      'FROM alpine AS «!Build»\nFROM scratch\nCOPY --from=«BUILD» /a /b\nCOPY --from=«0» /c /d\n',
    );
  });

  it('of images and of words in scripts are none', () => {
    assert.equal(marked('FROM alp|ine\n'), 'FROM alpine\n');
    assert.equal(marked('FROM alpine AS build\nRUN echo bui|ld\n'), 'FROM alpine AS build\nRUN echo build\n');
  });

  it('of variables are found where the same one is meant', () => {
    assert.equal(
      marked('FROM alpine\nENV AP|P=/srv\nWORKDIR $APP/x\nRUN ls "${APP}"\nFROM alpine\nENV APP=/other\n'),
      'FROM alpine\nENV «!APP»=/srv\nWORKDIR $«APP»/x\nRUN ls "${«APP»}"\nFROM alpine\nENV APP=/other\n',
    );
  });

  it('of variables are found in lengths and arithmetic too', () => {
    assert.equal(
      renamed('FROM alpine\nARG V|=abc\nRUN echo $V ${#V} $((V+1))\n', 'NEW'),
      'FROM alpine\nARG NEW=abc\nRUN echo $NEW ${#NEW} $((NEW+1))\n',
    );
  });

  it('of arguments hold in every stage that declares them', () => {
    assert.equal(
      marked('ARG TAG=1\nFROM alpine:$TA|G\nARG TAG\nLABEL v=$TAG\nFROM alpine\nLABEL v=$TAG\n'),
      'ARG «!TAG»=1\nFROM alpine:$«TAG»\nARG «!TAG»\nLABEL v=$«TAG»\nFROM alpine\nLABEL v=$TAG\n',
    );
  });

  it('of variables are handed on to stages built from theirs', () => {
    assert.equal(
      marked('FROM alpine AS a\nENV X=1\nFROM a AS b\nFROM b\nRUN echo $|X\n'),
      'FROM alpine AS a\nENV «!X»=1\nFROM a AS b\nFROM b\nRUN echo $«X»\n',
    );
  });

  it('lead to the definition that counts at the place', () => {
    const text = 'ARG V=1\nFROM alpine:$V AS a\nARG V\nENV W=$V\nENV W=2\n';
    assert.equal(definitionLine(text.replace('alpine:$V', 'alpine:$|V')), 1);
    assert.equal(definitionLine(`${text}RUN echo $|W\n`), 5);
    assert.equal(definitionLine(`${text}RUN echo $|V\n`), 1);
    assert.equal(definitionLine(`${text}FROM scratch\nCOPY --from=|a /x /y\n`), 2);
    assert.equal(definitionLine(`${text}RUN echo $|UNKNOWN\n`), undefined);
  });

  it('can be listed with or without the definition', () => {
    const opened = openText('FROM alpine AS a|\nFROM a\n');
    assert.equal(references(opened, opened.offset, true).length, 2);
    assert.equal(references(opened, opened.offset, false).length, 1);
  });
});

describe('rename', () => {
  it('changes a stage everywhere but where it is named by number', () => {
    assert.equal(
      renamed('FROM alpine AS bui|ld\nFROM build\nCOPY --from=build /a /b\nCOPY --from=0 /c /d\n', 'compile'),
      'FROM alpine AS compile\nFROM compile\nCOPY --from=compile /a /b\nCOPY --from=0 /c /d\n',
    );
  });

  it('changes a variable in all its forms', () => {
    assert.equal(
      renamed('FROM alpine\nENV A|=1 B=${A:-x}\nRUN echo $A \\\n  # $A\n  "${A}"\nCOPY <<EOF /x\n$A\nEOF\n', 'NEW'),
      'FROM alpine\nENV NEW=1 B=${NEW:-x}\nRUN echo $NEW \\\n  # $A\n  "${NEW}"\nCOPY <<EOF /x\n$NEW\nEOF\n',
    );
  });

  it('refuses names that are taken or none', () => {
    const stages = 'FROM alpine AS a|\nFROM alpine AS b\n';
    assert.throws(() => renamed(stages, 'b'), /there is a stage b already/);
    assert.throws(() => renamed(stages, 'scratch'), /reserved/);
    assert.throws(() => renamed(stages, '1x'), /not a name/);
    assert.throws(() => renamed('FROM alpine\nENV A|=1 B=2\n', 'B'), /there is a variable B already/);
    assert.throws(() => renamed('FROM alpine\nENV A|=1\n', 'a-b'), /not a name/);
  });

  it('refuses what it could not do completely', () => {
    assert.throws(() => renamed('ARG B=base\nFROM alpine AS ba|se\nFROM $B\n', 'x'), /through a variable/);
    assert.throws(() => renamed('FROM alpine\nENV A|=1\nRUN A=2 && echo $A\n', 'x'), /line 3 sets A itself/);
    assert.throws(() => renamed('FROM alpine\nRUN echo $HO|ME\n', 'x'), /no ENV or ARG/);
  });

  it('is prepared with the name alone', () => {
    const opened = openText('FROM alpine\nENV A=1\nRUN echo "$|{A}"\n'.replace('$|{A}', '${A|}'));
    const prepared = prepareRename(opened, opened.offset);
    assert.equal(prepared?.placeholder, 'A');
    assert.equal(prepared && opened.document.getText(prepared.range), 'A');
    const other = openText('FROM alp|ine\n');
    assert.equal(prepareRename(other, other.offset), undefined);
  });
});
