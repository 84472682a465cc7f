import {
  type DecorationOptions,
  type Disposable,
  Range,
  StatusBarAlignment,
  type TextEditor,
  Uri,
  window,
  workspace,
} from 'vscode';
import {
  type ContextFilesResult,
  contextFilesRequest,
  type ReRunsResult,
  reRunsRequest,
  type StepState,
} from '../server/lsp/protocol.js';
import { commandNames } from './command-names.js';
import type { Server } from './server.js';

const looks: Readonly<
  Record<StepState, { readonly color: string; readonly shape: string; readonly light: string; readonly dark: string }>
> = {
  cached: { color: '#3fa35c', shape: '<path d="M3 8.5 6.5 12 13 4.5"/>', light: '#2e7d46', dark: '#73c991' },
  rebuilt: {
    color: '#d9822b',
    shape: '<path d="M12.5 5.5A5 5 0 1 0 13 9M13 2.5v3.5H9.5"/>',
    light: '#b35c00',
    dark: '#e2a35c',
  },
  unknown: {
    color: '#3b82c4',
    shape: '<path d="M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.6 8 9 8 10M8 12.6v.4"/>',
    light: '#0b62b0',
    dark: '#75b6f0',
  },
  'not-needed': { color: '#8a8a8a', shape: '<path d="M7.5 8h1"/>', light: '#6e6e6e', dark: '#9a9a9a' },
};

const states = Object.keys(looks) as StepState[];

/** What a change re-runs, in the gutter and behind the lines of a Dockerfile, until it is cleared or the text changes. */
export class ReRuns implements Disposable {
  readonly #server: Server;
  readonly #types = new Map(states.map((state) => [state, decorationType(state)]));
  readonly #summary = window.createStatusBarItem('layerwise.reRuns', StatusBarAlignment.Left);
  readonly #subscriptions: readonly Disposable[];
  #shown: { readonly uri: Uri; readonly result: ReRunsResult } | undefined;

  constructor(server: Server) {
    this.#server = server;
    this.#summary.name = 'Layerwise: What Re-Runs';
    this.#summary.command = commandNames.clearReRuns;
    this.#subscriptions = [
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && String(document.uri) === String(this.#shown?.uri)) this.clear();
      }),
      window.onDidChangeVisibleTextEditors(() => this.#paint()),
    ];
  }

  /** `changed`: of the Explorer or of another editor; without one the user is asked. */
  async ask(changed: Uri | undefined): Promise<void> {
    const editor = await chooseDockerfile(changed);
    if (!editor) return;
    const uri = editor.document.uri;
    const file = changed && String(changed) !== String(uri) ? changed : await this.#chooseFile(uri);
    if (!file) return;
    const params = { uri: String(uri), changed: String(file) };
    const result = await this.#server.request<ReRunsResult | null>(reRunsRequest, params);
    if (!result || result.problem !== undefined) {
      void window.showWarningMessage(`Layerwise: ${result?.problem ?? 'this is no Dockerfile'}`);
      return;
    }
    this.#shown = { uri, result };
    this.#paint();
  }

  clear(): void {
    this.#shown = undefined;
    this.#paint();
  }

  dispose(): void {
    for (const one of [...this.#types.values(), this.#summary, ...this.#subscriptions]) one.dispose();
  }

  async #chooseFile(uri: Uri): Promise<Uri | undefined> {
    const files = this.#server
      .request<ContextFilesResult | null>(contextFilesRequest, { uri: String(uri) })
      .then((found) => (found?.files ?? []).map((file) => ({ label: file.path, uri: file.uri })));
    const chosen = await window.showQuickPick(files, {
      title: 'What re-runs if I change…',
      placeHolder: 'A file of the build context',
    });
    return chosen && Uri.parse(chosen.uri, true);
  }

  #paint(): void {
    for (const editor of window.visibleTextEditors) {
      const isShown = String(editor.document.uri) === String(this.#shown?.uri);
      for (const [state, type] of this.#types) {
        editor.setDecorations(type, isShown ? this.#decorations(editor, state) : []);
      }
    }
    if (!this.#shown) {
      this.#summary.hide();
      return;
    }
    this.#summary.text = `$(history) ${this.#shown.result.summary}`;
    this.#summary.tooltip = 'Clear what re-runs';
    this.#summary.show();
  }

  #decorations({ document }: TextEditor, state: StepState): DecorationOptions[] {
    const steps = this.#shown?.result.steps ?? [];
    return steps
      .filter((step) => step.state === state && step.first < document.lineCount)
      .map(({ first, text }) => ({
        range: new Range(first, 0, first, document.lineAt(first).text.length),
        renderOptions: { after: { contentText: text } },
      }));
  }
}

function decorationType(state: StepState) {
  const { color, shape, light, dark } = looks[state];
  const pen = `fill="none" stroke="${color}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><g ${pen}>${shape}</g></svg>`;
  return window.createTextEditorDecorationType({
    isWholeLine: true,
    gutterIconPath: Uri.parse(`data:image/svg+xml,${encodeURIComponent(svg)}`, true),
    gutterIconSize: 'contain',
    after: { margin: '0 0 0 3em' },
    light: { after: { color: light } },
    dark: { after: { color: dark } },
  });
}

/** The Dockerfile in the editor; for a file that is none one that the user chooses. */
async function chooseDockerfile(changed: Uri | undefined): Promise<TextEditor | undefined> {
  const open = window.visibleTextEditors.filter(({ document }) => document.languageId === 'dockerfile');
  const { activeTextEditor: active } = window;
  if (active && open.includes(active) && String(active.document.uri) !== String(changed)) return active;
  if (changed) {
    const own = open.find(({ document }) => String(document.uri) === String(changed));
    if (own) return own;
  }
  if (open.length === 1) return open[0];
  const found = await workspace.findFiles('**/{Dockerfile,Containerfile,Dockerfile.*,*.Dockerfile}', undefined, 200);
  const entries = found
    .filter(({ path }) => !path.endsWith('.dockerignore'))
    .map((uri) => ({ label: workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const chosen =
    entries.length === 1 ? entries[0] : await window.showQuickPick(entries, { title: 'In which Dockerfile?' });
  return chosen && window.showTextDocument(chosen.uri);
}
