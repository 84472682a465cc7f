import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { LanguageClient, uriOfPath } from '../helpers/language-client.js';
import { root } from '../helpers/root.js';
import { type TemporaryFolder, temporaryFolder } from '../helpers/temporary-folder.js';

interface Found {
  readonly code: string;
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Found[];
}

interface Report {
  readonly resultId: string;
  readonly items: readonly Found[];
}

const rule = 'order-by-change-frequency';
const dockerfile = 'FROM alpine:3.22\nCOPY a.txt /\nCOPY b.txt /\nRUN apk add --no-cache git make gcc musl-dev\n';
const isOfRule = ({ code }: Found) => code === rule;

describe('findings from the history in the language server', () => {
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
  const start = async (capabilities: object = {}, settings: object = {}) => {
    const answers = { 'workspace/configuration': ({ items }: { items: object[] }) => items.map(() => settings) };
    client = new LanguageClient({ answers });
    const workspaceFolders = [{ uri: uriOfPath(folder.path), name: 'x' }];
    await client.initialize(
      { workspace: { configuration: true, ...capabilities }, ...capabilities },
      { workspaceFolders },
    );
  };
  const published = (version: number, fits: (found: readonly Found[]) => boolean = () => true) =>
    client.notification<Published>(
      'textDocument/publishDiagnostics',
      (params) => params.uri === uri() && params.version === version && fits(params.diagnostics),
    );
  const fromCommandLine = () => {
    const cli = [path.join(root, 'dist/cli.cjs'), 'lint', 'Dockerfile', '--format', 'json'];
    const { stdout } = spawnSync(process.execPath, cli, { cwd: folder.path, encoding: 'utf8' });
    const { files } = JSON.parse(stdout) as { files: { findings: { rule: string; message: string }[] }[] };
    return files.flatMap(({ findings }) => findings.map((one) => `${one.rule}: ${one.message}`));
  };

  beforeEach(function () {
    this.timeout(60_000);
    folder = temporaryFolder({ Dockerfile: dockerfile, 'a.txt': '0', 'b.txt': '0' });
    folder.write('.layerwise.jsonc', `{"rules": {"${rule}": {"severity": "warning", "commits": 10}}}`);
    git('init', '--quiet');
    commit('README.md', 'start');
    for (let index = 1; index <= 12; index++) commit(index % 4 === 0 ? 'a.txt' : 'b.txt', `${index}`);
  });
  afterEach(() => {
    client.kill();
    folder.remove();
  });

  it('are those of the command line, and the others do not wait for them', async () => {
    await start();
    client.open(uri(), dockerfile);
    assert.equal((await published(1)).diagnostics.some(isOfRule), false);
    const { diagnostics } = await published(1, (found) => found.some(isOfRule));
    assert.deepEqual(
      diagnostics.map(({ code, message }) => `${code}: ${message}`),
      fromCommandLine(),
    );
  });

  it('are of the text as it is, never of the one before', async () => {
    await start();
    client.open(uri(), dockerfile);
    const before = await published(1, (found) => found.some(isOfRule));
    // Nothing is gained any more, and then it is again.
    const best = 'FROM alpine:3.22\nRUN apk add --no-cache git make gcc musl-dev\nCOPY a.txt /\nCOPY b.txt /\n';
    client.change(uri(), 2, best);
    assert.equal((await published(2)).diagnostics.some(isOfRule), false);
    for (let version = 3; version < 60; version++) client.change(uri(), version, `${best}# ${version}\n`);
    client.change(uri(), 60, dockerfile);
    assert.deepEqual(
      (await published(60, (found) => found.some(isOfRule))).diagnostics.map(({ message }) => message),
      [...before.diagnostics.map(({ message }) => message)],
    );
    const stale = client.notifications
      .map(({ params }) => params as Published)
      .filter(({ version = 0, diagnostics }) => version > 1 && version < 60 && diagnostics?.some(isOfRule));
    assert.deepEqual(stale, []);
  });

  it('stay while other lines are edited', async () => {
    await start();
    client.open(uri(), dockerfile);
    const before = await published(1, (found) => found.some(isOfRule));
    const lineOf = ({ diagnostics }: Published) => diagnostics.find(isOfRule)?.range.start.line;
    for (let version = 2; version < 6; version++) {
      client.change(uri(), version, `${'# tea\n'.repeat(version)}\n${dockerfile}`);
      assert.equal(lineOf(await published(version)), (lineOf(before) ?? 0) + version + 1);
    }
  });

  it('are made anew after a commit', async () => {
    await start();
    client.open(uri(), dockerfile);
    await published(1, (found) => found.some(({ message }) => message.includes('of 12 commits')));
    commit('b.txt', 'once more');
    await published(1, (found) => found.some(({ message }) => message.includes('of 13 commits')));
  });

  it('are fetched anew by a client that pulls, and fixed with all others', async () => {
    const pulls = { diagnostics: { refreshSupport: true }, textDocument: { diagnostic: {} } };
    await start(pulls);
    client.open(uri(), dockerfile);
    const pull = (previousResultId?: string) =>
      client.request<Report>('textDocument/diagnostic', { textDocument: { uri: uri() }, previousResultId });
    const first = await pull();
    assert.equal(first.items.some(isOfRule), false);
    while (!client.requested.includes('workspace/diagnostic/refresh')) await new Promise((done) => setImmediate(done));
    assert.equal((await pull(first.resultId)).items.some(isOfRule), true);
    const [action] = await client.request<{ edit: { changes: Record<string, { newText: string }[]> } }[]>(
      'textDocument/codeAction',
      {
        textDocument: { uri: uri() },
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        context: { diagnostics: [], only: ['source.fixAll.layerwise'] },
      },
    );
    assert.match(JSON.stringify(action?.edit), /RUN apk add/);
  });

  it('of files that are not open are there at once', async () => {
    await start({ textDocument: { diagnostic: {} } }, { workspaceDiagnostics: true });
    const { items } = await client.request<{ items: { uri: string; items: readonly Found[] }[] }>(
      'workspace/diagnostic',
      { previousResultIds: [] },
    );
    assert.equal(items.find((one) => one.uri === uri())?.items.some(isOfRule), true);
  });
});
