import { entry } from '../../model/effects/area.js';
import { broughtBy } from '../../model/effects/commute.js';
import type { Mapping } from '../../model/effects/copied.js';
import type { Effects } from '../../model/effects/instruction-effects.js';
import { relativeTo } from '../../model/path.js';
import { baseName, parentOf } from '../../syntax/go-path.js';
import { bringsNothingElse, type Part } from './expand.js';
import type { Move } from './explain.js';

/** Neighbouring parts of one RUN are told together. */
export function joinedMoves(one: Move, next: Move, instruction: string): Move {
  const unique = <T>(some: readonly T[], key: (value: T) => unknown): readonly T[] => [
    ...new Map(some.map((value) => [key(value), value])).values(),
  ];
  return {
    ...one,
    instruction,
    part: next.part,
    passes: unique([...one.passes, ...next.passes], ({ line, instruction: text }) => `${line} ${text}`),
    safe: unique([...one.safe, ...next.safe], (text) => text),
    caveats: unique([...one.caveats, ...next.caveats], (text) => text),
    rebuilds: { ...one.rebuilds, seconds: one.rebuilds.seconds + next.rebuilds.seconds },
  };
}

/** Of a new step that downloads for another one. */
export function whyHarmless({ role, caveats = [], repeated, warm }: Part, helped: string): readonly string[] {
  if (warm) return warm.safe;
  if (repeated)
    return [
      `${repeated.backend} builds the project from ${listed(repeated.manifests)} alone, with the same dependencies`,
      `${helped} behind it installs the project anew, takes away what was there of it, and finds the dependencies`,
      ...(repeated.edited.length > 0 ? ['what the RUN changes is copied again between the two'] : []),
    ];
  const kept = role === 'redone' && caveats.length === 0 ? ['what it leaves is in no image'] : [];
  return [`${helped} would fetch the same, and finds it there`, ...kept];
}

/** A COPY of just what the RUN works on. */
export function isItsOwn(copy: Effects | undefined, run: Effects): boolean {
  if (copy?.copied?.origin !== 'context' || run.unknown !== undefined) return false;
  const named = ({ kind, image, matches }: Mapping) =>
    kind === 'names' &&
    matches !== undefined &&
    run.reads.some(({ path }) => parentOf(path) === image && matches(baseName(path)));
  return bringsNothingElse(copy, run) || copy.copied.mappings.every(named);
}

/** What a RUN may do otherwise before what it followed. */
export function caveatsOf(own: Effects, passed: readonly Effects[]): string[] {
  const copies = passed.flatMap(({ copied }) => copied ?? []);
  const isRead = own.variables.others === 'probably-most';
  const set = isRead ? [...new Set(passed.flatMap(({ sets }) => [...sets]))] : [];
  const unset = set.length > 0 ? [`a package that ${own.label} installs might read ${listed(set)}`] : [];
  if (copies.length === 0) return unset;
  const open = own.loose.filter((area) => copies.some((copied) => copied.mayBring(area)));
  const names = [
    ...new Set(open.map(({ path }) => copies.flatMap((copied) => copied.sourceOf(path) ?? [])[0] ?? path)),
  ];
  const covered = `${listed(names)} beside the sources would be copied over what it makes there`;
  return [...new Set([...own.caveats, ...(names.length > 0 ? [covered] : []), ...unset])];
}

/** Why an instruction may come before those that it followed. */
export function whySafe(own: Effects, passed: readonly Effects[]): string[] {
  const { keyword } = own.instruction;
  const copies = passed.filter(({ copied }) => copied);
  const others = passed.filter(({ copied }) => !copied);
  const names = (some: readonly Effects[]) => listed(some.map(({ label }) => label));
  const reasons: string[] = [];
  if (keyword === 'RUN') reasons.push(...runBeforeCopies(own, copies));
  else if (own.copied && copies.length > 0)
    reasons.push(`${names([own, ...copies])} put different files into the image`);
  const rest = keyword === 'RUN' || own.copied ? others : passed;
  if (rest.length === 0) return reasons;
  if (keyword === 'ENV' || keyword === 'ARG') reasons.push(`none of its variables is used by ${names(rest)}`);
  else if (keyword === 'WORKDIR' || keyword === 'USER' || keyword === 'SHELL')
    reasons.push(`${names(rest)} ${rest.length === 1 ? 'does' : 'do'} the same before and after ${own.label}`);
  else reasons.push(`${names([own, ...rest])} touch nothing in common`);
  return reasons;
}

function runBeforeCopies(own: Effects, passed: readonly Effects[]): string[] {
  const unread: string[] = [];
  const reasons: string[] = [];
  const kept = new Set<string>();
  for (const one of passed) {
    const read = own.reads.filter((area) => one.copied?.mayBring(area));
    const all = [...new Set(read.map(({ path }) => one.copied?.sourceOf(path) ?? path))].sort();
    const names = all.filter((folder) => !all.some((name) => name.startsWith(`${folder}/`)));
    if (names.length === 0) unread.push(broughtBy(one));
    else reasons.push(`of ${broughtBy(one)} ${own.label} reads only ${listed(names)}, copied before it`);
    for (const path of own.rewrites) {
      const source = one.copied?.sourceOf(path);
      if (source === undefined || one.copied?.mayBring(entry(path))) continue;
      reasons.push(`${source} stays as ${own.label} leaves it: the COPY behind it leaves it out`);
    }
    for (const { path } of own.writes)
      if (
        !own.rewrites.includes(path) &&
        own.loose.every((area) => area.path !== path) &&
        one.copied?.mappings.some(({ image }) => relativeTo(image, path) !== undefined)
      )
        kept.add(one.copied.sourceOf(path) ?? path);
  }
  if (unread.length > 0) reasons.unshift(`${own.label} reads nothing of ${listed(unread, 'or')}`);
  if (kept.size > 0) reasons.push(`what it writes there (${listed([...kept].sort())}) is kept out of the context`);
  return reasons;
}

/** `a, b and 3 more` */
export function listed(names: readonly string[], last = 'and'): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} ${last} ${names.length - 3} more`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
}
