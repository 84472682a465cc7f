import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { addRunFlags } from '../../server/syntax/run-flags.js';
import { applyEdits, scriptOf } from '../helpers/scripts.js';

function withFlags(text: string, ...flags: string[]): string {
  const { file, instruction } = scriptOf(text);
  assert.equal(instruction.keyword, 'RUN');
  return applyEdits(text, instruction.keyword === 'RUN' ? addRunFlags(file, instruction, flags) : []);
}

describe('addRunFlags', () => {
  const cases: readonly (readonly [string, string, readonly string[], string])[] = [
    ['one line', 'RUN npm ci\n', ['--mount=a'], 'RUN --mount=a npm ci\n'],
    [
      'two flags on one line',
      'RUN npm ci\n',
      ['--mount=a', '--mount=b'],
      'RUN --mount=a \\\n    --mount=b \\\n    npm ci\n',
    ],
    ['several lines', 'RUN a \\\n  && b\n', ['--mount=a'], 'RUN --mount=a \\\n  a \\\n  && b\n'],
    ['tabs', 'RUN set -e; \\\n\ta\n', ['--mount=a'], 'RUN --mount=a \\\n\tset -e; \\\n\ta\n'],
    [
      'command on the next line',
      'RUN \\\n  a\n',
      ['--mount=a', '--mount=b'],
      'RUN --mount=a \\\n  --mount=b \\\n  a\n',
    ],
    ['comment first', 'RUN \\\n# why\n  a\n', ['--mount=a'], 'RUN --mount=a \\\n# why\n  a\n'],
    ['behind a flag', 'RUN --network=none a\n', ['--mount=a'], 'RUN --network=none --mount=a a\n'],
    [
      'behind stacked flags',
      'RUN --mount=a \\\n    --mount=b \\\n    a\n',
      ['--mount=c'],
      'RUN --mount=a \\\n    --mount=b \\\n    --mount=c \\\n    a\n',
    ],
    ['heredoc', 'RUN <<E\na\nE\n', ['--mount=a'], 'RUN --mount=a <<E\na\nE\n'],
    ['exec form', 'RUN ["a"]\n', ['--mount=a'], 'RUN --mount=a ["a"]\n'],
    ['CRLF', 'RUN a \\\r\n  && b\r\n', ['--mount=a'], 'RUN --mount=a \\\r\n  a \\\r\n  && b\r\n'],
  ];
  for (const [name, before, flags, after] of cases) {
    it(name, () => {
      const text = withFlags(`FROM a\n${before}`, ...flags);
      assert.equal(text, `FROM a\n${after}`);
      const added = parseDockerfile(text).instructions[1]?.flags.map((flag) => `--${flag.name}=${flag.value}`) ?? [];
      for (const flag of flags) assert.ok(added.includes(flag));
    });
  }

  it('uses the escape character of the file', () => {
    const text = withFlags('# escape=`\nFROM a\nRUN a `\n  && b\n', '--mount=a');
    assert.equal(text, '# escape=`\nFROM a\nRUN --mount=a `\n  a `\n  && b\n');
  });

  it('adds nothing without a flag', () => {
    assert.equal(withFlags('FROM a\nRUN a\n'), 'FROM a\nRUN a\n');
  });
});
