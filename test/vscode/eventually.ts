import { setTimeout } from 'node:timers/promises';

/**
 * Asks again and again until the answer is anything but undefined or false.
 * @throws Error with what was waited for, and what `probe` last threw, after `limit` milliseconds
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  limit = 60_000,
): Promise<T> {
  const end = Date.now() + limit;
  let failure: unknown;
  do {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      failure = error;
    }
    await setTimeout(50);
  } while (Date.now() < end);
  throw new Error(`waited in vain for: ${what}`, { cause: failure });
}
