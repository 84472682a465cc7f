import { createHash } from 'node:crypto';
import { carefulFetch, failureOf, type Unanswered } from './careful-fetch.js';

export interface DownloadLimits {
  readonly bytes: number;
  readonly milliseconds: number;
}

const LIMITS: DownloadLimits = { bytes: 512 * 1024 * 1024, milliseconds: 5 * 60_000 };

/**
 * Downloads a file and computes the digest of its content as the builder does, who takes gzip for a way to send it and no part of it;
 * nothing of it is kept. Never throws.
 */
export async function askChecksum(
  url: string,
  limits: DownloadLimits = LIMITS,
): Promise<{ readonly digest: string } | Unanswered> {
  const host = URL.canParse(url) ? new URL(url).host : url;
  try {
    const signal = AbortSignal.timeout(limits.milliseconds);
    const response = await carefulFetch(url, { headers: { 'accept-encoding': 'gzip' }, signal });
    if (response.status !== 200 || !response.body) {
      await response.body?.cancel();
      return { error: `${host} answered with ${response.status}` };
    }
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > limits.bytes) return { error: `${host} sends more than ${megabytes(limits.bytes)} MB` };
      hash.update(chunk);
    }
    return { digest: `sha256:${hash.digest('hex')}` };
  } catch (error) {
    return failureOf(host, error);
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
