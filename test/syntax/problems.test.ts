// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is Dockerfile text here.
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { cut, messages, problemsAfterFrom } from './parsed.js';

describe('what BuildKit rejects', () => {
  /** Each line after `FROM a` has exactly this problem. */
  function rejects(cases: Readonly<Record<string, string>>): void {
    for (const [line, message] of Object.entries(cases)) assert.deepEqual(problemsAfterFrom(line), [message], line);
  }

  /** No line after `FROM a` has a problem. */
  function accepts(lines: readonly string[]): void {
    for (const line of lines) assert.deepEqual(problemsAfterFrom(line), [], line);
  }

  const place = (text: string): (string | undefined)[] => {
    const file = parseDockerfile(text);
    return file.problems.map(({ span }) => cut(file, span));
  };

  it('rejects unknown instructions and proposes a near one', () => {
    rejects({
      'RNU x': 'unknown instruction: RNU (did you mean RUN?)',
      'copyy a b': 'unknown instruction: copyy (did you mean copy?)',
      'Fron a': 'unknown instruction: Fron (did you mean from?)',
      'apt-get update': 'unknown instruction: apt-get',
      'RN\\\nU x': 'unknown instruction: RNU (did you mean RUN?)',
    });
    assert.deepEqual(place('FROM a\nRUN b\nRNU x'), ['RNU']);
  });

  it('reports unknown instructions in a row once: a lost continuation', () => {
    assert.deepEqual(messages(parseDockerfile('FROM a\nRUN x &&\n  make &&\n  bar\nRUN y\nbaz')), [
      'unknown instruction: make',
      'unknown instruction: baz',
    ]);
  });

  it('reports a template once', () => {
    assert.deepEqual(messages(parseDockerfile('FROM a\n{{#files}}\nCOPY x\n{{/files}}\nRUN --x y')), [
      'unknown instruction: {{#files}}',
    ]);
  });

  it('rejects what stands before the first FROM, ARG excepted', () => {
    assert.deepEqual(messages(parseDockerfile('ARG A=1\nFROM a')), []);
    assert.deepEqual(messages(parseDockerfile('RUN x\nRUN y\nFROM a')), ['no build stage in current context']);
    assert.deepEqual(messages(parseDockerfile('ARG A')), ['dockerfile contains no stages to build']);
    assert.deepEqual(place('ARG A\nRUN x\nFROM a'), ['RUN']);
  });

  it('checks the arguments of FROM and the name of a stage', () => {
    const wrong = 'FROM requires either one or three arguments';
    rejects({ FROM: wrong, 'FROM a b': wrong, 'FROM a x b': wrong, 'FROM a AS b c': wrong, 'FROM a AS': wrong });
    rejects({
      'FROM a AS 1b': 'invalid name for build stage: "1b", name can\'t start with a number or contain symbols',
      'FROM a AS b/c': 'invalid name for build stage: "b/c", name can\'t start with a number or contain symbols',
    });
    accepts(['FROM a as B', 'FROM a AS b-c_d.e', 'FROM --platform=linux/amd64 a']);
  });

  it('checks how many arguments there are', () => {
    const two = 'requires at least two arguments, but only one was provided. Destination could not be determined';
    rejects({ 'COPY a': `COPY ${two}`, ADD: `ADD ${two}`, 'COPY ["a"]': `COPY ${two}` });
    for (const keyword of ['WORKDIR', 'USER', 'STOPSIGNAL', 'MAINTAINER']) {
      rejects({ [keyword]: `${keyword} requires exactly one argument` });
    }
    for (const keyword of ['ENV', 'LABEL', 'ARG', 'EXPOSE', 'VOLUME', 'ONBUILD', 'HEALTHCHECK', 'SHELL']) {
      rejects({ [keyword]: `${keyword} requires at least one argument` });
    }
    rejects({ 'RUN []': 'arguments are required', 'SHELL []': 'SHELL requires at least one argument' });
    accepts(['RUN', 'CMD', 'ENTRYPOINT []', 'CMD []', 'WORKDIR a b', 'USER a b']);
  });

  it('rejects blank names, empty volumes and a shell that is no array', () => {
    rejects({
      'ENV =b': 'ENV names can not be blank',
      'LABEL =b': 'LABEL names can not be blank',
      'ARG =b': 'ARG names can not be blank',
      'VOLUME ["/a", " "]': 'VOLUME specified can not be an empty string',
      'SHELL /bin/bash -c': 'SHELL requires the arguments to be in JSON form',
    });
  });

  it('rejects unknown, repeated and incomplete flags', () => {
    rejects({
      'COPY --form=b x y': 'unknown flag: --form (did you mean from?)',
      'RUN --cache x': 'unknown flag: --cache',
      'USER --x root': 'unknown flag: --x',
      'MAINTAINER --boo joe@example.com': 'unknown flag: --boo',
      'COPY --from=b --from=c x y': 'duplicate flag specified: --from',
      'COPY --from x y': 'missing a value on flag: --from',
      'COPY --link= x y': 'missing a value on flag: --link',
      'COPY --link=maybe x y': 'expecting boolean value for flag --link, not: maybe',
      'FROM --platfrom=x a': 'unknown flag: --platfrom (did you mean platform?)',
    });
    assert.deepEqual(place('FROM a\nCOPY --link --form=b x y'), ['--form=b']);
  });

  it('knows all flags, those of the labs frontend too', () => {
    accepts([
      'COPY --from=b --chown=1:2 --chmod=755 --link --exclude=a --exclude=b --parents x y',
      'ADD --chown=a --chmod=7 --link=true --keep-git-dir=TRUE --checksum=sha256:x --unpack=false --exclude=a x y',
      'RUN --mount=type=cache,target=/a --mount=type=cache,target=/b --network=none --security=insecure --device=x y',
      'HEALTHCHECK --interval=1m30s --timeout=500ms --start-period=0 --start-interval=1h --retries=3 CMD x',
      'COPY --from= x y',
    ]);
  });

  it('does not look at the flags of ARG, STOPSIGNAL and HEALTHCHECK NONE', () => {
    accepts(['ARG --x A', 'STOPSIGNAL --x 9', 'HEALTHCHECK --x NONE']);
  });

  it('checks network and security modes', () => {
    rejects({
      'RUN --network=foo x': 'invalid network mode "foo"',
      'RUN --security=foo x': 'security "foo" is not valid',
    });
  });

  it('rejects a heredoc as destination', () => {
    rejects({ 'COPY x <<EOF\nEOF': 'COPY cannot accept a heredoc as a destination' });
  });

  it('checks HEALTHCHECK', () => {
    rejects({
      'HEALTHCHECK NONE x': 'HEALTHCHECK NONE takes no arguments',
      'HEALTHCHECK CMD': 'Missing command after HEALTHCHECK CMD',
      'HEALTHCHECK CMD []': 'Missing command after HEALTHCHECK CMD',
      'HEALTHCHECK curl x': 'Unknown type "CURL" in HEALTHCHECK (try CMD)',
      'HEALTHCHECK --intervall=5s CMD x': 'unknown flag: --intervall (did you mean interval?)',
      'HEALTHCHECK --interval=5 CMD x': 'time: missing unit in duration "5"',
      'HEALTHCHECK --interval=x CMD x': 'time: invalid duration "x"',
      'HEALTHCHECK --interval=5d CMD x': 'time: unknown unit "d" in duration "5d"',
      'HEALTHCHECK --timeout=50ns CMD x': 'Interval "timeout" cannot be less than 1ms',
      'HEALTHCHECK --retries=x CMD x': 'strconv.ParseInt: parsing "x": invalid syntax',
      'HEALTHCHECK --retries=-1 CMD x': '--retries cannot be negative (-1)',
      'HEALTHCHECK --retries=2147483648 CMD x': 'strconv.ParseInt: parsing "2147483648": value out of range',
    });
    accepts(['HEALTHCHECK NONE', 'healthcheck none', 'HEALTHCHECK cmd curl x', 'HEALTHCHECK --interval=0s CMD x']);
  });

  it('checks the trigger of ONBUILD, as far as BuildKit does', () => {
    rejects({
      'ONBUILD FROM a': "FROM isn't allowed as an ONBUILD trigger",
      'ONBUILD maintainer a': "MAINTAINER isn't allowed as an ONBUILD trigger",
      'ONBUILD ONBUILD RUN a': "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
      'ONBUILD ENV A': 'ENV must have two arguments',
      'ONBUILD CMD ["a",1]': 'when using JSON array syntax, arrays must be comprised of strings only',
    });
    accepts(['ONBUILD RUN --whatever x', 'ONBUILD COPY a b']);
  });

  it('rejects expansions that fail for every value', () => {
    const failed = (text: string, reason: string): string => `failed to process ${JSON.stringify(text)}: ${reason}`;
    rejects({
      'ENV A=${B^}': failed('${B^}', 'unsupported modifier (^) in substitution'),
      'COPY ${A:#x} /y': failed('${A:#x}', 'unsupported modifier (:#) in substitution'),
      'WORKDIR ${}': failed('${}', 'syntax error: bad substitution'),
      'FROM a:${B': failed('a:${B', 'unsupported modifier (\uFFFD) in substitution'),
      'COPY --chown=${A^^} x y': failed('${A^^}', 'unsupported modifier (^) in substitution'),
      "LABEL a it's": failed("it's", 'unexpected end of statement while looking for matching single-quote'),
      'COPY <<E /x\n${a^}\nE': failed('${a^}\n', 'unsupported modifier (^) in substitution'),
      'USER ${A/b}': failed('${A/b}', "syntax error: missing '/' in ${}"),
    });
  });

  it('leaves alone what a shell expands, what is quoted, and what depends on a value', () => {
    accepts([
      'RUN echo ${B^} "',
      'CMD echo ${B^^}',
      "ENV A='${B^}'",
      'ENV A=${B:?must}',
      "COPY <<'E' /x\n${a^}\nE",
      'COPY <<E /x\nit"s\nE',
      'HEALTHCHECK CMD x ${B^}',
      "MAINTAINER it's me",
    ]);
  });

  it('rejects variables in COPY --from', () => {
    rejects({
      'COPY --from=$A x y':
        'variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround',
    });
    accepts(['COPY --from=later x y', 'COPY --from=0 x y']);
  });

  it('checks the check directive', () => {
    const check = (value: string): string[] => messages(parseDockerfile(`# check=${value}\nFROM a`));
    assert.deepEqual(check('skip=A,B;error=true'), []);
    assert.deepEqual(check('skipp=A'), ['failed to parse check options: invalid check option "skipp"']);
    assert.deepEqual(check('error=maybe'), [
      'failed to parse check options: failed to parse check option "error=maybe"',
    ]);
  });

  it('says nothing about files for another frontend', () => {
    for (const syntax of ['example.com/other/frontend', 'docker/other:1', 'Not a reference']) {
      assert.deepEqual(messages(parseDockerfile(`# syntax=${syntax}\nkey: value\nRUN <<EOF`)), [], syntax);
      assert.deepEqual(messages(parseDockerfile(`#!/usr/bin/env x\n# syntax=${syntax}\nkey: value`)), [], syntax);
      assert.deepEqual(messages(parseDockerfile(`// syntax=${syntax}\nkey: value`)), [], syntax);
    }
    for (const syntax of [
      'docker/dockerfile:1.7-labs',
      'docker.io/docker/dockerfile',
      'docker/dockerfile-upstream:master',
    ]) {
      assert.deepEqual(messages(parseDockerfile(`# syntax=${syntax}\nFROM a\nmake b`)), ['unknown instruction: make']);
    }
  });

  it('has the problems in the order of the text', () => {
    const file = parseDockerfile('FROM a\nFOO\nENV A\nCOPY x\n# escape=x\nRUN <<E');
    assert.deepEqual(
      file.problems.map(({ instruction }) => instruction),
      [1, 2, 3, 4],
    );
  });
});
