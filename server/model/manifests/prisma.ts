import { inFolder, member, type Reading } from './reading.js';

/** The postinstall of @prisma/client generates the client where it finds a schema; false where there is none. */
export function addPrismaSchema(folder: string, manifest: unknown, reading: Reading): boolean {
  const named = member(member(manifest, 'prisma'), 'schema');
  const places = [
    ...(typeof named === 'string' ? [named] : []),
    'prisma/schema.prisma',
    'prisma/schema',
    'schema.prisma',
  ];
  const found = places.some((place) => reading.add(inFolder(folder, place)));
  reading.add(inFolder(folder, 'prisma.config.ts'));
  // `getEnvPaths` of Prisma: where they are is written into the client.
  for (const name of ['.env', 'prisma/.env']) reading.add(inFolder(folder, name));
  return found;
}
