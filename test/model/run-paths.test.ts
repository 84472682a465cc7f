import assert from 'node:assert/strict';
import { buildOf } from '../../server/model/build.js';
import { runPaths } from '../../server/model/run-paths.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { parseShell } from '../../server/syntax/shell.js';

/** Paths of all arguments of the last RUN. */
function paths(text: string): string[] {
  const build = buildOf(parseDockerfile(text));
  const run = build.file.instructions.at(-1);
  assert.ok(run?.keyword === 'RUN');
  const script = parseShell(build.file, run, build.stateBefore(run).shell);
  const read = runPaths(build, run, script);
  return script.commands.flatMap((command, index) => command.args.flatMap((word) => [...read.pathsOf(word, index)]));
}

describe('runPaths', () => {
  it('follows WORKDIR and cd', () => {
    assert.deepEqual(paths('FROM a\nWORKDIR /w\nRUN rm a ./b/../c /d\n'), ['/w/a', '/w/c', '/d']);
    assert.deepEqual(paths('FROM a\nRUN cd /x && rm a\n'), ['/x', '/x/a']);
    assert.deepEqual(paths('FROM a\nRUN cd "$(pwd)" && rm a /b\n'), ['/b']);
  });

  it('knows the home of root, and no other', () => {
    assert.deepEqual(paths('FROM a\nRUN rm ~/.a $HOME/.b "$HOME/.c"\n'), ['/root/.a', '/root/.b', '/root/.c']);
    assert.deepEqual(paths('FROM a\nUSER app\nRUN rm ~/.a $HOME/.b\n'), []);
  });

  it('expands variables of the Dockerfile', () => {
    assert.deepEqual(paths('FROM a\nENV D=/data\nRUN rm $D/a $E/b\n'), ['/data/a']);
  });

  it('spells braces out', () => {
    assert.deepEqual(paths('FROM a\nRUN rm /{a,b}/{c,d} /e{f}\n'), ['/a/c', '/a/d', '/b/c', '/b/d']);
  });

  it('says what a mount hides', () => {
    const build = buildOf(parseDockerfile('FROM a\nRUN --mount=type=cache,target=/c true\n'));
    const run = build.file.instructions.at(-1);
    assert.ok(run?.keyword === 'RUN');
    const { mounted } = runPaths(build, run, parseShell(build.file, run, ['/bin/sh', '-c']));
    assert.deepEqual(['/c', '/c/x', '/cc', '/'].map(mounted), [true, true, false, false]);
  });
});
