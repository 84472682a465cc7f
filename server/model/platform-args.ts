import type { Dockerfile, FromInstruction } from '../syntax/tree.js';
import { variableNames } from '../syntax/variables.js';

/** Build arguments that BuildKit sets itself, in front of the first FROM too (`dockerfile2llb/platform.go:defaultArgs`). */
export const platformArgument = /^(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT|OSVERSION)$/;

/** Their values where one of them decides which stage a FROM means, and nobody has said which platform is built for. */
export const assumedPlatform: ReadonlyMap<string, string> = new Map(
  ['BUILD', 'TARGET'].flatMap((of) => [
    [`${of}PLATFORM`, 'linux/amd64'],
    [`${of}OS`, 'linux'],
    [`${of}ARCH`, 'amd64'],
    [`${of}VARIANT`, ''],
    [`${of}OSVERSION`, ''],
  ]),
);

/** A FROM of whose variables no value is known, and what comes of that. */
export interface OpenFrom {
  readonly from: FromInstruction;
  /** The argument that decides. */
  readonly argument: string;
  /** The stage that it is taken to mean; undefined where it may be any. */
  readonly stage: string | undefined;
}

/**
 * The FROMs that a platform or a build argument without a value decides, where a stage of the file may be meant. `given` are the build
 * arguments that have a value, `stageOf` gives the stage that a FROM was found to mean.
 */
export function openFroms(
  file: Dockerfile,
  given: ReadonlySet<string>,
  stageOf: (from: FromInstruction) => string | undefined,
): readonly OpenFrom[] {
  const declared = new Map<string, boolean>();
  const names: string[] = [];
  const found: OpenFrom[] = [];
  for (const one of file.instructions) {
    if (one.keyword === 'ARG' && names.length === 0)
      for (const { key, rawValue } of one.pairs) declared.set(key, rawValue !== undefined);
    if (one.keyword !== 'FROM') continue;
    const text = one.image?.text ?? '';
    const argument = variableNames(text, { escape: file.escape }).find(
      (name) => !given.has(name) && declared.get(name) !== true && (declared.has(name) || platformArgument.test(name)),
    );
    const stage = argument === undefined ? undefined : stageOf(one);
    if (argument !== undefined && (stage !== undefined || names.some((name) => mayMean(text, name))))
      found.push({ from: one, argument, stage });
    if (one.alias) names.push(one.alias.text);
  }
  return found;
}

/** `app-$TARGETOS` may mean `app-linux`. */
function mayMean(text: string, name: string): boolean {
  const parts = text.split(/\$\{[^}]*\}|\$\w+/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(name);
}
