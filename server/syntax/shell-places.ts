import type { MappedText } from './mapped-text.js';
import { createMemo } from './memo.js';
import type { ShellCommand } from './shell.js';

/** One command, simple or compound, of a list. Offsets are those of the mapped text. */
export interface ListElement {
  readonly start: number;
  readonly end: number;
  /** Its and-or chain has a `||`. */
  readonly alternative: boolean;
  readonly background: boolean;
}

/** A list of commands that `&&`, `;` or line ends join. */
export interface CommandList {
  readonly map: MappedText;
  readonly elements: ListElement[];
}

/** Where a simple command stands in its list. */
export interface CommandPlace {
  readonly list: CommandList;
  readonly index: number;
}

const places = createMemo<ShellCommand, CommandPlace>();

/** The place of a command that is an element of a list by itself: not in a pipe, negated, in a substitution or in a condition. */
export function placeOf(command: ShellCommand): CommandPlace | undefined {
  return places.get(command);
}

export function setPlace(command: ShellCommand, place: CommandPlace): void {
  places.set(command, place);
}
