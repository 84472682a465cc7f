import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readVariables, substitute, type Variables } from './compose-variables.js';
import { type ComposeYaml, parseComposeYaml } from './compose-yaml.js';
import { readTextFile } from './files.js';
import { isRemoteContext, type KnownBuild } from './known-build.js';

/** A build section of a compose file with a local context. */
export interface ComposeBuild extends KnownBuild {
  /** Where the build section (or the service) stands in the file's text, in UTF-16 units. */
  readonly offset: number;
  readonly service: string;
  readonly inline: string | undefined;
}

const composeName = /^(?:docker-)?compose(?:[._-].+)?\.ya?ml$/i;

/** Compose files of a folder by name: `compose.yaml`, `docker-compose.yml`, `docker-compose.prod.yml` and their like. */
export function composeFilesIn(folder: string, names: readonly string[] = namesIn(folder)): string[] {
  const found = names.filter((name) => composeName.test(name));
  return found.sort().map((name) => path.join(folder, name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * The build sections of some compose files of one folder. What cannot be read, or needs a variable that has no value in the
 * folder's `.env` and no default, is left out, and so are remote contexts. A section without `context` (an override) gives way to
 * one of the same service that has it.
 */
export async function readComposeFiles(files: readonly string[]): Promise<readonly ComposeBuild[]> {
  const found: (ComposeBuild & { readonly implicit: boolean })[] = [];
  for (const file of files) {
    const read = readTextFile(file);
    if ('error' in read || !/build/.test(read.text)) continue;
    const folder = path.dirname(file);
    const variables = variablesOf(folder);
    for (const section of await parseComposeYaml(read.text)) {
      const build = buildOf(section, file, folder, variables);
      if (build) found.push({ ...build, implicit: section.context === undefined });
    }
  }
  const explicit = new Set(found.filter(({ implicit }) => !implicit).map(({ service }) => service));
  return found
    .filter(({ implicit, service }) => !implicit || !explicit.has(service))
    .map(({ implicit: _, ...build }) => build);
}

/**
 * Whether a compose file could give a Dockerfile another context than its own folder, told without parsing: only a `dockerfile`
 * that is more than a plain file name does. Saves the YAML parser where nothing depends on it.
 */
export function movesContexts(file: string): boolean {
  const read = readTextFile(file);
  return 'text' in read && /dockerfile["']?\s*:(?!\s*["']?[\w.-]+["']?\s*(?:[\n\r,}#]|$))/.test(read.text);
}

function variablesOf(folder: string): Variables {
  try {
    return readVariables(readFileSync(path.join(folder, '.env'), 'utf8'));
  } catch {
    return new Map();
  }
}

function buildOf(section: ComposeYaml, file: string, folder: string, variables: Variables): ComposeBuild | undefined {
  const expand = (text: string | undefined) => (text === undefined ? undefined : substitute(text, variables));
  const named = expand(section.context ?? '.');
  if (named === undefined || isRemoteContext(named)) return undefined;
  const context = path.resolve(folder, named);
  const name = expand(section.dockerfile ?? 'Dockerfile');
  const args = [...section.args].map(([key, value]) => [key, expand(value)] as const);
  const contexts = [...section.additionalContexts].flatMap(([key, value]) => {
    const text = expand(value);
    return text === undefined ? [] : [[key, /^[\w-]+:/.test(text) ? text : path.resolve(folder, text)] as const];
  });
  return {
    origin: 'compose',
    file,
    offset: section.offset,
    service: section.service,
    context,
    dockerfile: name === undefined || section.inline !== undefined ? undefined : path.resolve(context, name),
    inline: section.inline,
    target: expand(section.target),
    args: new Map(args),
    additionalContexts: new Map(contexts),
  };
}
