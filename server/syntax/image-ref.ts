import { type Span, span } from './text.js';

/** The parts of an image reference. Spans are ranges of the reference's own text. */
export interface ImageReference {
  /** Registry and repository as written; nothing is added. */
  readonly name: string;
  /** `docker.io` where none is written. */
  readonly registry: string;
  /** Path in the registry, `library/node` for `node`. */
  readonly repository: string;
  /** Undefined where none is written; Docker then takes `latest`. */
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
  readonly nameSpan: Span;
  readonly tagSpan: Span | undefined;
  readonly digestSpan: Span | undefined;
}

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const hostPart = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const host = `(?:${hostPart}(?:\\.${hostPart})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?`;
const hostPattern = new RegExp(`^${host}$`);
const pathPattern = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** The longest path that `distribution/reference` takes. */
const longestRepository = 255;
/** No valid reference is longer: host, path, tag and digest at their longest. */
const longest = 1024;

/** Several ask for each image of a file. */
const known = new Map<string, ImageReference | undefined>();
const mostKnown = 64;

/**
 * Reads an image reference as BuildKit does for FROM (`distribution/reference`: `ParseNormalizedNamed`). Undefined for a text
 * that is none: an upper-case repository, an empty tag, a wrong digest, a bare image id.
 */
export function parseImageReference(text: string): ImageReference | undefined {
  if (known.has(text)) return known.get(text);
  const reference = readReference(text);
  if (known.size === mostKnown) known.clear();
  if (text.length <= longest) known.set(text, reference);
  return reference;
}

function readReference(text: string): ImageReference | undefined {
  if (text.length > longest || (text.length === 64 && /^[a-f0-9]+$/.test(text))) return undefined;
  const at = text.indexOf('@');
  const taggedEnd = at === -1 ? text.length : at;
  const slash = text.indexOf('/') === -1 ? -1 : text.lastIndexOf('/', taggedEnd);
  const colon = text.slice(0, taggedEnd).indexOf(':', slash + 1);
  const nameEnd = colon === -1 ? taggedEnd : colon;
  const name = text.slice(0, nameEnd);
  const tag = colon === -1 ? undefined : text.slice(colon + 1, taggedEnd);
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const place = splitName(name);
  if (place === undefined) return undefined;
  if (tag !== undefined && !tagPattern.test(tag)) return undefined;
  if (digest !== undefined && !isDigest(digest)) return undefined;
  return {
    name,
    registry: place.registry,
    repository: place.repository,
    tag,
    digest,
    nameSpan: span(0, nameEnd),
    tagSpan: tag === undefined ? undefined : span(nameEnd + 1, taggedEnd),
    digestSpan: digest === undefined ? undefined : span(taggedEnd + 1, text.length),
  };
}

/** `distribution/reference:splitDockerDomain`, and the grammar of both parts. */
function splitName(name: string): { registry: string; repository: string } | undefined {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = slash !== -1 && (first === 'localhost' || /[.:A-Z]/.test(first));
  const registry = !isHost || first === 'index.docker.io' ? 'docker.io' : first;
  let repository = isHost ? name.slice(slash + 1) : name;
  if (registry === 'docker.io' && !repository.includes('/')) repository = `library/${repository}`;
  if (repository.length > longestRepository || !pathPattern.test(repository)) return undefined;
  return !isHost || hostPattern.test(registry) ? { registry, repository } : undefined;
}

function isDigest(digest: string): boolean {
  const colon = digest.indexOf(':');
  const hex = digest.slice(colon + 1);
  return digestLengths.get(digest.slice(0, colon)) === hex.length && /^[a-f0-9]+$/.test(hex);
}

/** The name without what only repeats the default registry: `node` for `docker.io/library/node`. */
export function familiarName(reference: ImageReference): string {
  if (reference.registry !== 'docker.io') return `${reference.registry}/${reference.repository}`;
  const plain = reference.repository.replace(/^library\//, '');
  return plain.includes('/') ? reference.repository : plain;
}

/** Registries that hand out the official images of Docker as they are. */
const mirrors =
  /^(?:public\.ecr\.aws\/docker|mirror\.gcr\.io|registry\.docker\.com|registry\.hub\.docker\.com)\/library\//;

/** As `familiarName`; an official image of a mirror has the name that it has at Docker: `ruby` for `mirror.gcr.io/library/ruby`. */
export function officialName(reference: ImageReference): string {
  return familiarName(reference).replace(mirrors, '');
}
