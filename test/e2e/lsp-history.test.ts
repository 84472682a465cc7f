import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { LanguageClient, uriOfPath } from '../helpers/language-client.js';
import { root } from '../helpers/root.js';
import { type TemporaryFolder, temporaryFolder } from '../helpers/temporary-folder.js';

interface Lens {
  readonly range: { readonly start: { readonly line: number } };
  readonly command: { readonly title: string; readonly command: string; readonly arguments: readonly string[] };
}

interface Hint {
  readonly position: { readonly line: number; readonly character: number };
  readonly label: string;
}

interface Action {
  readonly title: string;
  readonly kind: string;
  readonly edit: {
    readonly documentChanges: readonly {
      readonly edits: readonly { readonly annotationId?: string; readonly newText: string }[];
    }[];
    readonly changeAnnotations: Readonly<Record<string, { readonly needsConfirmation: boolean }>>;
  };
}

const dockerfile = 'FROM alpine:3.22\nCOPY a.txt /\nCOPY b.txt /\nRUN apk add --no-cache git make gcc musl-dev\n';
const capabilities = {
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    codeLens: { refreshSupport: true },
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} },
  },
};

describe('the history of layers in the language server', () => {
  let folder: TemporaryFolder;
  let client: LanguageClient;

  const git = (...args: string[]) => {
    const own = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
    const { status, stderr } = spawnSync('git', [...own, ...args], { cwd: folder.path });
    assert.equal(status, 0, String(stderr));
  };
  const commit = (file: string, text: string) => {
    folder.write(file, text);
    git('add', '.');
    git('commit', '--quiet', '--message', text);
  };
  const uri = () => uriOfPath(path.join(folder.path, 'Dockerfile'));
  const start = async (history = 'lens', text = dockerfile) => {
    const answers = { 'workspace/configuration': ({ items }: { items: object[] }) => items.map(() => ({ history })) };
    client = new LanguageClient({ answers });
    const initializationOptions = { commands: ['layerwise.showLayerHistory'] };
    await client.initialize(capabilities, {
      workspaceFolders: [{ uri: uriOfPath(folder.path), name: 'x' }],
      initializationOptions,
    });
    client.open(uri(), text);
  };
  const lenses = async () => {
    const found = await client.request<Lens[]>('textDocument/codeLens', { textDocument: { uri: uri() } });
    return found.map(({ range, command }) => `${range.start.line} ${command.title}`);
  };

  before(function () {
    this.timeout(60_000);
    folder = temporaryFolder({ Dockerfile: dockerfile, 'a.txt': '0', 'b.txt': '0' });
    git('init', '--quiet');
    commit('README.md', 'start');
    for (let index = 1; index <= 12; index++) commit(index % 4 === 0 ? 'a.txt' : 'b.txt', `${index}`);
  });
  after(() => folder.remove());
  afterEach(() => client.kill());

  it('stands above each step and each stage', async () => {
    await start();
    const [stage, a, b, run] = await lenses();
    assert.match(stage ?? '', /^0 2\.3 of 3 steps re-run per commit · ~/);
    assert.match(a ?? '', /^1 re-ran in 3 of 12 commits .* a\.txt 3$/);
    assert.match(b ?? '', /^2 re-ran in 12 of 12 commits .* b\.txt 9, a\.txt 3$/);
    assert.match(run ?? '', /^3 re-ran in 12 of 12 commits · ~/);
  });

  it('says of files that Git does not know that it does not know when they change', async () => {
    folder.write('dist/app.js', '');
    await start('lens', dockerfile.replace('a.txt', 'dist'));
    const [, dist] = await lenses();
    assert.equal(dist, '1 Git does not know what it copies');
    const { html } = await client.request<{ html: string }>('layerwise/layerHistory', { uri: uri() });
    assert.match(html, /Git does not know what `COPY dist \/` brings/);
  });

  it('stands behind each step where the setting says so, or nowhere', async () => {
    await start('inlay');
    const range = { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } };
    const hints = await client.request<Hint[]>('textDocument/inlayHint', { textDocument: { uri: uri() }, range });
    assert.deepEqual(
      hints.map(({ position }) => position),
      [
        { line: 1, character: 12 },
        { line: 2, character: 12 },
      ],
    );
    assert.deepEqual(await lenses(), []);
    client.kill();
    await start('off');
    assert.deepEqual(await lenses(), []);
  });

  it('asks to be told of changed settings', async () => {
    await start();
    assert.equal((await lenses()).length, 4);
    assert.ok(client.requested.includes('client/registerCapability'));
  });

  it('is a page without scripts', async () => {
    await start();
    const { html } = await client.request<{ html: string }>('layerwise/layerHistory', { uri: uri() });
    assert.match(html, /12 commits/);
    assert.doesNotMatch(html, /<script|https?:\/\/(?!www\.w3\.org)/i);
  });

  it('says why there is none', async () => {
    await start();
    const other = uriOfPath(path.join(path.dirname(folder.path), 'layerwise-none', 'Dockerfile'));
    client.open(other, 'FROM alpine:3.22\n');
    const { problem } = await client.request<{ problem: string }>('layerwise/layerHistory', { uri: other });
    assert.match(problem, /not in a Git repository/);
  });

  it('proposes a cheaper order once it has found one, at the price that `layerwise order` says, to be confirmed', async () => {
    await start();
    await lenses();
    const ask = () =>
      client.request<Action[]>('textDocument/codeAction', {
        textDocument: { uri: uri() },
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        context: { diagnostics: [], only: ['refactor'] },
      });
    let [action] = await ask();
    // The search waits for an idle moment.
    while (!action) [action] = await ask();
    const order = spawnSync(process.execPath, [path.join(root, 'dist/cli.cjs'), 'order'], { cwd: folder.path });
    const [, before, after] = /(~\S+ \w+) and \S+ steps per commit → (~\S+ \w+) and/.exec(String(order.stdout)) ?? [];
    assert.equal(action.title, `Reorder by the last 12 commits (${before} → ${after} per commit)`);
    const [annotation = ''] = Object.keys(action.edit.changeAnnotations);
    assert.equal(action.edit.changeAnnotations[annotation]?.needsConfirmation, true);
    const edits = action.edit.documentChanges.flatMap((change) => change.edits);
    assert.ok(edits.length > 0 && edits.every(({ annotationId }) => annotationId === annotation));
  });

  it('is made anew after a commit', async () => {
    await start();
    assert.match((await lenses())[1] ?? '', /3 of 12 commits/);
    commit('a.txt', 'once more');
    while (!client.requested.includes('workspace/codeLens/refresh')) await new Promise((done) => setImmediate(done));
    assert.match((await lenses())[1] ?? '', /4 of 13 commits/);
  });

  it('does not hold up the findings of a document that is being edited', async () => {
    await start();
    await lenses();
    client.change(uri(), 2, `${dockerfile}# edited\n`);
    const lens = client.ask('textDocument/codeLens', { textDocument: { uri: uri() } });
    await client.request('layerwise/configTemplate');
    client.change(uri(), 3, `${dockerfile}# edited again\n`);
    assert.equal((await lens).error?.code, -32801);
  });

  it('proposes no step for a stage that a compose file builds for itself', async () => {
    const text =
      'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN apt-get update && apt-get install -y gcc make\nRUN go build -o /out .\nFROM scratch\nCOPY --from=build /out /out\n';
    const files = {
      'go.mod': 'module a\nrequire b v1.0.0\n',
      'go.sum': 'b v1.0.0 h1:x\n'.repeat(200),
      '.dockerignore': '.git\n',
    };
    for (const [name, content] of Object.entries(files)) commit(name, content);
    folder.write('go.Dockerfile', text);
    const proposed = async () => {
      await start();
      const file = uriOfPath(path.join(folder.path, 'go.Dockerfile'));
      client.open(file, text);
      await client.request('textDocument/codeLens', { textDocument: { uri: file } });
      const place = { line: 0, character: 0 };
      for (;;) {
        const [action] = await client.request<Action[]>('textDocument/codeAction', {
          textDocument: { uri: file },
          range: { start: place, end: place },
          context: { diagnostics: [], only: ['refactor'] },
        });
        if (action)
          return action.edit.documentChanges.flatMap(({ edits }) => edits.map(({ newText }) => newText)).join();
      }
    };
    assert.match(await proposed(), /apt-get[\s\S]*go mod download/);
    client.kill();
    folder.write(
      'compose.yaml',
      'services:\n  a:\n    build:\n      context: .\n      dockerfile: go.Dockerfile\n      target: build\n',
    );
    const withCompose = await proposed();
    assert.match(withCompose, /apt-get/);
    assert.doesNotMatch(withCompose, /go mod download/);
  });
});
