/** Files with settings by which a manager works with what was downloaded before, by their names in the folder of the project. */
export const offlineSettings: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  // https://docs.npmjs.com/cli/v11/using-npm/config#offline
  npm: { '.npmrc': /^\s*offline\s*=\s*["']?true\b/m },
  // https://classic.yarnpkg.com/lang/en/docs/yarnrc#toc-cli-arguments
  yarn: { '.yarnrc': /^["']?--(?:install\.)?offline["']?\s+["']?true\b/m },
  // https://doc.rust-lang.org/cargo/reference/config.html#netoffline
  cargo: {
    '.cargo/config.toml': /^\s*(?:net\.)?offline\s*=\s*true\b/m,
    '.cargo/config': /^\s*(?:net\.)?offline\s*=\s*true\b/m,
  },
};
