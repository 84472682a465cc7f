/** Text as it is, in whatever it holds. */
export function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text.replace(/\s+/g, ' ')}${pad}${fence}`;
}

/** Text in which no character means anything to Markdown. */
export function plainText(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|~]/g, '\\$&');
}
