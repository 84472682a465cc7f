import type { Install } from './installs.js';

/** A command as it stands in a message: on one line, cut where it is long. */
export function labelOf({ command, manager }: Install, text?: string): string {
  if (text !== undefined) return shorten(text.slice(command.nameSpan.start, command.span.end));
  return shorten([command.name ?? manager.name, ...command.args.map((word) => word.text)].join(' '));
}

/** Text in backticks as it stands in a message: on one line, cut where it is long. */
export function shorten(text: string): string {
  const line = text.replaceAll(/[\\`]?[ \t]*\r?\n\s*/g, ' ').replaceAll(/\s+/g, ' ');
  return `\`${line.length > 44 ? `${line.slice(0, 42).trimEnd()} …` : line}\``;
}
