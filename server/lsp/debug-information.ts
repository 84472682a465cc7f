import { version } from '../core/version.js';
import type { Opened } from './opened.js';
import type { DebugInformation, ServerStatus } from './protocol.js';
import type { Session } from './session.js';

/** Markdown for a bug report: versions, settings, config, context and timing of each open document; no contents. */
export async function debugInformation(session: Session, status: ServerStatus): Promise<DebugInformation> {
  const lines = [
    '# Layerwise',
    '',
    `- Version: ${version}`,
    `- Runs in: ${typeof process === 'object' && process.versions?.node ? `Node ${process.versions.node}` : 'a web worker'}`,
    `- Documents: ${status.documents}, findings: ${status.findings}`,
    `- Client: ${factsOf(session)}`,
  ];
  for (const { uri, languageId } of session.documents()) {
    const settings = await session.settings(uri);
    lines.push('', `## ${uri}`, '', `- Language: ${languageId}`, `- Settings: \`${JSON.stringify(settings)}\``);
    const facts = await session.ask(uri, documentFacts).catch(() => undefined);
    lines.push(...(facts ?? ['- Not linted']));
  }
  return { text: `${lines.join('\n')}\n` };
}

function factsOf({ client }: Session): string {
  const facts = Object.entries(client).flatMap(([name, value]) => (value === true ? [name] : []));
  return facts.join(', ');
}

function documentFacts(opened: Opened): string[] {
  const { context, configUri, note, errors, excluded } = opened.surroundings;
  const start = performance.now();
  const { findings, suppressed, skipped } = opened.lint();
  const took = performance.now() - start;
  return [
    `- Version ${opened.version}, ${opened.text.length} characters, ${opened.document.lineCount} lines`,
    `- Config: ${configUri ?? 'none'}${excluded ? ' (which excludes the file)' : ''}`,
    `- Context: ${context ? `${context.name} (${context.origin}${context.plausible ? '' : ', uncertain'})` : 'none'}`,
    `- Ignore file: ${context?.ignoreFile?.path ?? 'none'}`,
    `- Findings: ${findings.length}, suppressed: ${suppressed.length}, rules skipped: ${skipped.length}`,
    `- Linted in: ${took < 0.05 ? 'no time, it was known' : `${took.toFixed(1)} ms`}`,
    ...[...errors, ...(note === undefined ? [] : [note])].map((sentence) => `- ${sentence}`),
  ];
}
