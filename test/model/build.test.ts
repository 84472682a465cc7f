import assert from 'node:assert/strict';
import { type Build, buildOf } from '../../server/model/build.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import type { Instruction } from '../../server/syntax/tree.js';

function build(...lines: readonly string[]): Build {
  return buildOf(parseDockerfile(`${lines.join('\n')}\n`));
}

function last(built: Build): Instruction {
  const found = built.file.instructions.at(-1);
  assert.ok(found);
  return found;
}

describe('buildOf', () => {
  describe('stages', () => {
    it('names them in lower case and links FROM to an earlier stage', () => {
      const { stages, target } = build('FROM node:22 AS Deps', 'FROM deps AS run', 'FROM scratch');
      assert.deepEqual(
        stages.map(({ name, base }) => [name, base.kind]),
        [
          ['deps', 'image'],
          ['run', 'stage'],
          [undefined, 'scratch'],
        ],
      );
      assert.equal(target, stages[2]);
    });

    it('expands FROM with the defaults of global ARGs', () => {
      const { stages } = build(
        'ARG V=22',
        'ARG NAME=node:$V',
        `FROM \${NAME}-slim`,
        'FROM $UNSET',
        `FROM \${X:-a}`,
        'FROM a-$TARGETARCH',
      );
      assert.deepEqual(
        stages.map(({ base }) => base),
        [
          { kind: 'image', image: 'node:22-slim' },
          { kind: 'unknown' },
          { kind: 'image', image: 'a' },
          { kind: 'unknown' },
        ],
      );
    });

    it('does not see an ARG of a stage in a later FROM', () => {
      const { stages } = build('FROM a', 'ARG B=c', 'FROM $B');
      assert.deepEqual(stages[1]?.base, { kind: 'unknown' });
    });

    it('takes the last earlier stage of a name for FROM and the last in the file for --from', () => {
      const built = build('FROM one AS a', 'FROM a', 'FROM two AS a', 'FROM a');
      assert.deepEqual(built.stages[1]?.base, { kind: 'stage', stage: built.stages[0] });
      assert.deepEqual(built.stages[3]?.base, { kind: 'stage', stage: built.stages[2] });
      assert.equal(built.stageByReference('A'), built.stages[2]);
      assert.equal(built.stageByReference('1'), built.stages[1]);
      assert.equal(built.stageByReference('7'), undefined);
    });

    it('knows the stage of an instruction, and of none before the first FROM', () => {
      const built = build('ARG A', 'FROM a', 'RUN x', 'FROM b', 'RUN y');
      const [arg, , x, from, y] = built.file.instructions;
      assert.ok(arg && x && from && y);
      assert.deepEqual([arg, x, from, y].map(built.stageOf), [
        undefined,
        built.stages[0],
        built.stages[1],
        built.stages[1],
      ]);
    });

    it('needs what the target is built from, copies from and mounts', () => {
      const built = build(
        'FROM a AS base',
        'FROM a AS copied',
        'FROM a AS mounted',
        'FROM a AS test',
        'FROM base',
        'COPY --from=copied /x /x',
        'RUN --mount=type=bind,from=mounted,target=/m make',
      );
      assert.deepEqual(
        [...built.needed].map(({ index }) => index).sort(),
        [0, 1, 2, 4],
        'the stage "test" is not needed',
      );
    });

    it('needs what an ONBUILD trigger of the base stage copies', () => {
      const built = build('FROM a AS tool', 'FROM a AS base', 'ONBUILD COPY --from=tool /x /x', 'FROM base');
      assert.equal(built.needed.size, 3);
    });

    it('has no target in a file without FROM', () => {
      const built = build('RUN x');
      assert.equal(built.target, undefined);
      assert.equal(built.needed.size, 0);
    });
  });

  describe('stateBefore', () => {
    it('follows WORKDIR, relative ones and variables too', () => {
      const built = build('FROM a', 'ENV HOME=/home/me', 'WORKDIR $HOME/app', 'WORKDIR ../src/.', 'RUN x');
      assert.equal(built.stateBefore(last(built)).cwd, '/home/me/src');
    });

    it('gives the state before an instruction, not after it', () => {
      const built = build('FROM a', 'USER app', 'WORKDIR /app', 'WORKDIR /b');
      const state = built.stateBefore(last(built));
      assert.deepEqual([state.cwd, state.user], ['/app', 'app']);
    });

    it('does not know the folder after a variable without a value, until an absolute WORKDIR', () => {
      const lost = build('FROM a', 'WORKDIR $NOWHERE', 'WORKDIR b', 'RUN x');
      assert.equal(lost.stateBefore(last(lost)).cwd, undefined);
      const found = build('FROM a', 'WORKDIR $NOWHERE', 'WORKDIR /b', 'RUN x');
      assert.equal(found.stateBefore(last(found)).cwd, '/b');
    });

    it('hands folder, user and shell to a stage built from another', () => {
      const built = build('FROM a AS b', 'WORKDIR /w', 'USER u', 'SHELL ["/bin/bash", "-c"]', 'FROM b', 'RUN x');
      assert.deepEqual(built.stateBefore(last(built)), { cwd: '/w', user: 'u', shell: ['/bin/bash', '-c'] });
    });

    it('starts anew in a stage built from an image, at its own WORKDIR where that is known', () => {
      const built = build('FROM a', 'WORKDIR /w', 'FROM golang:1.24', 'RUN x');
      assert.deepEqual(built.stateBefore(last(built)), { cwd: '/go', user: undefined, shell: ['/bin/sh', '-c'] });
    });

    it('keeps a USER as written where a variable has no value', () => {
      const built = build('FROM a', 'ARG WHO', 'USER $WHO', 'RUN x');
      assert.equal(built.stateBefore(last(built)).user, '$WHO');
    });
  });

  describe('variables', () => {
    it('takes all pairs of one ENV from the state before it', () => {
      const built = build('FROM a', 'ENV abc=hello', 'ENV abc=bye def=$abc', 'RUN x');
      assert.equal(built.variable(last(built), 'abc'), 'bye');
      assert.equal(built.variable(last(built), 'def'), 'hello');
    });

    it('gives a global ARG its value only where it is declared again', () => {
      const built = build('ARG V=1', 'FROM a', 'RUN x', 'ARG V', 'RUN y');
      const [, , x, , y] = built.file.instructions;
      assert.ok(x && y);
      assert.equal(built.variable(x, 'V'), undefined);
      assert.equal(built.variable(y, 'V'), '1');
    });

    it('lets the last writer win in a stage', () => {
      const built = build('FROM a', 'ENV V=env', 'ARG V=arg', 'RUN x');
      assert.equal(built.variable(last(built), 'V'), 'arg');
    });

    it('keeps an ENV under an ARG without a value', () => {
      const built = build('FROM a', 'ENV V=env', 'ARG V', 'RUN x');
      assert.equal(built.variable(last(built), 'V'), 'env');
    });

    it('inherits ARG and ENV from the base stage, where ENV wins over a later ARG', () => {
      const built = build('FROM a AS b', 'ARG K=1', 'ENV V=env', 'ARG V=arg', 'FROM b AS c', 'FROM c', 'RUN x');
      assert.equal(built.variable(last(built), 'K'), '1');
      assert.equal(built.variable(last(built), 'V'), 'env');
    });

    it('knows the environment of official images', () => {
      const built = build('FROM golang:1.24', 'WORKDIR $GOPATH/src/app', 'RUN x');
      assert.equal(built.stateBefore(last(built)).cwd, '/go/src/app');
    });

    it('expands with modifiers and removes quotes, but does not guess', () => {
      const built = build('FROM a', 'ENV A=1', 'RUN x');
      assert.equal(built.expand(last(built), `"\${A:+yes}"`), 'yes');
      assert.equal(built.expand(last(built), '$UNKNOWN/x'), undefined);
    });

    it('gives up on a value that doubles on every line', () => {
      const lines = Array.from({ length: 100 }, () => 'ENV A=$A$A');
      const built = build('FROM a', 'ENV A=xx', ...lines, 'RUN x');
      assert.equal(built.variable(last(built), 'A'), undefined);
    });
  });

  it('reads 100,000 ENV lines and 1,000 stages built one on another', () => {
    const env = Array.from({ length: 100_000 }, (_, index) => `ENV V${index % 7}=$V${(index + 1) % 7}`);
    const long = build('FROM a', ...env, 'RUN x');
    assert.equal(long.variable(last(long), 'V0'), undefined);
    const stages = Array.from({ length: 1000 }, (_, index) => `FROM s${index} AS s${index + 1}\nWORKDIR $V`);
    const deep = build('FROM a AS s0', 'ENV V=v', ...stages, 'RUN x');
    assert.equal(deep.stateBefore(last(deep)).cwd, `/${'v/'.repeat(1000).slice(0, -1)}`);
    assert.equal(deep.needed.size, 1001);
  });
});
