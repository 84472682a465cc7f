import { textWithHeredocs } from '../../syntax/text-with-heredocs.js';
import { stagesDown } from '../caches.js';
import type { Install } from '../installs.js';

/** What may bring a pnpm that knows nothing of `packageManager`: one before 10 by its number, or one of another source. */
const brings =
  /\bpnpm@(?!\d{2}|latest\b)|\b(?:apk|apt|apt-get|dnf|yum|brew)\b[^;&|]*\spnpm\b|\bget\.pnpm\.io\b|\bPNPM_VERSION\b/;

/** Whether an install may run with another pnpm than the manifest names: that of `RUN npm install -g pnpm@8` runs all install scripts. */
export function mayHaveOtherPnpm({ stage, run }: Pick<Install, 'stage' | 'run'>): boolean {
  return stagesDown(stage).some(({ instructions }) =>
    instructions.some((one) => one.index <= run.index && brings.test(textWithHeredocs(one))),
  );
}
