import type { ShellCommand, ShellWord } from '../../syntax/shell.js';
import { packageSources } from '../manifests/dotnet.js';
import { tree } from './area.js';
import { type Kept, keptNothing, placeOf, type Setting } from './setting.js';

/** `dotnet nuget add source` and `update source` (https://learn.microsoft.com/dotnet/core/tools/dotnet-nuget-add-source). */
export function settingsOfNuget(
  { name, args }: ShellCommand,
  resolve: (word: ShellWord) => string | undefined,
): readonly Setting[] {
  const [first, verb, noun] = args.map(({ text }) => text);
  if (name !== 'dotnet' || first !== 'nuget' || noun !== 'source' || !/^(?:add|update)$/.test(verb ?? '')) return [];
  const by = `\`dotnet nuget ${verb} source\``;
  const at = args.findIndex(({ text }) => /^(?:-s|--source)$/.test(text));
  const named = verb === 'add' ? args[3] : args[at + 1];
  if (!named || (verb === 'update' && at === -1)) return [];
  // An address may hold a variable: `https://example.org/$OWNER/index.json`.
  return [{ of: 'nuget', by, key: 'a source', value: resolve(named) ?? named.text.replace(/^["']/, '') }];
}

/** Settings of a `NuGet.Config` (https://learn.microsoft.com/nuget/reference/nuget-config-file). */
export function settingsInNugetFile(text: string): readonly Setting[] {
  const by = 'NuGet.Config';
  const moved = /key\s*=\s*"(globalPackagesFolder|repositoryPath)"/i.exec(text)?.[1];
  return [
    ...packageSources(text).map((value) => ({ of: 'nuget', by, key: 'a source', value }) as const),
    ...(moved === undefined ? [] : [{ of: 'nuget', by, key: moved, value: undefined } as const]),
    ...(/<fallbackPackageFolders>\s*<add/i.test(text)
      ? [{ of: 'nuget', by, key: 'fallbackPackageFolders', value: undefined } as const]
      : []),
  ];
}

/** What a setting of NuGet makes a restore read; undefined where that may be anything. */
export function keptByNuget(key: string, value: string | undefined, home: string | undefined): Kept | undefined {
  if (key !== 'a source') return undefined;
  if (/^https?:/i.test(value ?? '')) return keptNothing;
  const place = placeOf(value, home);
  return place === undefined ? undefined : { reads: [tree(place)], writes: [] };
}
