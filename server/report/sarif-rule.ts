import type { Severity } from '../core/finding.js';
import { ruleUrl } from '../core/rule-url.js';
import { fenced } from './markdown-text.js';
import type { RuleInfo } from './report.js';
import type { SarifLevel, SarifRule } from './sarif-log.js';

/** GitHub refuses a rule with more. */
const MAX_TAGS = 20;

export function levelOf(severity: Severity): SarifLevel {
  return severity === 'info' ? 'note' : severity;
}

/** What a viewer shows about a rule; only the name where the rule is not known. */
export function ruleDescriptor(name: string, rule: RuleInfo | undefined): SarifRule {
  if (!rule) return { id: name };
  const { summary, why, links } = rule.docs;
  const tags = ['dockerfile', rule.category, ...rule.aliases].slice(0, MAX_TAGS);
  return {
    id: name,
    name: name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: summary },
    fullDescription: { text: summary },
    helpUri: ruleUrl(name),
    help: { text: [summary, why, ...links].join('\n\n'), markdown: helpMarkdown(rule) },
    defaultConfiguration: { level: levelOf(rule.severity) },
    properties: { tags: [...new Set(tags)], 'problem.severity': problemSeverity(rule.severity) },
  };
}

/** GitHub's own word for the severity of alerts that are not about security. */
function problemSeverity(severity: Severity): string {
  return severity === 'info' ? 'recommendation' : severity;
}

function helpMarkdown({ name, category, docs }: RuleInfo): string {
  const language = category === 'ignore-file' ? 'gitignore' : 'dockerfile';
  const parts = [docs.summary, docs.why];
  if (docs.bad) parts.push('Bad:', fenced(docs.bad, language), 'Good:', fenced(docs.good, language));
  const links = [ruleUrl(name), ...docs.links].map((link) => `- <${link}>`);
  return [...parts, links.join('\n')].join('\n\n');
}
