// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is Dockerfile text here.
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { lineAt } from '../../server/syntax/text.js';
import { expandWord } from '../../server/syntax/variables.js';
import { cut, flagsOf, keywordsAfterFrom, messages, problemsAfterFrom, second, texts } from './parsed.js';

/** Where dockerfile-ast 0.7.1 and BuildKit read a Dockerfile differently; BuildKit is right. */
describe('reading as BuildKit does, where dockerfile-ast does not', () => {
  const keywords = (text: string): string[] => parseDockerfile(text).instructions.map(({ keyword }) => keyword);
  const heredocs = (lines: string): string[][] =>
    second(lines, 'RUN').heredocs.map(({ name, content }) => [name, content]);
  const unset = (): undefined => undefined;
  const expand = (text: string | undefined): string | undefined =>
    expandWord(text ?? '', unset, { escape: '\\' }).value;

  describe('boundaries of instructions', () => {
    it('D-01: an unknown key ends the directives', () => {
      for (const first of ['# foo=bar', '# foo-bar=1']) {
        const file = parseDockerfile(`${first}\n# escape=\`\nFROM a\nRUN x \`\nRUN y`);
        assert.equal(file.escape, '\\');
        assert.deepEqual(file.directives, []);
        assert.equal(file.instructions.length, 3);
      }
    });

    it('D-02: a key with a blank in it is no directive', () => {
      const file = parseDockerfile('# es cape=`\nFROM a');
      assert.deepEqual([file.escape, file.directives.length], ['\\', 0]);
    });

    it('D-03: two or more escapes at the end of a line do not continue it', () => {
      assert.deepEqual(keywordsAfterFrom('RUN a \\\\\nRUN b'), ['RUN', 'RUN']);
      assert.deepEqual(keywordsAfterFrom('RUN a \\\\\\\nRUN b'), ['RUN', 'RUN']);
      assert.equal(second('RUN a \\\\\nRUN b', 'RUN').text, 'a \\\\');
    });

    it('D-04: a line with only the escape belongs to the next line', () => {
      assert.deepEqual(keywordsAfterFrom('\\\nRUN x'), ['RUN']);
    });

    it('D-05: blanks may stand between << and the word', () => {
      assert.deepEqual(keywordsAfterFrom('RUN << EOF\necho hi\nEOF'), ['RUN']);
      assert.deepEqual(heredocs('RUN << EOF\necho hi\nEOF'), [['EOF', 'echo hi\n']]);
    });

    it('D-06: blanks after <<- make it no heredoc', () => {
      assert.deepEqual(keywordsAfterFrom('RUN <<- EOF\n\techo hi\n\tEOF'), ['RUN', 'UNKNOWN', 'UNKNOWN']);
    });

    it('D-07: a file descriptor may stand before <<', () => {
      const run = second('RUN cat 3<<EOF\necho hi\nEOF\nRUN b', 'RUN');
      assert.equal(run.heredocs[0]?.fileDescriptor, 3);
      assert.deepEqual(keywordsAfterFrom('RUN cat 3<<EOF\necho hi\nEOF\nRUN b'), ['RUN', 'RUN']);
    });

    it('D-08: a delimiter may be quoted in part, and hold blanks', () => {
      assert.deepEqual(heredocs("RUN <<E'O'F\nhi\nEOF\nRUN b"), [['EOF', 'hi\n']]);
      assert.deepEqual(heredocs("RUN <<'one two'\nhi\none two\nRUN b"), [['one two', 'hi\n']]);
      assert.deepEqual(keywordsAfterFrom("RUN <<E'O'F\nhi\nEOF\nRUN b"), ['RUN', 'RUN']);
    });

    it('D-09: an odd quote anywhere on the line means no heredoc', () => {
      assert.deepEqual(heredocs('RUN echo "a" <<E"\nRUN b'), []);
      assert.deepEqual(keywordsAfterFrom("RUN it's <<EOF\nRUN b\nEOF"), ['RUN', 'RUN', 'UNKNOWN']);
    });

    it('D-10: an escaped << is no heredoc', () => {
      assert.deepEqual(keywordsAfterFrom('RUN \\<<E\nRUN b'), ['RUN', 'RUN']);
    });

    it('D-11: each operator has its own rule about tabs', () => {
      const lines = 'RUN <<-A cat <<B\n\t1\n\tA\n\t2\n\tB\nB\nRUN b';
      assert.deepEqual(heredocs(lines), [
        ['A', '1\n'],
        ['B', '\t2\n\tB\n'],
      ]);
      assert.deepEqual(keywordsAfterFrom(lines), ['RUN', 'RUN']);
    });

    it('D-12: backslashes in the last body line mean nothing', () => {
      assert.deepEqual(heredocs('RUN <<EOF\necho a\\b\nEOF'), [['EOF', 'echo a\\b\n']]);
      assert.deepEqual(heredocs('RUN <<EOF\necho \\;\n# stop\nEOF'), [['EOF', 'echo \\;\n# stop\n']]);
      assert.deepEqual(heredocs('RUN <<EOF\necho \\\nEOF'), [['EOF', 'echo \\\n']]);
    });

    it('D-13: form feeds separate words, a no-break space is white space, a lone CR ends no line', () => {
      assert.equal(second('RUN\fa', 'RUN').text, 'a');
      assert.equal(second('RUN\va', 'RUN').text, 'a');
      assert.deepEqual(keywordsAfterFrom('\u00a0# c\nRUN a'), ['RUN']);
      assert.equal(second('RUN a\rRUN b', 'RUN').text, 'a\rRUN b');
    });

    it('D-14: an escape, a blank and the escape continue the line', () => {
      assert.deepEqual(keywordsAfterFrom('RUN \\ \\\nb'), ['RUN']);
      assert.equal(second('RUN \\ \\\nb', 'RUN').text, '\\ b');
    });

    it('D-14b: heredoc words are read with the backslash, whatever the escape is', () => {
      const file = parseDockerfile('# escape=`\nFROM a\nRUN <<E`F\nhi\nE`F\nRUN b');
      assert.deepEqual(
        file.instructions.map(({ keyword }) => keyword),
        ['FROM', 'RUN', 'RUN'],
      );
      assert.equal(file.instructions[1]?.heredocs[0]?.name, 'E`F');
    });
  });

  describe('values', () => {
    it('D-15: comments and blank lines inside a continuation leave no trace', () => {
      assert.equal(second('RUN a \\\n   # c\n b', 'RUN').text, 'a  b');
      assert.equal(second('RUN a \\\n   \n b', 'RUN').text, 'a  b');
    });

    it('D-16: flag values are unquoted and may hold blanks', () => {
      const copy = second('COPY --from="b c" x y', 'COPY');
      assert.deepEqual([flagsOf(copy), texts(copy.sources)], [['--from=b c'], ['x']]);
      assert.deepEqual(flagsOf(second("COPY --chown='a' x y", 'COPY')), ['--chown=a']);
      assert.deepEqual(flagsOf(second('RUN --mount=type=secret,"id=a b",target=/x y', 'RUN')), [
        '--mount=type=secret,id=a b,target=/x',
      ]);
      assert.deepEqual(flagsOf(second('COPY --from=a\\ b x y', 'COPY')), ['--from=a b']);
    });

    it('D-17: -- ends the flags and disappears', () => {
      const copy = second('COPY --link -- --x y', 'COPY');
      assert.deepEqual([flagsOf(copy), copy.text], [['--link'], '--x y']);
    });

    it('D-18: every instruction has flags', () => {
      const cmd = second('CMD --doit ["a"]', 'CMD');
      assert.deepEqual([flagsOf(cmd), texts(cmd.strings)], [['--doit'], ['a']]);
      assert.deepEqual(flagsOf(second('EXPOSE --x 80', 'EXPOSE')), ['--x']);
      assert.deepEqual(flagsOf(second('LABEL --x a=b', 'LABEL')), ['--x']);
      assert.deepEqual(problemsAfterFrom('CMD --doit ["a"]'), ['unknown flag: --doit']);
    });

    it("D-19: a flag's letters beyond ASCII come out byte by byte", () => {
      assert.deepEqual(flagsOf(second('COPY --chown=é x y', 'COPY')), ['--chown=Ã©']);
    });

    it('D-20: strings of the exec form keep their blanks', () => {
      assert.deepEqual(texts(second('CMD ["a b"]', 'CMD').strings), ['a b']);
      const copy = second('COPY ["a b","/c d"]', 'COPY');
      assert.deepEqual([texts(copy.sources), copy.destination?.text], [['a b'], '/c d']);
      assert.deepEqual(texts(second('SHELL ["x","a = \'b\'"]', 'SHELL').strings), ['x', "a = 'b'"]);
    });

    it('D-21: JSON escapes are decoded', () => {
      assert.deepEqual(texts(second('CMD ["\\t","\\u0041","\\/"]', 'CMD').strings), ['\t', 'A', '/']);
    });

    it('D-22: what is no valid JSON is shell form', () => {
      for (const text of ['["a"] foo', '["a"]]', '["a",]', '["a\\x"]', '[]a', "['a']", '["a\tb"]']) {
        const cmd = second(`CMD ${text}`, 'CMD');
        assert.deepEqual([cmd.strings, cmd.text], [undefined, text]);
      }
    });

    it('D-23: a comment inside a continued array', () => {
      assert.deepEqual(texts(second('CMD ["a", \\\n# c\n "b"]', 'CMD').strings), ['a', 'b']);
    });

    it('D-24: ARG has several names', () => {
      const pairs = (text: string): unknown[] =>
        second(text, 'ARG').pairs.map(({ key, rawValue }) => (rawValue === undefined ? key : [key, rawValue]));
      assert.deepEqual(pairs('ARG A=1 B=2'), [
        ['A', '1'],
        ['B', '2'],
      ]);
      assert.deepEqual(pairs('ARG A B'), ['A', 'B']);
      assert.deepEqual(pairs('ARG foo bar=baz'), ['foo', ['bar', 'baz']]);
    });

    it('D-25: quotes in the middle of a value go', () => {
      const [pair] = second('ENV A=b"c d"e', 'ENV').pairs;
      assert.deepEqual([pair?.rawValue, expand(pair?.rawValue)], ['b"c d"e', 'bc de']);
    });

    it('D-26: quotes inside ${…} and in legacy values go', () => {
      assert.equal(expand(second('ENV A=${B:-"c d"}', 'ENV').pairs[0]?.rawValue), 'c d');
      const raw = second('ARG A=${B:+"x"}', 'ARG').pairs[0]?.rawValue ?? '';
      assert.equal(expandWord(raw, () => '1', { escape: '\\' }).value, 'x');
      const label = second('LABEL m x "y"', 'LABEL');
      assert.deepEqual([label.legacy, expand(label.pairs[0]?.rawValue)], [true, 'x y']);
    });

    it('D-27: tabs in a quoted, continued value stay', () => {
      assert.equal(expand(second('ENV A="x \\\n\ty"', 'ENV').pairs[0]?.rawValue), 'x \ty');
    });

    it("D-28: the syntax directive's value goes to the end of the line", () => {
      const file = parseDockerfile('# syntax=docker/dockerfile:1 extra\nFROM a');
      assert.equal(file.directives[0]?.value, 'docker/dockerfile:1 extra');
    });

    it('D-29: paths keep their backslashes', () => {
      assert.deepEqual(texts(second('COPY a\\*b /c', 'COPY').sources), ['a\\*b']);
      assert.deepEqual(texts(second('ADD \\x /y', 'ADD').sources), ['\\x']);
    });

    it('D-30: a blank last line belongs to the body', () => {
      assert.deepEqual(heredocs('RUN <<EOF\na\n\nEOF'), [['EOF', 'a\n\n']]);
    });

    it('D-31: only RUN, COPY and ADD have heredocs', () => {
      for (const keyword of ['USER', 'CMD', 'ENTRYPOINT', 'LABEL', 'WORKDIR']) {
        const file = parseDockerfile(`FROM a\n${keyword} <<EOF\nRUN b`);
        assert.deepEqual([file.instructions.length, file.instructions[1]?.heredocs], [3, []]);
      }
      assert.deepEqual(keywords('FROM a\nCOPY ["<<EOF", "/x"]\nRUN b'), ['FROM', 'COPY', 'RUN']);
    });

    it('D-32: the bytes 85 and A0 end a flag in the middle of a character', () => {
      const copy = second('COPY --chown=à x y', 'COPY');
      assert.deepEqual([flagsOf(copy), copy.text], [['--chown=Ã'], 'x y']);
    });
  });

  describe('what BuildKit rejects', () => {
    it('D-33: a file with no instructions', () => {
      for (const text of ['', '# c\n\n', '\n \n', '\ufeff'])
        assert.deepEqual(messages(parseDockerfile(text)), ['file with no instructions']);
    });

    it('D-34: ENV without a value, or with words that have no =', () => {
      assert.deepEqual(problemsAfterFrom('ENV A'), ['ENV must have two arguments']);
      assert.deepEqual(problemsAfterFrom('ENV A=1 B'), [
        'Syntax error - can\'t find = in "B". Must be of the form: name=value',
      ]);
      assert.deepEqual(problemsAfterFrom('ENV A=${B:-c d}'), [
        'Syntax error - can\'t find = in "d}". Must be of the form: name=value',
      ]);
    });

    it('D-35: arrays of something else than strings', () => {
      for (const text of ['["a",1]', '["a",["b"]]', '["a",null]', '[{}]']) {
        assert.deepEqual(problemsAfterFrom(`CMD ${text}`), [
          'when using JSON array syntax, arrays must be comprised of strings only',
        ]);
      }
    });

    it('D-36: a heredoc without its end; a shift in $(( )) is taken for one', () => {
      for (const lines of ['RUN <<EOF\nhi', 'RUN echo $((1 << 2))']) {
        const file = parseDockerfile(`FROM a\n${lines}`);
        assert.deepEqual(messages(file), ['unterminated heredoc']);
        assert.match(cut(file, file.problems[0]?.span) ?? '', /^<</);
      }
    });

    it('D-37: a directive given twice, an escape that is none', () => {
      assert.deepEqual(messages(parseDockerfile('# escape=`\n# escape=`\nFROM a')), [
        'only one escape parser directive can be used',
      ]);
      assert.deepEqual(
        messages(parseDockerfile('# syntax=docker/dockerfile:1\n# syntax=docker/dockerfile:1\nFROM a')),
        ['only one syntax parser directive can be used'],
      );
      assert.deepEqual(messages(parseDockerfile('# escape=x\nFROM a')), [
        "invalid escape token 'x' does not match ` or \\",
      ]);
    });

    it('D-38: a line of 64 KiB', () => {
      const line = (bytes: number): string => `FROM a\nRUN ${'x'.repeat(bytes - 4)}\nRUN b`;
      assert.deepEqual(messages(parseDockerfile(line(65_535))), []);
      const file = parseDockerfile(line(65_536));
      assert.deepEqual(messages(file), ['dockerfile line greater than max allowed size of 65535']);
      assert.equal(lineAt(file.lineStarts, file.problems[0]?.span.start ?? 0), 1);
      assert.deepEqual(problemsAfterFrom(`RUN ${'é'.repeat(32_766)}`), [
        'dockerfile line greater than max allowed size of 65535',
      ]);
    });

    it('D-39: an odd quote in a value is read, and cannot be expanded', () => {
      assert.equal(second('ENV A="b', 'ENV').pairs[0]?.rawValue, '"b');
      assert.deepEqual(problemsAfterFrom('ENV A="b'), [
        'failed to process "\\"b": unexpected end of statement while looking for matching double-quote',
      ]);
      const [message] = problemsAfterFrom("ENV name='a\\'b'");
      assert.match(message ?? '', /unexpected end of statement while looking for matching single-quote$/);
    });
  });

  describe('exceptions and positions', () => {
    it('D-40: a first body line that is only the escape', () => {
      assert.deepEqual(heredocs('RUN <<E\n\\\n E\nE'), [['E', '\\\n E\n']]);
    });

    it('D-41: the last line of an instruction that the file cuts off', () => {
      const lastLine = (text: string): number => {
        const file = parseDockerfile(text);
        return lineAt(file.lineStarts, (file.instructions[1]?.span.end ?? 0) - 1);
      };
      assert.equal(lastLine('FROM a\nRUN a \\\n'), 1);
      assert.equal(lastLine('FROM a\nRUN a \\\n#c\n'), 2);
    });

    it('D-42: an escape directive without a value is none', () => {
      const file = parseDockerfile('# escape=\nFROM a');
      assert.deepEqual([file.directives, messages(file)], [[], []]);
    });
  });
});
