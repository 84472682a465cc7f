import assert from 'node:assert/strict';
import { BUILDERS, commands, FAIL_LEVELS, FORMATS, optionsOf } from '../../server/cli/options.js';
import { parseArgs } from '../../server/cli/parse-args.js';
import { builders, severities } from '../../server/core/config.js';
import { formats } from '../../server/report/formats.js';

function read(...args: string[]) {
  const result = parseArgs(args);
  if ('usage' in result) assert.fail(result.usage);
  return result;
}

function usage(...args: string[]): string {
  const result = parseArgs(args);
  assert.ok('usage' in result, `${args.join(' ')} is accepted`);
  return result.usage;
}

describe('parseArgs', () => {
  it('reads a command, its options and its arguments in any order', () => {
    const args = read('lint', 'a', '--fix', '--exclude', 'x', 'b', '--exclude=y', '-fjson');
    assert.equal(args.command?.name, 'lint');
    assert.deepEqual(args.positionals, ['a', 'b']);
    assert.deepEqual(args.values('exclude'), ['x', 'y']);
    assert.equal(args.value('format'), 'json');
    assert.equal(args.has('fix'), true);
    assert.equal(args.has('diff'), false);
  });

  it('takes global options before the command', () => {
    assert.equal(read('--color', 'never', 'lint').value('color'), 'never');
  });

  it('takes - and everything after -- for paths', () => {
    assert.deepEqual(read('lint', '-', '--', '--fix').positionals, ['-', '--fix']);
  });

  it('accepts a format with its file', () => {
    assert.deepEqual(read('lint', '--format', 'sarif:a:b.sarif').values('format'), ['sarif:a:b.sarif']);
  });

  for (const [line, message] of [
    ['lnt', /did you mean lint\?/],
    ['Dockerfile', /to lint it: layerwise lint Dockerfile/],
    ['./api', /to lint it: layerwise lint \.\/api/],
    ['lint --fixx', /Unknown option --fixx; did you mean --fix\?/],
    ['lint --no-color', /did you mean --color never\?/],
    ['lint --failure-threshold=error', /did you mean --fail-on\?/],
    ['rules --fix', /--fix is an option of layerwise lint, not of layerwise rules/],
    ['--fix', /--fix needs a command: layerwise lint --fix/],
    ['lint --format xml', /Choose from pretty, json/],
    ['lint --format sariff:x', /did you mean sarif\?/],
    ['lint --format sarif:', /lacks the file/],
    ['lint --fail-on warn', /did you mean warning\?/],
    ['lint --config', /--config needs a value: --config FILE/],
    ['lint --config --fix', /--config needs a value/],
    ['lint --config=', /--config needs a value: --config FILE/],
    ['order --commits -5', /--commits needs a value, and -5 looks like an option: --commits=N/],
    ['lint --fix=yes', /--fix takes no value/],
    ['lint --config a --config b', /--config is given twice/],
    ['lint -x', /Unknown option -x/],
    ['print-config', /needs FILE/],
    ['print-config a b', /does not take "b"/],
    ['rules a', /does not take "a"/],
    ['completion bsh', /did you mean bash\?/],
  ] as const) {
    it(`refuses "${line}"`, () => assert.match(usage(...line.split(' ')), message));
  }
});

describe('the option table', () => {
  it('names every format, builder and severity there is', () => {
    assert.deepEqual([...FORMATS].sort(), Object.keys(formats).sort());
    assert.deepEqual(BUILDERS, builders);
    assert.deepEqual(FAIL_LEVELS, [...severities, 'never']);
  });

  it('gives a name and a letter one meaning within a command, and one shape everywhere', () => {
    const shapes = new Map<string, boolean>();
    for (const command of commands) {
      const options = optionsOf(command);
      const spellings = options.flatMap(({ name, short }) => (short ? [name, short] : [name]));
      assert.deepEqual(spellings, [...new Set(spellings)], command.name);
      for (const { name, value } of options) {
        assert.equal(shapes.get(name) ?? value !== undefined, value !== undefined, name);
        shapes.set(name, value !== undefined);
      }
    }
  });
});
