import { parseDockerfile } from '../syntax/dockerfile.js';

/**
 * Whether the text is what a Dockerfile is made from: `{{#files}}`, `{% if x %}` or `<% end %>` stands where an instruction should, or
 * in a part of one that has no FROM; or an option of a devcontainer template stands in it
 * (https://containers.dev/implementors/templates/#option-resolution). Inside an instruction (a heredoc, `--format '{{.ID}}'`) they are
 * text like any other.
 */
export function isTemplate(text: string): boolean {
  if (text.includes('${templateOption:')) return true;
  if (text.includes('{{') && !/^[ \t]*FROM[ \t]/im.test(text)) return true;
  if (!/^[ \t]*(?:\{\{|\{%|<%)/m.test(text)) return false;
  return parseDockerfile(text).problems.some(({ message }) => /^unknown instruction: (?:\{\{|\{%|<%)/.test(message));
}
