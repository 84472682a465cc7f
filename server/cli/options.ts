import type { Severity } from '../core/finding.js';
import type { Builder } from '../core/settings.js';

/** What the value of an option or argument is, for completion. */
export type ValueKind = 'file' | 'folder' | 'rule' | 'revision' | 'text';

export interface OptionValue {
  /** As help prints it: `FILE`. */
  readonly name: string;
  readonly kind: ValueKind;
  /** The only values allowed; with `suffix` the part before the separator. */
  readonly choices?: readonly string[];
  /** What may follow a choice: `:FILE`. */
  readonly suffix?: string;
  /** May be left out; given only as `--name=VALUE`. */
  readonly optional?: boolean;
}

export interface Option {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** Left out: a switch. */
  readonly value?: OptionValue;
  readonly repeat?: boolean;
  readonly summary: string;
}

export interface OptionGroup {
  readonly title: string;
  readonly options: readonly Option[];
}

export interface Command {
  readonly name: string;
  /** As help prints them: `[PATH…]`. */
  readonly argument?: {
    readonly name: string;
    readonly kind: ValueKind;
    readonly choices?: readonly string[];
    readonly min: number;
    readonly max: number;
  };
  /** One line, imperative. */
  readonly summary: string;
  /** Paragraphs of plain text below the usage line. */
  readonly description: readonly string[];
  readonly groups: readonly OptionGroup[];
  /** Arguments after `layerwise`, and what they do. */
  readonly examples: readonly { readonly args: string; readonly does: string }[];
}

export const FORMATS = ['pretty', 'json', 'sarif', 'github', 'gitlab', 'checkstyle', 'junit', 'markdown'] as const;
export const FAIL_LEVELS = ['error', 'warning', 'info', 'never'] as const satisfies readonly (Severity | 'never')[];
export const BUILDERS = [
  'buildkit',
  'buildkit-graphdriver',
  'classic',
  'buildah',
  'kaniko',
] as const satisfies readonly Builder[];
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export const COLOR_MODES = ['auto', 'always', 'never'] as const;

const FILE: OptionValue = { name: 'FILE', kind: 'file' };
const RULE: OptionValue = { name: 'RULE', kind: 'rule' };

const configOptions: readonly Option[] = [
  { name: 'config', short: 'c', value: FILE, summary: 'Use this config file instead of the nearest one' },
  { name: 'no-config', summary: 'Read no config file; use the defaults' },
];

/** Understood by every command. */
export const globalOptions: readonly Option[] = [
  {
    name: 'color',
    value: { name: 'WHEN', kind: 'text', choices: COLOR_MODES },
    summary: 'Colour the output; auto heeds NO_COLOR, FORCE_COLOR and the terminal',
  },
  { name: 'help', short: 'h', summary: 'Print help for the command' },
  { name: 'version', short: 'V', summary: 'Print the version' },
];

const lint: Command = {
  name: 'lint',
  argument: { name: '[PATH…]', kind: 'file', min: 0, max: Number.POSITIVE_INFINITY },
  summary: 'Lint Dockerfiles and ignore files',
  description: [
    'PATH is a file, a folder, a glob in quotes, or - for standard input; the default is the current folder. Folders are searched for Dockerfile*, *.Dockerfile, Containerfile* and .dockerignore; what .gitignore lists, what Go or Composer vendored and templates of Dockerfiles are left out.',
    'With --ask-registry the registries of images that undigested-base reports are asked for their digests, without an account, and files that remote-add-without-checksum reports are downloaded for their checksums. Answers are kept in .layerwise/remote.json, where later runs and the editor find them. Without it nothing is asked of anybody.',
    'Exit status: 0 clean, 1 findings at or above --fail-on, 2 the job could not be done.',
  ],
  groups: [
    {
      title: 'Files',
      options: [
        { name: 'exclude', value: { name: 'GLOB', kind: 'text' }, repeat: true, summary: 'Leave these files out' },
        {
          name: 'stdin-filename',
          value: FILE,
          summary: 'Path to report for standard input, and to find its config and context by',
        },
        { name: 'allow-no-files', summary: 'Exit 0 when there is nothing to lint' },
        {
          name: 'since',
          value: { name: 'REV', kind: 'revision' },
          summary: 'Only findings on lines changed since the Git revision, uncommitted work included',
        },
      ],
    },
    {
      title: 'Build',
      options: [
        {
          name: 'context',
          value: { name: 'DIR', kind: 'folder' },
          summary:
            'Build context of the Dockerfiles; else config, compose files, bake files, workflows, or the folder of each, or one above it that has what it copies',
        },
        {
          name: 'builder',
          value: { name: 'BUILDER', kind: 'text', choices: BUILDERS },
          summary: 'Builder the advice is for (buildkit)',
        },
      ],
    },
    {
      title: 'Rules',
      options: [
        ...configOptions,
        {
          name: 'rule',
          value: { name: 'RULE=SEVERITY', kind: 'rule' },
          repeat: true,
          summary: 'Set a rule to error, warning, info or off; stronger than the config',
        },
        { name: 'only', value: RULE, repeat: true, summary: 'Run only this rule' },
        { name: 'baseline', value: FILE, summary: 'Hide the findings listed in FILE' },
        { name: 'update-baseline', summary: 'Write the findings of this run to the baseline' },
      ],
    },
    {
      title: 'Fixes',
      options: [
        { name: 'fix', summary: 'Apply safe fixes, then report what remains' },
        { name: 'unsafe-fixes', summary: 'With --fix or --diff: apply unsafe fixes too' },
        {
          name: 'fix-only',
          value: RULE,
          repeat: true,
          summary: 'Apply fixes of this rule only; implies --fix unless --diff is given',
        },
        { name: 'diff', summary: 'Print what --fix would change as a unified diff; write nothing' },
        {
          name: 'ask-registry',
          summary: 'Ask registries and servers for the digests that the fixes of findings need, and keep the answers',
        },
      ],
    },
    {
      title: 'Report',
      options: [
        {
          name: 'format',
          short: 'f',
          value: { name: 'FORMAT[:FILE]', kind: 'text', choices: FORMATS, suffix: ':FILE' },
          repeat: true,
          summary:
            'Report format (pretty), to FILE where one is given; in GitHub Actions the default adds annotations and a step summary',
        },
        { name: 'output', short: 'o', value: FILE, summary: 'Write the report to FILE instead of standard output' },
        {
          name: 'fail-on',
          value: { name: 'SEVERITY', kind: 'text', choices: FAIL_LEVELS },
          summary: 'Lowest severity that makes the exit status 1 (warning)',
        },
        {
          name: 'max-warnings',
          value: { name: 'N', kind: 'text' },
          summary: 'Exit 1 on errors and on more than N warnings',
        },
        { name: 'quiet', short: 'q', summary: 'Print the report and errors, nothing else' },
        { name: 'verbose', summary: 'Say which config and context each file gets, and which rules were skipped' },
      ],
    },
  ],
  examples: [
    { args: 'lint', does: 'lint everything below the current folder' },
    { args: 'lint --fix', does: 'apply the safe fixes' },
    { args: 'lint --since origin/main --format sarif:layerwise.sarif --format pretty', does: 'in a pull request' },
    { args: 'lint - --stdin-filename api/Dockerfile < api/Dockerfile', does: 'from an editor' },
  ],
};

const explain: Command = {
  name: 'explain',
  argument: { name: '[RULE…]', kind: 'rule', min: 0, max: Number.POSITIVE_INFINITY },
  summary: 'Explain rules',
  description: ["RULE is a rule's name or another tool's id for the same thing, such as DL3006."],
  groups: [
    {
      title: 'Options',
      options: [
        { name: 'all', summary: 'Explain every rule' },
        {
          name: 'format',
          short: 'f',
          value: { name: 'FORMAT', kind: 'text', choices: ['markdown', 'json'] },
          summary: 'Output format (markdown)',
        },
      ],
    },
  ],
  examples: [{ args: 'explain copy-before-install', does: 'why, and how to mend it' }],
};

const rules: Command = {
  name: 'rules',
  summary: 'List the rules',
  description: [],
  groups: [
    {
      title: 'Options',
      options: [
        {
          name: 'format',
          short: 'f',
          value: { name: 'FORMAT', kind: 'text', choices: ['table', 'json'] },
          summary: 'Output format (table)',
        },
      ],
    },
  ],
  examples: [],
};

const init: Command = {
  name: 'init',
  argument: { name: '[DIR]', kind: 'folder', min: 0, max: 1 },
  summary: 'Write a commented .layerwise.jsonc',
  description: ['An existing config is never overwritten.'],
  groups: [],
  examples: [],
};

const printConfig: Command = {
  name: 'print-config',
  argument: { name: 'FILE', kind: 'file', min: 1, max: 1 },
  summary: 'Print the settings that hold for a file, each with its origin',
  description: ['FILE need not exist.'],
  groups: [
    {
      title: 'Options',
      options: [
        ...configOptions,
        {
          name: 'format',
          short: 'f',
          value: { name: 'FORMAT', kind: 'text', choices: ['table', 'json'] },
          summary: 'Output format (table)',
        },
      ],
    },
  ],
  examples: [],
};

const buildOptions: OptionGroup = {
  title: 'Build',
  options: [
    { name: 'target', value: { name: 'STAGE', kind: 'text' }, summary: 'Stage to build (the last one)' },
    { name: 'build-arg', value: { name: 'NAME=VALUE', kind: 'text' }, repeat: true, summary: 'Build argument' },
    {
      name: 'context',
      value: { name: 'DIR', kind: 'folder' },
      summary:
        'Build context; else config, compose files, bake files, workflows, or the folder of the Dockerfile, or one above it that has what it copies',
    },
    {
      name: 'builder',
      value: { name: 'BUILDER', kind: 'text', choices: BUILDERS },
      summary: 'Builder whose cache it is (buildkit)',
    },
    ...configOptions,
  ],
};

const rebuild: Command = {
  name: 'rebuild',
  argument: { name: '[DOCKERFILE] [PATH…]', kind: 'file', min: 0, max: Number.POSITIVE_INFINITY },
  summary: 'Show which steps re-run after a change, and why',
  description: [
    'DOCKERFILE is the one in the current folder where it is left out. Say what changed: files (--changed), a Git revision (--since), another folder or Dockerfile, a build argument, or the base image.',
    'A step is cached, rebuilt, or depends on the output of a step that runs again. Exit status: 0, or 2 when the job could not be done.',
  ],
  groups: [
    {
      title: 'Change',
      options: [
        {
          name: 'changed',
          value: { name: 'PATH', kind: 'file' },
          repeat: true,
          summary: 'This file or folder was edited; more may follow, and one that does not exist was deleted',
        },
        {
          name: 'since',
          value: { name: 'REV', kind: 'revision' },
          summary: 'All that changed since the Git revision, uncommitted work included',
        },
        { name: 'before', value: { name: 'DIR', kind: 'folder' }, summary: 'DIR is the context as it was before' },
        {
          name: 'before-file',
          value: { name: 'FILE', kind: 'file' },
          summary: 'FILE is the Dockerfile as it was before',
        },
        {
          name: 'before-build-arg',
          value: { name: 'NAME=VALUE', kind: 'text' },
          repeat: true,
          summary: 'Build argument as it was before; the others are those of --build-arg',
        },
        {
          name: 'base-moved',
          value: { name: 'STAGE', kind: 'text', optional: true },
          repeat: true,
          summary: 'The base image has new content under its old name: of every stage, or of STAGE',
        },
      ],
    },
    buildOptions,
    {
      title: 'Report',
      options: [
        {
          name: 'format',
          short: 'f',
          value: { name: 'FORMAT', kind: 'text', choices: ['pretty', 'json', 'markdown'] },
          summary: 'Report format (pretty)',
        },
      ],
    },
  ],
  examples: [
    { args: 'rebuild --changed package.json', does: 'what re-runs if I edit package.json?' },
    { args: 'rebuild --since origin/main --format markdown', does: 'a comment for a pull request' },
    { args: 'rebuild api/Dockerfile --before-build-arg VERSION=1 --build-arg VERSION=2', does: 'a build argument' },
  ],
};

const keys: Command = {
  name: 'keys',
  argument: { name: '[DOCKERFILE]', kind: 'file', min: 0, max: 1 },
  summary: "Print what each step's cache key depends on",
  description: [],
  groups: [
    buildOptions,
    {
      title: 'Report',
      options: [
        {
          name: 'format',
          short: 'f',
          value: { name: 'FORMAT', kind: 'text', choices: ['pretty', 'json'] },
          summary: 'Report format (pretty)',
        },
      ],
    },
  ],
  examples: [{ args: 'keys --target build', does: 'of the steps that the stage build needs' }],
};

const historyOptions: readonly Option[] = [
  { name: 'commits', value: { name: 'N', kind: 'text' }, summary: 'At most so many of the newest commits (200)' },
  {
    name: 'since',
    value: { name: 'DATE|REV', kind: 'revision' },
    summary: 'Only commits after a date such as 2024-01-31 or a Git revision; then up to 10,000',
  },
  {
    name: 'parents',
    value: { name: 'WHICH', kind: 'text', choices: ['first', 'all'] },
    summary: 'The commits of the branch itself, a merge as one (first), or all that were merged',
  },
];

const replay: Command = {
  name: 'replay',
  argument: { name: '[DOCKERFILE]', kind: 'file', min: 0, max: 1 },
  summary: 'Show how often recent commits re-run each step, and why',
  description: [
    'DOCKERFILE is the one in the current folder where it is left out. It is built, in thought, for every commit as it is today, with the ignore file of today; each build finds the cache of the commit before. Nothing is fetched or run.',
    'A step whose re-run depends on the output of another one counts as re-run. Seconds come from layerwise measure, else from a table of orders of magnitude.',
  ],
  groups: [
    {
      title: 'History',
      options: [
        ...historyOptions,
        { name: 'compare', value: FILE, summary: 'Replay this Dockerfile too, and say which of the two costs less' },
      ],
    },
    buildOptions,
    {
      title: 'Report',
      options: [
        {
          name: 'format',
          short: 'f',
          value: { name: 'FORMAT', kind: 'text', choices: ['pretty', 'json', 'html', 'markdown'] },
          summary: 'Report format (pretty); html is one page with a picture of the stages',
        },
      ],
    },
  ],
  examples: [
    { args: 'replay', does: 'the last 200 commits' },
    { args: 'replay api/Dockerfile --since 2024-01-01 --format html > layers.html', does: 'as a page' },
    { args: 'replay --compare Dockerfile.new', does: 'is another order worth it?' },
  ],
};

const order: Command = {
  name: 'order',
  argument: { name: '[DOCKERFILE]', kind: 'file', min: 0, max: 1 },
  summary: 'Propose the order of steps that re-runs least and builds the same image',
  description: [
    'DOCKERFILE is the one in the current folder where it is left out. The recent commits are replayed, and among all orders that are proved to build the same image the cheapest is printed as a diff: what each move saves, why it is safe, and why a costly step is not moved. Where a command downloads and builds, or the first yarn may run install scripts, a step that only downloads may be added before the sources, for Cargo one that compiles the dependencies from empty sources; a lockfile that an install writes anew is left out of the COPY behind it (COPY --exclude, Dockerfile syntax 1.19). An install of a Python project itself (pip install .) may be added there once more, with pyproject.toml and what it names alone: the one behind the sources installs the project anew, and finds what it depends on. Manifests are copied by their names: one that a later commit adds (.npmrc, another package of a workspace) has to be added there. Where nothing is proved, nothing is proposed, unless --unsafe is given. Where --clean-checkout, --unsafe or --changing-arg would find a cheaper order, the report says so. So it does where commits re-ran steps for files alone that no build seems to read (.github, CHANGELOG.md), and what the ignore file would save; and where the cache mounts that missing-cache-mount advises would save much.',
    'Whether an install may go before the sources depends on the install scripts of its packages. What a lockfile says of that is believed. Those of yarn, pnpm 9 and npm 6 do not tell which have some; node_modules beside the manifest does, or --ask-registry: it asks the registry that npm would take (npm_config_registry, .npmrc), and keeps the answers in .layerwise/packages.json, where layerwise lint and the editor find them. Without it nothing is asked of anybody.',
    'Seconds come from layerwise measure, else from a table of orders of magnitude. Exit status: 0, or 2 when the job could not be done.',
  ],
  groups: [
    {
      title: 'Order',
      options: [
        { name: 'write', summary: 'Write the proposal to DOCKERFILE' },
        { name: 'unsafe', summary: 'Also move what might build another image in rare cases; each such move says when' },
        {
          name: 'ask-registry',
          summary: 'Ask the npm registry which locked packages have install scripts, where the lockfile does not tell',
        },
        {
          name: 'clean-checkout',
          summary: 'Every build starts from a clean checkout: nothing that Git ignores is in the context',
        },
        ...historyOptions,
        {
          name: 'changing-arg',
          value: { name: 'NAME', kind: 'text' },
          repeat: true,
          summary: 'This ARG has another value in every build, as the id of a commit has',
        },
      ],
    },
    buildOptions,
    {
      title: 'Report',
      options: [
        {
          name: 'format',
          short: 'f',
          value: { name: 'FORMAT', kind: 'text', choices: ['pretty', 'json', 'markdown'] },
          summary: 'Report format (pretty)',
        },
      ],
    },
  ],
  examples: [
    { args: 'order', does: 'show what the last 200 commits would have gained' },
    { args: 'order api/Dockerfile --commits 1000 --write', does: 'and do it' },
    { args: 'order --changing-arg GIT_SHA', does: 'if every build is told its commit' },
    { args: 'order --ask-registry --clean-checkout', does: 'prove more, if a CI job builds the image' },
  ],
};

const measure: Command = {
  name: 'measure',
  argument: { name: 'LOG', kind: 'file', min: 1, max: Number.POSITIVE_INFINITY },
  summary: 'Learn from build logs how long steps take',
  description: [
    'LOG is what docker buildx build --progress=rawjson or plain prints, what docker buildx history logs or export writes, or the log of a CI job with such output; - is standard input. The times are kept by the text of the step in .layerwise/measures.json: the nearest one above the current folder, else a new one there.',
    'Steps that came from the cache tell nothing: a build with --no-cache tells most.',
  ],
  groups: [
    {
      title: 'Options',
      options: [{ name: 'into', value: FILE, summary: 'Keep the times in this file instead' }],
    },
  ],
  examples: [
    {
      args: 'measure build.log',
      does: 'after docker buildx build --no-cache --progress=plain . 2> build.log',
    },
    { args: 'measure - < build.log', does: 'from standard input' },
  ],
};

const completion: Command = {
  name: 'completion',
  argument: { name: 'SHELL', kind: 'text', choices: SHELLS, min: 1, max: 1 },
  summary: 'Print a completion script for bash, zsh, fish or powershell',
  description: [],
  groups: [],
  examples: [
    { args: 'completion bash > ~/.local/share/bash-completion/completions/layerwise', does: 'bash' },
    { args: 'completion zsh > ~/.zfunc/_layerwise', does: 'zsh, with ~/.zfunc in fpath' },
    { args: 'completion fish > ~/.config/fish/completions/layerwise.fish', does: 'fish' },
    { args: 'completion powershell >> $PROFILE', does: 'PowerShell' },
  ],
};

const lsp: Command = {
  name: 'lsp',
  summary: 'Run the language server',
  description: [
    'For editors. Speaks the Language Server Protocol on standard input and output until the client says exit.',
  ],
  groups: [
    {
      title: 'Options',
      options: [
        { name: 'stdio', summary: 'Speak on standard input and output, as without an option' },
        { name: 'socket', value: { name: 'PORT', kind: 'text' }, summary: 'Connect to this port of the machine' },
        { name: 'pipe', value: FILE, summary: 'Connect to this pipe or Unix socket' },
        { name: 'node-ipc', summary: 'Speak over the channel of a Node parent process' },
        {
          name: 'clientProcessId',
          value: { name: 'PID', kind: 'text' },
          summary: 'Exit when this process is gone',
        },
      ],
    },
  ],
  examples: [{ args: 'lsp --stdio', does: 'as the command of a language server in an editor' }],
};

const help: Command = {
  name: 'help',
  argument: { name: '[COMMAND]', kind: 'text', min: 0, max: 1 },
  summary: 'Print help for a command',
  description: [],
  groups: [],
  examples: [],
};

/** The one table of commands and options: parsing, help, completion and the reference page are made from it. */
export const commands: readonly Command[] = [
  lint,
  rebuild,
  replay,
  order,
  measure,
  keys,
  explain,
  rules,
  init,
  printConfig,
  lsp,
  completion,
  help,
];

/** Every option a command takes, the global ones last. */
export function optionsOf(command: Command): readonly Option[] {
  return [...command.groups.flatMap((group) => group.options), ...globalOptions];
}
