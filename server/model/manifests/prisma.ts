import { parentOf } from '../../syntax/go-path.js';
import { inFolder, member, type Reading } from './reading.js';

/**
 * The postinstall of @prisma/client generates the client where it finds a schema (`getSchemaWithPath` of Prisma); false where there is
 * none. `given` is the one that an option names.
 */
export function addPrismaSchema(folder: string, manifest: unknown, reading: Reading, given?: string): boolean {
  const named = member(member(manifest, 'prisma'), 'schema');
  const places = [
    ...readConfig(folder, reading),
    ...(typeof named === 'string' ? [named] : []),
    'prisma/schema.prisma',
    'prisma/schema',
    'schema.prisma',
  ];
  const found = (given === undefined ? places : [given]).find((place) => reading.add(inFolder(folder, place)));
  // `getEnvPaths` of Prisma: where they are is written into the client.
  for (const name of ['.env', 'prisma/.env']) reading.add(inFolder(folder, name));
  if (found !== undefined) judgeGenerators(inFolder(folder, found), reading);
  return found !== undefined;
}

const extensions = ['ts', 'js', 'mjs', 'cjs', 'mts', 'cts'];

/** The schema that `prisma.config.ts` or the like names (https://www.prisma.io/docs/orm/reference/prisma-config-reference). */
function readConfig(folder: string, reading: Reading): readonly string[] {
  const names = ['prisma.config', '.config/prisma', '.config/prisma.config'];
  const all = names.flatMap((name) => extensions.map((extension) => `${name}.${extension}`));
  return all.flatMap((name) => {
    const text = reading.read(inFolder(folder, name))?.replaceAll(/^\s*\/\/.*$/gm, '');
    if (text === undefined) return [];
    const [, value] = /\bschema\s*:\s*((?:["'][^"']*["'])|(?:\w+\.)?(?:join|resolve)\([^()]*\))/.exec(text) ?? [];
    const loads = /(?:from|import|require\()\s*["']\.|readFile|\bschema\s*[,}]/.test(text);
    const words = [...(value ?? '').matchAll(/["']([^"']*)["']/g)].map(([, word = '']) => word);
    const isOpen = /\bschema\s*:/.test(text) && (value === undefined || /\((?!\s*(?:__dirname|["']))/.test(value));
    if (loads || isOpen) reading.doubts.add(`${name} may name or load other files`);
    return words.length === 0 ? [] : [`${parentOf(name) || '.'}/${words.join('/')}`];
  });
}

/** Generators run with the schema: others than that of the client may read anything, and what they write may lie among the sources. */
function judgeGenerators(schema: string, reading: Reading): void {
  const { context } = reading;
  const isFile = context.entry(schema)?.type === 'file';
  const below = isFile ? [schema] : [...context.walk({ from: schema })].map(({ path }) => path);
  for (const path of below.filter((one) => one.endsWith('.prisma')))
    for (const [, name, body = ''] of (context.read(path) ?? '').matchAll(/^\s*generator\s+(\w+)\s*\{([^}]*)\}/gm)) {
      const value = (key: string) => new RegExp(`^\\s*${key}\\s*=\\s*(.*?)\\s*(?://.*)?$`, 'm').exec(body)?.[1];
      const isClient = /^"prisma-client(?:-js)?"$/.test(value('provider') ?? '');
      const output = value('output');
      const [, target] = /^"([^"]*)"$/.exec(output ?? '') ?? [];
      const place = target === undefined ? undefined : inFolder(parentOf(path), target);
      const isApart =
        place !== undefined &&
        (/(?:^|\/)node_modules\//.test(place) || context.ignored(place) || context.absent(`${place}/`));
      if (!isClient || (output !== undefined && !isApart))
        reading.doubts.add(`the generator ${name} of ${path} may write among the sources`);
    }
}
