// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is Dockerfile text here.
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { cut, flagsOf, keywordsAfterFrom, messages, problemsAfterFrom, second, texts } from './parsed.js';

describe('parseDockerfile', () => {
  const keywords = (text: string): string[] => parseDockerfile(text).instructions.map(({ keyword }) => keyword);

  describe('physical and logical lines', () => {
    it('joins a continued command byte by byte: indentation and the blank before the escape stay', () => {
      assert.equal(second('RUN a && \\\n  b', 'RUN').text, 'a &&   b');
      assert.equal(second('RUN a && \\\n    b', 'RUN').text, 'a &&     b');
      assert.equal(second('RUN ab\\\ncd', 'RUN').text, 'abcd');
    });

    it('leaves out blanks after the escape, trailing blanks, comments and blank lines inside', () => {
      const same = ['RUN a \\\n  b', 'RUN a \\  \t\n  b', 'RUN a \\\n# c\n  b', 'RUN a \\\n\n  b', 'RUN a \\\n  b  \n'];
      for (const lines of same) assert.equal(second(lines, 'RUN').text, 'a   b');
      assert.equal(second('RUN a \\\n\n# c\n  b', 'RUN').text, 'a   b');
    });

    it('leaves out the blanks between keyword and first word, and the case of the keyword', () => {
      assert.equal(second('run \t  a', 'RUN').text, 'a');
      assert.equal(second('  RUN a', 'RUN').text, 'a');
    });

    it('reads CRLF files like LF files', () => {
      const file = parseDockerfile('# escape=`\r\nFROM a\r\nRUN a `\r\n# c\r\n\r\n  b\r\nENV A=1 B=2\r\n');
      assert.deepEqual(messages(file), []);
      assert.deepEqual(
        file.instructions.map(({ text }) => text),
        ['a', 'a   b', 'A=1 B=2'],
      );
      assert.equal(file.comments[0]?.text, 'c');
    });

    it('drops a byte order mark', () => {
      const file = parseDockerfile('\ufeff# escape=`\nFROM a');
      assert.equal(file.escape, '`');
      assert.deepEqual(cut(file, parseDockerfile('\ufeffFROM a').instructions[0]?.keywordSpan), '# es');
      assert.equal(parseDockerfile('\ufeffFROM a').instructions[0]?.keyword, 'FROM');
    });

    it('takes a continuation inside a keyword', () => {
      assert.deepEqual(keywordsAfterFrom('RU\\\nN a\nL\\\nABEL a=b'), ['RUN', 'LABEL']);
    });

    it('ends an instruction whose last continued line is a comment at the next plain line', () => {
      const run = second('RUN a \\\n# c\nRUN b', 'RUN');
      assert.equal(run.text, 'a RUN b');
    });

    it('joins FROM … AS over two lines', () => {
      const from = parseDockerfile('FROM a \\\n AS b\n').instructions[0];
      assert(from?.keyword === 'FROM');
      assert.deepEqual([from.image?.text, from.alias?.text], ['a', 'b']);
    });

    it('reads an escape at the very end of the file as a continuation of nothing', () => {
      assert.equal(second('RUN a \\', 'RUN').text, 'a');
      assert.deepEqual(problemsAfterFrom('\\'), ['unknown instruction: ']);
    });
  });

  describe('directives and comments', () => {
    it('reads directives in any case and with blanks', () => {
      const file = parseDockerfile('#  Syntax =  docker/dockerfile:1 \n# ESCAPE=`\n#check=skip=all\nFROM a\n');
      assert.deepEqual(
        file.directives.map(({ name, value }) => [name, value]),
        [
          ['syntax', 'docker/dockerfile:1'],
          ['escape', '`'],
          ['check', 'skip=all'],
        ],
      );
      assert.equal(cut(file, file.directives[0]?.valueSpan), 'docker/dockerfile:1');
      assert.equal(cut(file, file.directives[1]?.span), '# ESCAPE=`');
      assert.deepEqual(file.comments, []);
    });

    it('takes a directive after a comment or a blank line for a comment', () => {
      for (const first of ['# my image', '', 'FROM x']) {
        const file = parseDockerfile(`${first}\n# escape=\`\nFROM a`);
        assert.equal(file.escape, '\\');
        assert(file.comments.some(({ text }) => text === 'escape=`'));
      }
    });

    it('knows comments only at the start of a line', () => {
      assert.equal(second('RUN echo hi # note', 'RUN').text, 'echo hi # note');
      assert.deepEqual(problemsAfterFrom('LABEL a=b # c'), [
        'Syntax error - can\'t find = in "#". Must be of the form: name=value',
      ]);
    });

    it('says which comments stand inside an instruction', () => {
      const file = parseDockerfile('# one\nFROM a\n  # two\nRUN a \\\n  # three\n  b\n# four\n');
      assert.deepEqual(
        file.comments.map(({ text, line, inside }) => [text, line, inside]),
        [
          ['one', 0, undefined],
          ['two', 2, undefined],
          ['three', 4, 1],
          ['four', 6, undefined],
        ],
      );
      assert.equal(cut(file, file.comments[2]?.span), '# three');
    });
  });

  describe('flags', () => {
    it('keeps switches and values apart', () => {
      const copy = second('COPY --link --parents=true --exclude=a --exclude=b x y', 'COPY');
      assert.deepEqual(flagsOf(copy), ['--link', '--parents=true', '--exclude=a', '--exclude=b']);
      assert.equal(copy.flags[0]?.value, undefined);
      assert.deepEqual([copy.text, problemsAfterFrom('COPY --link --parents=true --exclude=a x y')], ['x y', []]);
    });

    it('has the place of each flag and value, over continued lines too', () => {
      const file = parseDockerfile('FROM a\nRUN --mount=type=cache,\\\ntarget=/x \\\n  --network="none" make');
      const [mount, network] = file.instructions[1]?.flags ?? [];
      assert.equal(mount?.value, 'type=cache,target=/x');
      assert.equal(cut(file, mount?.span), '--mount=type=cache,\\\ntarget=/x');
      assert.equal(cut(file, mount?.valueSpan), 'type=cache,\\\ntarget=/x');
      assert.deepEqual([network?.value, cut(file, network?.valueSpan)], ['none', '"none"']);
      assert.equal(cut(file, file.instructions[1]?.textSpan), 'make');
    });

    it('reads the flags of FROM and HEALTHCHECK', () => {
      const from = parseDockerfile('FROM --platform=$BUILDPLATFORM a AS b').instructions[0];
      assert.deepEqual(from?.flags[0]?.value, '$BUILDPLATFORM');
      const health = second('HEALTHCHECK --interval=5s --retries=3 CMD curl x', 'HEALTHCHECK');
      assert.deepEqual(
        [flagsOf(health), health.kind, health.strings],
        [['--interval=5s', '--retries=3'], 'CMD', undefined],
      );
    });
  });

  describe('arguments', () => {
    it('reads exec forms wherever they may stand', () => {
      assert.deepEqual(texts(second('RUN ["a", "b"]', 'RUN').strings), ['a', 'b']);
      assert.deepEqual(texts(second('HEALTHCHECK CMD ["a"]', 'HEALTHCHECK').strings), ['a']);
      const volume = second('VOLUME ["/a b", "/c"]', 'VOLUME');
      assert.deepEqual([texts(volume.words), volume.json], [['/a b', '/c'], true]);
      assert.deepEqual(second('RUN []', 'RUN').strings, []);
    });

    it('cuts paths at blanks, quotes or not', () => {
      const copy = second('COPY "a b" /c', 'COPY');
      assert.deepEqual([texts(copy.sources), copy.destination?.text], [['"a', 'b"'], '/c']);
    });

    it('keeps Windows paths', () => {
      const file = parseDockerfile('# escape=`\nFROM a\nCOPY x `\n  C:\\app\\\nWORKDIR C:\\app\nRUN dir C:\\\n');
      assert.deepEqual(messages(file), []);
      const [, copy, workdir, run] = file.instructions;
      assert(copy?.keyword === 'COPY');
      assert.equal(copy.destination?.text, 'C:\\app\\');
      assert.deepEqual([workdir?.text, run?.text], ['C:\\app', 'dir C:\\']);
    });

    it('keeps quotes and escapes of ENV values as they are written', () => {
      const env = second('ENV A="x y" B=x\\ y C= D=\'z\'', 'ENV');
      assert.deepEqual(
        env.pairs.map(({ key, rawValue }) => [key, rawValue]),
        [
          ['A', '"x y"'],
          ['B', 'x\\ y'],
          ['C', ''],
          ['D', "'z'"],
        ],
      );
    });

    it('reads the legacy form of ENV', () => {
      const env = second('ENV A  b c=d', 'ENV');
      assert.deepEqual([env.legacy, env.pairs.map(({ key, rawValue }) => [key, rawValue])], [true, [['A', 'b c=d']]]);
    });

    it('reads a trigger as an instruction with places in the file', () => {
      const file = parseDockerfile('FROM a\nONBUILD COPY --link \\\n  x y\nRUN b');
      const onbuild = file.instructions[1];
      assert(onbuild?.keyword === 'ONBUILD' && onbuild.trigger?.keyword === 'COPY');
      const { trigger } = onbuild;
      assert.deepEqual([trigger.index, flagsOf(trigger), texts(trigger.sources)], [1, ['--link'], ['x']]);
      assert.equal(cut(file, trigger.span), 'COPY --link \\\n  x y');
      assert.equal(cut(file, trigger.destination?.span), 'y');
    });
  });

  describe('heredocs', () => {
    it('takes the bodies of several heredocs in their order', () => {
      const copy = second('COPY <<X <<Y /dest\nY\nX\nX\nY\nRUN b', 'COPY');
      assert.deepEqual(
        copy.heredocs.map(({ name, content }) => [name, content]),
        [
          ['X', 'Y\n'],
          ['Y', 'X\n'],
        ],
      );
      assert.deepEqual([copy.sources, copy.destination?.text], [[], '/dest']);
    });

    it('knows whether the body is expanded and whether its tabs go', () => {
      const heredoc = (operator: string): unknown[] => {
        const found = second(`RUN ${operator}\n\tx\nEOF\n`, 'RUN').heredocs[0];
        return [found?.expand, found?.chomp, found?.content];
      };
      assert.deepEqual(heredoc('<<EOF'), [true, false, '\tx\n']);
      assert.deepEqual(heredoc('<<-EOF'), [true, true, 'x\n']);
      assert.deepEqual(heredoc("<<'EOF'"), [false, false, '\tx\n']);
      assert.deepEqual(heredoc('<<-"EOF"'), [false, true, 'x\n']);
    });

    it('reads heredocs with redirections, in pipes, and in triggers', () => {
      assert.equal(second('RUN cat <<EOF > /f\nx\nEOF', 'RUN').heredocs[0]?.content, 'x\n');
      assert.equal(second('RUN cat <<EOF|sh\nx\nEOF|sh', 'RUN').heredocs[0]?.name, 'EOF|sh');
      const onbuild = second('ONBUILD RUN <<EOF\nx\nEOF\nRUN b', 'ONBUILD');
      assert.equal(onbuild.trigger?.heredocs[0]?.content, 'x\n');
      assert.deepEqual(keywordsAfterFrom('ONBUILD RUN <<EOF\nx\nEOF\nRUN b'), ['ONBUILD', 'RUN']);
    });

    it('does not take here-strings, quoted operators and shifts without blanks for heredocs', () => {
      for (const line of ['cat <<<EOF', 'echo "<<EOF"', "echo '<<EOF'", 'echo $((1<<2))', '["<<EOF"]']) {
        assert.deepEqual(keywordsAfterFrom(`RUN ${line}\nRUN b`), ['RUN', 'RUN'], line);
      }
    });

    it('takes no comment and no continuation from a body', () => {
      const file = parseDockerfile('FROM a\nRUN <<EOF\n# x\ny \\\nEOF\nRUN b');
      assert.deepEqual([file.comments, file.instructions.length], [[], 3]);
      assert.equal(file.instructions[1]?.heredocs[0]?.content, '# x\ny \\\n');
    });

    it('has the places of operator, body and terminator', () => {
      const file = parseDockerfile('FROM a\nRUN cat 3<<-"EOF" \\\n  >/f\n\tx\n\tEOF\nRUN b');
      const run = file.instructions[1];
      const heredoc = run?.heredocs[0];
      assert.deepEqual(
        [heredoc?.operatorSpan, heredoc?.bodySpan, heredoc?.terminatorSpan].map((span) => cut(file, span)),
        ['3<<-"EOF"', '\tx\n', 'EOF'],
      );
      assert.equal(cut(file, run?.span), 'RUN cat 3<<-"EOF" \\\n  >/f\n\tx\n\tEOF');
      assert.equal(cut(file, run?.textSpan), 'cat 3<<-"EOF" \\\n  >/f');
    });
  });

  describe('places', () => {
    it('has the places of words that a continuation cuts', () => {
      const file = parseDockerfile('FROM a\nCOPY one tw\\\no \\\n  # c\n  /x\n');
      const copy = file.instructions[1];
      assert(copy?.keyword === 'COPY');
      assert.deepEqual(texts(copy.sources), ['one', 'two']);
      assert.deepEqual(
        copy.sources.map(({ span }) => cut(file, span)),
        ['one', 'tw\\\no'],
      );
      assert.equal(cut(file, copy.destination?.span), '/x');
      assert.equal(cut(file, copy.span), 'COPY one tw\\\no \\\n  # c\n  /x');
    });

    it('has the places of keys and values', () => {
      const file = parseDockerfile('FROM a\nENV A="x" \\\n  BC=\\\n  D=$e\n');
      const env = file.instructions[1];
      assert(env?.keyword === 'ENV');
      assert.deepEqual(
        env.pairs.map(({ span, keySpan, valueSpan }) => [cut(file, span), cut(file, keySpan), cut(file, valueSpan)]),
        [
          ['A="x"', 'A', '"x"'],
          ['BC=', 'BC', ''],
          ['D=$e', 'D', '$e'],
        ],
      );
    });

    it('has the places of the strings of an exec form, quotes included', () => {
      const file = parseDockerfile('FROM a\nCMD ["a", \\\n  "b\\n"]');
      const cmd = file.instructions[1];
      assert(cmd?.keyword === 'CMD');
      assert.deepEqual(
        cmd.strings?.map(({ span }) => cut(file, span)),
        ['"a"', '"b\\n"'],
      );
    });

    it('ends an instruction before its trailing blanks', () => {
      const file = parseDockerfile('FROM a  \r\n\r\nRUN b\t\n');
      assert.deepEqual(
        file.instructions.map(({ span }) => cut(file, span)),
        ['FROM a', 'RUN b'],
      );
    });

    it('puts the place of missing arguments behind the keyword', () => {
      const file = parseDockerfile('FROM\n');
      assert.deepEqual(file.instructions[0]?.textSpan, { start: 4, end: 4 });
    });
  });

  it('goes on after what BuildKit rejects', () => {
    assert.deepEqual(keywords('FROM a\nENV A\nRNU b\nRUN c'), ['FROM', 'ENV', 'UNKNOWN', 'RUN']);
  });
});
