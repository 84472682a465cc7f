import type { BuildContext } from '../model/context.js';
import { filesTaken } from '../model/files-taken.js';
import { contextTransfers, sizeText, type Transfer } from '../model/transfers.js';
import type { HoverPart } from './hover.js';
import { innerOf, instructionAt, touches } from './instruction-at.js';
import { codeSpan } from './markdown.js';
import type { Opened } from './opened.js';

/** More files than this are not counted. */
const MOST_FILES = 20_000;

/** So many of the largest entries are listed. */
const LISTED = 8;

/** On a COPY or ADD, or on one of its sources: the files it takes after the ignore file, and how big they are. */
export function hoverTransfer({ parsed, surroundings }: Opened, offset: number): HoverPart | undefined {
  const { context } = surroundings;
  if (parsed.kind !== 'dockerfile' || !context) return undefined;
  const instruction = instructionAt(parsed.file, offset);
  const transfer = contextTransfers(parsed.build).find((one) => one.instruction === instruction);
  if (!instruction || !transfer || innerOf(instruction) !== instruction) return undefined;
  const source = transfer.sources.find(({ word }) => touches(word.span, offset));
  if (!source && !touches(instruction.keywordSpan, offset)) return undefined;
  const sources = (source ? [source] : transfer.sources).map(({ path }) => path);
  if (sources.some((path) => path === undefined)) return undefined;
  return {
    span: source?.word.span ?? instruction.keywordSpan,
    markdown: describe(context, transfer, sources as string[]),
  };
}

function describe(context: BuildContext, { instruction }: Transfer, sources: readonly string[]): string {
  const values = (name: string) => instruction.flags.flatMap((flag) => (flag.name === name ? [flag.value ?? ''] : []));
  const parents = values('parents').some((value) => value !== 'false');
  const taken = filesTaken(
    context,
    sources.map((path) => path || '.'),
    { exclude: values('exclude'), parents },
  );
  const top = new Map<string, { files: number; bytes: number }>();
  let files = 0;
  let bytes = 0;
  const bases = sources.map((path) => (path === '' ? '' : `${path}/`));
  for (const { path, type, size } of taken.entries) {
    if (type === 'directory') continue;
    files++;
    bytes += size;
    const name = topEntry(path, bases);
    const entry = top.get(name) ?? { files: 0, bytes: 0 };
    top.set(name, { files: entry.files + 1, bytes: entry.bytes + size });
    if (files >= MOST_FILES) break;
  }
  const complete = files < MOST_FILES;
  const ignoreFile = context.ignoreFile ? ` after ${codeSpan(context.ignoreFile.path)}` : ' (there is no ignore file)';
  const missing = [...taken.unmatched, ...taken.emptyWildcards];
  const lines = [
    `Takes **${sizeText({ files, bytes, complete })}** of the context ${codeSpan(context.name)}${ignoreFile}`,
    ...(missing.length > 0 ? [`Not in what is sent: ${missing.map(codeSpan).join(', ')}`] : []),
  ];
  const largest = [...top].sort(([, a], [, b]) => b.bytes - a.bytes || b.files - a.files);
  if (largest.length > 1)
    lines.push(
      largest
        .slice(0, LISTED)
        .map(([name, size]) => lineOf(name, size))
        .join('\n'),
    );
  const rest = largest.length - LISTED;
  if (rest > 0) lines.push(`and ${rest} more`);
  if (!context.plausible) lines.push('The context is uncertain: sources of this file are not in it.');
  return lines.join('\n\n');
}

function lineOf(name: string, { files, bytes }: { files: number; bytes: number }): string {
  return `- ${codeSpan(name)}: ${sizeText({ files, bytes, complete: true })}`;
}

/** The entry right below the source that a file is in. */
function topEntry(path: string, bases: readonly string[]): string {
  const base = bases.find((one) => path.startsWith(one)) ?? '';
  const slash = path.indexOf('/', base.length);
  return slash === -1 ? path : `${path.slice(0, slash)}/`;
}
