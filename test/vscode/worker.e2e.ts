import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type FileSystemParams, listFolderRequest, readFileRequest } from '../../server/lsp/protocol.js';
import { root } from '../helpers/root.js';
import { WorkerServer } from './worker.js';

const project = join(root, 'fixtures/projects/shop');
/** A file system that only the client knows. */
const base = 'memory://shop';

interface Diagnostic {
  readonly code: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

describe('the server in a web worker', () => {
  let server: WorkerServer;

  before(async () => {
    server = await WorkerServer.open({
      [listFolderRequest]: ({ uri }: FileSystemParams) => ({ entries: list(uri) }),
      [readFileRequest]: ({ uri }: FileSystemParams) => ({ text: read(uri) }),
      'workspace/configuration': ({ items }: { items: unknown[] }) => items.map(() => ({})),
    });
    const capabilities = { workspace: { configuration: true }, textDocument: { diagnostic: {} } };
    const workspaceFolders = [{ uri: base, name: 'shop' }];
    const initializationOptions = { fileSystem: true };
    await server.request('initialize', { processId: null, capabilities, workspaceFolders, initializationOptions });
    await server.notify('initialized', {});
  });
  after(() => server?.close());

  for (const path of ['web/Dockerfile', 'api/Dockerfile', 'web/.dockerignore']) {
    it(`finds in ${path} what the command line finds, through the client's file system`, async () => {
      const uri = `${base}/${path}`;
      const languageId = path.endsWith('ignore') ? 'dockerignore' : 'dockerfile';
      const text = readFileSync(join(project, path), 'utf8');
      await server.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
      const { items } = await server.request<{ items: Diagnostic[] }>('textDocument/diagnostic', {
        textDocument: { uri },
      });
      const found = items.map(({ code, range }) => `${range.start.line + 1}:${range.start.character + 1} ${code}`);
      assert.deepEqual(found.sort(), commandLineFindings(path).sort());
    });
  }
});

function commandLineFindings(path: string): string[] {
  const args = [join(root, 'dist/cli.cjs'), 'lint', '--format', 'json', path];
  const { stdout } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  const { files } = JSON.parse(stdout);
  return files.flatMap((file: { findings: { rule: string; range: { start: { line: number; column: number } } }[] }) =>
    file.findings.map(({ rule, range: { start } }) => `${start.line}:${start.column} ${rule}`),
  );
}

function list(uri: string) {
  const folder = pathOf(uri);
  if (folder === undefined) return [];
  return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
    name: entry.name,
    type: entry.isDirectory() ? 'directory' : 'file',
    size: entry.isDirectory() ? 0 : statSync(join(folder, entry.name)).size,
  }));
}

function read(uri: string): string | null {
  try {
    return readFileSync(pathOf(uri) ?? '', 'utf8');
  } catch {
    return null;
  }
}

function pathOf(uri: string): string | undefined {
  return uri.startsWith(base) ? join(project, decodeURIComponent(uri.slice(base.length))) : undefined;
}
