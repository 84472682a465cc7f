import assert from 'node:assert/strict';
import type { Severity } from '../../server/core/finding.js';
import { formatGithub, formatStepSummary } from '../../server/report/github.js';
import { fileResult, finding, input, linted, nastyInput, nastyMessages, nastyPaths } from './sample.js';

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Reads a line as the runner does: the first `::` after the name ends the properties; escapes are undone. */
function readCommand(line: string): Command | undefined {
  const parts = /^\s*::(\w+)(?: (.*?))?::(.*)$/.exec(line);
  if (!parts) return undefined;
  const [, name = '', list = '', message = ''] = parts;
  const undo = (text: string) =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  const properties = Object.fromEntries(
    list
      .split(',')
      .filter(Boolean)
      .map((pair) => [pair.slice(0, pair.indexOf('=')), undo(pair.slice(pair.indexOf('=') + 1))]),
  );
  return { name, properties, message: undo(message) };
}

function commandsOf(report: string): Command[] {
  return report.split('\n').flatMap((line) => readCommand(line) ?? []);
}

function many(severity: Severity, count: number) {
  return Array.from({ length: count }, (_, index) => finding({ severity, message: `${severity} ${index}` }));
}

describe('GitHub annotations', () => {
  it('carry place, title and message', () => {
    const [command] = commandsOf(formatGithub(input(linted('FROM a\nCOPY «.» .\n'))));
    assert.equal(command?.name, 'warning');
    assert.deepEqual(command?.properties, {
      file: 'Dockerfile',
      line: '2',
      endLine: '2',
      col: '6',
      endColumn: '7',
      title: 'Layerwise: copy-before-install',
    });
    assert.match(command?.message ?? '', /^every source edit re-runs npm ci\nhttps:\/\/.*\/copy-before-install\.md$/);
  });

  it('leave columns out over several lines, as the runner refuses them there', () => {
    const [command] = commandsOf(formatGithub(input(linted('«RUN a \\\n b»'))));
    assert.deepEqual(Object.keys(command?.properties ?? {}), ['file', 'line', 'endLine', 'title']);
  });

  it('read back as they were, whatever paths and messages hold', () => {
    for (const path of nastyPaths) {
      for (const message of nastyMessages) {
        const [command, ...more] = commandsOf(formatGithub(input({ ...linted('«a»', { message }), path })));
        assert.equal(command?.properties.file, path);
        assert.ok(command?.message.startsWith(`${message}\n`), message);
        assert.deepEqual(more, []);
      }
    }
  });

  it('put errors first, then what saves most', () => {
    const savings = (seconds: number) => ({ trigger: 't', rebuilds: [], seconds, basis: 'table' as const });
    const report = formatGithub(
      input(
        linted(
          '«a» «b» «c»',
          { message: 'small', savings: savings(1) },
          { message: 'big', savings: savings(60) },
          {
            message: 'worst',
            severity: 'error',
          },
        ),
      ),
    );
    assert.deepEqual(
      commandsOf(report).map(({ message }) => message.split('\n')[0]),
      ['worst', 'big', 'small'],
    );
  });

  it('stop at ten of a kind and print the rest in the log, which obeys none of it', () => {
    const findings = [...many('warning', 12), ...many('error', 10), ...many('info', 10)];
    const text = nastyMessages[4] ?? '';
    const evil = nastyMessages[5] ?? '';
    findings.push(finding({ message: text }), finding({ message: evil }));
    const report = formatGithub(input(fileResult({ text: 'a', findings })));
    const commands = commandsOf(report);
    const count = (name: string) => commands.filter((command) => command.name === name).length;
    assert.deepEqual([count('error'), count('warning'), count('notice')], [10, 10, 10]);
    assert.ok(commands.some(({ message }) => message === '4 warnings and 1 info more in the log'));
    assert.match(report, /\n- Dockerfile:1:1 copy-before-install warning: warning 11\n/);
    assert.match(report, /\n- .* warning: ::error file=x::injected\n/);
    assert.ok(!report.slice(report.indexOf('::group::')).includes('##['));
    assert.equal(count('group'), 1);
    assert.equal(count('endgroup'), 1);
  });
});

describe('GitHub step summary', () => {
  it('keeps below 1 MiB and says how many findings it leaves out', () => {
    const findings = many('warning', 20_000).map((one) => ({ ...one, message: `${one.message} ${'依存'.repeat(40)}` }));
    const summary = formatStepSummary(input(fileResult({ text: 'a', findings })));
    assert.ok(Buffer.byteLength(summary) <= 1024 * 1024);
    const rows = summary.split('\n').filter((line) => line.startsWith('| 🟡')).length;
    assert.ok(rows > 1000);
    assert.match(summary, new RegExp(`\\n… and ${20_000 - rows} more findings\\.\\n`));
  });

  it('holds the findings of all files', () => {
    const summary = formatStepSummary(nastyInput());
    assert.equal(summary.match(/<details>/g)?.length, nastyPaths.length * nastyMessages.length);
  });
});
