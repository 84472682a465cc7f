import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { costsOf } from '../cache/cost.js';
import { historyGaps } from '../cache/history-gaps.js';
import { untrackedCopies } from '../cache/order/untracked.js';
import type { OrderProposal } from '../cache/order.js';
import { replayOf } from '../cache/replay.js';
import { changingArgs } from '../model/changing-args.js';
import { replayHtml } from '../report/replay-html.js';
import { type ReplayedFile, type ReplayedHistory, replayedFile } from '../report/replay-report.js';
import { lineAt } from '../syntax/text.js';
import type { Opened } from './opened.js';
import type { HistoryReader, Past } from './past.js';
import type { LayerHistoryResult } from './protocol.js';
import type { Session } from './session.js';

/** Milliseconds without an edit after which there is time for this. */
export const IDLE = 400;

/** Fewer commits tell nothing about how a file is worked on. */
const LEAST_COMMITS = 10;

/** A Dockerfile over the commits of its repository. */
export interface Replayed {
  readonly file: ReplayedFile;
  readonly history: ReplayedHistory;
  /** COPYs and ADDs of what Git does not track, by line from 1. */
  readonly untracked: ReadonlySet<number>;
}

interface Known {
  readonly text: string;
  readonly past: Past;
  readonly replayed: Replayed;
  /** Undefined until there was time to look for one. */
  proposal: OrderProposal | undefined;
  /** Takes up to a second. */
  readonly propose: () => OrderProposal | undefined;
}

/** How often steps re-ran in the past. Nothing of it is made while a document is being edited, and all of it only once. */
export class LayerHistory {
  readonly #session: Session;
  readonly #reader: HistoryReader | undefined;
  readonly #known = new Map<string, Known>();

  constructor(session: Session, reader: HistoryReader | undefined) {
    this.#session = session;
    this.#reader = reader;
  }

  /**
   * For what is shown beside the text: waits until the document rests, and fails with `ContentModified` where it does not.
   * Undefined where there is no history, or too little.
   */
  async whenIdle(uri: string): Promise<Replayed | undefined> {
    const document = this.#session.document(uri);
    const version = document?.version;
    if (this.#known.get(uri)?.text !== document?.getText()) await new Promise((resolve) => setTimeout(resolve, IDLE));
    if (this.#session.document(uri) !== document || document?.version !== version)
      throw new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed');
    const found = await this.#find(uri);
    return typeof found === 'string' || found.past.commits.length < LEAST_COMMITS ? undefined : found.replayed;
  }

  /** The page of `layerwise replay --format html`. */
  async page(uri: string): Promise<LayerHistoryResult> {
    const found = await this.#find(uri);
    if (typeof found === 'string') return { problem: found };
    const { history, file } = found.replayed;
    return { html: replayHtml({ builder: 'buildkit', target: undefined, history, now: file, proposed: undefined }) };
  }

  /** A cheaper order of the document, where one has been found already; nobody waits for it. */
  proposal({ document, text }: Opened): OrderProposal | undefined {
    const known = this.#known.get(document.uri);
    return known?.text === text && known.past.commits.length >= LEAST_COMMITS ? known.proposal : undefined;
  }

  #proposeLater(uri: string, known: Known): void {
    const timer = setTimeout(() => {
      if (this.#known.get(uri) === known && this.#session.document(uri)?.getText() === known.text)
        known.proposal = known.propose();
    }, IDLE);
    timer.unref?.();
  }

  closed(uri: string): void {
    this.#known.delete(uri);
  }

  /** A sentence where there is nothing to show. */
  async #find(uri: string): Promise<Known | string> {
    const reader = this.#reader;
    if (!reader) return 'the history of a repository is known only where Git can be run, which a browser cannot';
    const opened = await this.#session.ask(uri, (one) => one);
    if (opened?.parsed.kind !== 'dockerfile') return 'this is no Dockerfile';
    const { context, uriOf } = opened.surroundings;
    const root = uriOf('');
    const [broken] = opened.parsed.file.problems;
    if (broken) return `the builder rejects the Dockerfile: ${broken.message}`;
    if (!context || root === undefined) return 'no build context is known for this Dockerfile';
    const { builder } = opened.surroundings.config.settings;
    if (builder !== 'buildkit' && builder !== 'buildkit-graphdriver')
      return `the cache of ${builder} is not modelled over a history`;
    try {
      const past = await reader.read(root, uri, context);
      const known = this.#known.get(uri);
      if (known?.text === opened.text && known.past === past) return known;
      const made = replayed(opened, past, builder);
      if (made && this.#session.document(uri)) {
        this.#known.set(uri, made);
        this.#proposeLater(uri, made);
      }
      return made ?? 'the Dockerfile has no stage';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

function replayed(opened: Opened, past: Past, builder: 'buildkit' | 'buildkit-graphdriver'): Known | undefined {
  const { parsed, text, surroundings } = opened;
  const { context } = surroundings;
  if (parsed.kind !== 'dockerfile' || !context) return undefined;
  const { file, build } = parsed;
  const { commits, paths: tracked, targets: otherTargets, measures, propose } = past;
  const replay = replayOf({ file, context, buildArgs: new Map() }, builder, commits);
  if (replay.stages.length === 0) return undefined;
  return {
    text,
    past,
    replayed: {
      file: replayedFile(
        surroundings.path,
        file,
        replay,
        costsOf(build, context, measures),
        changingArgs(file, new Map()),
      ),
      history: { ...past.shown, gaps: historyGaps(build, context, tracked) },
      untracked: new Set(
        [...untrackedCopies(build, tracked)].map(({ span }) => lineAt(file.lineStarts, span.start) + 1),
      ),
    },
    proposal: undefined,
    propose: () => propose({ build, context, commits, tracked, otherTargets, builder, measures }),
  };
}
