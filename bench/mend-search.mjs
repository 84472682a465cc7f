// Finds the commits of a repository in which somebody put the install of dependencies before the copy of the sources.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildOf } from '../out/server/model/build.js';
import { installsOf } from '../out/server/model/installs.js';
import { contextTransfers } from '../out/server/model/transfers.js';
import { parseDockerfile } from '../out/server/syntax/dockerfile.js';
import { git } from './mend-costs.mjs';

/** Names that Dockerfiles have. */
const isDockerfile = (file) => /^(?:dockerfile(?:[.-].*)?|.*\.dockerfile)$/i.test(path.basename(file));

/**
 * Mends in the order of their times: in the parent's file a manager's install of dependencies (or its build, which downloads them)
 * stands only behind the first COPY or ADD of the sources in its chain of stages; in the commit's file there is one chain more in
 * which it stands before that and one less in which it does not. One entry per commit, with all its Dockerfiles.
 */
export function* mendsOf(clone) {
  const seen = new Set();
  const changes = changesOf(clone).filter(({ file, old, now }) => {
    const isNew = isDockerfile(file) && !seen.has(`${old} ${now}`);
    seen.add(`${old} ${now}`);
    return isNew;
  });
  const textOf = readBlobs(clone, new Set(changes.flatMap(({ old, now }) => [old, now])));
  for (const { commit, file, old, now } of changes) {
    const texts = [textOf.get(old), textOf.get(now)];
    const mend = texts.includes(undefined) ? undefined : mendIn(clone, commit, file, ...texts);
    if (mend) yield { commit, dockerfile: file, ...mend };
  }
}

/** Changes of Dockerfiles on what HEAD has, the oldest first; merges are left out, what they merge is not. */
function changesOf(clone) {
  const options = ['--no-merges', '--full-history', '--raw', '--no-abbrev', '--no-renames', '--diff-filter=M'];
  const log = git(clone, 'log', ...options, '--format=%x01%H %ct', 'HEAD', '--', ':(top,icase)*dockerfile*');
  const changes = [];
  for (const part of log.split('\x01').slice(1)) {
    const [head, ...lines] = part.split('\n');
    const [commit, time] = head.split(' ');
    for (const line of lines) {
      const [, old, now, file] = /^:\d+ \d+ ([0-9a-f]{40}) ([0-9a-f]{40}) M\t(.*)$/.exec(line) ?? [];
      if (file) changes.push({ commit, time: Number(time), file, old, now });
    }
  }
  return changes.sort((a, b) => a.time - b.time);
}

/** Texts by their ids, but for those that the mirror lacks. */
function readBlobs(clone, ids) {
  const texts = new Map();
  const args = ['-c', 'core.hooksPath=/dev/null', 'cat-file', '--batch'];
  const input = [...ids].map((id) => `${id}\n`).join('');
  const { stdout } = spawnSync('git', args, { cwd: clone, input, maxBuffer: 1 << 30 });
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf(10, at);
    const [id, type, size] = stdout.toString('utf8', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob') continue;
    texts.set(id, stdout.toString('utf8', at, at + Number(size)));
    at += Number(size) + 1;
  }
  return texts;
}

function mendIn(clone, commit, file, before, after) {
  const builds = [before, after].map((text) => buildOf(parseDockerfile(text)));
  if (builds.some(({ file: { problems }, stages }) => problems.length > 0 || stages.length === 0)) return undefined;
  if (outlineOf(builds[0]) === outlineOf(builds[1])) return undefined;
  const entries = entriesOf(clone, commit);
  const context = contextOf(file, builds, entries);
  const [was, is] = builds.map((build) => chainsOf(build, (folder) => entries(join(context, folder))));
  const managers = [...was.late.keys()].filter(
    (name) => size(is.late, name) < size(was.late, name) && size(is.early, name) > size(was.early, name),
  );
  if (managers.length === 0) return undefined;
  const stages = managers.flatMap((name) => [was.late.get(name)[0], is.early.get(name).at(-1)]);
  const isNeeded = [builds[0].needed.has(stages[0]), builds[1].needed.has(stages[1])].every(Boolean);
  const target = isNeeded || stages[0].name !== stages[1].name ? undefined : stages[0].name;
  return { context, managers, ...(target ? { target } : {}) };
}

/** What is copied and installed, in its order: where it is the same, nothing was mended. */
function outlineOf(build) {
  const steps = contextTransfers(build).map(({ instruction, sources }) => [
    instruction.index,
    ...sources.map((one) => one.path),
  ]);
  for (const [manager, installs] of installsByManager(build))
    for (const { run } of installs) steps.push([run.index, manager]);
  steps.push(...build.stages.map(({ from, base }) => [from.index, base.stage?.index]));
  return JSON.stringify(steps.sort(([a], [b]) => a - b).map(([, ...step]) => step));
}

const size = (map, name) => map.get(name)?.length ?? 0;
const join = (...parts) => path.posix.normalize(path.posix.join(...parts)).replace(/^\.\/|\/$|^\.$/g, '');

/** What lies in a folder of a commit's tree: names, folders with a `/` at their end; undefined where it is none. */
function entriesOf(clone, commit) {
  const known = new Map();
  return (folder) => {
    if (!known.has(folder)) known.set(folder, list(folder));
    return known.get(folder);
  };
  function list(folder) {
    try {
      const lines = git(clone, 'ls-tree', '-z', `${commit}:${folder}`).split('\0').filter(Boolean);
      return lines.map((line) => `${line.slice(line.indexOf('\t') + 1)}${/^\d+ tree/.test(line) ? '/' : ''}`);
    } catch {
      return undefined;
    }
  }
}

/** The folder of the Dockerfile or the root, whichever has more of what the files copy. */
function contextOf(file, builds, entries) {
  const own = path.posix.dirname(file);
  if (own === '.') return '.';
  const paths = builds.flatMap((build) =>
    contextTransfers(build).flatMap(({ sources }) => sources.map((one) => one.path)),
  );
  const manifests = builds.flatMap((build) => installsOf(build).flatMap(({ manager }) => manager.manifests));
  const points = (root) => {
    const found = paths.filter((one) => one && hasPath(root === '.' ? '' : root, one));
    return found.length + ((entries(root === '.' ? '' : root) ?? []).some((name) => fits(name, manifests)) ? 0.5 : 0);
  };
  return points('.') > points(own) ? '.' : own;

  function hasPath(root, one) {
    const inFolder = entries(join(root, path.posix.dirname(one))) ?? [];
    return inFolder.some((name) => fits(name.replace(/\/$/, ''), [path.posix.basename(one)]));
  }
}

/** Whether a name fits one of some patterns with `*`. */
function fits(name, patterns) {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(name);
  });
}

/** For each manager the stages of whose chain the first copy of the sources is theirs, by where its installs stand. */
function chainsOf(build, entries) {
  const early = new Map();
  const late = new Map();
  const transfers = contextTransfers(build);
  for (const [manager, installs] of installsByManager(build)) {
    const { manifests, lockfiles, settings } = installs[0].manager;
    const isBroad = ({ sources }) =>
      sources.some(({ whole, path: folder }) => {
        if (whole || folder === undefined) return whole;
        const names = entries(folder);
        return (
          names?.some((name) => fits(name, manifests)) &&
          !names.every((name) => fits(name, [...manifests, ...lockfiles, ...settings]))
        );
      });
    const first = new Map(
      build.stages.map((stage) => [stage, transfers.find((one) => one.stage === stage && isBroad(one))]),
    );
    for (const stage of build.stages) {
      const copy = first.get(stage);
      const above = ancestorsOf(stage);
      if (!copy || above.some((one) => first.get(one))) continue;
      const at = copy.instruction.index;
      const before = installs.filter((one) => above.includes(one.stage) || (one.stage === stage && one.run.index < at));
      const behind = installs.filter(
        (one) => (one.stage === stage && one.run.index > at) || ancestorsOf(one.stage).includes(stage),
      );
      const into = before.length > 0 ? early : behind.length > 0 ? late : undefined;
      into?.set(manager, [...(into.get(manager) ?? []), stage]);
    }
  }
  return { early, late };
}

function ancestorsOf(stage) {
  const found = [];
  for (let { base } = stage; base.kind === 'stage'; base = base.stage.base) found.push(base.stage);
  return found;
}

function installsByManager(build) {
  const found = new Map();
  for (const install of installsOf(build)) {
    const { kind, manager } = install;
    if (kind !== 'dependencies' && kind !== 'build') continue;
    if (manager.manifests.length === 0 && manager.name !== 'pip') continue;
    const name = manager.name.replace(/-berry$/, '');
    found.set(name, [...(found.get(name) ?? []), install]);
  }
  return found;
}
