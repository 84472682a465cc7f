import type { IgnoreFile } from '../syntax/dockerignore.js';
import { parentOf } from '../syntax/go-path.js';
import { type IgnoreMatcher, ignoreMatcher, type Verdict } from '../syntax/ignore-matcher.js';

/** Which paths of a context the ignore file lets through, whether they exist or not. */
export interface SentPaths {
  isSent(file: string): boolean;
  /** `header`: only where something below is sent. */
  folder(path: string): 'sent' | 'header' | 'never';
}

const everything: SentPaths = { isSent: () => true, folder: () => 'sent' };

/** Each folder is asked once, each file as often as the caller does. */
export function sentPaths(file: IgnoreFile | undefined): SentPaths {
  if (!file) return everything;
  const matcher = ignoreMatcher(file);
  const verdicts = new Map<string, Verdict | 'pruned'>();
  return {
    isSent(path) {
      const parent = verdictOf(matcher, verdicts, parentOf(path));
      return parent !== 'pruned' && !matcher.step(path, parent).ignored;
    },
    folder(path) {
      const verdict = verdictOf(matcher, verdicts, path);
      if (verdict === 'pruned') return 'never';
      return verdict?.ignored ? 'header' : 'sent';
    },
  };
}

/** As fsutil's `filterFS.Walk` goes down; undefined for the root. */
function verdictOf(
  matcher: IgnoreMatcher,
  verdicts: Map<string, Verdict | 'pruned'>,
  folder: string,
): Verdict | 'pruned' | undefined {
  let verdict: Verdict | 'pruned' | undefined;
  for (let end = folder.indexOf('/'); folder !== ''; end = folder.indexOf('/', end + 1)) {
    const path = end === -1 ? folder : folder.slice(0, end);
    const known = verdicts.get(path);
    if (known !== undefined) verdict = known;
    else {
      if (verdict !== 'pruned') {
        verdict = matcher.step(path, verdict);
        if (verdict.ignored && matcher.prunes(path)) verdict = 'pruned';
      }
      verdicts.set(path, verdict);
    }
    if (end === -1) break;
  }
  return verdict;
}
