import type { FileResult } from '../../server/core/engine.js';
import type { Finding } from '../../server/core/finding.js';
import type { ReportInput, RuleInfo } from '../../server/report/report.js';
import type { Span } from '../../server/syntax/text.js';

/** Takes the `«…»` out of a text and gives their places, in order. */
export function marked(source: string): { text: string; spans: readonly Span[] } {
  const spans: Span[] = [];
  let text = '';
  let start = 0;
  for (const part of source.split(/([«»])/)) {
    if (part === '«') start = text.length;
    else if (part === '»') spans.push({ start, end: text.length });
    else text += part;
  }
  return { text, spans };
}

export function finding(about: Partial<Finding> = {}): Finding {
  return {
    rule: 'copy-before-install',
    severity: 'warning',
    message: 'every source edit re-runs npm ci',
    span: { start: 0, end: 0 },
    evidence: [],
    fixes: [],
    ...about,
  };
}

export function fileResult(about: Partial<FileResult> = {}): FileResult {
  return { path: 'Dockerfile', text: '', kind: 'dockerfile', findings: [], suppressed: [], skipped: [], ...about };
}

/** A file with one finding at every `«…»`; the n-th takes the n-th of `about`. */
export function linted(source: string, ...about: readonly Partial<Finding>[]): FileResult {
  const { text, spans } = marked(source);
  return fileResult({ text, findings: spans.map((span, index) => finding({ span, ...about[index] })) });
}

export function input(...results: readonly FileResult[]): ReportInput {
  return { results, version: '1.2.3', rules: new Map([[sampleRule.name, sampleRule]]) };
}

export const sampleRule: RuleInfo = {
  name: 'copy-before-install',
  category: 'order',
  severity: 'warning',
  aliases: ['tally/prefer-copy-manifests-first'],
  docs: {
    summary: 'Sources are copied before the dependencies are installed.',
    why: 'Every edit re-runs the install.',
    bad: 'FROM node:24\nCOPY . .\nRUN npm ci\n',
    good: 'FROM node:24\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n',
    links: ['https://docs.docker.com/build/cache/'],
  },
};

/** Everything that has ever broken a report. */
export const nastyMessages: readonly string[] = [
  'two\nlines\r\nand "quotes", \'single\' too',
  '100% of <script>alert(1)</script> & ]]> | a pipe | `code` and ``` fences',
  'emoji 🐳 family 👨‍👩‍👧‍👦, RTL שלום עולם, CJK 依存関係',
  'controls \u0000 \u0007 \u001b[31mred\u001b[0m \u202egnp.exe \ufffe half \ud800',
  '::error file=x::injected',
  '##[command]rm -rf [link](https://example.com) @octocat #1 $HOME $x^2$',
  '',
];

export const nastyPaths: readonly string[] = [
  'Dockerfile',
  'with blank/My Dockerfile',
  'späße/依存/Dockerfile',
  'a,b:c/100%/Dockerfile#1?x=<y>&"z"',
  'tab\tand|pipe`tick`/Dockerfile',
  'half\ud800/Dockerfile',
];

/** One file per nasty path, each with every nasty message, evidence, fixes, savings and a suppressed finding. */
export function nastyInput(): ReportInput {
  const { text, spans } = marked('\ufeffFROM node\r\n# 依存\t«COPY . .»\r\nRUN npm ci \\\r\n  --«omit=dev»');
  const results = nastyPaths.map((path) => {
    const findings = nastyMessages.map((message, index) =>
      finding({
        message,
        severity: (['error', 'warning', 'info'] as const)[index % 3] ?? 'info',
        span: spans[index % spans.length] ?? { start: 0, end: text.length },
        evidence: [
          { text: message },
          { text: message, span: { start: 0, end: 9 } },
          { text: message, file: 'my package.json', span: { start: 3, end: 4 } },
        ],
        fixes: [
          { title: message, safety: 'safe', edits: [{ span: { start: 0, end: 0 }, text: message }] },
          {
            title: message,
            safety: 'unsafe',
            caveat: message,
            edits: [{ span: { start: 0, end: 0 }, text: message, file: 'new <file>' }],
          },
          { title: message, safety: 'manual', caveat: message, edits: [] },
        ],
        savings: { trigger: message, rebuilds: [2], seconds: 3.5, bytes: 1e6, basis: 'table' },
      }),
    );
    const suppressed = findings.slice(0, 2).map((hidden) => ({
      finding: { ...hidden, rule: `hidden ${hidden.severity}` },
      by: 'comment' as const,
      reason: hidden.message,
    }));
    return fileResult({ path, text, findings, suppressed, skipped: [{ rule: 'x', reason: nastyMessages[0] ?? '' }] });
  });
  return {
    ...input(...results, fileResult({ path: 'clean' })),
    otherFile: otherFileOf({ 'my package.json': '{\n  "a": 1\n}\n' }),
  };
}

export function otherFileOf(files: Readonly<Record<string, string>>): NonNullable<ReportInput['otherFile']> {
  return (_, file) => ({ path: `context/${file}`, text: files[file] });
}
