import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { type LanguageClient, uriOfPath } from '../../helpers/language-client.js';
import { root } from '../../helpers/root.js';
import type { Place, PlacedText } from './requests.js';

interface CliPlace {
  readonly line: number;
  readonly column: number;
}

interface CliRange {
  readonly start: CliPlace;
  readonly end: CliPlace;
}

export interface CliFinding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly range: CliRange;
  readonly fixes: readonly {
    readonly title: string;
    readonly safety: string;
    readonly edits: readonly { readonly range: CliRange; readonly text: string; readonly file?: string }[];
  }[];
}

export interface CliFile {
  readonly path: string;
  readonly findings: readonly CliFinding[];
}

interface LspFinding {
  readonly code: string;
  readonly severity: number;
  readonly message: string;
  readonly range: { readonly start: Place; readonly end: Place };
  readonly data?: {
    readonly fixes: readonly {
      readonly title: string;
      readonly safety: string;
      readonly files: readonly { readonly uri: string; readonly edits: readonly PlacedText[] }[];
    }[];
  };
}

/** What `layerwise lint` says about a folder; the folders of files it leaves out are left out here too. */
export function lintFolder(folder: string): readonly CliFile[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, 'dist/cli.cjs'), 'lint', '--format', 'json', '--fail-on', 'never'],
    { cwd: folder, maxBuffer: 1 << 28 },
  );
  try {
    return (JSON.parse(String(stdout)) as { files: CliFile[] }).files;
  } catch {
    // A folder without any file to lint.
    if (/no .*files/i.test(String(stderr))) return [];
    throw new Error(`${folder}: ${stderr}`);
  }
}

/** Each finding of a file as a text, places and fixes included: equal texts mean that a user sees the same. */
export function cliTexts({ path: own, findings }: CliFile): string[] {
  return findings.map(({ rule, severity, message, range, fixes }) => {
    const texts = fixes.map(({ title, safety, edits }) => {
      const placed = edits.map(({ range: one, text, file }) => `${file ?? own} ${placeText(one)} ${text}`).toSorted();
      return `${safety} ${title} ${placed.join(' ')}`;
    });
    return `${rule} ${severity} ${placeText(range)} ${message} ${texts.join(' ')}`;
  });
}

/** What the server says about the same file, in the same form. */
export async function lspTexts(client: LanguageClient, folder: string, file: string): Promise<string[]> {
  const uri = uriOfPath(path.join(folder, file));
  const report = await client.request<{ items: LspFinding[] }>('textDocument/diagnostic', { textDocument: { uri } });
  const base = `${uriOfPath(folder)}/`;
  return report.items.map(({ code, severity, message, range, data }) => {
    const texts = (data?.fixes ?? []).map(({ title, safety, files }) => {
      const placed = files.flatMap(({ uri: other, edits }) =>
        edits.map(
          ({ range: one, newText }) =>
            `${decodeURIComponent(other.slice(base.length))} ${placeText(oneBased(one))} ${newText}`,
        ),
      );
      return `${safety} ${title} ${placed.toSorted().join(' ')}`;
    });
    const level = ['', 'error', 'warning', 'info'][severity];
    return `${code} ${level} ${placeText(oneBased(range))} ${message} ${texts.join(' ')}`;
  });
}

function oneBased({ start, end }: LspFinding['range']): CliRange {
  return {
    start: { line: start.line + 1, column: start.character + 1 },
    end: { line: end.line + 1, column: end.character + 1 },
  };
}

function placeText({ start, end }: CliRange): string {
  return `${start.line}:${start.column}-${end.line}:${end.column}`;
}
