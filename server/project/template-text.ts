import { parseDockerfile } from '../syntax/dockerfile.js';

/**
 * Whether the text is what a Dockerfile is made from: `{{#files}}`, `{% if x %}` or `<% end %>` stands where an instruction should, in
 * a FROM, or in a part of a Dockerfile that has no FROM; or an option of a devcontainer template stands in it
 * (https://containers.dev/implementors/templates/#option-resolution). Inside another instruction (a heredoc, `--format '{{.ID}}'`) they
 * are text like any other.
 */
export function isTemplate(text: string): boolean {
  if (text.includes('${templateOption:')) return true;
  if (text.includes('{{')) {
    const { instructions } = parseDockerfile(text);
    const froms = instructions.filter(({ keyword }) => keyword === 'FROM');
    if (froms.length === 0 || froms.some((one) => one.text.includes('{{'))) return true;
  }
  if (!/^[ \t]*(?:\{\{|\{%|<%)/m.test(text)) return false;
  return parseDockerfile(text).problems.some(
    ({ message, span }) =>
      /^unknown instruction: (?:\{\{|\{%|<%)/.test(message) ||
      (message.startsWith('unknown instruction: ') && isInBraces(text, span.start)),
  );
}

/** `{{`, and on lines below `if VERSION = "1"` and `}}` */
function isInBraces(text: string, offset: number): boolean {
  const before = text.slice(0, offset);
  return before.lastIndexOf('{{') > before.lastIndexOf('}}');
}

/** Whether BuildKit rejects the text for `${project.version}`, which Maven and Gradle fill in when they copy a file. */
export function hasProperties(text: string): boolean {
  if (!/\$\{[\w-]+\.[\w.-]+\}/.test(text)) return false;
  return parseDockerfile(text).problems.some(({ message }) =>
    message.endsWith('unsupported modifier (.) in substitution'),
  );
}
