/** What is not known, and why in words that end the sentence "NAME: …". */
export interface Unanswered {
  readonly error: string;
  /** The host of the name could not be reached, so asking it for others is of no use. */
  readonly unreachable?: true;
}

/** A redirect that is followed leads to at most so many more. */
const MOST_REDIRECTS = 8;

export interface FetchOptions {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Why a request was not made, in words that end the sentence "HOST …". */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/**
 * As `fetch`, with nothing but HTTPS on the whole way, except for this machine itself, to which no other one leads. `Authorization`
 * stays with the host that it is for. `from` is who gave the address, where that is not its own host.
 */
export async function carefulFetch(
  url: string,
  { method = 'GET', headers = {}, signal }: FetchOptions,
  from: string = url,
): Promise<Response> {
  let at = new URL(url);
  for (let count = 0; ; count++) {
    refuse(new URL(from), at);
    const response = await fetch(at.href, {
      method,
      headers: headersFor(url, at, headers),
      signal,
      redirect: 'manual',
    });
    const target = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (target === null) return response;
    await response.body?.cancel();
    if (count >= MOST_REDIRECTS) throw new RefusedError('redirects without end');
    if (!URL.canParse(target, at.href)) throw new RefusedError('redirects to something that is no address');
    at = new URL(target, at);
  }
}

/** A server elsewhere could make one of this machine do something. */
function refuse(from: URL, to: URL): void {
  const address = `${to.protocol}//${to.host}`;
  if (!isTrusted(to)) throw new RefusedError(`leads to ${address}, which is not encrypted`);
  if (isThisMachine(to.hostname) && !isThisMachine(from.hostname))
    throw new RefusedError(`leads to ${address}, which is this machine`);
}

/** The body; undefined where it is longer than so many bytes. */
export async function readBody(response: Response, most: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** HTTPS, or a server on this machine. */
export function isTrusted({ protocol, hostname }: Pick<URL, 'protocol' | 'hostname'>): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname));
}

export function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}

function headersFor(url: string, at: URL, headers: Readonly<Record<string, string>>): Record<string, string> {
  const isSame = new URL(url).origin === at.origin;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isSame || name !== 'authorization'));
}

/** Why a request to a host failed. */
export function failureOf(host: string, error: unknown): Unanswered {
  if (error instanceof RefusedError) return { error: `${host} ${error.message}` };
  if (error instanceof SyntaxError) return { error: `${host} answered with something that is not JSON` };
  if (error instanceof Error && error.name === 'TimeoutError')
    return { error: `${host} did not answer in time`, unreachable: true };
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
  return { error: `${host} cannot be asked${cause === '' ? '' : `: ${cause}`}`, unreachable: true };
}
