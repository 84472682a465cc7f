/**
 * Files and folders in the root of a repository that no build looks at: settings of hosts, editors and bots, what people are told of the
 * project, and other ways of running it. Patterns of an ignore file.
 */
export const housekeeping: readonly string[] = [
  // Hosts and their pipelines
  '.github .gitlab .gitlab-ci.yml .circleci .buildkite .woodpecker .woodpecker.yml .woodpecker.yaml .drone.yml .travis.yml',
  'appveyor.yml .appveyor.yml azure-pipelines.yml bitbucket-pipelines.yml Jenkinsfile cloudbuild.yaml cloudbuild.yml',
  '.mergify.yml codecov.yml .codecov.yml .coveralls.yml .sonarcloud.properties CODEOWNERS FUNDING.yml',
  // Bots and releases
  'renovate.json renovate.json5 .renovaterc .renovaterc.json .changeset release-please-config.json .release-please-manifest.json',
  '.goreleaser.yml .goreleaser.yaml .all-contributorsrc .mailmap .pre-commit-config.yaml .hadolint.yaml .hadolint.yml',
  // Editors and assistants
  '.vscode .idea .zed .fleet .devcontainer .cursor .cursorrules .claude .windsurf .aider.conf.yml AGENTS.md CLAUDE.md GEMINI.md',
  // People
  'CONTRIBUTING.md CODE_OF_CONDUCT.md CODE-OF-CONDUCT.md SECURITY.md SUPPORT.md GOVERNANCE.md MAINTAINERS.md',
  // Other ways of running it
  'docker-compose.yml docker-compose.yaml compose.yml compose.yaml docker-compose.*.yml docker-compose.*.yaml compose.*.yml compose.*.yaml',
]
  .join(' ')
  .split(' ');

/** Such that a manifest, a script or a source may name: then they are wanted. Names in the root, in lower case. */
export const describing =
  /^(?:readme|changelog|changes|history|news|roadmap|todo|faq|upgrading|upgrade|migration|release[-_]?notes)(?:[._-][\w-]+)*\.(?:md|rst|adoc|txt|org)$/;

/** Folders of documentation, in lower case. */
export const documentation: ReadonlySet<string> = new Set(['docs', 'doc', 'documentation']);

/** What is in a folder of documentation that is read by people alone. */
export const proseFile =
  /\.(?:mdx?|rst|adoc|txt|org|png|jpe?g|gif|svg|webp|ico|pdf|drawio|puml|plantuml|mmd|excalidraw|dot|mp4|webm|mov|odt|docx?|pptx?|xlsx?)$/i;

/** Folders in which nobody says what belongs to the project. */
export const skippedFolder =
  /(?:^|\/)(?:node_modules|vendor|\.git|\.hg|\.svn|__snapshots__|locales?|i18n|dist|target)$/;

/** Files in which nobody says it: texts, lists of what is installed, and what is no text. */
export const skippedFile =
  /\.(?:mdx?|rst|adoc|txt|org|png|jpe?g|gif|svg|webp|ico|avif|pdf|woff2?|ttf|eot|otf|mp[34]|webm|wasm|zip|gz|tgz|xz|jar|so|a|dll|exe|bin|pb|map|snap|csv|tsv|sql|po|pot|mo|lock|sum)$|(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|bun\.lockb?|.*[-.]lock\.json|\.[\w-]*ignore|\.gitattributes)$|\.min\.\w+$/i;

/** In the root: the project, or a part of it, is a site that is made from texts wherever they lie. */
export const siteFile =
  /^(?:mkdocs\.ya?ml|_config\.ya?ml|book\.toml|hugo\.\w+|conf\.py|(?:docusaurus|astro|gatsby|eleventy|vuepress|vitepress|nuxt|rspress|contentlayer|velite)[\w.-]*\.\w+|\.eleventy\.js|\.vitepress|\.vuepress|antora[\w-]*\.yml|\.readthedocs\.ya?ml)$/;

/** Programs that read some of them without being told to: where a script calls one, its files are wanted. */
export const ownReaders: readonly { readonly program: RegExp; readonly files: RegExp }[] = [
  { program: /\bgoreleaser\b/, files: /^\.goreleaser/ },
  { program: /\bpre-commit\b/, files: /^\.pre-commit/ },
  { program: /\bchangesets?\b/, files: /^\.changeset$/ },
  { program: /\brenovate\b/, files: /renovate/ },
  { program: /\bhadolint\b/, files: /hadolint/ },
  { program: /\bcompose\b/, files: /compose/ },
  {
    program: /\b(?:claude|gemini|codex|cursor|aider)\b/,
    files: /^(?:AGENTS|CLAUDE|GEMINI)\.md$|^\.(?:claude|cursor|aider)/,
  },
  { program: /\bdevcontainer\b/, files: /^\.devcontainer$/ },
];

/** Programs that make it. */
export const siteProgram =
  /\b(?:mkdocs|zensical|jekyll|docsify|docute|markserv|honkit|gitbook|mintlify|fumadocs|mdbook|hugo|sphinx|docusaurus|astro|gatsby|eleventy|vuepress|vitepress|nuxt|rspress|contentlayer|velite|antora)/i;
