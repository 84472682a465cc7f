import type { PastOfContext } from '../cache/history.js';
import type { Measures } from '../cache/measures.js';
import type { BuildContext } from '../model/context.js';
import type { ReplayedHistory } from '../report/replay-report.js';

/** What Git and earlier builds tell about a build context. */
export interface Past extends PastOfContext {
  /** The same commits as reports speak of them. */
  readonly shown: Omit<ReplayedHistory, 'gaps'>;
  readonly measures: Measures | undefined;
}

/** Knows histories where there is Git. */
export interface HistoryReader {
  /** Reads at most once per newest commit. Rejects with a sentence for the user where there is no history. */
  read(contextUri: string, dockerfileUri: string, context: BuildContext): Promise<Past>;
  /** `listener` runs soon after a repository that was read got another newest commit. */
  onCommit(listener: () => void): void;
}
