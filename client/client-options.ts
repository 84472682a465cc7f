import { extensions, type LogOutputChannel, languages, type TextDocument, workspace } from 'vscode';
import { DiagnosticPullMode, type LanguageClientOptions, RevealOutputChannelOn } from 'vscode-languageclient';
import {
  clientCommands,
  type InitializationOptions,
  type LayerwiseSettings,
  settingsSection,
} from '../server/lsp/protocol.js';

/** No scheme: untitled files and those of virtual file systems are linted as well. */
export const documentSelector = [
  { language: 'dockerfile' },
  { language: 'dockerignore' },
  { pattern: '**/*.dockerignore' },
];

/** A closed tab has a name only. These are the names that VS Code itself takes for Dockerfiles. */
const namesOfFiles =
  '**/{Dockerfile,Containerfile,Dockerfile.*,Containerfile.*,*.dockerfile,*.containerfile,*.dockerignore}';

/** Those with language features for Dockerfiles. */
const dockerExtensions = ['docker.docker', 'ms-azuretools.vscode-containers', 'ms-azuretools.vscode-docker'];

export function otherDockerExtension(): boolean {
  return dockerExtensions.some((id) => extensions.getExtension(id) !== undefined);
}

export function clientOptions(log: LogOutputChannel): LanguageClientOptions {
  return {
    documentSelector,
    outputChannel: log,
    traceOutputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions,
    // The restart command must work after a failed start, so the client must not ask and retry on its own.
    initializationFailedHandler: () => false,
    diagnosticPullOptions: {
      onChange: true,
      onSave: true,
      onTabs: true,
      filter: (document, mode) => mode === DiagnosticPullMode.onType && runOf(document) === 'onSave',
      match: (_, resource) => languages.match({ pattern: namesOfFiles }, { uri: resource } as TextDocument) > 0,
    },
  };
}

function initializationOptions(): InitializationOptions {
  const settings = workspace.getConfiguration(settingsSection);
  const names = [
    'enable',
    'run',
    'timeBudget',
    'configPath',
    'workspaceDiagnostics',
    'languageFeatures',
    'history',
  ] as const;
  return {
    settings: Object.fromEntries(names.map((name) => [name, settings.get(name)])),
    otherDockerExtension: otherDockerExtension(),
    status: true,
    commands: Object.values(clientCommands),
    fileSystem: true,
  };
}

function runOf(document: TextDocument): LayerwiseSettings['run'] {
  return workspace.getConfiguration(settingsSection, document).get('run', 'onType');
}
