import { parseDockerfile } from '../syntax/dockerfile.js';

/**
 * Whether the text is what a Dockerfile is made from: `{{#files}}`, `{% if x %}` or `<% end %>` stands where an instruction should.
 * Inside an instruction (a heredoc, `--format '{{.ID}}'`) they are text like any other.
 */
export function isTemplate(text: string): boolean {
  if (!/^[ \t]*(?:\{\{|\{%|<%)/m.test(text)) return false;
  return parseDockerfile(text).problems.some(({ message }) => /^unknown instruction: (?:\{\{|\{%|<%)/.test(message));
}
