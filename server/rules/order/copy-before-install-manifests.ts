import type { Build } from '../../model/build.js';
import { mountTarget } from '../../model/caches.js';
import type { Install } from '../../model/installs.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { parentOf } from '../../syntax/go-path.js';
import { mountsOf } from '../../syntax/mounts.js';
import type { Defect } from './copy-before-install-find.js';
import type { Offender } from './copy-before-install-sources.js';
import { keywordLike, lineEndOf } from './copy-before-install-text.js';

/** More lines than this make no readable Dockerfile. */
const mostLines = 40;

export interface ManifestCopies {
  readonly byOffender: ReadonlyMap<Offender, string>;
  /** `--mount=…` flags for the RUN, where the file shows manifests to its installs that way; then nothing is copied. */
  readonly mounts: readonly string[];
}

/** The COPY lines of the manifests that each offender brings, to stand in its place; none for one that brings no manifest. */
export function manifestCopies(build: Build, defect: Defect): ManifestCopies | { readonly reason: string } {
  const { offenders, project, landings, install } = defect;
  const moved = new Set(offenders.map(({ transfer }) => transfer));
  const staying = landings.filter(({ transfer }) => !moved.has(transfer));
  const groups = new Map<Offender, Map<string, string[]>>();
  const mounted = mountedPlaces(build, defect);
  const mounts: string[] = [];
  const binds = bindsManifests(build) && writesNoManifest(install) && !offenders.some(hasOwner);
  const folders = [...(project?.reading.folders ?? [])];
  const files = [...(project?.reading.files ?? [])].filter(
    (file) => !folders.some((folder) => file.startsWith(`${folder}/`)),
  );
  for (const path of [...files, ...folders]) {
    const offender = offenders.findLast(({ landing }) => landing?.imagePathOf(path) !== undefined);
    const place = offender?.landing?.imagePathOf(path);
    if (!offender || place === undefined || mounted.some((one) => relativeTo(one, place) !== undefined)) continue;
    if (staying.some((landing) => landing.imagePathOf(path) === place)) continue;
    if (binds && !/[\s,"'$\\`]/.test(path)) {
      mounts.push(mountFlag(build, install, path, place));
      continue;
    }
    const isFolder = project?.reading.folders.has(path);
    const group = groups.get(offender) ?? new Map<string, string[]>();
    groups.set(offender, group);
    const target = isFolder ? place : parentOf(place) || '/';
    const key = isFolder ? `${target}\0${path}` : target;
    group.set(key, [...(group.get(key) ?? []), path]);
  }
  const byOffender = new Map<Offender, string>();
  let lines = 0;
  for (const [offender, group] of groups) {
    const texts: string[] = [];
    for (const [key, paths] of group) {
      const line = copyLine(build, offender, key.split('\0')[0] ?? '/', paths);
      if (line === undefined) return { reason: 'a name of a manifest cannot be written in a COPY' };
      texts.push(line);
    }
    lines += texts.length;
    byOffender.set(offender, texts.join(lineEndOf(build.file)));
  }
  return lines > mostLines ? { reason: `it would take ${lines} COPY lines for the manifests` } : { byOffender, mounts };
}

const binding = new WeakMap<Build, boolean>();

/** Some RUN of the file mounts a single file of the context. */
function bindsManifests(build: Build): boolean {
  const known = binding.get(build);
  if (known !== undefined) return known;
  const found = build.stages.some(({ instructions }) =>
    instructions.some(
      (one) =>
        one.keyword === 'RUN' &&
        mountsOf(build.file, one).mounts.some(
          ({ type, from, source }) => type === 'bind' && from === undefined && /[^/]\.\w+$/.test(source ?? ''),
        ),
    ),
  );
  binding.set(build, found);
  return found;
}

/** A bind mount is read-only: the install must not touch its lockfile. */
function writesNoManifest({ manager, operands, options }: Install): boolean {
  const frozen = ['--frozen-lockfile', '--immutable', '--frozen', '--locked', '--deploy', '--ignore-pipfile'];
  const steady = ['pip', 'pip-tools', 'conda', 'go', 'composer', 'maven', 'dotnet'].includes(manager.name);
  return steady || operands[0]?.value === 'ci' || options.some(({ name }) => frozen.includes(name));
}

function mountFlag(build: Build, { run }: Install, path: string, place: string): string {
  const { cwd } = build.stateBefore(run);
  const target = (cwd === undefined ? undefined : relativeTo(cwd, place)) || place;
  return `--mount=type=bind,source=${path},target=${target}`;
}

/** What a mount shows belongs to whom it belongs outside, and it does not make the folder around it that owner's. */
function hasOwner({ transfer }: Offender): boolean {
  return transfer.instruction.flags.some(({ name }) => name === 'chown' || name === 'chmod');
}

/** Where the RUN mounts files of the context by itself. */
function mountedPlaces(build: Build, { install }: Defect): string[] {
  return mountsOf(build.file, install.run).mounts.flatMap((mount) => {
    const isOfContext = mount.type === 'bind' && mount.from === undefined && mount.source !== undefined;
    return isOfContext ? (mountTarget(build, install.run, mount) ?? []) : [];
  });
}

/** A COPY with flags, form and way of writing the destination taken from the offender's own. */
function copyLine(
  build: Build,
  { transfer, landing }: Offender,
  folder: string,
  paths: readonly string[],
): string | undefined {
  const { instruction } = transfer;
  const target =
    landing && destinationText(build, instruction.destination?.text ?? '.', landing.target, folder, instruction.json);
  if (target === undefined || paths.some((path) => /[$*?[\]"'\\]/.test(path))) return undefined;
  const kept = instruction.flags.filter(({ name }) => name === 'chown' || name === 'chmod' || name === 'link');
  const flags = kept.map(({ span }) => `${build.file.text.slice(span.start, span.end)} `).join('');
  const keyword = keywordLike(build.file, instruction, 'COPY');
  const words = [...paths, target];
  const json = instruction.json || words.some((word) => /\s/.test(word));
  return `${keyword} ${flags}${json ? `[${words.map((word) => JSON.stringify(word)).join(', ')}]` : words.join(' ')}`;
}

/** How to write a folder of the image in the manner of a destination that stands for `base`; it ends in a slash. */
function destinationText(
  build: Build,
  written: string,
  base: string,
  folder: string,
  json: boolean,
): string | undefined {
  const rest = relativeTo(base, folder);
  if (rest === undefined) return undefined;
  const word = json ? unquote(written) : written;
  const stem = word.replace(/\/+$/, '').replace(/\/\.$/, '');
  if (stem === '.' || stem === '')
    return stem === '' ? joinSlash('', rest) : rest === '' ? './' : joinSlash('', rest).slice(1);
  return build.file.escape === '`' && word.includes('\\') ? undefined : joinSlash(stem, rest);
}

function joinSlash(stem: string, rest: string): string {
  return `${stem}${joinPath('/', rest).replace(/\/?$/, '/')}`;
}

function unquote(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}
