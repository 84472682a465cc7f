import { engineRules } from '../core/engine-rules.js';
import type { Rule } from '../core/rule.js';
import { undigestedBase } from './base/undigested-base.js';
import { unpinnedBase } from './base/unpinned-base.js';
import { broadCopy } from './context/broad-copy.js';
import { contextIncludesDependencies } from './context/context-includes-dependencies.js';
import { contextIncludesVcs } from './context/context-includes-vcs.js';
import { dockerfileBustsCopy } from './context/dockerfile-busts-copy.js';
import { housekeepingBustsCopy } from './context/housekeeping-busts-copy.js';
import { ignoredCopySource } from './context/ignored-copy-source.js';
import { missingIgnoreFile } from './context/missing-ignore-file.js';
import { gitignoreStylePattern } from './ignore-file/gitignore-style-pattern.js';
import { ineffectiveNegation } from './ignore-file/ineffective-negation.js';
import { inlineComment } from './ignore-file/inline-comment.js';
import { patternMatchesNothing } from './ignore-file/pattern-matches-nothing.js';
import { shadowedPattern } from './ignore-file/shadowed-pattern.js';
import { chownAfterCopy } from './layer/chown-after-copy.js';
import { deleteInLaterLayer } from './layer/delete-in-later-layer.js';
import { linkWouldDetach } from './layer/link-would-detach.js';
import { remoteAddWithoutChecksum } from './layer/remote-add-without-checksum.js';
import { broadBindMount } from './mount/broad-bind-mount.js';
import { cacheMountDefeated } from './mount/cache-mount-defeated.js';
import { cacheMountNeededLater } from './mount/cache-mount-needed-later.js';
import { cacheMountUnlocked } from './mount/cache-mount-unlocked.js';
import { cacheMountWrongTarget } from './mount/cache-mount-wrong-target.js';
import { missingCacheMount } from './mount/missing-cache-mount.js';
import { copyBeforeInstall } from './order/copy-before-install.js';
import { metadataEarly } from './order/metadata-early.js';
import { orderByChangeFrequency } from './order/order-by-change-frequency.js';
import { unneededArgScope } from './order/unneeded-arg-scope.js';
import { volatileArgEarly } from './order/volatile-arg-early.js';
import { installWithoutLockfile } from './packages/install-without-lockfile.js';
import { splitAptUpdate } from './packages/split-apt-update.js';

/** Every rule, sorted by name. */
export const rules: readonly Rule[] = [
  ...engineRules,
  broadBindMount,
  broadCopy,
  linkWouldDetach,
  metadataEarly,
  orderByChangeFrequency,
  unneededArgScope,
  volatileArgEarly,
  splitAptUpdate,
  remoteAddWithoutChecksum,
  undigestedBase,
  unpinnedBase,
  installWithoutLockfile,
  chownAfterCopy,
  deleteInLaterLayer,
  cacheMountDefeated,
  cacheMountNeededLater,
  cacheMountUnlocked,
  cacheMountWrongTarget,
  missingCacheMount,
  copyBeforeInstall,
  contextIncludesDependencies,
  contextIncludesVcs,
  dockerfileBustsCopy,
  housekeepingBustsCopy,
  gitignoreStylePattern,
  ignoredCopySource,
  ineffectiveNegation,
  inlineComment,
  missingIgnoreFile,
  patternMatchesNothing,
  shadowedPattern,
].sort((a, b) => (a.name < b.name ? -1 : 1));

export function ruleByName(name: string): Rule | undefined {
  return rules.find((rule) => rule.name === name);
}
