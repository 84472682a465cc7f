/** Files that people edit all day: code, templates, styles, texts. An extension, without the dot and in lower case. */
export const sourceExtensions: ReadonlySet<string> = new Set(
  [
    'js jsx mjs cjs ts tsx mts cts vue svelte astro html htm css scss sass less',
    'py pyi pyx ipynb jinja j2',
    'go rs c h cc cpp cxx hh hpp hxx m mm zig',
    'java kt scala groovy clj cljs cljc jsp',
    'cs fs vb razor cshtml',
    'rb erb haml slim rake php phtml twig blade pl pm',
    'ex eex heex leex erl hrl dart swift hs lhs elm lua r jl ml mli cr nim',
    'graphql gql proto md mdx rst',
  ]
    .join(' ')
    .split(' '),
);

/** Names that look like code but seldom change: manifests, and settings of tools. */
export const steadyNames: readonly RegExp[] = [
  /^(?:setup\.py|mix\.exs|rebar\.config(?:\.script)?|package\.swift|conanfile\.(?:py|txt)|project\.clj|profiles\.clj|deps\.edn|makefile\.pl|build\.pl|gulpfile\.\w+|gruntfile\.\w+)$/,
  /\.config\.[cm]?[jt]s$/,
  /^\./,
  /^(?:requirements|constraints).*\.(?:txt|in)$|requirements\.(?:txt|in)$/,
  /^cmakelists\.txt$/,
  /^(?:readme|licen[cs]e|changelog|notice|authors|copying)\b/,
];

/** Folders that hold sources, where no context says what is in them. */
export const sourceFolders: ReadonlySet<string> = new Set(
  'src app apps lib server client backend frontend api web webapp ui cmd internal pkg packages services source sources public pages components'.split(
    ' ',
  ),
);
