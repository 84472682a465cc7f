import { engineRules } from '../core/engine-rules.js';
import type { Rule } from '../core/rule.js';
import { undigestedBase } from './base/undigested-base.js';
import { unpinnedBase } from './base/unpinned-base.js';
import { remoteAddWithoutChecksum } from './layer/remote-add-without-checksum.js';
import { splitAptUpdate } from './packages/split-apt-update.js';

/** Every rule, sorted by name. */
export const rules: readonly Rule[] = [
  ...engineRules,
  splitAptUpdate,
  remoteAddWithoutChecksum,
  undigestedBase,
  unpinnedBase,
  // one line a rule
].sort((a, b) => (a.name < b.name ? -1 : 1));

export function ruleByName(name: string): Rule | undefined {
  return rules.find((rule) => rule.name === name);
}
