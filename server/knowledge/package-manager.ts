/**
 * `dependencies`: what the project's manifests ask for. `packages`: named ones. `build`: needs the project's sources.
 * `index`: refreshes lists of what there is (`apt-get update`).
 */
export type InstallKind = 'dependencies' | 'packages' | 'build' | 'index';

/** A shape of a command line. Of the shapes of a manager the first that fits counts. */
export interface CommandShape {
  readonly kind: InstallKind;
  /** First words after the program, options left out; `a|b` are alternatives, '' is no word at all. */
  readonly words: string;
  /** What may follow those words, options left out; `any` where it is left out. */
  readonly operands?: 'none' | 'some' | 'any';
  /** One of these options must be there. */
  readonly with?: readonly string[];
  /** None of these may be there. */
  readonly without?: readonly string[];
  /** Operands behind the words are files or folders that the command reads (`dotnet restore src/App.csproj`). */
  readonly paths?: boolean;
  /** This command only downloads; what needs the files finds them in a cache folder of the manager. */
  readonly downloads?: boolean;
  /** It works with what an earlier command has downloaded. */
  readonly offline?: boolean;
}

/** A folder in which a manager keeps downloads between runs. Left out of the table where its place is not certain. */
export interface CacheFolder {
  /** `~/…` is below the user's home, `$NAME/…` below an environment variable that must be known; else absolute. */
  readonly path: string;
  /** Environment variables that move it; the first that is set counts, `suffix` is appended to its value. */
  readonly variables: readonly { readonly name: string; readonly suffix: string }[];
  /** Where one of these is set (environment or option) the folder is elsewhere or not used: unknown. */
  readonly unless: readonly string[];
  /** `locked` where two runs at once could spoil it. */
  readonly sharing: 'shared' | 'locked';
  readonly kinds: readonly InstallKind[];
  /** Only for root, or only for other users. */
  readonly user?: 'root' | 'other';
  /**
   * Only images that one of these stands for have it there, `repository` or `repository:tag` with `*` for any text; every image
   * where it is left out.
   */
  readonly images?: readonly string[];
  /** Distributions or platforms must not share it: the mount needs an `id`. */
  readonly perDistribution: boolean;
  /** What is here is used where it lies: later commands fail or fetch it again unless they mount it too. */
  readonly inPlace: boolean;
  /** Something else is written to a folder above it, below the home of the user. */
  readonly beside: boolean;
  /** Options and environment variables that make the manager not use it. */
  readonly defeatedBy: readonly string[];
  /** Commands that empty it, and are useless beside a mount; one with an option fits only as it stands (`go clean -cache`). */
  readonly cleanup: readonly string[];
  /** An option without which the manager deletes what it downloaded. */
  readonly keepOption?: string;
}

/** One package manager. Patterns are relative to the project's folder: `*` stands for part of one name, a final `/` for a folder with all in it. */
export interface PackageManager {
  readonly name: string;
  /** Base names of the program; a version at the end (`pip3.12`) is looked through. */
  readonly programs: readonly string[];
  /** `python -m pip`, `php composer.phar`: program and words before those of `commands`. */
  readonly launchers?: readonly (readonly [program: string, ...words: string[]])[];
  readonly commands: readonly CommandShape[];
  /** Options with a value in the next word. Those that name a folder or a manifest need not be repeated here. */
  readonly valueOptions?: readonly string[];
  /** Options whose value is the folder of the project. */
  readonly directoryOptions?: readonly string[];
  /** Options whose value is a file that the command reads. */
  readonly manifestOptions?: readonly string[];
  /** One of these must be there for an install of dependencies to do anything; none for system managers. */
  readonly manifests: readonly string[];
  readonly lockfiles: readonly string[];
  /** Read where they are there. */
  readonly settings: readonly string[];
  /** Folders that an install writes in the project's folder. */
  readonly writes: readonly string[];
  readonly caches: readonly CacheFolder[];
  /** With one of these a command works with what is there already; `--offline` alone where it is left out. */
  readonly offlineOptions?: readonly string[];
  /** Its `build` commands fetch the dependencies first, where no command before did. */
  readonly buildsDownload?: boolean;
  /** Why the dependencies cannot be fetched before the sources are there, in general. */
  readonly needsSources?: string;
}

/** A row of `caches`; `moved` lists variables as `NAME` or `NAME/suffix`. */
export function cache(
  path: string,
  rest: Partial<CacheFolder> & Pick<CacheFolder, 'sharing'> & { readonly moved?: readonly string[] },
): CacheFolder {
  const { moved = [], ...facts } = rest;
  return {
    path,
    variables: moved.map((text) => {
      const slash = text.indexOf('/');
      return slash === -1 ? { name: text, suffix: '' } : { name: text.slice(0, slash), suffix: text.slice(slash) };
    }),
    unless: [],
    kinds: ['dependencies', 'packages'],
    perDistribution: false,
    inPlace: false,
    beside: false,
    defeatedBy: [],
    cleanup: [],
    ...facts,
  };
}
