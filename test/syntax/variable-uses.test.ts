// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is Dockerfile text here.
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { variablesOf } from '../../server/syntax/variable-uses.js';
import { cut } from './parsed.js';

describe('variablesOf', () => {
  /** Source texts of the variables in the instruction after `FROM a`. */
  const found = (lines: string): (string | undefined)[] => {
    const file = parseDockerfile(`FROM a\n${lines}`);
    const instruction = file.instructions[1];
    assert(instruction !== undefined);
    return variablesOf(instruction, file).map(({ span }) => cut(file, span));
  };

  it('finds what BuildKit expands, and nothing in single quotes or behind an escape', () => {
    assert.deepEqual(found('ENV A=$x B="${y}/z" C=\'$no\' D=\\$no'), ['$x', '${y}']);
    assert.deepEqual(found('COPY --chown=$u ${s}/x /$d'), ['$u', '${s}', '/$d'.slice(1)]);
    assert.deepEqual(found('ARG A=$x'), ['$x']);
    assert.deepEqual(found('WORKDIR /$x'), ['$x']);
  });

  it('finds what a shell may expand', () => {
    assert.deepEqual(found('RUN printf "$a\\n$b" && echo \'$c\' $(echo ${d[@]}) $? $1 \\$no'), [
      '$a',
      '$b',
      '$c',
      '${d[@]}',
    ]);
    assert.deepEqual(found('CMD ["sh", "-c", "$a"]'), ['$a']);
    assert.deepEqual(found('ONBUILD RUN echo $a'), ['$a']);
  });

  it('finds lengths, references to names, and the names in arithmetic', () => {
    assert.deepEqual(found('RUN echo ${#a} ${!b} ${#} $# ${##}'), ['${#a}', '${!b}']);
    assert.deepEqual(found('RUN x=$((a + 0x1F * (b - $c) % ${d:-e})) f'), ['a', 'b', '$c', '${d:-e}']);
    assert.deepEqual(found('RUN x=$(( $(date +%s) - a )) && (b c) $((d)'), ['a', 'd']);
    assert.deepEqual(found('RUN <<E\necho $((a+1))\nE'), ['a']);
    assert.deepEqual(found('RUN echo \\$((a)) $(b $((c)) d)'), ['c']);
    assert.deepEqual(found('ENV A=$((a))$a'), ['$a']);
  });

  it('has name, modifier and places of nested and spaced substitutions', () => {
    const file = parseDockerfile('FROM a\nRUN x ${a:-b ${c##*/} d} ${e-f} ${g//h/i}');
    const run = file.instructions[1];
    assert(run !== undefined);
    assert.deepEqual(
      variablesOf(run, file).map(({ name, modifier, span, nameSpan }) => [
        name,
        modifier,
        cut(file, span),
        cut(file, nameSpan),
      ]),
      [
        ['a', ':-', '${a:-b ${c##*/} d}', 'a'],
        ['c', '##', '${c##*/}', 'c'],
        ['e', '-', '${e-f}', 'e'],
        ['g', '//', '${g//h/i}', 'g'],
      ],
    );
  });

  it('reads over continuations and leaves comments out', () => {
    assert.deepEqual(found('RUN $a \\\n  # $no\n  ${lo\\\nng}'), ['$a', '${lo\\\nng}']);
  });

  it('looks into heredoc bodies that are expanded', () => {
    assert.deepEqual(found('COPY <<E /x\n$a\n${b}\nE'), ['$a', '${b}']);
    assert.deepEqual(found("COPY <<'E' /x\n$a\nE"), []);
    assert.deepEqual(found("RUN <<'E'\necho $a\nE"), ['$a']);
  });

  it('finds those of a trigger by itself', () => {
    const file = parseDockerfile('FROM a\nONBUILD RUN echo $a');
    const onbuild = file.instructions[1];
    assert(onbuild?.keyword === 'ONBUILD' && onbuild.trigger !== undefined);
    assert.equal(variablesOf(onbuild.trigger, file)[0]?.name, 'a');
  });

  it('reads the escape that the file declares', () => {
    const file = parseDockerfile('# escape=`\nFROM a\nRUN dir C:\\$a `$no');
    const run = file.instructions[1];
    assert(run !== undefined);
    assert.deepEqual(
      variablesOf(run, file).map(({ name }) => name),
      ['a'],
    );
  });
});
