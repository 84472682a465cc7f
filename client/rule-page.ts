import { commands, type Disposable, languages, Uri, window, workspace } from 'vscode';
import { type ExplainRuleParams, type ExplainRuleResult, explainRuleRequest } from '../server/lsp/protocol.js';
import type { Server } from './server.js';

const scheme = 'layerwise-rule';

/** Pages of rules are virtual Markdown documents, `layerwise-rule:NAME.md`; their text comes from the server. */
export function registerRulePages(server: Server): Disposable {
  return workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async ({ path }) => (await explain(server, path.replace(/\.md$/, '')))?.markdown,
  });
}

/** Shows the page of `rule`; without one, asks which of the rules found in the open file. */
export async function explainRule(server: Server, rule: string | undefined): Promise<void> {
  const name = rule ?? (await askForRule());
  if (!name) return;
  const page = await explain(server, name);
  if (!page) {
    void window.showWarningMessage(`Layerwise has no rule ${name}.`);
    return;
  }
  await commands.executeCommand('markdown.showPreview', Uri.from({ scheme, path: `${page.rule}.md` }));
}

function explain(server: Server, rule: string): Promise<ExplainRuleResult | null> {
  const params: ExplainRuleParams = { rule };
  return server.request<ExplainRuleResult | null>(explainRuleRequest, params);
}

function askForRule(): Thenable<string | undefined> {
  const found = rulesInActiveDocument();
  const prompt = 'Name of a rule, or another tool’s id for it (DL3009, …)';
  return found.length > 0
    ? window.showQuickPick(found, { title: 'Explain a rule found in this file' })
    : window.showInputBox({ title: 'Explain a rule', prompt });
}

function rulesInActiveDocument(): string[] {
  const document = window.activeTextEditor?.document;
  const diagnostics = document ? languages.getDiagnostics(document.uri) : [];
  const codes = diagnostics
    .filter(({ source }) => source === 'layerwise')
    .map(({ code }) => String(typeof code === 'object' ? code.value : code));
  return [...new Set(codes)].sort();
}
