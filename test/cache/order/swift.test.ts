import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose, whyBehind } from '../../helpers/proposals.js';

const manifest = (dependencies = '', more = '', imports = 'PackageDescription') => `// swift-tools-version:5.9
import ${imports}

/* The Context in which this lies. */
let settings: [SwiftSetting] = [.enableUpcomingFeature("X"), .unsafeFlags(["-O"], .when(configuration: .release))]
let package = Package(
    name: "app",
    platforms: [.macOS(.v13)],
    dependencies: [
        .package(url: "https://github.com/vapor/vapor.git", from: "4.0.0"),${dependencies}
    ],
    targets: [
        .executableTarget(name: "App", dependencies: [.product(name: "Foundation", package: "vapor")], path: "Sources/App"),
    ]
)
${more}
`;

const files: MemoryFiles = {
  'Package.swift': manifest(),
  'Package.resolved': '{"pins": [], "version": 2}',
  'Sources/App/main.swift': 'a',
  '.dockerignore': 'Dockerfile\n.build\n',
};

const from = 'FROM swift:6.1 AS build\nWORKDIR /build\n';
const runtime = 'FROM swift:6.1-slim\nCOPY --from=build /build/.build/release/App /\n';
const build = 'RUN swift build -c release';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly files?: MemoryFiles;
  readonly expected: string;
}

const cases: readonly Case[] = [
  {
    name: 'with the manifest and its lockfile, which it may write anew',
    text: `${from}COPY . .\nRUN swift package resolve\n${build}\n${runtime}`,
    expected: `# syntax=docker/dockerfile:1\n${from}COPY Package.resolved Package.swift ./\nRUN swift package resolve\nCOPY --exclude=Package.resolved . .\n${build}\n${runtime}`,
  },
  {
    name: 'of a RUN that goes on to build, where it insists on the lockfile',
    text: `${from}COPY . .\nRUN swift package resolve --force-resolved-versions && swift build -c release\n${runtime}`,
    expected: `${from}COPY Package.resolved Package.swift ./\nRUN swift package resolve --force-resolved-versions\nCOPY . .\n${build}\n${runtime}`,
  },
  {
    name: 'with the manifests of packages of this repository and of other versions of Swift',
    text: `${from}COPY . .\nRUN swift package resolve --force-resolved-versions\n${build}\n${runtime}`,
    files: {
      ...files,
      'Package.swift': manifest('\n.package(name: "own", path: "Packages/Own"),'),
      'Package@swift-5.5.swift': manifest(),
      'Packages/Own/Package.swift': manifest('\n.package(path: "../Other"),'),
      'Packages/Own/Sources/Own/a.swift': '',
      'Packages/Other/Package.swift': manifest('', 'package.targets.append(.target(name: "More"))'),
    },
    expected: `${from}COPY Package.resolved Package.swift Package@swift-5.5.swift ./\nCOPY Packages/Own/Package.swift Packages/Own/\nCOPY Packages/Other/Package.swift Packages/Other/\nRUN swift package resolve --force-resolved-versions\nCOPY . .\n${build}\n${runtime}`,
  },
];

interface Refusal {
  readonly name: string;
  readonly run?: string;
  readonly before?: string;
  readonly files?: MemoryFiles;
  readonly why: RegExp;
}

const withManifest = (text: string, more: MemoryFiles = {}): MemoryFiles => ({
  ...files,
  'Package.swift': text,
  ...more,
});
const isProgram = /Package\.swift is a program that may read other files$/;

const refusals: readonly Refusal[] = [
  {
    name: 'the manifest loads more than the description of packages',
    files: withManifest(manifest('', 'let own = FileManager.default', 'Foundation')),
    why: isProgram,
  },
  {
    name: 'the manifest reads a file by a name that it need not import',
    files: withManifest(manifest('', 'let v: String = try! .init(contentsOfFile: "VERSION")')),
    why: isProgram,
  },
  {
    name: 'the manifest asks Git',
    files: withManifest(manifest('', 'let g = Context.gitInformation')),
    why: isProgram,
  },
  { name: 'the manifest calls something', files: withManifest(manifest('', 'own(more(1))')), why: isProgram },
  { name: 'a string of it is a program', files: withManifest(manifest('', 'let s = "\\(own)"')), why: isProgram },
  {
    name: 'a comment in a comment hides code',
    files: withManifest(manifest('', '/* /* */ " */ own() /* " */')),
    why: isProgram,
  },
  {
    name: 'a package of this repository does',
    files: withManifest(manifest('\n.package(path: "Own"),'), {
      'Own/Package.swift': manifest('', '', 'Glibc'),
    }),
    why: isProgram,
  },
  {
    name: 'a path is worked out',
    files: withManifest(manifest('\n.package(path: root + "Own"),')),
    why: /Package\.swift works out the path of something$/,
  },
  {
    name: 'a package lies outside of the context',
    files: withManifest(manifest('\n.package(path: "../Own"),')),
    why: /names \.\.\/Own, outside of the build context$/,
  },
  {
    name: 'a package is taken from a repository of this machine',
    files: withManifest(manifest('\n.package(url: "file:///build/Own", from: "1.0.0"),')),
    why: /takes a package from file:/,
  },
  {
    name: 'a mirror is of this machine',
    files: { ...files, '.swiftpm/configuration/mirrors.json': '{"object": [{"mirror": "/build/Own"}]}' },
    why: /mirrors\.json names a place of this machine$/,
  },
  {
    name: 'a variable moves the folder',
    before: 'ENV SWIFTPM_BUILD_DIR=/out\n',
    why: /may name other folders or programs$/,
  },
  { name: 'an option does', run: 'swift package resolve --scratch-path out', why: /may read/ },
  { name: 'it takes newer versions', run: 'swift package update', why: /may read/ },
  {
    name: 'the context has builds of its own',
    run: 'swift package resolve --force-resolved-versions',
    files: { ...files, '.dockerignore': '', '.build/release/App': '' },
    why: /writes \.build, over which/,
  },
];

describe('A download of SwiftPM', () => {
  describe('goes before the sources:', () => {
    for (const { name, text, files: own = files, expected } of cases)
      it(name, () => assert.equal(propose(text, own, ['Sources/App/main.swift']).text, expected));
  });

  describe('stays behind the sources where', () => {
    for (const { name, run = 'swift package resolve', before = '', files: own = files, why } of refusals)
      it(name, () => {
        const text = `${from}${before}COPY . .\nRUN ${run}\n${build}\n${runtime}`;
        assert.equal(propose(text, own, ['Sources/App/main.swift']).text, text);
        const alone = `${from}${before}COPY . .\nRUN ${run}\n`;
        assert.match(whyBehind(alone, own, 'COPY', 'RUN') ?? '', why);
      });
  });

  const lone = `${from}COPY . .\n${build} --product App\n${runtime}`;

  it('is added in front of a build with --unsafe alone, with a caveat', () => {
    const proposal = propose(lone, files, ['Sources/App/main.swift'], { acceptance: 'likely' });
    assert.equal(
      proposal.text,
      `${from}COPY Package.resolved Package.swift ./\nRUN swift package resolve\nCOPY . .\n${build} --product App\n${runtime}`,
    );
    assert.ok(
      proposal.moves.some(({ caveats }) =>
        caveats.some((one) => /leaves in \.build, and nobody has compared/.test(one)),
      ),
    );
    assert.equal(propose(lone, files, ['Sources/App/main.swift']).text, lone);
  });

  for (const [name, own, text] of [
    ['nothing is locked', { ...files, 'Package.resolved': undefined }, lone],
    ['the context brings a .build', { ...files, '.dockerignore': '', '.build/release/App': '' }, lone],
    ['the build keeps things elsewhere', files, lone.replace('--product', '--scratch-path /out --product')],
    ['the home of the user is not known', files, lone.replace('swift:6.1 AS', 'example.org/swift AS')],
  ] as const)
    it(`is not added where ${name}`, () => {
      const sent: MemoryFiles = Object.fromEntries(
        Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
      assert.equal(propose(text, sent, ['Sources/App/main.swift'], { acceptance: 'likely' }).text, text);
    });
});
