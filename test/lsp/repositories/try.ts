// node out/test/lsp/repositories/try.js FOLDER…: the language server on real repositories. Says where it and the command line
// do not agree, where a request fails, and where formatting, fixes or a rename do what they should not. Writes nothing there.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LanguageClient, uriOfPath } from '../../helpers/language-client.js';
import { root } from '../../helpers/root.js';
import { cliTexts, lintFolder, lspTexts } from './agree.js';
import { askEverything, fixedText, type Trial, tryFixes, tryFormatting } from './requests.js';

const pulling = {
  textDocument: {
    diagnostic: {},
    publishDiagnostics: { relatedInformation: true, dataSupport: true },
    codeAction: { resolveSupport: { properties: ['edit'] }, disabledSupport: true },
    rename: { prepareSupport: true },
  },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    workspaceEdit: { documentChanges: true, resourceOperations: ['create'] },
  },
};

/** The same text in other clothes: every range must still be right. */
const variants: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  CRLF: (text) => text.replaceAll(/\r?\n/g, '\r\n'),
  BOM: (text) => `\ufeff${text.replace(/^\ufeff/, '')}`,
  'astral characters': (text) => text.replaceAll(/^#(?=\s)/gm, '# 😀𝒜').replaceAll(/ (&&|\\$)/gm, ' $1'),
};

/** Of one repository. */
const MOST_FILES = 10;

const cli = path.join(root, 'dist/cli.cjs');

let complaints = 0;
let documents = 0;
let findings = 0;

for (const folder of process.argv.slice(2).map((one) => path.resolve(one))) await tryRepository(folder);
console.log(`${documents} files, ${findings} findings, ${complaints} complaints`);
process.exitCode = complaints === 0 ? 0 : 1;

async function tryRepository(folder: string): Promise<void> {
  const client = new LanguageClient({
    cwd: folder,
    answers: { 'workspace/configuration': ({ items }: { items: object[] }) => items.map(() => ({})) },
  });
  await client.initialize(pulling, { workspaceFolders: [{ uri: uriOfPath(folder), name: 'repository' }] });
  const files = lintFolder(folder).slice(0, MOST_FILES);
  const fixed = fixedByCommandLine(
    folder,
    files.map((file) => file.path),
  );
  for (const file of files) {
    documents++;
    findings += file.findings.length;
    const complain = (about: string) => {
      complaints++;
      console.log(`${path.join(folder, file.path)}: ${about}`);
    };
    compare(cliTexts(file), await lspTexts(client, folder, file.path), 'closed', complain);
    await tryFile(client, folder, file.path, { complain, expected: cliTexts(file), fixed: fixed.get(file.path) });
  }
  if ((await client.close()) !== 0) console.log(`${folder}: exit status ${await client.exited}`);
  if (client.stderr) console.log(`${folder}: ${client.stderr}`);
}

interface Expectation {
  readonly expected: readonly string[];
  readonly fixed: string | undefined;
  complain(about: string): void;
}

async function tryFile(
  client: LanguageClient,
  folder: string,
  file: string,
  { complain, expected, fixed }: Expectation,
): Promise<void> {
  const uri = uriOfPath(path.join(folder, file));
  const languageId = file.endsWith('.dockerignore') ? 'dockerignore' : 'dockerfile';
  const saved = readFileSync(path.join(folder, file), 'utf8');
  let version = 0;
  const show = (text: string, about: string): Trial => {
    version++;
    if (version === 1) client.open(uri, text, languageId, version);
    else client.change(uri, version, text);
    const document = TextDocument.create(uri, languageId, version, text);
    return { client, document, complain: (what) => complain(`${about}: ${what}`) };
  };
  for (const [name, variant] of Object.entries(variants)) {
    const trial = show(variant(saved), name);
    const found = await lspTexts(client, folder, file);
    if (name === 'as it is') compare(expected, found, 'open', complain);
    else if (found.length !== expected.length) complain(`${name}: ${expected.length} findings, now ${found.length}`);
    await tryFixes(trial);
    if (languageId === 'dockerfile') await askEverything(trial);
    await tryFormatting(trial, (text) => show(text, name));
    const after = await fixedText(show(variant(saved), name));
    if (name === 'as it is' && fixed !== undefined && after !== fixed) complain('lint --fix makes another text');
  }
  client.notify('textDocument/didClose', { textDocument: { uri } });
}

function compare(
  expected: readonly string[],
  found: readonly string[],
  state: string,
  complain: (about: string) => void,
) {
  for (const one of expected) if (!found.includes(one)) complain(`${state}: only the command line says ${one}`);
  for (const one of found) if (!expected.includes(one)) complain(`${state}: only the server says ${one}`);
}

/** Each file after `lint --fix` for it alone, in a copy of the repository. */
function fixedByCommandLine(folder: string, files: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (files.length === 0) return found;
  const copies = mkdtempSync(path.join(tmpdir(), 'layerwise-try-'));
  const cwd = path.join(copies, path.basename(folder));
  cpSync(folder, cwd, { recursive: true, verbatimSymlinks: true });
  for (const file of files) {
    spawnSync(process.execPath, [cli, 'lint', '--fix', '--fail-on', 'never', '--quiet', file], { cwd });
    found.set(file, readFileSync(path.join(cwd, file), 'utf8'));
    spawnSync('git', ['checkout', '--quiet', '--', '.'], { cwd });
    spawnSync('git', ['clean', '--quiet', '-fd'], { cwd });
  }
  rmSync(copies, { recursive: true });
  return found;
}
