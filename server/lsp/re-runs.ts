import { chainedRebuildOf } from '../cache/chained.js';
import { changesOf } from '../cache/change.js';
import { contextFor } from '../cache/ignore-choice.js';
import { type Rebuild, rebuildOf } from '../cache/rebuild.js';
import type { BuildContext } from '../model/context.js';
import { contextTransfers } from '../model/transfers.js';
import { closingLine, describeReason } from '../report/rebuild-report.js';
import { lineAt } from '../syntax/text.js';
import type { Dockerfile } from '../syntax/tree.js';
import type { Opened } from './opened.js';
import type { ContextFilesResult, ReRunsResult, StepState } from './protocol.js';

/** A list to choose from that is longer than this helps nobody. */
const MOST_FILES = 5000;

const words: Readonly<Record<StepState, string>> = {
  cached: '✓ cached',
  rebuilt: '↻ rebuilt',
  unknown: '? depends on output',
  'not-needed': '· not needed',
};

/** What each step does once the file or folder at the URI has changed. */
export function reRuns({ parsed, surroundings }: Opened, changed: string): ReRunsResult {
  const refuse = (problem: string): ReRunsResult => ({ steps: [], summary: '', problem });
  if (parsed.kind !== 'dockerfile') return refuse('this is no Dockerfile');
  const { file } = parsed;
  const [broken] = file.problems;
  if (broken) return refuse(`the builder rejects the Dockerfile: ${broken.message}`);
  if (!surroundings.context) return refuse('no build context is known for this Dockerfile');
  const { builder } = surroundings.config.settings;
  const context = contextFor(builder, surroundings.context);
  const path = pathInContext(surroundings.uriOf('x'), changed);
  if (path === undefined) return refuse(`the file lies outside the build context ${context.name}`);
  const side = { file, context, buildArgs: new Map<string, string>() };
  const change = { before: side, after: side, files: changesOf(context, [path]) };
  const isBuildKit = builder === 'buildkit' || builder === 'buildkit-graphdriver';
  const rebuild = isBuildKit ? rebuildOf(change, builder) : chainedRebuildOf(change, builder);
  const isSent = change.files.length > 0;
  const closing = closingLine({ rebuild, file, dockerfile: surroundings.path, builder, target: undefined });
  return {
    steps: shownSteps(rebuild, file),
    summary: isSent ? closing : `${path} is not sent to the builder. ${closing}`,
  };
}

function shownSteps({ steps }: Rebuild, file: Dockerfile): ReRunsResult['steps'] {
  return steps.map(({ instruction: { span }, state, reasons }) => {
    const reason = reasons.find(({ kind }) => kind !== 'step') ?? reasons[0];
    const why = reason ? describeReason(file, reason) : '';
    const text = state === 'rebuilt' && why !== '' ? `${words.rebuilt} because ${why}` : joined(words[state], why);
    return {
      first: lineAt(file.lineStarts, span.start),
      last: lineAt(file.lineStarts, Math.max(span.start, span.end - 1)),
      state,
      text,
    };
  });
}

function joined(text: string, more: string): string {
  return more === '' ? text : `${text}: ${more}`;
}

/** Relative to the context, of which `inside` is the URI of an entry; undefined where it lies outside. */
function pathInContext(inside: string | undefined, uri: string): string | undefined {
  if (inside === undefined) return undefined;
  const folder = decoded(inside).slice(0, -1);
  const file = decoded(uri).replace(/\/+$/, '');
  if (`${file}/` === folder) return '.';
  return file.startsWith(folder) ? file.slice(folder.length) : undefined;
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

/** The files of the context to choose from: first what sources name, then the others as the context lists them. */
export function contextFiles({ parsed, surroundings }: Opened): ContextFilesResult {
  const { context } = surroundings;
  if (parsed.kind !== 'dockerfile' || !context) return { files: [] };
  const named = contextTransfers(parsed.build).flatMap(({ sources }) => sources.flatMap(({ path }) => path ?? []));
  const paths = new Set(named.filter((path) => context.entry(path)?.type === 'file' && !context.ignored(path)));
  for (const path of filesOf(context)) {
    if (paths.size >= MOST_FILES) break;
    paths.add(path);
  }
  return {
    files: [...paths].flatMap((path) => {
      const uri = surroundings.uriOf(path);
      return uri === undefined ? [] : [{ path, uri }];
    }),
  };
}

function* filesOf(context: BuildContext): Iterable<string> {
  for (const { path, type } of context.walk()) if (type !== 'directory') yield path;
}
