import assert from 'node:assert/strict';
import { applyEdits } from '../../server/core/fix.js';
import { buildOf } from '../../server/model/build.js';
import { joinRuns } from '../../server/model/join-runs.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

/** The file with its two RUNs joined; undefined where they cannot be. */
function joined(text: string): string | undefined {
  const build = buildOf(parseDockerfile(text));
  const [first, second] = build.file.instructions.filter((one) => one.keyword === 'RUN');
  assert.ok(first && second);
  const edits = joinRuns(build, first, second);
  return edits && applyEdits(text, edits);
}

describe('joinRuns', () => {
  it('joins with && and keeps indentation and comments', () => {
    assert.equal(
      joined('FROM a\nRUN b && \\\n  c\n\n# why\nRUN d \\\n  e\n'),
      'FROM a\nRUN b && \\\n  c && \\\n# why\n  d \\\n  e\n',
    );
  });

  it('keeps the line endings', () => {
    assert.equal(joined('FROM a\r\nRUN b\r\nRUN c\r\n'), 'FROM a\r\nRUN b && \\\r\n    c\r\n');
  });

  it('joins with the escape character of the file', () => {
    assert.equal(joined('# escape=`\nFROM a\nRUN b\nRUN c\n'), '# escape=`\nFROM a\nRUN b && `\n    c\n');
  });

  it('knows a # that begins no comment', () => {
    assert.equal(
      joined('FROM a\nRUN b "x # y" \'#\' \\# a#b\nRUN c\n'),
      'FROM a\nRUN b "x # y" \'#\' \\# a#b && \\\n    c\n',
    );
  });

  const together: Record<string, string> = {
    'a cache mount': 'RUN --mount=type=cache,target=/c b\nRUN --mount=type=cache,target=/c d\n',
    'a mount that is only read': 'RUN --mount=type=bind,target=/c b\nRUN --mount=type=bind,target=/c d\n',
    'a loop whose variable nothing else reads': 'RUN for f in a b; do d $f; done\nRUN c\n',
    'programs of the system': 'RUN apt-get install -y b && curl -O d\nRUN curl -O e && apt-get install -y c\n',
    'an ampersand that is no operator': 'RUN b "x&y" 2>&1 && d &>/dev/null\nRUN c\n',
  };
  for (const [name, text] of Object.entries(together)) {
    it(`joins: ${name}`, () => assert.notEqual(joined(`FROM a\n${text}`), undefined));
  }

  const apart: Record<string, string> = {
    'a folder that would stay': 'RUN cd /x && b\nRUN c\n',
    'a variable that would stay': 'RUN X=1; b\nRUN c\n',
    'a failure that would be lost': 'RUN b\nRUN c; d\n',
    'an alternative that would get more to answer for': 'RUN b\nRUN c || d\n',
    'a job in the background': 'RUN b &\nRUN c\n',
    'other flags': 'RUN --network=none b\nRUN c\n',
    'another user': 'RUN b\nUSER x\nRUN c\n',
    'an exec form': 'RUN ["b"]\nRUN c\n',
    'a heredoc': 'RUN <<E\nb\nE\nRUN c\n',
    'a comment at the end': 'RUN b # x\nRUN c\n',
    'a comment right behind an operator': 'RUN b;# x\nRUN c\n',
    'a comment that swallows the lines below': 'RUN b # x \\\n  && d\nRUN c\n',
    'a version that would stay': 'RUN nvm use 22 && b\nRUN c\n',
    'a service that would go on': 'RUN service mysql start && b\nRUN c\n',
    'a default that would stay': `RUN b $\{V:=1}\nRUN c $V\n`,
    'an end before the end': 'RUN { b && exit 0; }\nRUN c\n',
    'a temporary folder that would keep its files':
      'RUN --mount=type=tmpfs,target=/tmp b\nRUN --mount=type=tmpfs,target=/tmp c\n',
    'a mount that would keep what is written there':
      'RUN --mount=type=bind,rw,target=/src b\nRUN --mount=type=bind,rw,target=/src c\n',
    'shared memory that would keep its files': 'RUN b > /dev/shm/x\nRUN c\n',
    'the variable of a loop': 'RUN for f in a b; do d; done && e\nRUN c $f\n',
    'a function that would stay': 'RUN c() { b; } && d\nRUN c\n',
    'a job in the background of a group': 'RUN { b & } && d\nRUN c\n',
    'a job in the background of a subshell': 'RUN (b &) && d\nRUN c\n',
    'a variable that a program of the shell sets': 'RUN printf -v X b\nRUN c $X\n',
    'an array that would stay': 'RUN mapfile X < b\nRUN c\n',
    'a program that the first may have put elsewhere': 'RUN npm install -g npm@9\nRUN npm ci\n',
  };
  for (const [name, text] of Object.entries(apart)) {
    it(`leaves apart: ${name}`, () => assert.equal(joined(`FROM a\n${text}`), undefined));
  }
});
