import type { Hover, Range } from 'vscode-languageserver';
import { ignoreFileSuppressionsOf, suppressionsOf } from '../core/suppress.js';
import { describeSavings } from '../report/summary.js';
import { ruleByName } from '../rules/index.js';
import type { Span } from '../syntax/text.js';
import type { ClientFacts } from './client-facts.js';
import { hoverKey } from './hover-key.js';
import { hoverPattern } from './hover-pattern.js';
import { hoverReference } from './hover-reference.js';
import { hoverTransfer } from './hover-transfer.js';
import { touches } from './instruction-at.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';
import { findRule, ruleHover } from './rule-text.js';

/** One thing to say about a place. */
export interface HoverPart {
  readonly span: Span;
  readonly markdown: string;
}

/** What is known of the place: the thing itself first, then the findings there. */
export function hover(
  opened: Opened,
  offset: number,
  client: Pick<ClientFacts, 'markdown' | 'languageFeatures'>,
): Hover | undefined {
  const rule = suppressedRule(opened, offset);
  const thing =
    hoverTransfer(opened, offset) ??
    hoverPattern(opened, offset) ??
    (client.languageFeatures ? hoverReference(opened, offset) : undefined);
  const key = hoverKey(opened, offset);
  const parts = rule
    ? [rule]
    : [...[thing, key].flatMap((part) => part ?? []), ...findingsAt(opened, offset, thing?.span)];
  const [first] = parts;
  if (!first) return undefined;
  const text = parts.map(({ markdown }) => markdown).join('\n\n---\n\n');
  const range: Range = rangeOf(opened.document, first.span);
  return { contents: { kind: client.markdown ? 'markdown' : 'plaintext', value: text }, range };
}

/** A name in a comment that ignores findings, of whatever tool. */
function suppressedRule({ parsed }: Opened, offset: number): HoverPart | undefined {
  const comments = parsed.kind === 'dockerfile' ? suppressionsOf(parsed.file) : ignoreFileSuppressionsOf(parsed.file);
  for (const { rules } of comments) {
    const named = rules.find(({ span }) => touches(span, offset));
    if (!named) continue;
    const rule = findRule(named.name);
    return rule && { span: named.span, markdown: ruleHover(rule) };
  }
  return undefined;
}

/** Of an ignore file those of the whole pattern: they are why it does nothing, or not what it seems to do. */
function findingsAt(opened: Opened, offset: number, thing: Span | undefined): HoverPart[] {
  if (opened.surroundings.excluded) return [];
  const whole = opened.parsed.kind === 'dockerignore' ? thing : undefined;
  const isMeant = (span: Span) => touches(span, offset) || (whole && span.start < whole.end && whole.start < span.end);
  const found = opened.shown().filter(({ span }) => isMeant(span));
  return found.flatMap(({ rule: name, span, savings }) => {
    const rule = ruleByName(name);
    if (!rule) return [];
    const saves = savings ? `\n\nSaves: ${describeSavings(savings)}` : '';
    return [{ span, markdown: `${ruleHover(rule)}${saves}` }];
  });
}
