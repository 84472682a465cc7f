import { createHash } from 'node:crypto';
import { carefulFetch, failureOf, isThisMachine, readBody, type Unanswered } from './careful-fetch.js';

/** An index of images first: its digest holds for every platform. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const TIMEOUT = 20_000;

/** Registries may refuse larger manifests than this (OCI distribution specification). */
const LARGEST_MANIFEST = 4 * 1024 * 1024;

/** Answers with a token are far shorter. */
const LARGEST_TOKEN = 1024 * 1024;

/** The digest that a tag names now, or why it is not known. */
export type ImageAnswer = { readonly digest: string } | Unanswered;

/**
 * Asks the registry of an image (`docker.io/library/node:22`) for its digest, as somebody without an account: no credentials are
 * read or sent. Never throws.
 */
export async function askImageDigest(image: string, timeout = TIMEOUT): Promise<ImageAnswer> {
  const slash = image.indexOf('/');
  const colon = image.lastIndexOf(':');
  const [registry, repository, tag] = [image.slice(0, slash), image.slice(slash + 1, colon), image.slice(colon + 1)];
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const base = `${isThisMachine(host.replace(/:\d+$/, '')) ? 'http' : 'https'}://${host}`;
  try {
    const url = `${base}/v2/${repository}/manifests/${tag}`;
    const answer = await askManifest(url, repository, AbortSignal.timeout(timeout));
    return 'error' in answer ? { error: `${host} ${answer.error}` } : answer;
  } catch (error) {
    return failureOf(host, error);
  }
}

async function askManifest(url: string, repository: string, signal: AbortSignal): Promise<ImageAnswer> {
  let headers: Readonly<Record<string, string>> = { accept: MANIFESTS };
  let response = await carefulFetch(url, { method: 'HEAD', headers, signal });
  if (response.status === 401) {
    const token = await askToken(url, response.headers.get('www-authenticate') ?? '', repository, signal);
    if ('error' in token) return token;
    headers = { ...headers, authorization: `Bearer ${token.token}` };
    response = await carefulFetch(url, { method: 'HEAD', headers, signal });
  }
  const problem = problemOf(response.status);
  if (problem !== undefined) return { error: problem };
  const digest = response.ok ? response.headers.get('docker-content-digest') : null;
  if (digest === null) return digestOfBody(await carefulFetch(url, { headers, signal }));
  return isDigest(digest)
    ? { digest }
    : { error: `answered with "${digest.slice(0, 80)}", which is no SHA-256 digest` };
}

function problemOf(status: number): string | undefined {
  if (status === 401 || status === 403) return 'asks for an account, or has no such image';
  if (status === 404) return 'does not know this image';
  if (status === 429) return 'has been asked too often; try again later';
  return status >= 500 ? `answered with ${status}` : undefined;
}

/** For registries that do not say the digest: it is that of the manifest's bytes. */
async function digestOfBody(response: Response): Promise<ImageAnswer> {
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    return { error: problemOf(response.status) ?? `answered with ${response.status}` };
  }
  const body = await readBody(response, LARGEST_MANIFEST);
  if (!body || !isManifest(body)) return { error: 'answered with something that is no manifest' };
  return { digest: `sha256:${createHash('sha256').update(body).digest('hex')}` };
}

/** A page for people, or one that asks to log in, is none. */
function isManifest(body: Buffer): boolean {
  try {
    const value = JSON.parse(body.toString()) as { readonly schemaVersion?: unknown } | null;
    return value?.schemaVersion === 2;
  } catch {
    return false;
  }
}

function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** The registry says where to get a token (distribution specification, "token authentication"). */
async function askToken(
  registry: string,
  challenge: string,
  repository: string,
  signal: AbortSignal,
): Promise<{ readonly token: string } | { readonly error: string }> {
  if (!/^Bearer\s/i.test(challenge)) return { error: 'asks for an account' };
  const parameters = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key.toLowerCase(), value]),
  );
  const realm = parameters.get('realm') ?? '';
  if (!URL.canParse(realm)) return { error: 'does not say where to get a token' };
  const url = new URL(realm);
  const service = parameters.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', `repository:${repository}:pull`);
  const response = await carefulFetch(url.href, { signal }, registry);
  if (!response.ok) {
    await response.body?.cancel();
    return { error: problemOf(response.status) ?? `gives no token: ${url.host} answered with ${response.status}` };
  }
  const text = await readBody(response, LARGEST_TOKEN);
  const body = JSON.parse(text?.toString() ?? '{}') as {
    readonly token?: unknown;
    readonly access_token?: unknown;
  } | null;
  const token = body?.token ?? body?.access_token;
  return typeof token === 'string' && /^[\w.~+/=-]+$/.test(token)
    ? { token }
    : { error: `gives no token: ${url.host} answered without one` };
}
