import assert from 'node:assert/strict';
import { parseShell } from '../../server/syntax/shell.js';
import { commandNamed, linesOf, scriptOf } from '../helpers/scripts.js';

/** Source texts of all commands. */
function sourcesOf(text: string): string[] {
  const { file, script } = scriptOf(text);
  return script.commands.map(({ span }) => file.text.slice(span.start, span.end));
}

describe('parseShell: which text the shell reads', () => {
  it('lists the commands of a one-line RUN with their places', () => {
    const text = 'FROM node\nRUN --mount=type=cache,target=/root/.npm npm ci && npm run build\n';
    const { file, script } = scriptOf(text);
    assert.deepEqual(linesOf(script), ['npm ci', 'npm run build']);
    const [install] = script.commands;
    assert.deepEqual(install?.nameSpan, { start: text.indexOf('npm ci'), end: text.indexOf('npm ci') + 3 });
    assert.equal(file.text.slice(install?.span.start, install?.span.end), 'npm ci');
    assert.equal(script.language, 'shell');
    assert.equal(script.complete, true);
  });

  it('passes over comment and blank lines inside a continuation', () => {
    const text =
      'FROM a\nRUN set -eux; \\\n# the tools\n\tapt-get update; \\\n\n   # more\n\tapt-get install -y curl\n';
    assert.deepEqual(sourcesOf(text), ['set -eux', 'apt-get update', 'apt-get install -y curl']);
  });

  it('joins words across continuations as Docker does, quoted ones too', () => {
    const { file, script } = scriptOf('FROM a\nRUN ec\\\nho \'a\\\nb\' "c\\\nd"\n');
    assert.deepEqual(linesOf(script), ['echo ab cd']);
    assert.deepEqual(
      script.commands[0]?.args.map((arg) => arg.text),
      ["'a\\\nb'", '"c\\\nd"'],
    );
    const name = script.commands[0]?.nameSpan;
    assert.equal(file.text.slice(name?.start, name?.end), 'ec\\\nho');
  });

  it('knows that a comment behind a command swallows the continued lines', () => {
    assert.deepEqual(sourcesOf('FROM a\nRUN npm ci # install \\\n && npm test\n'), ['npm ci']);
  });

  it('reads CRLF files, blanks behind the escape and lower-case keywords', () => {
    const text = 'FROM a\r\nrun apt-get update \\\r\n  && apt-get install -y \\  \r\n     curl\r\n';
    assert.deepEqual(linesOf(scriptOf(text).script), ['apt-get update', 'apt-get install -y curl']);
  });

  it('takes the backtick for the escape where a directive says so', () => {
    const text = '# escape=`\nFROM a\nRUN a one `\n  && b `\n  two\n';
    assert.deepEqual(linesOf(scriptOf(text).script), ['a one', 'b two']);
  });

  it('takes the body of RUN <<EOF for the script', () => {
    const { file, script } = scriptOf('FROM a\nRUN <<EOF\nset -e\nnpm ci # deps\nif x; then\n  npm test\nfi\nEOF\n');
    assert.deepEqual(linesOf(script), ['set -e', 'npm ci', 'x', 'npm test']);
    const { nameSpan } = commandNamed(script, 'npm');
    assert.equal(file.text.slice(nameSpan.start - 7, nameSpan.end + 3), 'set -e\nnpm ci');
  });

  it('drops the leading tabs of <<- and the carriage returns of a CRLF file', () => {
    const text = 'FROM a\r\nRUN <<-EOF\r\n\tcat <<-X > f\r\n\t\thi\r\n\tX\r\n\tnpm ci\r\n\tEOF\r\n';
    const { script } = scriptOf(text);
    assert.deepEqual(linesOf(script), ['cat', 'npm ci']);
    assert.equal(script.complete, true);
  });

  it('runs a heredoc with a shell shebang, not one of another interpreter', () => {
    assert.deepEqual(linesOf(scriptOf('FROM a\nRUN <<EOF\n#!/bin/bash -e\nnpm ci\nEOF\n').script), ['npm ci']);
    assert.deepEqual(linesOf(scriptOf('FROM a\nRUN <<EOF\n#!/usr/bin/env bash\nnpm ci\nEOF\n').script), ['npm ci']);
    const python = scriptOf('FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nprint("x")\nEOF\n').script;
    assert.equal(python.language, 'none');
    assert.deepEqual(python.commands, []);
  });

  it('takes a heredoc of a command for its input', () => {
    const { script } = scriptOf('FROM a\nRUN cat <<EOF > /etc/x && npm ci\nnot a command $(date)\nEOF\n');
    assert.deepEqual(linesOf(script), ['cat', 'npm ci', 'date']);
    assert.deepEqual(
      script.commands[0]?.redirects.map(({ operator, target }) => [operator, target?.value]),
      [
        ['<<', 'EOF'],
        ['>', '/etc/x'],
      ],
    );
  });

  it('looks into the input of a shell', () => {
    const { script } = scriptOf("FROM a\nRUN bash -ex <<'EOF'\nnpm ci\nnpm test\nEOF\n");
    assert.deepEqual(linesOf(script), ['bash -ex', 'npm ci', 'npm test']);
    assert.deepEqual(
      script.commands.map((one) => one.depth),
      [0, 1, 1],
    );
    assert.equal(script.failsFast, true);
  });

  it('gives a word that goes on in a heredoc as it is written, with the blank that BuildKit drops', () => {
    const text = 'FROM a\nRUN <<E x $({ \nE\n';
    const [word] = scriptOf(text).script.commands[0]?.args ?? [];
    assert.equal(word?.text, text.slice(word?.span.start, word?.span.end));
  });

  it('reads several heredocs and what stands behind them', () => {
    const text = 'FROM a\nRUN cat <<A > a && cat <<B > b && after\n1\nA\n2\nB\n';
    assert.deepEqual(linesOf(scriptOf(text).script), ['cat', 'cat', 'after']);
  });

  it('reads the command of a HEALTHCHECK, but not NONE', () => {
    assert.deepEqual(linesOf(scriptOf('FROM a\nHEALTHCHECK --interval=5s CMD curl -f x || exit 1\n').script), [
      'curl -f x',
      'exit 1',
    ]);
    assert.equal(scriptOf('FROM a\nHEALTHCHECK NONE\n').script.language, 'none');
  });

  it('stays silent where the shell is not one of the POSIX family', () => {
    for (const shell of [
      ['cmd', '/S', '/C'],
      ['powershell', '-Command'],
      ['/usr/bin/pwsh', '-c'],
      ['python3', '-c'],
    ]) {
      const { script } = scriptOf('FROM a\nRUN echo hi; npm ci\n', shell);
      assert.deepEqual([script.language, script.commands.length], ['none', 0], shell.join(' '));
    }
    assert.equal(scriptOf('FROM a\nRUN powershell -Command $x = 1; Foo\n').script.language, 'none');
  });

  it('finds the shell behind another program in SHELL', () => {
    const conda = ['conda', 'run', '-n', 'env', '/bin/bash', '-c'];
    assert.deepEqual(linesOf(scriptOf('FROM a\nRUN pip install x\n', conda).script), ['pip install x']);
  });

  it('answers a second question from memory, and again for another SHELL', () => {
    const { file, instruction, script } = scriptOf('FROM a\nRUN npm ci\n');
    assert.equal(parseShell(file, instruction, ['/bin/sh', '-c']), script);
    assert.equal(parseShell(file, instruction, ['cmd']).language, 'none');
  });

  it('keeps what it found in broken text', () => {
    for (const broken of ['npm ci "open', 'npm ci && if x; then', 'npm ci && ']) {
      const { script } = scriptOf(`FROM a\nRUN ${broken}\n`);
      assert.equal(script.complete, false, broken);
      assert.equal(script.commands[0]?.name, 'npm', broken);
    }
  });
});

describe('parseShell: exec form', () => {
  it('is one command with decoded strings', () => {
    const { file, script } = scriptOf('FROM a\nCMD ["/usr/bin/node", "a b", "\\u0041"]\n');
    assert.equal(script.language, 'exec');
    assert.deepEqual(linesOf(script), ['node a b A']);
    const { nameSpan } = commandNamed(script, 'node');
    assert.equal(file.text.slice(nameSpan.start, nameSpan.end), '/usr/bin/node');
  });

  it('looks into sh -c, through JSON escapes and wrappers', () => {
    const { file, script } = scriptOf(
      'FROM a\nENTRYPOINT ["tini", "--", "sh", "-c", "echo \\"a b\\" && exec node x"]\n',
    );
    assert.deepEqual(linesOf(script), ['sh -c echo "a b" && exec node x', 'echo a b', 'node x']);
    const node = commandNamed(script, 'node');
    assert.deepEqual(node.wrappers, ['tini', 'sh', 'exec']);
    assert.equal(file.text.slice(node.nameSpan.start, node.nameSpan.end), 'node');
  });

  it('expands nothing', () => {
    assert.deepEqual(linesOf(scriptOf('FROM a\nCMD ["echo", "$HOME", "&&"]\n').script), ['echo $HOME &&']);
  });

  it('has no command in an empty array', () => {
    assert.deepEqual(scriptOf('FROM a\nCMD []\n').script.commands, []);
  });
});

describe('parseShell: words', () => {
  it('removes quotes and escapes, and leaves open what an expansion decides', () => {
    const { script } = scriptOf(
      `FROM a\nRUN cp 'a b' "c" d\\ e $'f\\n' "$X" \${Y:-z} $(pwd) $((1+1)) '$n' \\$m *.txt {a,b} ~/x <(ls)\n`,
    );
    assert.deepEqual(
      script.commands[0]?.args.map((arg) => arg.value),
      [
        'a b',
        'c',
        'd e',
        'f\n',
        undefined,
        undefined,
        undefined,
        undefined,
        '$n',
        '$m',
        '*.txt',
        '{a,b}',
        '~/x',
        undefined,
      ],
    );
  });

  it('keeps assignments, redirects and arguments apart', () => {
    const { file, script } = scriptOf('FROM a\nRUN A=1 B="$X" >log npm ci 2>&1 <in >>/dev/null\n');
    const [command] = script.commands;
    assert.deepEqual(
      command?.assignments.map(({ name, value }) => [name, value]),
      [
        ['A', '1'],
        ['B', undefined],
      ],
    );
    assert.deepEqual(
      command?.redirects.map(({ operator, target }) => operator + (target?.value ?? '')),
      ['>log', '2>&1', '<in', '>>/dev/null'],
    );
    assert.deepEqual(
      command?.args.map((arg) => arg.value),
      ['ci'],
    );
    assert.equal(
      file.text.slice(command?.span.start, command?.span.end),
      'A=1 B="$X" >log npm ci 2>&1 <in >>/dev/null',
    );
  });

  it('has no program where there are only assignments or redirects', () => {
    const { script } = scriptOf('FROM a\nRUN V=1.2 && > /tmp/x && curl "$V"\n');
    assert.deepEqual(
      script.commands.map((one) => one.name),
      ['', '', 'curl'],
    );
  });

  it('gives an export its words', () => {
    assert.deepEqual(linesOf(scriptOf('FROM a\nRUN export A=1 B="$X" C\n').script), ['export A=1 ? C']);
  });

  it('knows no name where an expansion decides', () => {
    assert.equal(scriptOf('FROM a\nRUN $CMD install\n').script.commands[0]?.name, undefined);
  });
});

describe('parseShell: wrappers', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['sudo -E -u app npm ci', 'npm ci', ['sudo']],
    ['sudo --user app -- npm ci', 'npm ci', ['sudo']],
    ['env A=1 B=2 /usr/bin/npm ci', 'npm ci', ['env']],
    ['env -u X -i npm ci', 'npm ci', ['env']],
    ['time npm ci', 'npm ci', ['time']],
    ['exec npm start', 'npm start', ['exec']],
    ['command npm ci', 'npm ci', ['command']],
    ['command -v npm', 'command -v npm', []],
    ['nice -n 10 ionice -c3 npm ci', 'npm ci', ['nice', 'ionice']],
    ['timeout -k 5 10m npm ci', 'npm ci', ['timeout']],
    ['nohup eatmydata apt-get install x', 'apt-get install x', ['nohup', 'eatmydata']],
    ['gosu "$USER" npm ci', 'npm ci', ['gosu']],
    ['su-exec node:node npm ci', 'npm ci', ['su-exec']],
    ['dumb-init -- npm start', 'npm start', ['dumb-init']],
    ['busybox wget x', 'wget x', ['busybox']],
    ['cat l | xargs -0 apt-get install -y', 'apt-get install -y', ['xargs']],
    ['corepack pnpm install', 'pnpm install', ['corepack']],
    ['corepack enable pnpm', 'corepack enable pnpm', []],
    ['xvfb-run -s "-screen 0" npm test', 'npm test', ['xvfb-run']],
    ['env', 'env', []],
    ['sudo -l', 'sudo -l', []],
  ];
  for (const [written, command, wrappers] of cases) {
    it(`${written} → ${command}`, () => {
      const { script } = scriptOf(`FROM a\nRUN ${written}\n`);
      const last = script.commands.at(-1);
      assert.equal(linesOf(script).at(-1), command);
      assert.deepEqual(last?.wrappers, wrappers);
    });
  }

  it('takes the assignments of env and starts the span at the outermost wrapper', () => {
    const { file, script } = scriptOf('FROM a\nRUN time env A=1 npm ci\n');
    const [command] = script.commands;
    assert.deepEqual(
      command?.assignments.map(({ name, value }) => [name, value]),
      [['A', '1']],
    );
    assert.equal(file.text.slice(command?.span.start, command?.span.end), 'time env A=1 npm ci');
  });

  it('looks into sh -c with one quoted script', () => {
    const scripts = [
      `sh -c 'npm ci && npm test'`,
      `bash -lc "npm ci && npm test"`,
      `sudo -u x bash -o pipefail -c "npm ci && npm test"`,
      `su - node -c 'npm ci && npm test'`,
      `bash -euxo pipefail -c 'npm ci && npm test'`,
    ];
    for (const written of scripts) {
      const { script } = scriptOf(`FROM a\nRUN ${written}\n`);
      assert.deepEqual(linesOf(script).slice(1), ['npm ci', 'npm test'], written);
      assert.equal(script.commands[1]?.depth, 1, written);
      assert.equal(script.commands[2]?.previous, 1, written);
    }
  });

  it('reads a double-quoted script as the inner shell gets it', () => {
    const { file, script } = scriptOf(
      'FROM a\nRUN bash -c "source $NVM/nvm.sh && echo \\"\\$X\\" && nvm install 20"\n',
    );
    assert.deepEqual(linesOf(script).slice(1), ['source ?', 'echo ?', 'nvm install 20']);
    const { nameSpan } = commandNamed(script, 'nvm');
    assert.equal(file.text.slice(nameSpan.start, nameSpan.end + 8), 'nvm install');
  });

  it('does not guess at a script that is put together', () => {
    for (const written of [`sh -c "$(cat x)"`, `sh -c 'a'"$B"`, 'sh -c "$@"', 'sh script.sh']) {
      const { script } = scriptOf(`FROM a\nRUN ${written}\n`);
      assert.ok(!script.commands.some((one) => one.wrappers.includes('sh')), written);
    }
  });

  it('hands surrounding assignments and redirects down', () => {
    const { script } = scriptOf(`FROM a\nRUN A=1 sh -c 'npm ci' > log && { x; y; } 2>/dev/null\n`);
    assert.deepEqual(
      commandNamed(script, 'npm').assignments.map((one) => one.name),
      ['A'],
    );
    assert.deepEqual(
      commandNamed(script, 'y').redirects.map((one) => one.operator),
      ['2>'],
    );
  });
});

describe('parseShell: certainty', () => {
  /** Names of the commands that surely run. */
  function certain(run: string): string[] {
    return scriptOf(`FROM a\nRUN ${run}\n`)
      .script.commands.filter((one) => one.certain)
      .map((one) => one.name ?? '?');
  }

  const cases: readonly (readonly [string, string])[] = [
    ['a && b && c', 'a b c'],
    ['a; b; c', 'a b c'],
    ['a || b', 'a'],
    ['a || b && c', 'a c'],
    ['a && b || c', 'a'],
    ['a && b; c', 'a c'],
    ['a && b || exit 1; c', 'a b c'],
    ['a && b || { echo no; exit 1; }; c', 'a b c'],
    ['a && b || false', 'a b'],
    ['(a && b || exit 1); c', 'a c'],
    ['set -e; a; b && c; d', 'set a b d'],
    ['a & b', 'b'],
    ['a | b', 'a b'],
    ['! a && b', 'a b'],
    ['{ a; b; } && (c && d)', 'a b c d'],
    ['if a; then b; else c; fi; d', 'd'],
    ['for x in 1 2; do a; done && b', 'b'],
    ['while a; do b; done; c', 'c'],
    ['case $X in 1) a;; *) b;; esac; c', 'c'],
    ['f() { a; }; f', 'f'],
    ['[ -f x ] && a', '[ a'],
    ['[ -f x ] && a; b', '[ b'],
    ['[[ -f x ]] && a', 'a'],
    ['test -f x || exit 0; a', 'test'],
    ['a || exit 1; b', 'a b'],
    ['if a; then exit 0; fi; b', ''],
    ['(exit 0); a', 'exit a'],
    ['exec a; b', 'a'],
    ['X=$(a | b) && c', ' a b c'],
    ['X=$(a && b) && c', ' a c'],
    ['echo x | xargs -n1 a', 'echo'],
    ['echo x | xargs a', 'echo a'],
  ];
  for (const [run, names] of cases) {
    it(`${run} → ${names}`, () => assert.deepEqual(certain(run).join(' '), names));
  }
});

describe('parseShell: how commands hang together', () => {
  it('links each command to the one before it in its list', () => {
    const { script } = scriptOf('FROM a\nRUN a && b | c; d || e & f && (g && h) && i\n');
    assert.deepEqual(
      script.commands.map((one) => [one.name, one.joinedBy, script.commands[one.previous ?? -1]?.name]),
      [
        ['a', undefined, undefined],
        ['b', '&&', 'a'],
        ['c', '|', 'b'],
        ['d', ';', 'c'],
        ['e', '||', 'd'],
        ['f', '&', 'e'],
        ['g', undefined, undefined],
        ['h', '&&', 'g'],
        ['i', '&&', 'h'],
      ],
    );
    assert.deepEqual(
      script.commands.filter((one) => one.piped).map((one) => one.name),
      ['b', 'c'],
    );
  });

  it('counts subshells, substitutions and sh -c as depth', () => {
    const { script } = scriptOf("FROM a\nRUN a; (b; echo $(c `d`)); { e; }; sh -c '(f)'\n");
    assert.deepEqual(
      script.commands.map((one) => `${one.name}${one.depth}`),
      ['a0', 'b1', 'echo1', 'c2', 'd3', 'e0', 'sh0', 'f2'],
    );
  });

  it('links past a substitution to the command that holds it', () => {
    const { script } = scriptOf('FROM a\nRUN echo $(date) && b\n');
    assert.equal(script.commands[commandNamed(script, 'b').previous ?? -1]?.name, 'echo');
  });

  const fast: readonly (readonly [string, boolean])[] = [
    ['a', true],
    ['a && b', true],
    ['a | b && c', true],
    ['a; b', false],
    ['a && b || true', false],
    ['a & b', false],
    ['set -e; a; b', true],
    ['set -eux; a || b', true],
    ['set -o errexit; a; b', true],
    ['set -x; set -e; a; b', true],
    ['a; set -e; b', false],
    ['set -e; a; set +e; b', false],
    ['{ a && b; }', true],
    ['(a; b)', false],
    ['if a; then b; fi', true],
    ['if a; then b; c; fi', false],
    ['for x in 1 2; do a; done', false],
    [`sh -c 'a; b'`, false],
    [`sh -ec 'a; b'`, true],
    [`sh -c 'set -e; a; b'`, true],
    ['echo $(a; b)', true],
  ];
  for (const [run, expected] of fast) {
    it(`${run}: a failure ${expected ? 'fails the RUN' : 'may go unnoticed'}`, () => {
      assert.equal(scriptOf(`FROM a\nRUN ${run}\n`).script.failsFast, expected);
    });
  }

  it('knows set -e from SHELL and shebang', () => {
    assert.equal(scriptOf('FROM a\nRUN a; b\n', ['/bin/bash', '-ec']).script.failsFast, true);
    assert.equal(scriptOf('FROM a\nRUN a; b\n', ['/bin/bash', '-o', 'errexit', '-c']).script.failsFast, true);
    assert.equal(scriptOf('FROM a\nRUN a; b\n', ['/bin/bash', '-o', 'pipefail', '-c']).script.failsFast, false);
    assert.equal(scriptOf('FROM a\nRUN <<E\n#!/bin/sh -e\na\nb\nE\n').script.failsFast, true);
    assert.equal(scriptOf('FROM a\nRUN <<E\na\nb\nE\n').script.failsFast, false);
  });
});
