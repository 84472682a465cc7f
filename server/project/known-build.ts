/** A build that a file of the project describes: a Dockerfile with its context, where that is a folder. */
export interface KnownBuild {
  readonly origin: 'compose' | 'bake' | 'workflow';
  /** The file that describes it, absolute. */
  readonly file: string;
  /** Absolute. */
  readonly context: string;
  /** Absolute; undefined where the Dockerfile is no file, or it is not known which. */
  readonly dockerfile: string | undefined;
  readonly target: string | undefined;
  /** Undefined values are taken from the environment of the build, or are not known. */
  readonly args: ReadonlyMap<string, string | undefined>;
  /** Name → folder (absolute), or the reference as written (`docker-image://…`, `service:…`, `target:…`). */
  readonly additionalContexts: ReadonlyMap<string, string>;
}

/** Git and HTTP contexts; `C:\\app` is a folder. */
export function isRemoteContext(context: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]+:\/\/|git@|github\.com\/)/i.test(context) || /\.git(?:#.*)?$/.test(context);
}
