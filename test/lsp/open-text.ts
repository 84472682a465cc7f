import { TextDocument } from 'vscode-languageserver-textdocument';
import { resolveConfig } from '../../server/core/config.js';
import { parseSource } from '../../server/core/engine.js';
import { type ClientFacts, readClientFacts } from '../../server/lsp/client-facts.js';
import type { Surroundings } from '../../server/lsp/host.js';
import { type Opened, openedDocument } from '../../server/lsp/opened.js';
import { createContext } from '../../server/model/context.js';
import { type MemoryFiles, memorySource } from '../../server/model/memory-source.js';
import { overlaySource } from '../../server/model/overlay.js';
import { rules } from '../../server/rules/index.js';

export interface OpenText extends Opened {
  /** Where the `|` stood. */
  readonly offset: number;
}

/** A text as the server would have it open, in a context of these files. A `|` marks the cursor; `¦` stands for the character `|`. */
export function openText(marked: string, files: MemoryFiles | undefined = {}, path = 'Dockerfile'): OpenText {
  const offset = Math.max(0, marked.indexOf('|'));
  const text = marked.replace('|', '').replaceAll('¦', '|');
  const kind = path.endsWith('.dockerignore') ? 'dockerignore' : 'dockerfile';
  const document = TextDocument.create(`file:///project/${path}`, kind, 1, text);
  const contextWith = (changes: ReadonlyMap<string, string>) =>
    createContext({
      name: '.',
      origin: 'folder',
      dockerfile: kind === 'dockerfile' ? path : undefined,
      source: overlaySource(memorySource(files), new Map([[path, text], ...changes])),
    });
  const surroundings: Surroundings = {
    path,
    config: resolveConfig(rules, []),
    configUri: undefined,
    configFiles: [],
    configUris: [],
    errors: [],
    excluded: false,
    context: contextWith(new Map()),
    contextWith,
    note: undefined,
    uriOf: (inner) => `file:///project/${inner}`,
  };
  return { ...openedDocument(document, parseSource(kind, text), surroundings), offset };
}

/** A client that can do everything. */
export const ableClient: ClientFacts = readClientFacts({
  processId: null,
  rootUri: null,
  capabilities: {
    textDocument: {
      diagnostic: {},
      publishDiagnostics: {
        relatedInformation: true,
        dataSupport: true,
        codeDescriptionSupport: true,
        tagSupport: { valueSet: [1] },
      },
      codeAction: { disabledSupport: true },
      documentSymbol: { hierarchicalDocumentSymbolSupport: true },
      completion: { completionItem: { snippetSupport: true } },
    },
    workspace: {
      workspaceEdit: { documentChanges: true, resourceOperations: ['create'], snippetEditSupport: true },
    },
  },
  initializationOptions: { commands: ['layerwise.explainRule'] },
});
