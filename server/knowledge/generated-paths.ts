/** Names that tools make anywhere in a tree, never written by hand: ignoring them at the root only is an oversight. */
export const madeAnywhere: readonly { readonly pattern: string; readonly beside: RegExp; readonly what: string }[] = [
  { pattern: 'node_modules', beside: /(?:^|\/)package\.json$/, what: 'npm install there makes one' },
  { pattern: '__pycache__', beside: /\.py$/, what: 'Python makes one beside every module it imports' },
];

/** Files that templates of ignore files list whether the project has them or not, and what only other machines have. */
export const seldomThere =
  /^(?:\.git.*|\.svn|\.hg|\.vscode|\.idea|\.vs|\.DS_Store|Thumbs\.db|\.env.*|.*\.env|\.?venv.*|env|\.?docker.*|Docker.*|compose.*|node_modules|bower_components|vendor|dist.*|build.*|out|output|target|bin|obj|lib|libs|coverage.*|\.?cache|tmp|temp|logs?|readme.*|licen[cs]e.*|changelog.*|contributing.*|makefile|tests?|specs?|docs?|examples?|\..*)$/i;
