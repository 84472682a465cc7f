import type { Build } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import { isLoose } from '../../model/effects/commute.js';
import type { Copied } from '../../model/effects/copied.js';
import type { Effects } from '../../model/effects/instruction-effects.js';
import { argumentNaming } from '../../model/named-by-argument.js';
import { joinPath, relativeTo } from '../../model/path.js';
import { parentOf } from '../../syntax/go-path.js';
import type { TransferInstruction } from '../../syntax/tree.js';
import { sentSource } from './stage-effects.js';

/** More lines than this make no readable Dockerfile. */
const mostLines = 24;

/**
 * COPY lines that bring just the files which a RUN reads of those that a COPY brings, written as that COPY is; undefined where they
 * cannot be written, or would not land the same.
 */
export function manifestCopies(
  build: Build,
  context: BuildContext,
  from: Effects,
  reader: Effects,
): readonly string[] | undefined {
  const { instruction, copied } = from;
  if ((instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') || !copied) return undefined;
  if (instruction.heredocs.length > 0) return undefined;
  const byFolder = new Map<string, string[]>();
  const folders = reader.reads.filter(({ below, path }) => below && copied.mayBring({ path, below }));
  for (const area of reader.reads) {
    if (folders.some(({ path }) => path !== area.path && relativeTo(path, area.path) !== undefined)) continue;
    if (!copied.mayBring(area) || isLoose(reader, copied, area)) continue;
    const source = sentSource(context, from, area);
    if (source === undefined || source === '' || /[$*?[\]"'`\\\s<]/.test(source)) return undefined;
    if (argumentNaming(build, reader.instruction, source) !== undefined) return undefined;
    if (copied.links().some((link) => relativeTo(link, area.path) !== undefined)) return undefined;
    const isFolder = context.entry(source)?.type === 'directory';
    if (isFolder && !area.below) {
      // A folder that is only entered comes with what is read in it.
      if (!reader.reads.some(({ path }) => relativeTo(area.path, path))) return undefined;
      continue;
    }
    // A folder is copied by itself: its contents land in a folder of its name.
    const key = isFolder ? `${area.path}\0` : parentOf(area.path) || '/';
    byFolder.set(key, [...(byFolder.get(key) ?? []), source]);
  }
  const lines: string[] = [];
  for (const [key, sources] of byFolder) {
    const line = copyLine(build, instruction, copied, key.split('\0')[0] ?? '/', [...new Set(sources)].sort());
    if (line === undefined) return undefined;
    lines.push(line);
  }
  return lines.length > 0 && lines.length <= mostLines ? lines : undefined;
}

function copyLine(
  build: Build,
  instruction: TransferInstruction,
  copied: Copied,
  folder: string,
  sources: readonly string[],
): string | undefined {
  const target = destinationFor(instruction, copied, folder);
  if (target === undefined) return undefined;
  const { text } = build.file;
  const kept = instruction.flags.filter(({ name }) => name === 'chown' || name === 'chmod' || name === 'link');
  if (kept.length < instruction.flags.length) return undefined;
  const written = text.slice(instruction.keywordSpan.start, instruction.keywordSpan.end);
  const keyword = written === written.toLowerCase() ? 'copy' : 'COPY';
  const words = [...sources, target];
  const list = instruction.json ? `[${words.map((word) => JSON.stringify(word)).join(', ')}]` : words.join(' ');
  return [keyword, ...kept.map(({ span }) => text.slice(span.start, span.end)), list].join(' ');
}

/** A folder of the image, written in the manner of the destination that it lies in; it ends in a slash. */
function destinationFor(instruction: TransferInstruction, { mappings }: Copied, folder: string): string | undefined {
  const written = instruction.destination?.text ?? '';
  const word = instruction.json ? unquoted(written) : written;
  if (/["'`\\\s]/.test(word)) return undefined;
  const homes = mappings.map(({ image, kind }) => (kind === 'file' ? parentOf(image) || '/' : image));
  const home = homes.find((one) => relativeTo(one, folder) !== undefined);
  if (home === undefined || (mappings.length === 2 && mappings.every(({ kind }) => kind === 'file'))) return undefined;
  const rest = relativeTo(home, folder) ?? '';
  const stem = word.replace(/\/+$/, '').replace(/\/\.$/, '');
  if (stem === '.' || stem === '') {
    const below = joinPath('/', rest).replace(/\/?$/, '/');
    return stem === '' ? below : rest === '' ? './' : below.slice(1);
  }
  return `${stem}${joinPath('/', rest).replace(/\/?$/, '/')}`;
}

function unquoted(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}
