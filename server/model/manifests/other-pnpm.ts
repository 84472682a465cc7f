import { textWithHeredocs } from '../../syntax/text-with-heredocs.js';
import { stagesDown } from '../caches.js';
import type { Install } from '../installs.js';
import { member } from './reading.js';

/** What may bring a pnpm that knows nothing of `packageManager`: one before 10 by its number, or one of another source; or allows scripts. */
const brings =
  /\bpnpm@(?![~^]?\d{2}|latest\b)|\b(?:apk|apt|apt-get|dnf|yum|brew)\b[^;&|]*\spnpm\b|\bget\.pnpm\.io\b|\bPNPM_VERSION\b|dangerously[-_]allow|--allow-build|only[-_]built/i;

/** `npm install -g pnpm`, `corepack prepare pnpm@latest`: the newest, which is 10 or later, or one by its number. */
const installed =
  /\bnpm\s+(?:i|install|add)\b(?=[^&;|\n]*\s(?:-g|--global)(?=\s|$))[^&;|\n]*\s(pnpm(?:@[^\s"'&;|]+)?)(?=["']?(?:[\s&;|]|$))|\bcorepack\s+(?:prepare|install\s+-g|use)\s+(pnpm@[^\s"'&;|]+)/g;
const recent = /^pnpm(?:@(?:latest|[~^]?[1-9]\d+(?:\.[\w.-]+)?))?$/;

/**
 * Whether the pnpm of an install is certainly one from 10 on, where the manifest names none: pnpm 10 and later switch to one that it
 * names (https://pnpm.io/settings#managepackagemanagerversions).
 */
export function hasRecentPnpm({ stage, run }: Pick<Install, 'stage' | 'run'>, manifest: unknown): boolean {
  if (member(manifest, 'packageManager') !== undefined || member(manifest, 'devEngines') !== undefined) return false;
  const texts = stagesDown(stage).flatMap(({ instructions }) =>
    instructions.flatMap((one) => (one.keyword === 'RUN' && one.index <= run.index ? [textWithHeredocs(one)] : [])),
  );
  const found = texts.flatMap((text) =>
    [...text.matchAll(installed)].map(([, npm, corepack]) => npm ?? corepack ?? ''),
  );
  return found.length > 0 && found.every((name) => recent.test(name));
}

/** Whether an install may run with another pnpm than the manifest names: that of `RUN npm install -g pnpm@8` runs all install scripts. */
export function mayHaveOtherPnpm({ stage, run }: Pick<Install, 'stage' | 'run'>): boolean {
  return stagesDown(stage).some(({ instructions }) =>
    instructions.some((one) => one.index <= run.index && brings.test(textWithHeredocs(one))),
  );
}
