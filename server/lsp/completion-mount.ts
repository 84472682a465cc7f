import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import { packageManagers } from '../knowledge/package-managers.js';
import { cachePlacesOf } from '../model/caches.js';
import { installsIn } from '../model/installs.js';
import type { RunInstruction } from '../syntax/tree.js';
import { completePath } from './completion-paths.js';
import { completeStage, type Typed } from './completion-stages.js';
import { mountForm } from './name-forms.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';

const TYPES: readonly (readonly [type: string, detail: string])[] = [
  ['cache', 'A folder that outlives the build'],
  ['bind', 'Files of the context, a stage or an image, without a COPY'],
  ['secret', 'A secret that does not reach the image'],
  ['ssh', 'The SSH agent of the one who builds'],
  ['tmpfs', 'A folder in memory'],
];

/** Options by type, without `type` itself. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  bind: ['target=', 'source=', 'from=', 'rw'],
  cache: ['target=', 'sharing=', 'id=', 'from=', 'source=', 'ro', 'mode=', 'uid=', 'gid='],
  tmpfs: ['target=', 'size='],
  secret: ['id=', 'target=', 'env=', 'required', 'mode=', 'uid=', 'gid='],
  ssh: ['id=', 'target=', 'required', 'mode=', 'uid=', 'gid='],
};

const SHARINGS: readonly (readonly [string, string])[] = [
  ['shared', 'Several builds at once'],
  ['locked', 'One build at a time'],
  ['private', 'A new folder while another build uses it'],
];

/** In the value of `RUN --mount=`: types, options, and what may be their value. */
export function completeMount(opened: Opened, offset: number, { word }: Typed, run: RunInstruction): CompletionItem[] {
  if (opened.parsed.kind !== 'dockerfile') return [];
  const fields = word.slice('--mount='.length).split(',');
  const field = fields.pop() ?? '';
  const equals = field.indexOf('=');
  const typed = field.slice(equals + 1);
  const item = itemMaker(opened, offset, typed);
  const type = fields.find((one) => one.startsWith('type='))?.slice('type='.length) ?? 'bind';
  if (equals === -1) {
    if (fields.length === 0) return TYPES.map(([name, detail]) => item(`type=${name}`, detail));
    const used = new Set(fields.map((one) => one.replace(/=.*/s, '')));
    return (OPTIONS[type] ?? []).filter((one) => !used.has(one.replace('=', ''))).map((one) => item(one));
  }
  switch (field.slice(0, equals)) {
    case 'type':
      return TYPES.map(([name, detail]) => item(name, detail));
    case 'sharing':
      return SHARINGS.map(([name, detail]) => item(name, detail));
    case 'target':
    case 'dst':
    case 'destination':
      return type === 'cache' ? cacheFolders(opened, run).map(({ path, detail }) => item(path, detail)) : [];
    case 'from':
      return completeStage(opened, offset, opened.parsed.build, run, typed);
    case 'source':
    case 'src':
      return sources(opened, offset, type, fields, typed);
    default:
      return [];
  }
}

function itemMaker({ document }: Opened, offset: number, typed: string) {
  const range = rangeOf(document, { start: offset - typed.length, end: offset });
  return (label: string, detail?: string): CompletionItem => ({
    label,
    kind: CompletionItemKind.Value,
    ...(detail === undefined ? {} : { detail }),
    textEdit: { range, newText: label },
  });
}

/** Those of the package managers that the RUN calls; where it calls none, those of all, as for root. */
function cacheFolders({ parsed }: Opened, run: RunInstruction): { path: string; detail: string }[] {
  if (parsed.kind !== 'dockerfile') return [];
  const found = new Map<string, string>();
  for (const install of installsIn(parsed.build, run)) {
    for (const { path } of cachePlacesOf(parsed.build, install) ?? []) found.set(path, install.manager.name);
  }
  if (found.size === 0) {
    for (const { name, caches } of packageManagers) {
      for (const { path } of caches) {
        const place = path.replace(/^~/, '/root');
        if (!path.startsWith('$') && !found.has(place)) found.set(place, name);
      }
    }
  }
  return [...found].map(([path, manager]) => ({ path, detail: `Cache of ${manager}` }));
}

function sources(
  opened: Opened,
  offset: number,
  type: string,
  fields: readonly string[],
  typed: string,
): CompletionItem[] {
  const { context } = opened.surroundings;
  if (!context || type !== 'bind' || fields.some((one) => one.startsWith('from='))) return [];
  return completePath(opened, offset, typed, context, mountForm, (path) => !context.ignored(path));
}
