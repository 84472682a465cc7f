import * as v from 'valibot';
import type { Config } from '../../server/core/config.js';
import { resolveConfig } from '../../server/core/config.js';
import type { FileResult, Source } from '../../server/core/engine.js';
import { engineRules } from '../../server/core/engine-rules.js';
import type { Fix } from '../../server/core/finding.js';
import type { DockerfileRule, Report, Rule } from '../../server/core/rule.js';
import { defineIgnoreFileRule, defineRule } from '../../server/core/rule.js';
import { createContext } from '../../server/model/context.js';
import { memorySource } from '../../server/model/memory-source.js';
import { positionAt } from '../../server/syntax/text.js';

const docs = { summary: 'A sample.', why: 'For the tests of the engine.', bad: '', good: '', links: [] };
const base = {
  category: 'shell',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
} as const;

/** Reports every RUN whose text holds `word`; `fix` makes the fixes for the place of the word. */
export function wordRule(
  word: string,
  more: Partial<Pick<Rule, 'name' | 'recommended' | 'aliases' | 'needs'>> & {
    readonly report?: Partial<Report>;
    fix?(span: { start: number; end: number }, text: string): Fix[];
  } = {},
): DockerfileRule {
  const { report: extra, fix, ...rest } = more;
  return defineRule({
    ...base,
    name: `word-${word}`,
    aliases: [],
    needs: [],
    ...rest,
    docs,
    options: v.object({ limit: v.optional(v.number(), 1) }),
    check({ file, report }) {
      for (const instruction of file.instructions) {
        if (instruction.keyword !== 'RUN') continue;
        const at = file.text.indexOf(word, instruction.span.start);
        if (at === -1 || at >= instruction.span.end) continue;
        const span = { start: at, end: at + word.length };
        report({ span, message: `${word} is here`, ...extra, fixes: fix?.(span, file.text) ?? [] });
      }
    },
  }) as DockerfileRule;
}

/** Throws on every Dockerfile that has an instruction. */
export const brokenRule = defineRule({
  ...base,
  name: 'always-broken',
  aliases: [],
  needs: [],
  docs,
  options: v.object({}),
  check({ file, report }) {
    const [first] = file.instructions;
    if (!first) return;
    report({ span: first.span, message: 'reported before the failure' });
    throw new TypeError('no such thing');
  },
});

/** Reports every pattern `bad` of an ignore file. */
export const patternRule = defineIgnoreFileRule({
  ...base,
  name: 'bad-pattern',
  aliases: [],
  needs: [],
  docs,
  options: v.object({}),
  check({ file, report }) {
    for (const { source, span } of file.patterns) if (source === 'bad') report({ span, message: 'bad is here' });
  },
});

/** The engine's own rules and these; `config` as in a config file. */
export function configWith(rules: readonly Rule[], config: Config = {}) {
  return resolveConfig([...engineRules, ...rules], [{ origin: 'test', config }]);
}

export function dockerfile(text: string, files?: Readonly<Record<string, string>>): Source {
  if (!files) return { path: 'Dockerfile', text, kind: 'dockerfile', context: undefined };
  const contextWith = (changes: ReadonlyMap<string, string>) =>
    createContext({
      name: '.',
      origin: 'folder',
      dockerfile: 'Dockerfile',
      source: memorySource({ ...files, Dockerfile: text, ...Object.fromEntries(changes) }),
    });
  return { path: 'Dockerfile', text, kind: 'dockerfile', context: contextWith(new Map()), contextWith };
}

/** `line rule` of every finding, lines from 1. */
export function linesOf({ text, findings }: FileResult): string[] {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return findings.map(({ rule, span }) => `${positionAt(starts, span.start).line + 1} ${rule}`);
}
