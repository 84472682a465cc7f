import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  FileChangeType,
  type InitializeParams,
  ResponseError,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { version } from '../core/version.js';
import { configTemplate } from '../project/config-template.js';
import { capabilitiesFor } from './capabilities.js';
import { type ClientFacts, readClientFacts } from './client-facts.js';
import { ConfigReports } from './config-reports.js';
import { ConfigWatch } from './config-watch.js';
import { debugInformation } from './debug-information.js';
import { registerFeatures } from './features.js';
import { Feed, isHuge } from './feed.js';
import type { Host, Surroundings, Workspace } from './host.js';
import { LateFindings } from './late-findings.js';
import { LayerHistory } from './layer-history.js';
import { askForManifests, isManifest } from './manifests.js';
import { isView, kindOfDocument } from './opened.js';
import type { HistoryReader } from './past.js';
import {
  configTemplateRequest,
  debugInformationRequest,
  type ExplainRuleParams,
  explainRuleRequest,
  settingsSection,
} from './protocol.js';
import { explainRule } from './rule-text.js';
import { Session } from './session.js';
import { mergeSettings } from './settings.js';
import { Status } from './status.js';
import { watchedGlobs } from './watched-files.js';
import { WorkspaceDiagnostics } from './workspace-diagnostics.js';

/** Makes the hosts of a server once its client is known: the one for `file:` URIs and the one for all others. */
export type MakeHosts = (
  workspace: Workspace,
  client: ClientFacts,
) => {
  readonly file: Host;
  readonly other: Host;
  /** Undefined where there is no Git. */
  readonly history?: HistoryReader;
};

/** Serves one client until it says `exit`. */
export function startServer(connection: Connection, makeHosts: MakeHosts): void {
  const documents = new TextDocuments(TextDocument);
  let server: Server | undefined;
  let isShutDown = false;
  connection.onInitialize((params) => {
    if (server) throw new ResponseError(ErrorCodes.InvalidRequest, 'the server is initialized already');
    server = new Server(connection, documents, params, makeHosts);
    return {
      capabilities: capabilitiesFor(server.client, server.hasHistory),
      serverInfo: { name: 'layerwise', version },
    };
  });
  connection.onInitialized(() => server?.initialized());
  connection.onShutdown(() => {
    isShutDown = true;
  });

  /** Fails as the protocol asks where a request comes too early or too late. */
  const ready = (): Server => {
    if (isShutDown) throw new ResponseError(ErrorCodes.InvalidRequest, 'the server is shut down');
    if (!server) throw new ResponseError(ErrorCodes.ServerNotInitialized, 'initialize comes first');
    return server;
  };

  documents.onDidOpen(({ document }) => server?.opened(document));
  documents.onDidChangeContent(({ document }) => server?.changed(document));
  documents.onDidSave(({ document }) => server?.saved(document));
  documents.onDidClose(({ document }) => server?.closed(document));
  documents.listen(connection);
  connection.onDidChangeConfiguration(({ settings }) => server?.settingsChanged(settings));
  connection.onDidChangeWatchedFiles(({ changes }) => server?.filesChanged(changes));

  connection.languages.diagnostics.on(({ textDocument, previousResultId }, token) =>
    ready().feed.pull(textDocument.uri, previousResultId, token),
  );
  connection.languages.diagnostics.onWorkspace((params, token, _, progress) =>
    ready().workspaceDiagnostics.pull(params, token, progress),
  );
  registerFeatures(connection, ready);
  connection.onRequest(explainRuleRequest, (params: Partial<ExplainRuleParams> | null) =>
    explainRule(String(params?.rule)),
  );
  connection.onRequest(configTemplateRequest, () => ({ name: '.layerwise.jsonc', text: configTemplate }));
  connection.onRequest(debugInformationRequest, () => debugInformation(ready().session, ready().status.current));
  connection.listen();
}

/** Milliseconds without an edit of a manifest after which the findings of others are made anew. */
const PAUSE = 300;

/** What lives from `initialize` on. */
class Server {
  readonly client: ClientFacts;
  readonly session: Session;
  readonly feed: Feed;
  readonly status: Status;
  readonly history: LayerHistory;
  readonly lateFindings: LateFindings;
  readonly hasHistory: boolean;
  readonly workspaceDiagnostics: WorkspaceDiagnostics;
  readonly #connection: Connection;
  readonly #reports: ConfigReports;
  readonly #configWatch: ConfigWatch;
  readonly #folders: Set<string>;
  #globalSettings: unknown;
  #aroundTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    connection: Connection,
    documents: TextDocuments<TextDocument>,
    params: InitializeParams,
    makeHosts: MakeHosts,
  ) {
    this.client = readClientFacts(params);
    this.#connection = connection;
    this.#reports = new ConfigReports(connection, this.client.watchesFiles);
    this.#configWatch = new ConfigWatch(connection, this.client, () => [...this.#folders]);
    this.#folders = foldersOf(params);
    this.status = new Status(this.client.status ? connection : undefined);
    const hosts = makeHosts(
      {
        openFiles: () => filesAmong(documents.all()),
        folders: () => [...this.#folders],
      },
      this.client,
    );
    const hostOf = (uri: string) => (/^file:/i.test(uri) ? hosts.file : hosts.other);
    this.session = new Session({
      documents,
      client: this.client,
      hostOf,
      hosts: [...new Set([hosts.file, hosts.other])],
      settingsOf: (uri) => this.#askSettings(uri),
      pastOf: (uri, surroundings) => this.lateFindings.past(uri, surroundings),
      opened: (uri, surroundings) => this.#surrounded(uri, surroundings),
    });
    this.feed = new Feed(this.session, connection, {
      linted: (uri, findings) => {
        this.status.linted(uri, findings);
        this.lateFindings.linted(uri);
      },
      problem: (uri, sentence) => this.#problem(uri, sentence),
      busy: (work) => this.status.busyWith(work),
    });
    this.hasHistory = hosts.history !== undefined;
    this.history = new LayerHistory(this.session, hosts.history);
    this.lateFindings = new LateFindings(this.session, hosts.history, (uri) => this.feed.more(uri));
    hosts.history?.onCommit(() => this.#committed());
    this.workspaceDiagnostics = new WorkspaceDiagnostics(this.session, () => [...this.#folders], hostOf);
  }

  initialized(): void {
    if (this.client.workspaceFolders) {
      this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const { uri } of removed) this.#folders.delete(uri);
        for (const { uri } of added) this.#folders.add(uri);
        this.#refresh();
      });
    }
    if (this.client.tellsSettings) {
      const { type } = DidChangeConfigurationNotification;
      this.#connection.client.register(type, { section: settingsSection }).catch(() => {});
    }
    if (this.client.syncsOnRequest) askForManifests(this.#connection);
    if (!this.client.watchesFiles) return;
    const watchers = watchedGlobs().map((globPattern) => ({ globPattern }));
    this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => {});
  }

  opened(document: TextDocument): void {
    const { uri } = document;
    if (isAround(document)) return;
    if (isHuge(document.getText())) {
      this.#connection.console.warn(
        `${uri} is larger than 2 MB: it is linted when it is opened and saved, not on each key`,
      );
    }
    this.feed.settled(document);
  }

  changed(document: TextDocument): void {
    if (kindOfDocument(document.uri, document.languageId) === 'dockerignore') {
      this.session.openFileChanged();
      for (const { uri } of this.session.documents()) this.feed.schedule(uri);
    } else if (isAround(document)) this.#aroundChanged();
    else this.feed.schedule(document.uri);
  }

  saved(document: TextDocument): void {
    this.session.forgetFiles();
    if (!isAround(document)) this.feed.settled(document);
    if (kindOfDocument(document.uri, document.languageId) !== 'dockerfile') this.feed.refresh();
  }

  closed(document: TextDocument): void {
    const { uri, languageId } = document;
    if (isAround(document)) {
      this.#aroundChanged();
      return;
    }
    this.session.close(uri);
    this.#reports.closed(uri);
    this.feed.closed(uri);
    this.history.closed(uri);
    this.lateFindings.closed(uri);
    this.status.closed(uri);
    if (kindOfDocument(uri, languageId) !== 'dockerignore') return;
    // What is saved counts again.
    this.session.openFileChanged();
    this.feed.refresh();
  }

  settingsChanged(settings: unknown): void {
    if (typeof settings === 'object' && settings !== null && settingsSection in settings) {
      this.#globalSettings = settings[settingsSection];
    }
    this.session.forgetSettings();
    this.#reports.clear();
    this.feed.refresh();
    this.#refreshNotes();
  }

  filesChanged(changes: readonly { readonly uri: string; readonly type: number }[]): void {
    for (const { uri, type } of changes) this.#reports.changed(uri, type === FileChangeType.Deleted);
    this.#refresh();
  }

  #surrounded(uri: string, surroundings: Surroundings): void {
    this.#reports.report(uri, surroundings);
    this.#configWatch.use(surroundings.configUris);
    this.#problem(`config of ${uri}`, surroundings.errors[0]);
  }

  /** `about`: what the sentence is about; undefined where there is nothing to say any more. */
  #problem(about: string, sentence: string | undefined): void {
    if (!this.status.problem(about, sentence) || sentence === undefined) return;
    this.#connection.console.warn(sentence);
  }

  #refresh(): void {
    this.session.forgetFiles();
    this.feed.refresh();
  }

  /** A manifest is edited. Clients that pull do not know that the findings of others depend on it. */
  #aroundChanged(): void {
    this.session.openFileChanged();
    clearTimeout(this.#aroundTimer);
    this.#aroundTimer = setTimeout(() => this.feed.refresh(), PAUSE);
    this.#aroundTimer.unref?.();
  }

  #committed(): void {
    this.#refreshNotes();
    if (!this.lateFindings.isUsed) return;
    this.session.historyChanged();
    this.feed.refresh();
  }

  /** What stands above and behind the lines about the past. */
  #refreshNotes(): void {
    if (this.client.refreshesLenses) this.#connection.sendRequest('workspace/codeLens/refresh').catch(() => {});
    if (this.client.refreshesHints) this.#connection.languages.inlayHint.refresh().catch(() => {});
  }

  async #askSettings(uri: string) {
    const given = [this.client.settings, this.#globalSettings];
    if (!this.client.configuration) return mergeSettings(...given);
    try {
      const scoped = await this.#connection.workspace.getConfiguration({ scopeUri: uri, section: settingsSection });
      return mergeSettings(...given, scoped);
    } catch {
      return mergeSettings(...given);
    }
  }
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): Set<string> {
  const folders = workspaceFolders ?? (rootUri ? [{ uri: rootUri }] : []);
  return new Set(folders.map(({ uri }) => uri));
}

/** Neither a Dockerfile nor an ignore file, but read with them. */
function isAround({ uri, languageId }: TextDocument): boolean {
  return kindOfDocument(uri, languageId) === undefined && !isView(uri) && isManifest(uri);
}

function filesAmong(documents: readonly TextDocument[]) {
  return documents
    .filter((one) => kindOfDocument(one.uri, one.languageId) === 'dockerignore' || isAround(one))
    .map((document) => ({ uri: document.uri, version: document.version, text: document.getText() }));
}
