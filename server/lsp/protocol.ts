/**
 * What the server and its clients agree on beyond the Language Server Protocol. Everything here is optional for a client: one
 * that knows none of it gets a complete server. Imports nothing, so that a client may import it.
 */

/** The section of the client's settings; every name below is `layerwise.NAME`, with the resource as its scope. */
export const settingsSection = 'layerwise';

export interface LayerwiseSettings {
  /** False: no findings and no features of any kind. */
  readonly enable: boolean;
  /** When a document is linted anew. */
  readonly run: 'onType' | 'onSave';
  /** Milliseconds after which linting one document counts as too slow: it is then linted only when it is saved. 0: no limit. */
  readonly timeBudget: number;
  /** A config file to use instead of the nearest, relative to the workspace folder; '' for none. */
  readonly configPath: string;
  /** Lint all files of the workspace, not only open ones. Read once at the start, see `InitializationOptions`. */
  readonly workspaceDiagnostics: boolean;
  /** Symbols, folding, rename and what else other Docker extensions have as well; `auto`: unless one of them is there. Read once at the start. */
  readonly languageFeatures: 'auto' | 'on' | 'off';
  /** How often steps re-ran in the commits of the repository: above the steps, behind them, or not at all. */
  readonly history: 'lens' | 'inlay' | 'off';
}

export const defaultSettings: LayerwiseSettings = {
  enable: true,
  run: 'onType',
  timeBudget: 2000,
  configPath: '',
  workspaceDiagnostics: false,
  languageFeatures: 'auto',
  history: 'lens',
};

/** `initializationOptions` of the `initialize` request. */
export interface InitializationOptions {
  /** For clients that cannot be asked (`workspace/configuration`), and for what decides about the server's capabilities. */
  readonly settings?: Partial<LayerwiseSettings>;
  /** Another extension offers Docker language features: with `languageFeatures: auto` ours are left out. */
  readonly otherDockerExtension?: boolean;
  /** Commands that the client runs itself, of those in `clientCommands`; code actions use only these. */
  readonly commands?: readonly string[];
  /** The client shows what `statusNotification` tells. */
  readonly status?: boolean;
  /** The client answers `listFolderRequest` and `readFileRequest`. A server without file access asks nothing else. */
  readonly fileSystem?: boolean;
}

/** Commands that code actions may name. They are the client's; the server executes none. */
export const clientCommands = {
  /** Argument: the name of a rule. Shows what `explainRuleRequest` answers. */
  explainRule: 'layerwise.explainRule',
  /** Argument: the URI of a Dockerfile. Shows what `layerHistoryRequest` answers. */
  showLayerHistory: 'layerwise.showLayerHistory',
} as const;

/** Kind of the code action that applies all safe fixes of a document. */
export const fixAllKind = 'source.fixAll.layerwise';

/** Notification from the server, `ServerStatus`: whenever one of its values changes. */
export const statusNotification = 'layerwise/status';

export interface ServerStatus {
  readonly version: string;
  /** In all open documents. */
  readonly findings: number;
  /** Open documents that are linted. */
  readonly documents: number;
  readonly busy: boolean;
  /** What the user should know, in one sentence: a config that cannot be read, a document that is too slow or too big. */
  readonly problem?: string;
}

/** Request to the server, `ExplainRuleParams` → `ExplainRuleResult | null` (null: there is no such rule). */
export const explainRuleRequest = 'layerwise/explainRule';

export interface ExplainRuleParams {
  /** A rule, or another tool's id for it. */
  readonly rule: string;
}

export interface ExplainRuleResult {
  readonly rule: string;
  readonly markdown: string;
  readonly url: string;
}

/** Request to the server without parameters → `DebugInformation`. */
export const debugInformationRequest = 'layerwise/debugInformation';

export interface DebugInformation {
  /** Markdown: versions, settings, config and context of each open document, timings. No file contents. */
  readonly text: string;
}

/** Request to the server without parameters → `ConfigTemplate`. */
export const configTemplateRequest = 'layerwise/configTemplate';

export interface ConfigTemplate {
  /** `.layerwise.jsonc` */
  readonly name: string;
  readonly text: string;
}

/** Request to the client, `FileSystemParams` → `ListFolderResult`; a folder that cannot be listed has no entries. */
export const listFolderRequest = 'layerwise/listFolder';

/** Request to the client, `FileSystemParams` → `ReadFileResult`. */
export const readFileRequest = 'layerwise/readFile';

export interface FileSystemParams {
  readonly uri: string;
}

export interface ListFolderResult {
  readonly entries: readonly FolderEntry[];
}

export interface FolderEntry {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  /** Bytes; 0 where the client does not know. */
  readonly size: number;
}

export interface ReadFileResult {
  /** UTF-8; null for a file that is missing, unreadable or larger than 1 MiB. */
  readonly text: string | null;
}

/** Request to the server, `ReRunsParams` → `ReRunsResult`: what a build does again once a file has changed. */
export const reRunsRequest = 'layerwise/reRuns';

export interface ReRunsParams {
  /** An open Dockerfile. */
  readonly uri: string;
  /** URI of the file or folder that changes. */
  readonly changed: string;
}

export type StepState = 'cached' | 'rebuilt' | 'unknown' | 'not-needed';

export interface ReRunsResult {
  /** Steps in file order; none where `problem` says why. */
  readonly steps: readonly {
    /** Lines of the instruction, from 0; `last` belongs to it. */
    readonly first: number;
    readonly last: number;
    readonly state: StepState;
    /** `↻ rebuilt because package.json changed` */
    readonly text: string;
  }[];
  /** One sentence. */
  readonly summary: string;
  readonly problem?: string;
}

/** Request to the server, `DocumentParams` → `ContextFilesResult`: what of its context a Dockerfile could depend on. */
export const contextFilesRequest = 'layerwise/contextFiles';

export interface DocumentParams {
  readonly uri: string;
}

export interface ContextFilesResult {
  /** Files that are sent to the builder, at most some thousands; what a COPY names comes first. */
  readonly files: readonly { readonly path: string; readonly uri: string }[];
}

/** Request to the server, `DocumentParams` → `LayerHistoryResult`. */
export const layerHistoryRequest = 'layerwise/layerHistory';

export interface LayerHistoryResult {
  /** A page without scripts that loads nothing; undefined where `problem` says why. */
  readonly html?: string;
  readonly problem?: string;
}
