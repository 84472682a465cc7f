import type { BuildContext } from '../../model/context.js';
import type { Landing } from '../../model/landing.js';
import { joinPath } from '../../model/path.js';

/** What a script sees of the sources. */
export interface Sources {
  readonly context: BuildContext;
  readonly landings: readonly Landing[];
  readonly cwd: string | undefined;
}

const verbs = 'update|install|reinstall|satisfy|build-dep|source|upgrade|full-upgrade|dist-upgrade|safe-upgrade';
const call = new RegExp(`\\bapt(?:-get|itude)?\\s[^&;|\\n]*?(?<=\\s)(${verbs})\\b`, 'g');
const removal = /\brm\s[^&;|\n]*\/var\/lib\/(?:apt|\*)|\bapt-get\s+distclean\b/g;

/**
 * Lists of packages that stay in a layer of their own go stale in the cache: what installs from them then asks for versions that are gone
 * (https://docs.docker.com/build/building/best-practices/#apt-get). apk, dnf and zypper fetch theirs anew after some hours.
 */
export function separatesLists(head: string, tail: string, sources: Sources): boolean {
  if (!leavesLists(head)) return false;
  // They were fetched for what follows.
  const isForTail = callsIn(head).every(({ verb }) => verb === 'update');
  return isForTail || installsFromLists(tail, sources);
}

/** It fetches the lists and does not remove them again. */
export function leavesLists(text: string): boolean {
  const last = callsIn(text).findLast(({ verb }) => verb === 'update');
  const removed = [...plain(text).matchAll(removal)].at(-1);
  return last !== undefined && (removed === undefined || removed.index < last.at);
}

export function fetchesLists(text: string): boolean {
  return callsIn(text).some(({ verb }) => verb === 'update');
}

/** It installs with lists that it does not fetch itself; scripts of the project count. */
export function installsFromLists(text: string, sources: Sources): boolean {
  const [first] = callsIn(text);
  if (first) return first.verb !== 'update';
  return scriptsIn(text, sources).some((script) => {
    const [own] = callsIn(script);
    return own !== undefined && own.verb !== 'update';
  });
}

function callsIn(text: string): readonly { readonly verb: string; readonly at: number }[] {
  return [...plain(text).matchAll(call)].map(({ 1: verb = '', index }) => ({ verb, at: index }));
}

function plain(text: string): string {
  return text.replaceAll(/\\\r?\n/g, ' ').replaceAll(/^\s*#.*$/gm, '');
}

function scriptsIn(text: string, { context, landings, cwd = '/' }: Sources): readonly string[] {
  return text.split(/[\s"'=;&|()]+/).flatMap((word) => {
    if (!/^[\w./-]*(?:\/|\.)[\w.-]+$/.test(word)) return [];
    const place = joinPath(cwd, word);
    const origin = landings.flatMap((landing) => landing.contextPathOf(place) ?? [])[0];
    return origin !== undefined && context.entry(origin)?.type === 'file' ? (context.read(origin) ?? []) : [];
  });
}
