import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { LanguageClient, uriOfPath } from '../helpers/language-client.js';
import { root } from '../helpers/root.js';
import { type TemporaryFolder, temporaryFolder } from '../helpers/temporary-folder.js';

interface Place {
  readonly line: number;
  readonly character: number;
}

interface Found {
  readonly range: { readonly start: Place; readonly end: Place };
  readonly code: string;
  readonly severity: number;
  readonly message: string;
  readonly data?: unknown;
}

interface Report {
  readonly kind: 'full' | 'unchanged';
  readonly resultId: string;
  readonly items?: readonly Found[];
}

/** Of the command line; lines count from 1. */
interface LintReport {
  readonly files: readonly {
    readonly path: string;
    readonly findings: readonly {
      readonly rule: string;
      readonly message: string;
      readonly range: { readonly start: { readonly line: number } };
    }[];
  }[];
}

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Found[];
}

const pulling = {
  textDocument: {
    diagnostic: {},
    publishDiagnostics: { relatedInformation: true, dataSupport: true, codeDescriptionSupport: true },
    codeAction: { resolveSupport: { properties: ['edit'] } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    rename: { prepareSupport: true },
  },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    diagnostics: { refreshSupport: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ['create'] },
  },
};

const pushed = { textDocument: { publishDiagnostics: { dataSupport: true } } };

const commands = {
  'dist/server.cjs --stdio': [path.join(root, 'dist/server.cjs'), '--stdio'],
  'dist/server.cjs': [path.join(root, 'dist/server.cjs')],
  'layerwise lsp --stdio': [path.join(root, 'dist/cli.cjs'), 'lsp', '--stdio'],
  'layerwise lsp': [path.join(root, 'dist/cli.cjs'), 'lsp'],
};

describe('language server', () => {
  let folder: TemporaryFolder;
  let client: LanguageClient;

  beforeEach(() => {
    folder = temporaryFolder({ '.git/HEAD': '' });
  });
  afterEach(() => {
    client.kill();
    folder.remove();
  });

  const uri = (file: string) => uriOfPath(path.join(folder.path, file));
  const workspace = (...folders: string[]) => ({
    workspaceFolders: folders.map((name) => ({ uri: uri(name), name })),
  });
  const start = async (capabilities: object = pulling, rest: object = workspace('.'), options = {}) => {
    client = new LanguageClient({
      answers: { 'workspace/configuration': ({ items }: { items: object[] }) => items.map(() => ({})) },
      ...options,
    });
    return client.initialize(capabilities, rest);
  };
  const pull = (file: string, previousResultId?: string) =>
    client.request<Report>('textDocument/diagnostic', { textDocument: { uri: uri(file) }, previousResultId });
  const codes = async (file: string) => ((await pull(file)).items ?? []).map(({ code }) => code);

  describe('by whatever command', () => {
    for (const [name, command] of Object.entries(commands)) {
      it(`${name} finds, answers and leaves`, async () => {
        await start(pulling, workspace('.'), { command });
        client.open(uri('Dockerfile'), 'FROM alpine\n');
        assert.deepEqual(await codes('Dockerfile'), ['unpinned-base']);
        assert.equal(await client.close(), 0);
        assert.equal(client.stderr, '');
      });
    }

    it('says where the command line is wrong', () => {
      const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'dist/cli.cjs'), 'lsp', '--port']);
      assert.equal(status, 2);
      assert.match(String(stderr), /Unknown option --port/);
      client = new LanguageClient();
    });
  });

  describe('diagnostics', () => {
    it('are those of the command line', async () => {
      const shop = path.join(root, 'fixtures/projects/shop');
      const lint = spawnSync(process.execPath, [path.join(root, 'dist/cli.cjs'), 'lint', '--format', 'json'], {
        cwd: shop,
      });
      const report = JSON.parse(String(lint.stdout)) as LintReport;
      await start(pulling, { workspaceFolders: [{ uri: uriOfPath(shop), name: 'shop' }] });
      for (const file of ['api/Dockerfile', 'web/Dockerfile', 'web/.dockerignore']) {
        const found = await client.request<Report>('textDocument/diagnostic', {
          textDocument: { uri: uriOfPath(path.join(shop, file)) },
        });
        const here = (found.items ?? []).map(({ code, range, message }) => [code, range.start.line + 1, message]);
        const there = report.files.find((one) => one.path === file)?.findings ?? [];
        assert.deepEqual(
          here,
          there.map(({ rule, range, message }) => [rule, range.start.line, message]),
          file,
        );
      }
    });

    it('are the same once more: unchanged', async () => {
      await start();
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      const { resultId } = await pull('Dockerfile');
      assert.deepEqual(await pull('Dockerfile', resultId), { kind: 'unchanged', resultId });
      client.change(uri('Dockerfile'), 2, 'FROM alpine\n\n');
      assert.deepEqual(await pull('Dockerfile', resultId), { kind: 'unchanged', resultId });
      client.change(uri('Dockerfile'), 3, 'FROM alpine:3.22\n');
      const report = await pull('Dockerfile', resultId);
      assert.deepEqual([report.kind, report.items], ['full', []]);
    });

    it('take an unsaved ignore file for what it will be', async () => {
      folder.write('secret.txt', 'x');
      folder.write('.dockerignore', 'other\n');
      await start();
      client.open(uri('Dockerfile'), 'FROM alpine:3.22\nCOPY secret.txt /\n');
      client.open(uri('.dockerignore'), 'other\n', 'dockerignore');
      assert.deepEqual(await codes('Dockerfile'), []);
      client.change(uri('.dockerignore'), 2, 'secret.txt\n');
      assert.deepEqual(await codes('Dockerfile'), ['ignored-copy-source']);
      client.change(uri('.dockerignore'), 3, 'other\n');
      assert.deepEqual(await codes('Dockerfile'), []);
    });

    it('go by the saved ignore file again once it is closed', async () => {
      folder.write('secret.txt', 'x');
      folder.write('.dockerignore', 'other\n');
      const edit = () => {
        client.open(uri('Dockerfile'), 'FROM alpine:3.22\nCOPY secret.txt /\n');
        client.open(uri('.dockerignore'), 'other\n', 'dockerignore');
        client.change(uri('.dockerignore'), 2, 'secret.txt\n');
      };
      const close = () => client.notify('textDocument/didClose', { textDocument: { uri: uri('.dockerignore') } });
      const told = (code: string | undefined) =>
        client.notification<Published>(
          'textDocument/publishDiagnostics',
          (one) => one.uri === uri('Dockerfile') && one.diagnostics[0]?.code === code,
        );
      await start(pushed);
      edit();
      await told('ignored-copy-source');
      client.notifications.length = 0;
      close();
      await told(undefined);
      client.kill();
      await start();
      edit();
      assert.deepEqual(await codes('Dockerfile'), ['ignored-copy-source']);
      close();
      assert.deepEqual(await codes('Dockerfile'), []);
      assert.ok(client.requested.includes('workspace/diagnostic/refresh'));
    });

    it('are asked for anew when a watched file changes', async () => {
      folder.write('a.txt', 'x');
      await start();
      client.open(uri('Dockerfile'), 'FROM alpine:3.22\nCOPY a.txt /\n');
      assert.deepEqual(await codes('Dockerfile'), []);
      folder.write('.dockerignore', 'a.txt\n');
      client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: uri('.dockerignore'), type: 1 }] });
      assert.deepEqual(await codes('Dockerfile'), ['ignored-copy-source']);
      assert.ok(client.requested.includes('workspace/diagnostic/refresh'));
      assert.ok(client.requested.includes('client/registerCapability'));
    });

    it('go by a manifest as it stands in the editor', async () => {
      const saved = '{"dependencies": {"a": "1"}}';
      folder.write('package.json', saved);
      folder.write('package-lock.json', '{"lockfileVersion": 3}');
      for (const name of ['a', 'b', 'c']) folder.write(`src/${name}.js`, '');
      const registered: { method: string; registerOptions: { documentSelector?: { pattern: string }[] } }[] = [];
      const textDocument = { ...pulling.textDocument, synchronization: { dynamicRegistration: true } };
      await start({ ...pulling, textDocument }, workspace('.'), {
        answers: {
          'client/registerCapability': ({ registrations }: { registrations: typeof registered }) => {
            registered.push(...registrations);
            return null;
          },
        },
      });
      client.open(uri('Dockerfile'), 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n');
      const severity = async () =>
        (await pull('Dockerfile')).items?.find(({ code }) => code === 'copy-before-install')?.severity;
      assert.equal(await severity(), 2);
      client.open(uri('package.json'), saved, 'json');
      client.change(uri('package.json'), 2, '{"dependencies": {"a": "1"}, "scripts": {"prepare": "node src/a.js"}}');
      assert.equal(await severity(), 3);
      while (!client.requested.includes('workspace/diagnostic/refresh'))
        await new Promise((done) => setImmediate(done));
      client.notify('textDocument/didClose', { textDocument: { uri: uri('package.json') } });
      assert.equal(await severity(), 2);
      const asked = registered.filter(({ registerOptions: { documentSelector } }) =>
        documentSelector?.some(({ pattern }) => pattern === '**/package.json'),
      );
      assert.deepEqual(asked.map(({ method }) => method).sort(), [
        'textDocument/didChange',
        'textDocument/didClose',
        'textDocument/didOpen',
      ]);
    });

    it('of a file that is not open are those of the disk', async () => {
      folder.write('Dockerfile', 'FROM alpine\n');
      await start();
      assert.deepEqual(await codes('Dockerfile'), ['unpinned-base']);
      assert.deepEqual(await codes('missing/Dockerfile'), []);
    });

    it('of untitled documents need no file', async () => {
      await start();
      client.open('untitled:Untitled-1', 'FROM alpine\n');
      const report = await client.request<Report>('textDocument/diagnostic', {
        textDocument: { uri: 'untitled:Untitled-1' },
      });
      assert.deepEqual(
        report.items?.map(({ code }) => code),
        ['unpinned-base'],
      );
    });

    it('leave views of other versions and foreign files alone', async () => {
      await start();
      for (const [name, languageId] of [
        ['git:/x/Dockerfile?ref', 'dockerfile'],
        ['file:///x/main.ts', 'typescript'],
      ] as const) {
        client.open(name, 'FROM alpine\n', languageId);
        const report = await client.request<Report>('textDocument/diagnostic', { textDocument: { uri: name } });
        assert.deepEqual(report.items, []);
      }
    });

    it('are pushed to a client that cannot pull, and taken back', async () => {
      const { capabilities } = await start(pushed);
      assert.equal(capabilities.diagnosticProvider, undefined);
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      const first = await client.notification<Published>(
        'textDocument/publishDiagnostics',
        ({ version }) => version === 1,
      );
      assert.deepEqual(
        first.diagnostics.map(({ code }) => code),
        ['unpinned-base'],
      );
      client.change(uri('Dockerfile'), 2, 'FROM alpine:3.22\n');
      const second = await client.notification<Published>(
        'textDocument/publishDiagnostics',
        ({ version }) => version === 2,
      );
      assert.deepEqual(second.diagnostics, []);
      client.notify('textDocument/didClose', { textDocument: { uri: uri('Dockerfile') } });
      await client.notification<Published>('textDocument/publishDiagnostics', ({ version }) => version === undefined);
    });

    it('of a huge file are made when it is opened and saved, not on each key', async () => {
      await start();
      const text = `FROM alpine\n${`# ${'x'.repeat(1000)}\n`.repeat(2200)}`;
      client.open(uri('Dockerfile'), text);
      await client.notification<{ message: string }>('window/logMessage', ({ message }) =>
        /larger than 2 MB/.test(message),
      );
      const { resultId, items } = await pull('Dockerfile');
      assert.equal(items?.length, 1);
      const edit = (version: number) =>
        client.notify('textDocument/didChange', {
          textDocument: { uri: uri('Dockerfile'), version },
          contentChanges: [
            { range: { start: { line: 0, character: 11 }, end: { line: 0, character: 11 } }, text: ':3.22' },
          ],
        });
      edit(2);
      assert.equal((await pull('Dockerfile', resultId)).kind, 'unchanged');
      client.notify('textDocument/didSave', { textDocument: { uri: uri('Dockerfile') } });
      assert.deepEqual((await pull('Dockerfile', resultId)).items, []);
    });
  });

  describe('500 rapid edits', () => {
    /** The finding's line tells the version that was linted. */
    const textOf = (version: number) => `${'#\n'.repeat(version)}FROM alpine\n`;
    const versionOf = ({ range }: Found) => range.start.line;

    it('never publish findings of another version, and end with the last', async () => {
      await start(pushed);
      client.open(uri('Dockerfile'), textOf(1));
      for (let version = 2; version <= 500; version++) client.change(uri('Dockerfile'), version, textOf(version));
      await client.notification<Published>('textDocument/publishDiagnostics', ({ version }) => version === 500);
      const published = client.notifications
        .filter(({ method }) => method === 'textDocument/publishDiagnostics')
        .map(({ params }) => params as Published);
      for (const { version, diagnostics } of published) assert.deepEqual(diagnostics.map(versionOf), [version]);
      const versions = published.map(({ version }) => version ?? 0);
      assert.deepEqual(
        versions,
        versions.toSorted((a, b) => a - b),
      );
      assert.ok(versions.length < 400, `${versions.length} of 500 versions were linted`);
    });

    it('never answer a pull with less than what was asked about', async () => {
      await start();
      client.open(uri('Dockerfile'), textOf(1));
      const answers: Promise<void>[] = [];
      let cancelled = 0;
      for (let version = 2; version <= 500; version++) {
        client.change(uri('Dockerfile'), version, textOf(version));
        const answer = client.ask('textDocument/diagnostic', { textDocument: { uri: uri('Dockerfile') } });
        answers.push(
          answer.then(({ result, error }) => {
            if (error) {
              assert.equal(error.code, -32802);
              assert.deepEqual(error.data, { retriggerRequest: true });
              cancelled++;
            } else for (const one of (result as Report).items ?? []) assert.ok(versionOf(one) >= version);
          }),
        );
      }
      await Promise.all(answers);
      assert.ok(cancelled > 0);
      const last = await pull('Dockerfile');
      assert.deepEqual(last.items?.map(versionOf), [500]);
    });

    it('cancel what the client no longer wants', async () => {
      await start();
      client.open(uri('Dockerfile'), textOf(1));
      const answer = client.ask('textDocument/diagnostic', { textDocument: { uri: uri('Dockerfile') } });
      client.notify('$/cancelRequest', { id: answer.id });
      const { error, result } = await answer;
      assert.ok(result !== undefined || error?.code === -32800);
      assert.equal(error?.data, undefined);
      assert.equal((await pull('Dockerfile')).kind, 'full');
    });
  });

  describe('settings', () => {
    const startWith = (
      settings: (scope: string) => object,
      capabilities: object = pulling,
      rest: object = workspace('.'),
    ) =>
      start(capabilities, rest, {
        answers: {
          'workspace/configuration': ({ items }: { items: { scopeUri: string }[] }) =>
            items.map((one) => settings(one.scopeUri)),
        },
      });

    it('are asked for each document', async () => {
      folder.write('a/Dockerfile', '');
      folder.write('b/Dockerfile', '');
      await startWith((scope) => ({ enable: scope.includes('/a/') }), pulling, workspace('a', 'b'));
      client.open(uri('a/Dockerfile'), 'FROM alpine\n');
      client.open(uri('b/Dockerfile'), 'FROM alpine\n');
      assert.deepEqual(await codes('a/Dockerfile'), ['unpinned-base']);
      assert.deepEqual(await codes('b/Dockerfile'), []);
    });

    it('take effect when they change', async () => {
      let enable = false;
      await startWith(() => ({ enable }));
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      assert.deepEqual(await codes('Dockerfile'), []);
      enable = true;
      client.notify('workspace/didChangeConfiguration', { settings: null });
      assert.deepEqual(await codes('Dockerfile'), ['unpinned-base']);
    });

    it('may come with the first message or with changes, for clients that cannot be asked', async () => {
      await start(
        { textDocument: { diagnostic: {} } },
        { ...workspace('.'), initializationOptions: { settings: { enable: false } } },
      );
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      assert.deepEqual(await codes('Dockerfile'), []);
      client.notify('workspace/didChangeConfiguration', { settings: { layerwise: { enable: true, run: 7 } } });
      assert.deepEqual(await codes('Dockerfile'), ['unpinned-base']);
    });

    it('run on save lints what is opened and saved', async () => {
      await startWith(() => ({ run: 'onSave' }));
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      const { resultId } = await pull('Dockerfile');
      client.change(uri('Dockerfile'), 2, 'FROM alpine:3.22\n');
      assert.equal((await pull('Dockerfile', resultId)).kind, 'unchanged');
      client.notify('textDocument/didSave', { textDocument: { uri: uri('Dockerfile') } });
      assert.deepEqual((await pull('Dockerfile', resultId)).items, []);
    });

    it('a time budget that is too small turns a document to on save, and says so', async () => {
      const shown = { ...workspace('.'), initializationOptions: { status: true } };
      await startWith(() => ({ timeBudget: 0.000001 }), pulling, shown);
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      const { resultId } = await pull('Dockerfile');
      const status = await client.notification<{ problem?: string }>(
        'layerwise/status',
        ({ problem }) => problem !== undefined,
      );
      assert.match(status.problem ?? '', /^Dockerfile took \d+ ms to lint/);
      client.change(uri('Dockerfile'), 2, 'FROM alpine:3.22\n');
      assert.equal((await pull('Dockerfile', resultId)).kind, 'unchanged');
    });

    it('the status goes to nobody who does not show it', async () => {
      await startWith(() => ({}));
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      await pull('Dockerfile');
      assert.deepEqual(
        client.notifications.filter(({ method }) => method === 'layerwise/status'),
        [],
      );
    });

    it('configPath names a config to use instead of the nearest', async () => {
      folder.write('.layerwise.jsonc', '{"rules":{"unpinned-base":"error"}}');
      folder.write('other.jsonc', '{"rules":{"unpinned-base":"off"}}');
      await startWith(() => ({ configPath: 'other.jsonc' }));
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      assert.deepEqual(await codes('Dockerfile'), []);
    });
  });

  describe('configs', () => {
    it('count per folder', async () => {
      folder.write('a/.layerwise.jsonc', '{"rules":{"unpinned-base":"error"}}');
      folder.write('b/.layerwise.jsonc', '{"exclude":["*"]}');
      await start(pulling, workspace('a', 'b'));
      for (const name of ['a', 'b', 'c']) client.open(uri(`${name}/Dockerfile`), 'FROM alpine\n');
      const severities = async (name: string) =>
        (await pull(`${name}/Dockerfile`)).items?.map(({ severity }) => severity);
      assert.deepEqual(await severities('a'), [1]);
      assert.deepEqual(await severities('b'), []);
      assert.deepEqual(await severities('c'), [2]);
    });

    it('with mistakes have findings of their own, until they are mended', async () => {
      folder.write('.layerwise.jsonc', '{"rules":{"unpined-base":"off"}}');
      await start();
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      await pull('Dockerfile');
      const config = uri('.layerwise.jsonc');
      const isMine = (message: RegExp | undefined) => (params: Published) =>
        params.uri === config &&
        (message ? message.test(params.diagnostics[0]?.message ?? '') : params.diagnostics.length === 0);
      await client.notification('textDocument/publishDiagnostics', isMine(/unknown rule "unpined-base"/));
      folder.write('.layerwise.jsonc', '{"rules":{"unpinned-base":"off"}}');
      client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: config, type: 2 }] });
      assert.deepEqual(await codes('Dockerfile'), []);
      await client.notification('textDocument/publishDiagnostics', isMine(undefined));
    });

    it('of any name are watched', async () => {
      folder.write('.layerwise.jsonc', '{"extends": "./base.jsonc"}');
      folder.write('base.jsonc', '{}');
      const watchers: unknown[] = [];
      await start(pulling, workspace('.'), {
        answers: {
          'client/registerCapability': ({ registrations }: { registrations: { registerOptions: object }[] }) => {
            for (const { registerOptions } of registrations) {
              if ('watchers' in registerOptions) watchers.push(...(registerOptions.watchers as unknown[]));
            }
            return null;
          },
        },
      });
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      const { resultId } = await pull('Dockerfile');
      await pull('Dockerfile', resultId);
      assert.deepEqual(watchers.at(-1), { globPattern: '**/base.jsonc' });
    });

    it('are cleared when they change after the last document is closed', async () => {
      folder.write('.layerwise.jsonc', '{"rules":{"unpined-base":"off"}}');
      await start();
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      await pull('Dockerfile');
      const config = uri('.layerwise.jsonc');
      const told = (findings: number) =>
        client.notification<Published>(
          'textDocument/publishDiagnostics',
          (one) => one.uri === config && one.diagnostics.length === findings,
        );
      await told(1);
      client.notify('textDocument/didClose', { textDocument: { uri: uri('Dockerfile') } });
      client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: config, type: 2 }] });
      await told(0);
    });
  });

  it('workspace diagnostics cover what is not open, and change only with the files', async () => {
    folder.write('a/Dockerfile', 'FROM alpine\n');
    folder.write('.dockerignore', 'x\nx/y\n');
    const settings = { workspaceDiagnostics: true };
    const { capabilities } = await start(
      pulling,
      { ...workspace('.'), initializationOptions: { settings } },
      {
        answers: { 'workspace/configuration': ({ items }: { items: object[] }) => items.map(() => settings) },
      },
    );
    assert.deepEqual(capabilities.diagnosticProvider, { interFileDependencies: true, workspaceDiagnostics: true });
    const ask = (previous: readonly { uri: string; resultId: string }[] = []) =>
      client.request<{ items: (Report & { uri: string })[] }>('workspace/diagnostic', {
        previousResultIds: previous.map((one) => ({ uri: one.uri, value: one.resultId })),
      });
    const { items } = await ask();
    assert.deepEqual(
      items.map((one) => [path.posix.basename(one.uri), one.items?.map(({ code }) => code)]).toSorted(),
      [
        ['.dockerignore', ['shadowed-pattern']],
        ['Dockerfile', ['unpinned-base']],
      ],
    );
    assert.deepEqual(
      (await ask(items)).items.map(({ kind }) => kind),
      ['unchanged', 'unchanged'],
    );
    folder.write('a/Dockerfile', 'FROM alpine:3.22 AS a\n');
    const third = (await ask(items)).items.find((one) => one.uri === uri('a/Dockerfile'));
    assert.deepEqual(third?.items, []);
  });

  it('answers every request it offers', async () => {
    folder.write('src/a.txt', 'abc');
    const { capabilities } = await start();
    const text = 'FROM alpine AS base\nENV A=1\nCOPY src/a.txt /x\nRUN echo $A\nFROM base\n';
    client.open(uri('Dockerfile'), text);
    const textDocument = { uri: uri('Dockerfile') };
    const at = (line: number, character: number) => ({ textDocument, position: { line, character } });
    const ask = <Result>(method: string, params: object) => client.request<Result>(`textDocument/${method}`, params);
    const range = { start: { line: 0, character: 0 }, end: { line: 5, character: 0 } };

    const { items } = await pull('Dockerfile');
    const actions = await ask<{ title: string; data?: object; edit?: object }[]>('codeAction', {
      textDocument,
      range,
      context: { diagnostics: items },
    });
    assert.ok(actions.some(({ title }) => title.startsWith('Ignore unpinned-base')));
    assert.match(JSON.stringify(await ask('hover', at(2, 1))), /Takes \*\*1 file, 3 B/);
    assert.match(JSON.stringify(await ask('completion', at(2, 9))), /a\.txt/);
    assert.equal((await ask<object[]>('documentSymbol', { textDocument })).length, 2);
    assert.equal((await ask<object[]>('foldingRange', { textDocument })).length, 1);
    assert.equal((await ask<object[]>('documentLink', { textDocument })).length, 2);
    assert.equal((await ask<{ range: { start: Place } }>('definition', at(3, 10))).range.start.line, 1);
    assert.equal((await ask<object[]>('references', { ...at(4, 6), context: { includeDeclaration: true } })).length, 2);
    assert.equal((await ask<object[]>('documentHighlight', at(4, 6))).length, 2);
    assert.deepEqual(await ask('prepareRename', at(4, 6)), {
      range: { start: { line: 4, character: 5 }, end: { line: 4, character: 9 } },
      placeholder: 'base',
    });
    assert.equal(JSON.stringify(await ask('rename', { ...at(4, 6), newName: 'b2' })).match(/b2/g)?.length, 2);
    assert.ok((await ask<{ data: number[] }>('semanticTokens/full', { textDocument })).data.length > 20);
    assert.equal(
      (
        await ask<{ data: number[] }>('semanticTokens/range', {
          textDocument,
          range: { ...range, end: { line: 1, character: 0 } },
        })
      ).data.length,
      20,
    );
    assert.deepEqual(await ask('formatting', { textDocument, options: { tabSize: 2, insertSpaces: true } }), []);
    const explained = await client.request<{ markdown: string }>('layerwise/explainRule', { rule: 'DL3006' });
    assert.match(explained.markdown, /^# unpinned-base/);
    assert.equal(await client.request('layerwise/explainRule', { rule: 'nonsense' }), null);
    assert.match((await client.request<{ text: string }>('layerwise/configTemplate')).text, /"rules"/);
    const { text: debug } = await client.request<{ text: string }>('layerwise/debugInformation');
    assert.match(debug, /- Context: \. \(folder\)/);
    assert.ok(!debug.includes('echo'));
    for (const name of ['hoverProvider', 'completionProvider', 'renameProvider', 'semanticTokensProvider']) {
      assert.ok(capabilities[name], name);
    }
  });

  it('leaves to another Docker extension what both have', async () => {
    const { capabilities } = await start(pulling, {
      ...workspace('.'),
      initializationOptions: { otherDockerExtension: true },
    });
    assert.ok(capabilities.hoverProvider && capabilities.codeActionProvider);
    for (const name of [
      'documentSymbolProvider',
      'renameProvider',
      'documentFormattingProvider',
      'semanticTokensProvider',
    ]) {
      assert.equal(capabilities[name], undefined, name);
    }
  });

  it('fixes on request what can be fixed, in the version that was asked about only', async () => {
    await start();
    client.open(uri('Dockerfile'), 'FROM debian:13\nRUN apt-get update\nRUN apt-get install -y curl\n');
    const params = {
      textDocument: { uri: uri('Dockerfile') },
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      context: { diagnostics: [], only: ['source.fixAll.layerwise'] },
    };
    const [action] = await client.request<{ edit?: object }[]>('textDocument/codeAction', params);
    const resolved = await client.request<{ edit?: object }>('codeAction/resolve', action);
    assert.match(JSON.stringify(resolved.edit), /apt-get update && apt-get install/);
    client.change(uri('Dockerfile'), 2, 'FROM debian:13\n');
    const { error } = await client.ask('codeAction/resolve', action);
    assert.equal(error?.code, -32801);
  });

  describe('messages out of order', () => {
    it('before initialize and after shutdown are refused', async () => {
      client = new LanguageClient();
      const params = { textDocument: { uri: uri('Dockerfile') }, position: { line: 0, character: 0 } };
      assert.equal((await client.ask('textDocument/hover', params)).error?.code, -32002);
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      await client.initialize(pulling, workspace('.'));
      assert.equal(
        (await client.ask('initialize', { processId: null, rootUri: null, capabilities: {} })).error?.code,
        -32600,
      );
      await client.ask('shutdown');
      assert.equal((await client.ask('textDocument/hover', params)).error?.code, -32600);
      client.notify('exit');
      assert.equal(await client.exited, 0);
    });

    it('about documents that are not open do no harm', async () => {
      await start();
      client.change(uri('Dockerfile'), 2, 'FROM alpine\n');
      client.notify('textDocument/didClose', { textDocument: { uri: uri('Dockerfile') } });
      client.notify('textDocument/didSave', { textDocument: { uri: uri('Dockerfile') } });
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      client.open(uri('Dockerfile'), 'FROM alpine:3.22\n', 'dockerfile', 2);
      assert.deepEqual(await codes('Dockerfile'), []);
    });
  });

  describe('malformed messages', () => {
    const frame = (body: string) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

    it('are passed over', async () => {
      await start();
      for (const body of [
        '{oops',
        '',
        '[1,2]',
        '42',
        'null',
        '{"jsonrpc":"2.0"}',
        '{"jsonrpc":"2.0","id":[],"method":7}',
      ]) {
        client.raw(frame(body));
      }
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      assert.deepEqual(await codes('Dockerfile'), ['unpinned-base']);
    });

    it('with wrong parameters are refused, and the server goes on', async () => {
      await start();
      client.notify('textDocument/didOpen', null);
      client.notify('textDocument/didOpen', { textDocument: { uri: 7 } });
      client.notify('textDocument/didChange', { textDocument: { uri: uri('Dockerfile') }, contentChanges: [{}] });
      client.notify('workspace/didChangeWatchedFiles', { changes: [{}] });
      client.open(uri('Dockerfile'), 'FROM alpine\n');
      assert.ok((await client.ask('textDocument/hover', null)).error);
      assert.equal((await client.ask('no/such/method')).error?.code, -32601);
      for (const position of [{ line: 1e9, character: 1e9 }, { line: -1, character: -1 }, { line: 'x' }]) {
        await client.ask('textDocument/hover', { textDocument: { uri: uri('Dockerfile') }, position });
        await client.ask('textDocument/completion', { textDocument: { uri: uri('Dockerfile') }, position });
      }
      client.notify('textDocument/didChange', {
        textDocument: { uri: uri('Dockerfile'), version: 2 },
        contentChanges: [
          { range: { start: { line: 99, character: 3 }, end: { line: 3, character: 1 } }, text: '# x\n' },
        ],
      });
      assert.deepEqual(await codes('Dockerfile'), ['unpinned-base']);
      assert.equal(await client.close(), 0);
    });
  });

  describe('the end', () => {
    it('is 0 after shutdown and exit, 1 after exit alone', async () => {
      await start();
      assert.equal(await client.close(), 0);
      await start();
      client.notify('exit');
      assert.equal(await client.exited, 1);
    });

    it('comes when the client hangs up', async () => {
      await start();
      client.hangUp();
      assert.equal(await client.exited, 1);
    });

    it('comes when the process of the client is gone', async () => {
      const gone = spawnSync(process.execPath, ['-e', 'console.log(process.pid)']);
      await start(pulling, { ...workspace('.'), processId: Number(String(gone.stdout)) });
      assert.equal(await client.exited, 1);
    });

    it('of the server is seen by the client', async () => {
      await start();
      client.kill();
      assert.equal(await client.exited, null);
    });
  });
});
