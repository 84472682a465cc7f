import type { InitializeParams } from 'vscode-languageserver';
import type { InitializationOptions, LayerwiseSettings } from './protocol.js';

/** What the client can do, read once from `initialize`. */
export interface ClientFacts {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly refreshesTokens: boolean;
  readonly relatedInformation: boolean;
  /** Keeps `Diagnostic.data` and hands it back. */
  readonly diagnosticData: boolean;
  readonly diagnosticTags: boolean;
  readonly codeDescription: boolean;
  readonly configuration: boolean;
  /** Tells of changed settings only where it is asked to. */
  readonly tellsSettings: boolean;
  readonly workspaceFolders: boolean;
  readonly watchesFiles: boolean;
  /** Watches files of a folder outside of the workspace as well. */
  readonly watchesOutside: boolean;
  /** Can be asked for the texts of further documents. */
  readonly syncsOnRequest: boolean;
  readonly documentChanges: boolean;
  readonly createsFiles: boolean;
  readonly snippetEdits: boolean;
  /** Asks its user before it makes edits that say so. */
  readonly annotatesEdits: boolean;
  readonly refreshesLenses: boolean;
  readonly refreshesHints: boolean;
  /** Asks for the edit of a code action when it is chosen. */
  readonly resolvesEdits: boolean;
  readonly disabledActions: boolean;
  readonly markdown: boolean;
  readonly snippets: boolean;
  readonly hierarchicalSymbols: boolean;
  readonly lineFoldingOnly: boolean;
  readonly prepareRename: boolean;
  readonly commands: ReadonlySet<string>;
  readonly fileSystem: boolean;
  readonly status: boolean;
  readonly settings: Partial<LayerwiseSettings>;
  /** Offer what other Docker extensions have as well. */
  readonly languageFeatures: boolean;
  readonly workspaceDiagnostics: boolean;
}

export function readClientFacts({ capabilities, initializationOptions }: InitializeParams): ClientFacts {
  const { textDocument: document, workspace } = capabilities;
  const options = readOptions(initializationOptions);
  const settings = options.settings ?? {};
  const features = settings.languageFeatures ?? 'auto';
  return {
    pullsDiagnostics: document?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport ?? false,
    refreshesTokens: workspace?.semanticTokens?.refreshSupport ?? false,
    relatedInformation:
      document?.publishDiagnostics?.relatedInformation ?? document?.diagnostic?.relatedInformation ?? false,
    diagnosticData: document?.publishDiagnostics?.dataSupport ?? document?.diagnostic?.dataSupport ?? false,
    diagnosticTags: (document?.publishDiagnostics?.tagSupport ?? document?.diagnostic?.tagSupport) !== undefined,
    codeDescription:
      document?.publishDiagnostics?.codeDescriptionSupport ?? document?.diagnostic?.codeDescriptionSupport ?? false,
    configuration: workspace?.configuration ?? false,
    tellsSettings: workspace?.didChangeConfiguration?.dynamicRegistration ?? false,
    workspaceFolders: workspace?.workspaceFolders ?? false,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false,
    watchesOutside: workspace?.didChangeWatchedFiles?.relativePatternSupport ?? false,
    syncsOnRequest: document?.synchronization?.dynamicRegistration ?? false,
    documentChanges: workspace?.workspaceEdit?.documentChanges ?? false,
    createsFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') ?? false,
    snippetEdits: workspace?.workspaceEdit?.snippetEditSupport ?? false,
    annotatesEdits: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    refreshesLenses: workspace?.codeLens?.refreshSupport ?? false,
    refreshesHints: workspace?.inlayHint?.refreshSupport ?? false,
    resolvesEdits: document?.codeAction?.resolveSupport?.properties.includes('edit') ?? false,
    disabledActions: document?.codeAction?.disabledSupport ?? false,
    markdown: document?.hover?.contentFormat?.includes('markdown') ?? true,
    snippets: document?.completion?.completionItem?.snippetSupport ?? false,
    hierarchicalSymbols: document?.documentSymbol?.hierarchicalDocumentSymbolSupport ?? false,
    lineFoldingOnly: document?.foldingRange?.lineFoldingOnly ?? false,
    prepareRename: document?.rename?.prepareSupport ?? false,
    commands: new Set(options.commands ?? []),
    fileSystem: options.fileSystem ?? false,
    status: options.status ?? false,
    settings,
    languageFeatures: features === 'on' || (features === 'auto' && !(options.otherDockerExtension ?? false)),
    workspaceDiagnostics: settings.workspaceDiagnostics ?? false,
  };
}

/** Editors let their users write this by hand, so anything may be in it. */
function readOptions(value: unknown): InitializationOptions {
  if (typeof value !== 'object' || value === null) return {};
  const { settings, commands, otherDockerExtension, fileSystem, status } = value as Record<string, unknown>;
  return {
    ...(typeof settings === 'object' && settings !== null ? { settings } : {}),
    ...(Array.isArray(commands) ? { commands: commands.filter((one) => typeof one === 'string') } : {}),
    otherDockerExtension: otherDockerExtension === true,
    fileSystem: fileSystem === true,
    status: status === true,
  };
}
