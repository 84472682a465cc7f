import { mountsOf } from '../syntax/mounts.js';
import type { Instruction, RunInstruction } from '../syntax/tree.js';
import type { Build, Stage } from './build.js';
import { type Area, areasMeet, entry, foldersAbove, tree } from './effects/area.js';
import { joinPath } from './path.js';

/**
 * Whether something that lies in these areas of a stage may be in an image: that of one of `targets`, of the last stage, of a stage that no
 * other needs, or what another stage takes of it. Paths of stages that are built from it count too. Files for which `isAnew` holds are
 * written again by a later step, and may be taken by their names.
 */
export function isTakenFrom(
  build: Build,
  stage: Stage,
  areas: readonly Area[],
  targets: readonly Stage[] = [],
  isAnew: (path: string) => boolean = () => false,
): boolean {
  const heirs = new Set([stage]);
  for (const one of build.stages) if (one.base.kind === 'stage' && heirs.has(one.base.stage)) heirs.add(one);
  if ([build.target, ...targets].some((one) => one && heirs.has(one))) return true;
  const used = new Set<Stage>();
  for (const one of build.stages) {
    if (one.base.kind === 'stage') used.add(one.base.stage);
    for (const { reference, area } of one.instructions.flatMap((instruction) => takesOf(build, instruction))) {
      const from = reference === undefined ? undefined : build.stageByReference(reference);
      if (from) used.add(from);
      // A name that a variable decides may be any stage.
      if (reference !== undefined && (!from || !heirs.has(from))) continue;
      if (area && isAnew(area.path)) continue;
      if (!area || areas.some((own) => areasMeet(own, area))) return true;
    }
  }
  return [...heirs].some((one) => !used.has(one));
}

interface Take {
  /** Undefined where a variable decides. */
  readonly reference: string | undefined;
  /** Undefined where it is not known. */
  readonly area: Area | undefined;
}

function takesOf(build: Build, instruction: Instruction): readonly Take[] {
  if (instruction.keyword === 'ONBUILD') return instruction.trigger ? takesOf(build, instruction.trigger) : [];
  if (instruction.keyword === 'RUN')
    return mountsOf(build.file, instruction).mounts.flatMap(({ from, source }) =>
      from === undefined ? [] : [{ reference: build.expand(instruction, from), area: areaOf(source ?? '/') }],
    );
  const from = instruction.keyword === 'COPY' && instruction.flags.find(({ name }) => name === 'from')?.value;
  if (instruction.keyword !== 'COPY' || !from) return [];
  const reference = build.expand(instruction, from);
  return instruction.sources.map(({ text }) => ({ reference, area: areaOf(build.expand(instruction, text)) }));
}

/** Of a source with wildcards the folder that holds what it may match. */
function areaOf(source: string | undefined): Area | undefined {
  if (source === undefined || /[$]/.test(source)) return undefined;
  const wild = source.search(/[*?[]/);
  return tree(joinPath('/', wild === -1 ? source : source.slice(0, source.lastIndexOf('/', wild) + 1)));
}

/**
 * `go list -m` tells of each module where it lies, if it has been downloaded (`go help list`; tried with Go 1.19: `-json all` told of more
 * folders behind `go mod download`), and so do programs that list licences and the like.
 */
const listing =
  /\bgo\s+list\b(?=[^&;|]*\s-m\b)[^&;|]*(?:\s-json\b|\.(?:Dir|GoMod)\b)|\b(?:cyclonedx-gomod|syft|trivy|grype)\s/;

/** Some RUN, that one or one behind it, names one of the folders (absolute), what lies in it, or all of a folder that holds it. */
export function isLookedInto(build: Build, run: RunInstruction, folders: readonly string[]): boolean {
  const names = new Set(folders.flatMap((path) => [path, ...foldersAbove(path), '/']));
  return build.stages.some(({ instructions }) =>
    instructions.some((one) => {
      if (one.keyword !== 'RUN' || one.index < run.index) return false;
      if (listing.test(one.text.replaceAll(/\\\r?\n/g, ' '))) return true;
      if (/\b(?:GOPATH|GOMODCACHE|GOCACHE|CARGO_HOME|NUGET_PACKAGES)\b|~(?:\/|\s|$)|\$\{?HOME\b/.test(one.text))
        return true;
      return one.text.split(/[\s"'=;&|()]+/).some((word) => {
        const path = word.replace(/\/[.*]*$/, '') || '/';
        return (
          word.startsWith('/') && (names.has(path) || folders.some((folder) => areasMeet(tree(folder), entry(path))))
        );
      });
    }),
  );
}
