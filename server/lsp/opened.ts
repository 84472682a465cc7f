import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { PastOfContext } from '../cache/history.js';
import { type FileResult, lintSource, type Parsed, type Source } from '../core/engine.js';
import type { Finding } from '../core/finding.js';
import { type FileKind, kindOfName } from '../project/dockerfile-name.js';
import { nameOfUri } from './file-uri.js';
import type { Surroundings } from './host.js';

/** A document in one version, with all that is known of it: what every request is answered from. */
export interface Opened {
  readonly document: TextDocument;
  readonly version: number;
  readonly text: string;
  readonly parsed: Parsed;
  readonly surroundings: Surroundings;
  /** Undefined where no rule asks for it, and until there was time to read it. */
  readonly history: PastOfContext | undefined;
  /** Linted at the first call. */
  lint(): FileResult;
  /** The findings of rules that ask for the history: of this version, else those kept of the one before. */
  late(): readonly Finding[];
  /** All that is to be shown: those that were found, and those kept until `history` is there. */
  shown(): readonly Finding[];
}

export function openedDocument(
  document: TextDocument,
  parsed: Parsed,
  surroundings: Surroundings,
  history?: PastOfContext,
  kept: readonly Finding[] = [],
): Opened {
  const text = document.getText();
  let result: FileResult | undefined;
  const opened: Opened = {
    document,
    version: document.version,
    text,
    parsed,
    surroundings,
    history,
    lint() {
      result ??= lintSource(sourceOf(opened), surroundings.config, parsed);
      return result;
    },
    late: () => (history ? opened.lint().findings.filter(({ rule }) => isLate(surroundings, rule)) : kept),
    shown() {
      const { findings } = opened.lint();
      const late = history ? [] : kept.filter(({ rule }) => surroundings.config.rules.has(rule));
      return late.length === 0 ? findings : [...findings, ...late].sort((a, b) => a.span.start - b.span.start);
    },
  };
  return opened;
}

function isLate({ config }: Surroundings, rule: string): boolean {
  return config.known.get(rule)?.needs.includes('history') === true;
}

/** As the engine takes it. */
export function sourceOf({ text, parsed, surroundings, history }: Opened): Source {
  const { path, context, contextWith, unread } = surroundings;
  return { path, text, kind: parsed.kind, context, unread, history, ...(contextWith ? { contextWith } : {}) };
}

/** Left sides of comparisons and other views of a file: their findings would show twice. */
const viewSchemes =
  /^(?:git|gitlens|gitlens-git|gitfs|scm-history-item|review|pr|githubpr|svn|output|vscode-local-history|vscode-scm|chat-editing-[\w-]+):/i;

/** Shows a file as it was, or as something else has it. */
export function isView(uri: string): boolean {
  return viewSchemes.test(uri);
}

/** What a document is, by its name and then by the client's language id; undefined where it is none of ours. */
export function kindOfDocument(uri: string, languageId: string): FileKind | undefined {
  if (isView(uri)) return undefined;
  // What a client sends need not be what the protocol says.
  const name = nameOfUri(String(uri));
  if (languageId === 'dockerignore' || /\.dockerignore$/i.test(name)) return 'dockerignore';
  if (/^(?:dockerfile|containerfile)$/i.test(languageId)) return 'dockerfile';
  return kindOfName(name) === 'dockerfile' ? 'dockerfile' : undefined;
}
