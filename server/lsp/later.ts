/** Runs when the messages that have already arrived are handled; the same in Node and in a web worker. */
export const later: (run: () => void) => void =
  typeof setImmediate === 'function' ? (run) => void setImmediate(run) : (run) => void setTimeout(run, 0);

/**
 * Lets one more message in: the connection handles one per turn, and what it does in a turn comes before what was put off there.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => later(() => later(resolve)));
}
