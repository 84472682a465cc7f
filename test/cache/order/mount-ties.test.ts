import assert from 'node:assert/strict';
import { buildOf } from '../../../server/model/build.js';
import { needsOf } from '../../../server/model/mount-needs.js';
import { parseDockerfile } from '../../../server/syntax/dockerfile.js';
import { nodeProject, propose } from '../../helpers/proposals.js';

/** What does not depend on what a cache mount happens to hold may be parted. */
describe('RUNs with cache mounts that are parted all the same', () => {
  const cases = [
    {
      name: 'the install leaves nothing in the mount of the build',
      run: '--mount=type=cache,target=/app/.next/cache npm ci && npm run build',
      first: '--mount=type=cache,target=/app/.next/cache npm ci',
    },
    {
      name: 'what is lost of the downloads is downloaded again',
      run: '--mount=type=cache,target=/root/.npm npm ci && npm run build',
      first: '--mount=type=cache,target=/root/.npm npm ci',
    },
  ];
  for (const { name, run, first } of cases)
    it(name, () => {
      const { text } = propose(`FROM node:22\nWORKDIR /app\nCOPY . .\nRUN ${run}\n`, nodeProject, ['src/a.js']);
      assert.match(text, new RegExp(`RUN ${first.replaceAll('/', '\\/')}\\nCOPY \\. \\.\\n`));
    });

  it('packages of NuGet, where the build looks for them itself', () => {
    const mount = '--mount=type=cache,target=/root/.nuget/packages';
    const { text } = propose(
      `FROM mcr.microsoft.com/dotnet/sdk:9.0\nWORKDIR /src\nCOPY . .\nRUN ${mount} dotnet restore && dotnet publish -o /out\n`,
      {
        'App.csproj': '<Project Sdk="Microsoft.NET.Sdk"></Project>',
        'Program.cs': '',
        '.dockerignore': 'bin\nobj\n',
      },
      ['Program.cs'],
    );
    assert.match(text, /RUN --mount=\S+ dotnet restore\nCOPY \. \.\nRUN --mount=\S+ dotnet publish -o \/out\n/);
  });
});

it('RUNs of which the later one may find elsewhere what the first leaves in a cache mount stay together', () => {
  const sdk = 'FROM mcr.microsoft.com/dotnet/sdk:9.0\nENV FALLBACK=/offline-cache\nWORKDIR /src\nCOPY . .\n';
  const nuget = '--mount=type=cache,target=/root/.nuget/packages';
  const found = propose(
    `${sdk}RUN ${nuget} dotnet restore\nRUN ${nuget} dotnet publish --no-restore -o /out\n`,
    {
      'App.csproj': '<Project Sdk="Microsoft.NET.Sdk"></Project>',
      'Program.cs': '',
      '.dockerignore': 'bin\nobj\n',
    },
    ['Program.cs'],
  );
  assert.doesNotMatch(found.text, /dotnet restore\nCOPY/);
});

describe('RUNs that may work offline with what another RUN leaves in a cache mount', () => {
  for (const later of ['dotnet tool restore && dotnet publish --no-restore', './build.sh', 'dotnet msbuild -t:Publish'])
    it(later, () => {
      const nuget = '--mount=type=cache,target=/root/.nuget/packages';
      const { text } = propose(
        `FROM mcr.microsoft.com/dotnet/sdk:9.0\nWORKDIR /src\nCOPY . .\nRUN ${nuget} dotnet restore\nRUN ${nuget} ${later}\n`,
        {
          'App.csproj': '<Project Sdk="Microsoft.NET.Sdk"></Project>',
          'Program.cs': '',
          'build.sh': '',
          '.dockerignore': 'bin\nobj\n',
        },
        ['Program.cs'],
      );
      assert.doesNotMatch(text, /dotnet restore\nCOPY/);
    });
});

it('Each of two RUNs that fill a cache mount is needed by the one that works offline with it', () => {
  const nuget = '--mount=type=cache,target=/root/.nuget/packages';
  const file = parseDockerfile(
    `FROM mcr.microsoft.com/dotnet/sdk:9.0\nRUN ${nuget} dotnet restore A\nRUN ${nuget} dotnet restore B\nRUN ${nuget} dotnet publish B --no-restore\n`,
  );
  const needs = needsOf(buildOf(file)).map(({ install, by }) => [install.run.index, by.index]);
  assert.deepEqual(needs, [
    [1, 3],
    [2, 3],
  ]);
});
