import type { OptionsSchema, Rule } from './rule.js';
import { describeOptions } from './rule-options.js';

/** A rule explained in Markdown; the pages in `docs/rules` and `layerwise explain` are both this. */
export function rulePage(rule: Rule): string {
  const { name, docs } = rule;
  const language = rule.target === 'dockerignore' ? 'text' : 'dockerfile';
  const lines = [`# ${name}`, '', docs.summary, '', facts(rule), '', '## Why', '', docs.why.trim(), ''];
  if (docs.bad) lines.push('## Bad', '', ...fenced(docs.bad, language), '');
  if (docs.good && docs.bad) lines.push('## Good', '', ...fenced(docs.good, language), '');
  const context = exampleContext(docs);
  if (context) lines.push(context, '');
  for (const [path, text] of Object.entries(docs.files ?? {})) {
    if (text.trim()) lines.push(`With \`${path}\`:`, '', ...fenced(text, ''), '');
  }
  lines.push(...optionLines(rule.options), ...suppressLines(rule));
  if (docs.links.length > 0) lines.push('## Further reading', '', ...docs.links.map((link) => `- <${link}>`), '');
  return lines.join('\n');
}

/** What the examples of a rule need beside them; undefined where that is nothing. */
export function exampleContext({ files = {}, changed = [] }: Rule['docs']): string | undefined {
  const names = (paths: readonly string[]) => paths.map((path) => `\`${path}\``).join(', ');
  const paths = Object.keys(files);
  if (paths.length === 0) return undefined;
  const history = changed.length > 0 ? `, and a history in which commits change ${names(changed)}` : '';
  return `The examples are read with ${names(paths)} in the build context${history}.`;
}

const needNames = { context: 'the build context', history: 'the Git history' } as const;

function facts({ category, severity, recommended, fixable, needs, aliases, since }: Rule): string {
  const items = [
    `Category: ${category}`,
    `Severity: ${severity}${recommended ? '' : ', off unless the config turns it on'}`,
    `Fix: ${{ always: 'always', sometimes: 'sometimes', never: 'none' }[fixable]}`,
    ...(needs.length > 0 ? [`Needs: ${needs.map((one) => needNames[one]).join(', ')}`] : []),
    ...(aliases.length > 0 ? [`Also known as: ${aliases.join(', ')}`] : []),
    `Since: ${since}`,
  ];
  return items.map((item) => `- ${item}`).join('\n');
}

function optionLines(schema: OptionsSchema): string[] {
  const options = describeOptions(schema);
  if (options.length === 0) return [];
  const rows = options.map(({ name, type, initial, description }) => {
    const text = description ? `: ${description}` : '';
    return `- \`${name}\` (${type}${initial === undefined ? '' : `, default \`${JSON.stringify(initial)}\``})${text}`;
  });
  return ['## Options', '', ...rows, ''];
}

function suppressLines({ name, target }: Rule): string[] {
  if (target === 'engine') return [];
  return [
    '## Ignore it',
    '',
    ...fenced(`# layerwise ignore=${name} reason="…"`, target === 'dockerignore' ? 'text' : 'dockerfile'),
    '',
  ];
}

function fenced(text: string, language: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text.replace(/\n$/, ''), fence];
}
