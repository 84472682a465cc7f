import assert from 'node:assert/strict';
import { type SplitRun, splitRun } from '../../server/model/split-run.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { parseShell } from '../../server/syntax/shell.js';

/** Cuts before the command whose name is `cut`. */
function split(run: string): SplitRun | undefined {
  const file = parseDockerfile(`FROM a\n${run}\n`);
  const instruction = file.instructions[1];
  assert.ok(instruction?.keyword === 'RUN');
  const script = parseShell(file, instruction, ['/bin/sh', '-c']);
  const at = script.commands.findIndex(({ name }) => name === 'cut');
  assert.notEqual(at, -1);
  return splitRun(file, instruction, script, at);
}

describe('splitRun', () => {
  it('cuts at &&, flags on both sides', () => {
    assert.deepEqual(split('RUN --mount=type=cache,target=/c a && b && cut x && d'), {
      head: 'RUN --mount=type=cache,target=/c a && b',
      tail: 'RUN --mount=type=cache,target=/c cut x && d',
    });
  });

  it('cuts at a continuation and keeps the lines behind it', () => {
    assert.deepEqual(split('RUN a \\\n  && cut \\\n  && d'), { head: 'RUN a', tail: 'RUN cut \\\n  && d' });
  });

  it('goes to the same folder and sets the same options again', () => {
    assert.deepEqual(split('RUN set -ex && cd web && export A=1 && a && cut'), {
      head: 'RUN set -ex && cd web && export A=1 && a',
      tail: 'RUN set -ex && cd web && export A=1 && cut',
    });
  });

  it('cuts at ; where a command that fails ends the script', () => {
    assert.deepEqual(split('RUN set -eux; \\\n  cd web; \\\n  a; \\\n  cut; \\\n  d'), {
      head: 'RUN set -eux; \\\n  cd web; \\\n  a',
      tail: 'RUN set -eux; cd web; cut; \\\n  d',
    });
  });

  it('cuts behind and before lists that may fail in their midst', () => {
    assert.deepEqual(split('RUN set -e; a && b; c; cut; d && e; f'), {
      head: 'RUN set -e; a && b; c',
      tail: 'RUN set -e; cut; d && e; f',
    });
  });

  it('goes to a folder again of which only what lies in it was removed', () => {
    assert.deepEqual(split('RUN cd /tmp/a && b && rm -rf * ../c && cut'), {
      head: 'RUN cd /tmp/a && b && rm -rf * ../c',
      tail: 'RUN cd /tmp/a && cut',
    });
  });

  const refused = [
    'RUN a; cut',
    'RUN a; set -e; cut',
    'RUN set -e; set +e; a; cut',
    'RUN set -e; a & cut',
    'RUN set -e; a && b; cut',
    'RUN set -e; test -d web && cd web; a; cut',
    'RUN set -e; a || b; c; cut',
    'RUN a && b; c; cut',
    'RUN set -e; if a; then b; fi; cut',
    'RUN a || b && cut',
    'RUN . ./env && cut',
    'RUN A=1 && cut',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of the shell
    'RUN : "${A:=1}" && cut $A',
    'RUN echo $((A = 1)) && cut $A',
    'RUN printf -v A 1 && cut $A',
    'RUN set -- a b && shift && cut $1',
    'RUN set -- $(date) && cut $1',
    'RUN a && mkdir -p dist && cd $_ && cut',
    'RUN a && mkdir -p dist && cut $_',
    'RUN export A=$(date) && cut',
    'RUN a | b && cut',
    'RUN a && (cut)',
    'RUN a && if true; then cut; fi',
    'RUN <<EOF\na\ncut\nEOF',
    'RUN ["sh", "-c", "a && cut"]',
    'RUN a && \\\n# why\n cut',
    'RUN cut',
    'RUN { a && cut; }',
    'RUN a && { b && cut; }',
    'RUN ! a && cut',
    'RUN --mount=type=tmpfs,target=/tmp a && cut',
    'RUN --mount=type=bind,target=/src,rw a && cut',
    'RUN conda activate b && a && cut',
    'RUN service mysql start && a && cut',
    'RUN cd /tmp/a && b && cd / && rm -rf /tmp/a && cut',
    'RUN cd /tmp/a && b && rm -rf /tmp/* && cut',
    'RUN cd a && b && mv ../a ../c && cut',
    'RUN cd a && b && rm -rf /app/a && cut',
  ];
  for (const run of refused) it(`does not cut ${run.replaceAll('\n', '⏎')}`, () => assert.equal(split(run), undefined));
});
