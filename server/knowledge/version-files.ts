/** Files in which a project names the version of its language, by the official image that carries the language. */
export interface VersionFile {
  readonly image: string;
  readonly file: string;
  /** Dotted name of the value that the pattern is for, where the file is TOML. */
  readonly key?: string;
  /** Its first group is the version: digits and dots. */
  readonly pattern: RegExp;
}

/** In the order in which they are believed. */
export const versionFiles: readonly VersionFile[] = [
  { image: 'node', file: '.nvmrc', pattern: /^\s*v?(\d+(?:\.\d+){0,2})\s*$/ },
  { image: 'node', file: '.node-version', pattern: /^\s*v?(\d+(?:\.\d+){0,2})\s*$/ },
  { image: 'node', file: '.tool-versions', pattern: /^nodejs[ \t]+(\d+(?:\.\d+){0,2})[ \t]*$/m },
  { image: 'python', file: '.python-version', pattern: /^\s*(\d+\.\d+(?:\.\d+)?)\s*$/ },
  { image: 'python', file: '.tool-versions', pattern: /^python[ \t]+(\d+\.\d+(?:\.\d+)?)[ \t]*$/m },
  { image: 'ruby', file: '.ruby-version', pattern: /^\s*(?:ruby-)?(\d+\.\d+(?:\.\d+)?)\s*$/ },
  { image: 'ruby', file: '.tool-versions', pattern: /^ruby[ \t]+(\d+\.\d+(?:\.\d+)?)[ \t]*$/m },
  { image: 'golang', file: 'go.mod', pattern: /^toolchain[ \t]+go(\d+\.\d+(?:\.\d+)?)[ \t]*$/m },
  { image: 'golang', file: 'go.mod', pattern: /^go[ \t]+(\d+\.\d+(?:\.\d+)?)[ \t]*$/m },
  { image: 'rust', file: 'rust-toolchain.toml', key: 'toolchain.channel', pattern: /^(\d+\.\d+(?:\.\d+)?)$/ },
  { image: 'rust', file: 'rust-toolchain', key: 'toolchain.channel', pattern: /^(\d+\.\d+(?:\.\d+)?)$/ },
  { image: 'rust', file: 'rust-toolchain', pattern: /^\s*(\d+\.\d+(?:\.\d+)?)\s*$/ },
  { image: 'oven/bun', file: '.bun-version', pattern: /^\s*v?(\d+\.\d+(?:\.\d+)?)\s*$/ },
];
