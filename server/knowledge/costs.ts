/**
 * How long steps take where nobody has measured them. Orders of magnitude: a small cloud machine, a good network, cold caches of the
 * package manager. They were guessed from public build logs and a few builds by hand, not from a survey; advice rests on the
 * ratios between steps, and `layerwise measure` replaces the guesses.
 */

/** Starting a container, mounting its layers and storing the new one; about 0.35 s for `RUN true` on BuildKit 0.25. */
export const secondsPerRun = 0.4;
/** COPY, ADD and WORKDIR without the bytes. */
export const secondsPerCopy = 0.1;
/** Reading, hashing and writing files of the context or of another stage. */
export const bytesPerSecond = 150_000_000;
export const secondsPerFile = 0.000_3;
/** What is copied from another stage or image, where its size is not known. */
export const secondsPerStageCopy = 0.4;
/** Fetching a URL or a Git repository. */
export const secondsPerDownload = 4;
/** A command that is in no table. */
export const secondsPerCommand = 0.1;
/** What remains of fetching dependencies where a cache mount has them already, unless the manager is known better. */
export const shareWithCacheMount = 0.4;
/**
 * What remains of a build of Go where a cache mount has what did not change; 2 to 12 % were measured of the two programs of
 * moby/buildkit (Go 1.23, an edit of one package).
 */
export const shareWithCompiled = 0.15;
/** What remains where an install before it in the stage has left them in place: `npm prune`, `yarn install --production`. */
export const shareOfRepeated = 0.2;

export interface InstallCost {
  /** Whatever the number of packages: starting, resolving, refreshing indexes. */
  readonly seconds: number;
  readonly secondsPerPackage: number;
  /** Unpacked. */
  readonly bytesPerPackage: number;
  /** Packages where no lockfile tells. */
  readonly packages: number;
  /** Each package that is named brings so many, itself included. */
  readonly perName: number;
  /** A command that builds the project, dependencies left out. */
  readonly build: number;
  /** What remains where its cache has all packages already, if that was measured. */
  readonly shareWithCache?: number;
  /** Compiling one dependency, where the first build does that too. */
  readonly compilePerPackage?: number;
}

const node: InstallCost = {
  seconds: 3,
  secondsPerPackage: 0.03,
  bytesPerPackage: 250_000,
  packages: 500,
  perName: 20,
  build: 25,
};

const python: InstallCost = {
  seconds: 2,
  secondsPerPackage: 0.6,
  bytesPerPackage: 4_000_000,
  packages: 30,
  perName: 3,
  build: 5,
};

const system: InstallCost = {
  seconds: 3,
  secondsPerPackage: 0.3,
  bytesPerPackage: 1_500_000,
  packages: 0,
  perName: 5,
  build: 0,
};

const jvm: InstallCost = {
  seconds: 15,
  secondsPerPackage: 0.2,
  bytesPerPackage: 400_000,
  packages: 150,
  perName: 5,
  build: 40,
};

const other: InstallCost = {
  seconds: 3,
  secondsPerPackage: 0.3,
  bytesPerPackage: 500_000,
  packages: 50,
  perName: 5,
  build: 20,
};

/** By name of the manager. */
const installs: Readonly<Record<string, InstallCost>> = {
  // With a cache, beside a registry nearby: of hoppscotch 0.85 (npm 6) and 0.2 (npm 10), of uptime-kuma 1.0 (npm 10); yarn 1.22 of outline
  // 0.44; pnpm 9 of plane 0.27.
  npm: { ...node, shareWithCache: 0.7 },
  yarn: { ...node, shareWithCache: 0.45 },
  'yarn-berry': node,
  pnpm: { ...node, seconds: 2, secondsPerPackage: 0.015, shareWithCache: 0.3 },
  bun: { ...node, seconds: 1, secondsPerPackage: 0.005 },
  deno: { ...node, seconds: 1, secondsPerPackage: 0.02, packages: 100 },
  pip: python,
  'pip-tools': python,
  poetry: { ...python, seconds: 4, packages: 60 },
  pipenv: { ...python, seconds: 5, packages: 60 },
  pdm: { ...python, seconds: 4, packages: 60 },
  uv: { ...python, seconds: 0.5, secondsPerPackage: 0.1, packages: 60, build: 2 },
  conda: { ...python, seconds: 20, secondsPerPackage: 1, packages: 80, bytesPerPackage: 10_000_000 },
  apt: system,
  apk: { ...system, seconds: 1, secondsPerPackage: 0.1, bytesPerPackage: 800_000 },
  dnf: { ...system, seconds: 15 },
  yum: { ...system, seconds: 15 },
  microdnf: { ...system, seconds: 15 },
  zypper: { ...system, seconds: 15 },
  pacman: { ...system, seconds: 5 },
  // Nothing is unpacked again: of nine modules with 42 MB 0.7 s from the disk, and less than 0.01 s with the cache (Go 1.19).
  go: {
    ...other,
    seconds: 1,
    secondsPerPackage: 0.15,
    bytesPerPackage: 1_000_000,
    packages: 60,
    build: 30,
    shareWithCache: 0.05,
  },
  cargo: {
    ...other,
    seconds: 5,
    secondsPerPackage: 0.08,
    packages: 250,
    perName: 100,
    build: 30,
    compilePerPackage: 0.5,
  },
  maven: jvm,
  gradle: { ...jvm, seconds: 30, build: 60 },
  sbt: { ...jvm, seconds: 40, build: 90 },
  lein: jvm,
  clojure: jvm,
  dotnet: { ...other, seconds: 5, secondsPerPackage: 0.15, packages: 80, build: 25 },
  bundler: { ...other, secondsPerPackage: 0.7, bytesPerPackage: 1_500_000, packages: 120, build: 15 },
  gem: { ...other, secondsPerPackage: 0.7 },
  composer: { ...other, secondsPerPackage: 0.1, packages: 100, build: 3 },
  cpan: { ...other, secondsPerPackage: 1, bytesPerPackage: 300_000, packages: 60, perName: 10, build: 10 },
  mix: { ...other, seconds: 2, secondsPerPackage: 0.1, packages: 50, build: 20, compilePerPackage: 1 },
  cabal: { ...other, seconds: 20, secondsPerPackage: 6, packages: 100, build: 120 },
  stack: { ...other, seconds: 60, secondsPerPackage: 6, packages: 100, build: 120 },
  swift: { ...other, secondsPerPackage: 3, packages: 30, build: 120 },
  pub: { ...other, packages: 80, secondsPerPackage: 0.1, build: 40 },
};

export function installCost(manager: string): InstallCost {
  return installs[manager] ?? other;
}

/** Seconds of commands that are no package manager, by program. */
export const commandSeconds: ReadonlyMap<string, number> = new Map([
  ...entries(60, 'make cmake ninja meson bazel bazelisk scons turbo nx lerna rush xx-cargo'),
  ...entries(
    30,
    'gcc g++ clang clang++ rustc javac ghc nvcc crystal nim zig ocamlfind dune vite webpack ng next nuxt xx-go xx-clang',
  ),
  ...entries(
    15,
    'tsc esbuild rollup parcel hugo mkdocs jekyll protoc tailwindcss sass manage.py artisan rails rake prisma',
  ),
  ...entries(
    20,
    'nimble shards opam luarocks spago elm cpanm R Rscript julia pod carthage docker-php-ext-install pecl install-php-extensions',
  ),
  ...entries(secondsPerDownload, 'curl wget aria2c git svn hg rsync scp gpg'),
  ...entries(3, 'tar unzip xz gunzip bunzip2 7z zstd playwright corepack nvm rustup'),
  ...entries(1, 'chown chmod cp mv find strip locale-gen ldconfig update-ca-certificates'),
]);

/** A script of the project: it may do anything. */
export const secondsPerScript = 10;

function entries(seconds: number, programs: string): (readonly [string, number])[] {
  return programs.split(' ').map((program) => [program, seconds] as const);
}

/** How to count the packages of a lockfile. */
export interface LockfileShape {
  /** One match per package, or several, see `matchesPerPackage`. */
  readonly entry: RegExp;
  readonly matchesPerPackage?: number;
  /** Of the text for one package, where the file is too large to be read. */
  readonly bytesPerPackage: number;
}

/** By file name. */
export const lockfileShapes: Readonly<Record<string, LockfileShape>> = {
  'package-lock.json': { entry: /"resolved":/g, bytesPerPackage: 450 },
  'npm-shrinkwrap.json': { entry: /"resolved":/g, bytesPerPackage: 450 },
  'yarn.lock': { entry: /^ {2}resol(?:ved|ution):? /gm, bytesPerPackage: 330 },
  'pnpm-lock.yaml': { entry: /^ {4}resolution:/gm, bytesPerPackage: 350 },
  'bun.lock': { entry: /^ {4}"[^"]+": \["/gm, bytesPerPackage: 200 },
  'bun.lockb': { entry: /$^/g, bytesPerPackage: 250 },
  'poetry.lock': { entry: /^\[\[package\]\]/gm, bytesPerPackage: 2_500 },
  'uv.lock': { entry: /^\[\[package\]\]/gm, bytesPerPackage: 2_500 },
  'pdm.lock': { entry: /^\[\[package\]\]/gm, bytesPerPackage: 1_500 },
  'Pipfile.lock': { entry: /"hashes":/g, bytesPerPackage: 1_000 },
  'Cargo.lock': { entry: /^\[\[package\]\]/gm, bytesPerPackage: 250 },
  'go.sum': { entry: /^\S/gm, matchesPerPackage: 2, bytesPerPackage: 170 },
  'composer.lock': { entry: /"dist": \{/g, bytesPerPackage: 3_000 },
  'Gemfile.lock': { entry: /^ {4}\S/gm, bytesPerPackage: 60 },
  'cpanfile.snapshot': { entry: /^ {2}\S/gm, bytesPerPackage: 700 },
  'mix.lock': { entry: /^ {2}"/gm, bytesPerPackage: 300 },
  'pubspec.lock': { entry: /^ {4}source:/gm, bytesPerPackage: 200 },
  'shard.lock': { entry: /^ {4}version:/gm, bytesPerPackage: 80 },
  'packages.lock.json': { entry: /"resolved":/g, bytesPerPackage: 250 },
};

/** Lines of a list of requirements that name a package. */
export const requirement: LockfileShape = { entry: /^[A-Za-z0-9]/gm, bytesPerPackage: 40 };
