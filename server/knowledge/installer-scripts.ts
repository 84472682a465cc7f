/** A script that people fetch and run at once, of which it is known that it reads nothing of the working folder. */
export interface InstallerScript {
  readonly url: RegExp;
  /** Programs that may run it. */
  readonly by: RegExp;
  /** Files and folders of the home folder that it makes or changes; the rest belongs to the system. */
  readonly home: readonly string[];
  /** One of these arguments must be there: else it writes into the working folder. */
  readonly needs?: RegExp;
}

const shell = /^(?:ba|da|a)?sh$/;
const profiles = ['.profile', '.bashrc', '.bash_profile', '.zshrc', '.zshenv', '.config'];

/** Read in their repositories: nodesource/distributions, rust-lang/rustup, docker/docker-install, astral-sh/uv and so on. */
export const installerScripts: readonly InstallerScript[] = [
  { url: /^https:\/\/(?:deb|rpm)\.nodesource\.com\/setup_[\w.]+$/, by: shell, home: ['.gnupg'] },
  {
    url: /^https:\/\/(?:sh\.rustup\.rs\/?|static\.rust-lang\.org\/rustup\.sh)$/,
    by: shell,
    home: ['.cargo', '.rustup', ...profiles],
  },
  { url: /^https:\/\/get\.docker\.com\/?$/, by: shell, home: [] },
  { url: /^https:\/\/astral\.sh\/uv\/(?:[\d.]+\/)?install\.sh$/, by: shell, home: ['.local', '.cargo', ...profiles] },
  { url: /^https:\/\/bun\.(?:sh|com)\/install$/, by: shell, home: ['.bun', ...profiles] },
  { url: /^https:\/\/deno\.land\/(?:x\/install\/)?install\.sh$/, by: shell, home: ['.deno', ...profiles] },
  {
    url: /^https:\/\/install\.python-poetry\.org\/?$/,
    by: /^python[\d.]*$/,
    home: ['.local', '.poetry', '.cache', '.config'],
  },
  {
    url: /^https:\/\/getcomposer\.org\/installer$/,
    by: /^php\d*$/,
    home: ['.composer', '.config', '.cache'],
    needs: /^--install-dir=\/(?:usr\/local\/bin|usr\/bin|bin)\/?$/,
  },
];

/** Programs that install from CPAN and are fetched and run at once: the whole of each is one script. */
export const cpanScripts: readonly { readonly url: RegExp; readonly program: 'cpanm' | 'cpm' }[] = [
  { url: /^https?:\/\/(?:www\.)?(?:cpanmin\.us|xrl\.us\/cpanm)\/?$/, program: 'cpanm' },
  {
    url: /^https:\/\/raw\.github(?:usercontent)?\.com\/miyagawa\/cpanminus\/[\w.-]+\/(?:App-cpanminus\/)?cpanm$/,
    program: 'cpanm',
  },
  { url: /^https:\/\/raw\.githubusercontent\.com\/skaji\/cpm\/[\w.-]+\/cpm$/, program: 'cpm' },
  { url: /^https:\/\/git\.io\/cpm$/, program: 'cpm' },
];
