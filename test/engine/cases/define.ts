import type { Build, EngineCase, Tree } from '../case.js';

/** The context of a case that does not bring its own. */
export const plainFiles: Tree = { 'a.txt': 'a', 'b.txt': 'b', 'd/x': 'x', 'd/y': 'y' };

type Extra = Partial<Pick<Build, 'args' | 'target'>> & Partial<Pick<EngineCase, 'config'>> & { readonly files?: Tree };

/** A case whose Dockerfile is edited. */
export function edit(name: string, dockerfile: string, edited: string, extra: Extra = {}): EngineCase {
  const build = buildOf(dockerfile, extra);
  return { name, before: build, after: { ...build, dockerfile: edited }, ...configOf(extra) };
}

/** A case whose context changes; `undefined` takes a file away. */
export function change(name: string, dockerfile: string, patch: Tree, extra: Extra = {}): EngineCase {
  const build = buildOf(dockerfile, extra);
  return { name, before: build, after: { ...build, files: { ...build.files, ...patch } }, ...configOf(extra) };
}

/** A case whose build arguments change. */
export function args(
  name: string,
  dockerfile: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  extra: Extra = {},
): EngineCase {
  const build = buildOf(dockerfile, extra);
  return { name, before: { ...build, args: before }, after: { ...build, args: after }, ...configOf(extra) };
}

/** A case whose target changes. */
export function target(
  name: string,
  dockerfile: string,
  before: string | undefined,
  after: string | undefined,
  extra: Extra = {},
): EngineCase {
  const build = buildOf(dockerfile, extra);
  const at = (one: string | undefined) => (one === undefined ? build : { ...build, target: one });
  return { name, before: at(before), after: at(after), ...configOf(extra) };
}

/** A case whose `base:1` is another image in the later build. */
export function moved(name: string, dockerfile: string, extra: Extra = {}): EngineCase {
  const build = buildOf(dockerfile, extra);
  return { name, before: build, after: build, moved: true, ...configOf(extra) };
}

function buildOf(dockerfile: string, { files = plainFiles, args, target }: Extra): Build {
  return {
    dockerfile,
    files,
    ...(args === undefined ? {} : { args }),
    ...(target === undefined ? {} : { target }),
  };
}

function configOf({ config }: Extra): Partial<EngineCase> {
  return config === undefined ? {} : { config };
}
