/** Settings with which packages are links into the cache, or the cache lies elsewhere: a mount at its usual place hides them, or helps nothing. */
export interface OtherCache {
  readonly manager: string;
  /** In the Dockerfile. */
  readonly text?: RegExp;
  /** By the names of files in the folder of the install. */
  readonly files?: Readonly<Record<string, RegExp>>;
}

const linkMode = /^\s*link-mode\s*=\s*["']symlink\b/m;

export const otherCaches: readonly OtherCache[] = [
  {
    // Plug'n'Play of the first yarn (https://classic.yarnpkg.com/lang/en/docs/pnp), and where its cache is (`src/config.js`)
    manager: 'yarn',
    text: /\s--(?:enable-)?pnp\b/,
    files: {
      'package.json': /"installConfig"\s*:\s*\{[^}]*"pnp"\s*:\s*true/,
      '.yarnrc': /^["']?(?:--(?:install\.)?)?cache-folder\b/m,
    },
  },
  {
    // https://pnpm.io/global-virtual-store
    manager: 'pnpm',
    files: {
      'pnpm-workspace.yaml': /^enableGlobalVirtualStore:\s*["']?true\b/m,
      '.npmrc': /^\s*enable-global-virtual-store\s*=\s*true\b/m,
    },
  },
  // https://bun.com/docs/pm/cli/install#platform-specific-backends
  { manager: 'bun', text: /\s--backend[= ]["']?symlink\b/ },
  {
    // https://docs.astral.sh/uv/reference/settings/#link-mode
    manager: 'uv',
    text: /(?:\s--link-mode|\bUV_LINK_MODE)[= ]["']?symlink\b/,
    files: { 'uv.toml': linkMode, 'pyproject.toml': linkMode },
  },
  {
    // https://pdm-project.org/latest/reference/configuration/: `install.cache`, whose method is symlink
    manager: 'pdm',
    text: /\bconfig\s+(?:-\S+\s+)*install\.cache\s+["']?(?:on|true|yes|1)\b/i,
    files: { 'pdm.toml': /^\[install\]\s*\n(?:[^[]*\n)?\s*cache\s*=\s*true\b/m },
  },
];
