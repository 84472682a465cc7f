import assert from 'node:assert/strict';
import { buildOf } from '../../server/model/build.js';
import { globalArgsIn } from '../../server/model/global-args.js';
import { imagesIn } from '../../server/model/images.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

function images(text: string): string[] {
  const file = parseDockerfile(text);
  return imagesIn(buildOf(file)).map(
    ({ by, span, reference }) => `${by} ${file.text.slice(span.start, span.end)} = ${reference.name}:${reference.tag}`,
  );
}

describe('imagesIn', () => {
  it('lists what FROM, COPY --from and mounts name', () => {
    const text = `FROM node:22 AS build
COPY --from=composer:2 /usr/bin/composer /c
RUN --mount=type=bind,from="acme/tools:1",target=/t /t/run
`;
    assert.deepEqual(images(text), [
      'FROM node:22 = node:22',
      'COPY composer:2 = composer:2',
      'RUN acme/tools:1 = acme/tools:1',
    ]);
  });

  it('leaves stages, scratch, numbers and the main context out', () => {
    const text = `FROM scratch AS a
FROM a
COPY --from=a / /
COPY --from=0 / /
COPY --from=context / /
RUN --mount=from=scratch,target=/t true
`;
    assert.deepEqual(images(text), []);
  });

  it('expands FROM with the defaults of global ARGs', () => {
    assert.deepEqual(images('ARG V=22\nFROM node:$V\nFROM node:$UNKNOWN\n'), ['FROM node:$V = node:22']);
  });
});

describe('globalArgsIn', () => {
  it('gives the ARGs that a word uses, with what they expand to', () => {
    const build = buildOf(parseDockerfile('ARG A=1\nARG B=$A.2\nARG C\nFROM x:$B-$C\n'));
    assert.deepEqual(
      globalArgsIn(build, '$B-$C-$D').map(({ name, value }) => [name, value]),
      [
        ['B', '1.2'],
        ['C', undefined],
      ],
    );
  });
});
