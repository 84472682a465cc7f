import assert from 'node:assert/strict';
import type { CodeAction, TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ClientFacts } from '../../server/lsp/client-facts.js';
import { codeActions } from '../../server/lsp/code-actions.js';
import { diagnosticsOf } from '../../server/lsp/diagnostics.js';
import { rangeOf } from '../../server/lsp/places.js';
import type { MemoryFiles } from '../../server/model/memory-source.js';
import { ableClient, type OpenText, openText } from './open-text.js';

interface Ask {
  readonly files?: MemoryFiles;
  readonly path?: string;
  readonly client?: ClientFacts;
  readonly only?: readonly string[];
}

function ask(text: string, { files = {}, path, client = ableClient, only }: Ask = {}) {
  const opened = openText(text, files, path);
  const diagnostics = diagnosticsOf(opened, client);
  const range = rangeOf(opened.document, { start: 0, end: opened.text.length });
  const context = { diagnostics, ...(only ? { only: [...only] } : {}) };
  return { opened, diagnostics, actions: codeActions(opened, { range, context }, client) };
}

function actionCalled(actions: readonly CodeAction[], title: RegExp): CodeAction {
  const action = actions.find((one) => title.test(one.title));
  assert.ok(action, `${title} among ${actions.map((one) => one.title).join('; ')}`);
  return action;
}

/** The document's text with the edit made; snippets as they are. */
function apply({ document }: OpenText, edit: WorkspaceEdit | undefined): string {
  const changes = (edit?.documentChanges ?? []).filter((one): one is TextDocumentEdit => 'textDocument' in one);
  const own = changes.filter(({ textDocument }) => textDocument.uri === document.uri).flatMap(({ edits }) => edits);
  const plain = own.map((one) => ({ range: one.range, newText: 'snippet' in one ? one.snippet.value : one.newText }));
  return TextDocument.applyEdits(document, [...plain, ...(edit?.changes?.[document.uri] ?? [])]);
}

const splitApt = 'FROM debian:13\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends curl=8.*\n';

describe('code actions', () => {
  it('are the fixes of the findings, the safe one preferred', () => {
    const { opened, actions } = ask(splitApt);
    const fix = actionCalled(actions, /^Move apt-get update/);
    assert.equal(fix.kind, 'quickfix');
    assert.equal(fix.isPreferred, true);
    assert.match(apply(opened, fix.edit), /^FROM debian:13\nRUN apt-get update && apt-get install -y/);
    assert.equal(fix.diagnostics?.[0]?.code, 'split-apt-update');
  });

  it('say what an unsafe fix may change, and prefer none', () => {
    const { actions } = ask('FROM node:24\nCOPY package.json package-lock.json ./\nRUN npm ci\n', {
      files: { 'package.json': '{"name":"a"}', 'package-lock.json': '{"lockfileVersion":3,"packages":{}}' },
    });
    const fix = actionCalled(actions, /^Add a cache mount \(/);
    assert.equal(fix.isPreferred, undefined);
  });

  it('hold for the version they were made for', () => {
    const { actions } = ask(splitApt);
    const [change] = actionCalled(actions, /^Move/).edit?.documentChanges ?? [];
    assert.equal(change && 'textDocument' in change && change.textDocument.version, 1);
  });

  it('create files that are not there', () => {
    const { actions } = ask('FROM alpine:3.22\nCOPY . /app\n', {
      files: { '.git/HEAD': 'ref', 'a.txt': 'a', '.git/objects/x': { text: '', size: 5000 } },
    });
    const creating = actions.find(({ edit }) => edit?.documentChanges?.some((one) => 'kind' in one));
    const [create, change] = creating?.edit?.documentChanges ?? [];
    assert.ok(create && 'kind' in create && create.kind === 'create');
    assert.equal(create.uri, 'file:///project/.dockerignore');
    assert.ok(change && 'edits' in change && change.edits.length > 0);
  });

  it('are not offered where the client cannot create files', () => {
    const { actions } = ask('FROM alpine:3.22\nCOPY . /app\n', {
      files: { '.git/HEAD': 'ref', 'a.txt': 'a' },
      client: { ...ableClient, createsFiles: false },
    });
    assert.ok(actions.every(({ edit }) => !edit?.documentChanges?.some((one) => 'kind' in one)));
  });

  it('show a fix that is only advice as disabled', () => {
    const { actions } = ask('FROM alpine:3.22\nADD https://example.com/tool.tgz /tool.tgz\n');
    const advice = actions.find(({ disabled }) => disabled !== undefined);
    assert.ok(advice?.disabled?.reason);
    assert.equal(advice.edit, undefined);
  });

  it('fix all findings of one rule, where there are several', () => {
    const text = `${splitApt}FROM debian:13\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends git\n`;
    const { opened, actions } = ask(text);
    const all = actionCalled(actions, /^Fix all split-apt-update findings/);
    assert.equal(apply(opened, all.edit).match(/RUN apt-get update && apt-get install/g)?.length, 2);
    assert.ok(ask(splitApt).actions.every(({ title }) => !title.startsWith('Fix all')));
  });

  it('source.fixAll.layerwise applies the safe fixes until none is left', () => {
    const { opened, actions } = ask(splitApt, { only: ['source.fixAll.layerwise'] });
    assert.deepEqual(
      actions.map(({ kind }) => kind),
      ['source.fixAll.layerwise'],
    );
    const after = openText(apply(opened, actions[0]?.edit));
    const left = after.lint().findings.flatMap(({ fixes }) => fixes.filter(({ safety }) => safety === 'safe'));
    assert.deepEqual(left, []);
  });

  it('answer each kind that is asked for and no other', () => {
    assert.ok(ask(splitApt, { only: ['source.fixAll'] }).actions.length === 1);
    assert.deepEqual(ask(splitApt, { only: ['source.fixAll.eslint'] }).actions, []);
    assert.deepEqual(ask(splitApt, { only: ['refactor'] }).actions, []);
    assert.ok(ask(splitApt, { only: ['quickfix'] }).actions.every(({ kind }) => kind === 'quickfix'));
    assert.deepEqual(ask('FROM alpine:3.22\n', { only: ['source.fixAll'] }).actions, []);
  });

  it('postpone costly edits where the client resolves them', () => {
    const { actions } = ask(splitApt, { client: { ...ableClient, resolvesEdits: true }, only: ['source'] });
    assert.equal(actions[0]?.edit, undefined);
    assert.deepEqual(actions[0]?.data, { uri: 'file:///project/Dockerfile', version: 1 });
  });

  it('explain a rule through the command of the client, if it has that', () => {
    const { command } = actionCalled(ask('FROM alpine\n').actions, /^Explain unpinned-base$/);
    assert.deepEqual(command, {
      title: 'Explain unpinned-base',
      command: 'layerwise.explainRule',
      arguments: ['unpinned-base'],
    });
    const plain = ask('FROM alpine\n', { client: { ...ableClient, commands: new Set() } }).actions;
    assert.ok(plain.every((action) => action.command === undefined));
  });

  it('of a diagnostic of an older version are those of this one', () => {
    const { opened, diagnostics } = ask(splitApt);
    const old = diagnostics.map((one) => ({ ...one, data: { version: 0, fixes: [] } }));
    const range = rangeOf(opened.document, { start: 0, end: 1 });
    const actions = codeActions(opened, { range, context: { diagnostics: old } }, ableClient);
    assert.match(apply(opened, actionCalled(actions, /^Move/).edit), /update && apt-get install/);
  });

  it('pass over diagnostics of others', () => {
    const { opened } = ask(splitApt);
    const range = rangeOf(opened.document, { start: 0, end: 1 });
    const diagnostics = [{ range, message: 'x', source: 'hadolint', code: 'DL3006' }];
    assert.deepEqual(codeActions(opened, { range, context: { diagnostics, only: ['quickfix'] } }, ableClient), []);
  });

  describe('that ignore a finding', () => {
    const plain = { ...ableClient, snippetEdits: false };

    it('write a comment above the instruction with room for the reason', () => {
      const { opened, actions } = ask('# a\nFROM alpine\n', { client: plain });
      const edit = actionCalled(actions, /^Ignore unpinned-base for this instruction$/).edit;
      assert.equal(apply(opened, edit), '# a\n# layerwise ignore=unpinned-base reason=""\nFROM alpine\n');
    });

    it('put the cursor on the reason where the client can', () => {
      const { opened, actions } = ask('FROM alpine\n');
      const edit = actionCalled(actions, /^Ignore unpinned-base for this instruction$/).edit;
      assert.equal(apply(opened, edit), `# layerwise ignore=unpinned-base reason="\${1:why}"\nFROM alpine\n`);
    });

    it('add to a comment that is there', () => {
      const text = '# layerwise ignore=undigested-base reason="x"\nFROM alpine\n';
      const { opened, actions } = ask(text, { client: plain });
      const edit = actionCalled(actions, /^Ignore unpinned-base for this instruction$/).edit;
      assert.equal(apply(opened, edit), '# layerwise ignore=undigested-base,unpinned-base reason="x"\nFROM alpine\n');
    });

    it('keep parser directives on top', () => {
      const { opened, actions } = ask('# syntax=docker/dockerfile:1\n# escape=`\nFROM alpine\n', { client: plain });
      const edit = actionCalled(actions, /^Ignore unpinned-base in this file$/).edit;
      assert.equal(
        apply(opened, edit),
        '# syntax=docker/dockerfile:1\n# escape=`\n# layerwise ignore-file=unpinned-base reason=""\nFROM alpine\n',
      );
    });

    it('use the line endings of the file', () => {
      const { opened, actions } = ask('ARG A\r\nFROM alpine\r\n', { client: plain });
      const edit = actionCalled(actions, /^Ignore unpinned-base for/).edit;
      assert.equal(apply(opened, edit), 'ARG A\r\n# layerwise ignore=unpinned-base reason=""\r\nFROM alpine\r\n');
    });

    it('work in ignore files', () => {
      const { opened, actions } = ask('src\nsrc/a\n', { path: '.dockerignore', files: { 'src/a': '' }, client: plain });
      const edit = actionCalled(actions, /^Ignore shadowed-pattern for this pattern$/).edit;
      assert.equal(apply(opened, edit), 'src\n# layerwise ignore=shadowed-pattern reason=""\nsrc/a\n');
    });

    it('make the finding go away', () => {
      for (const title of [/^Ignore unpinned-base for/, /^Ignore unpinned-base in/]) {
        const { opened, actions } = ask('FROM alpine\n', { client: plain });
        const after = openText(apply(opened, actionCalled(actions, title).edit).replace('""', '"x"'));
        assert.deepEqual(after.lint().findings, []);
      }
    });

    it('are not offered for what the builder rejects', () => {
      const { actions } = ask('FROM alpine:3.22\nRUNN x\n');
      assert.ok(actions.every(({ title }) => !title.startsWith('Ignore')));
    });
  });
});
