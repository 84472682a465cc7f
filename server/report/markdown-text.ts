import { oneLine } from './report.js';

/** Longest run of backticks in the text. */
function longestTicks(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
}

/** Plain text as one line of Markdown (GitHub's and GitLab's) that shows just that: no markup, HTML, links or mentions. Balanced single backticks become code. */
export function inlineText(text: string, inTable = false): string {
  return oneLine(text)
    .split(/(?<!`)`([^`]+)`(?!`)/)
    .map((part, index) => (index % 2 === 1 ? codeSpan(part, inTable) : escapeText(part)))
    .join('');
}

/** An HTML comment inside keeps words from becoming links or mentions; a `$` in a span is no formula. */
function escapeText(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f]/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]~|]/g, '\\$&')
    .replace(/\$/g, '<span>$$</span>')
    .replace(/^[#+=-]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/(?<![\p{L}\p{N}])[@#!](?=[\p{L}\p{N}])/gu, '$&<!-- -->')
    .replace(/:\/\//g, ':<!-- -->//')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}<!-- -->.`);
}

/** On one line; in a table a `|` must be escaped even in code. */
export function codeSpan(text: string, inTable = false): string {
  const line = oneLine(text).replace(/[\x00-\x1f\x7f]/g, ' ');
  const code = inTable ? line.replaceAll('|', '\\|') : line;
  if (code === '') return '';
  const fence = '`'.repeat(longestTicks(code) + 1);
  const pad = /^`|`$|^ .* $/.test(code) ? ' ' : '';
  return `${fence}${pad}${code}${pad}${fence}`;
}

/** A block of code whose fence no line of the text can close. */
export function fenced(text: string, language = ''): string {
  const fence = '`'.repeat(Math.max(3, longestTicks(text) + 1));
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}
