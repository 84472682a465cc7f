import assert from 'node:assert/strict';
import { stageEffects } from '../../server/cache/order/stage-effects.js';
import { type OrderInput, type OrderProposal, proposeOrder } from '../../server/cache/order.js';
import { buildOf } from '../../server/model/build.js';
import { type BuildContext, type ContextSource, createContext } from '../../server/model/context.js';
import { type MemoryFiles, memorySource } from '../../server/model/memory-source.js';
import { packageKey } from '../../server/model/package-facts.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

/** A small project that npm installs and whose sources change all the time. */
export const nodeProject: MemoryFiles = {
  'package.json': '{"name": "app", "scripts": {"build": "tsc"}, "dependencies": {"left": "1.0.0"}}',
  'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/left": {}}}',
  'src/a.js': 'a',
  'src/b.js': 'b',
  'README.md': 'read',
  '.dockerignore': 'node_modules\nDockerfile\n',
};

/** What is proposed where each of the paths changes in 20 commits of its own. */
export function propose(
  text: string,
  files: MemoryFiles = nodeProject,
  changed: readonly string[] = ['src/a.js'],
  more: Partial<OrderInput> = {},
): OrderProposal {
  const context = contextOf(text, files);
  const commits = changed.flatMap((path) =>
    Array.from({ length: 20 }, (_, index) => ({
      id: `${path} ${index}`,
      files: [{ path, kind: 'content', folder: false } as const],
    })),
  );
  const found = proposeOrder({ build: buildOf(parseDockerfile(text)), context, commits, builder: 'buildkit', ...more });
  assert.ok(found, 'the file is rejected');
  return found;
}

/** What a context has besides its files. */
export interface ContextExtras {
  /** By `packageKey`. */
  readonly installScripts?: Readonly<Record<string, boolean>>;
  readonly absent?: (path: string) => boolean;
}

export function contextOf(text: string, files: MemoryFiles, extras: ContextExtras = {}): BuildContext {
  const { installScripts: facts, absent } = extras;
  const source: ContextSource = {
    ...memorySource({ Dockerfile: text, ...files }),
    packageFacts: () => facts && { hasInstallScript: (one) => facts[packageKey(one)] },
  };
  return createContext({ name: '.', origin: 'folder', dockerfile: 'Dockerfile', source, absent });
}

/** Why the second of two instructions must stay behind the first, whatever is copied before it. Both are named by how they start. */
export function whyBehind(
  text: string,
  files: MemoryFiles,
  first: string,
  second: string,
  extras: ContextExtras = {},
): string | undefined {
  const build = buildOf(parseDockerfile(text));
  const stage = build.stages.at(-1);
  assert.ok(stage);
  const effects = stageEffects(build, stage, contextOf(text, files, extras));
  if (!effects) return 'the stage stays as it is';
  const at = (start: string) => {
    const found = stage.instructions.findIndex((one) => text.slice(one.span.start).startsWith(start));
    assert.ok(found !== -1, `no ${start}`);
    return found;
  };
  const [one, other] = [at(first), at(second)];
  return effects.reasonWithCopies(one, other) ?? effects.reason(one, other);
}
