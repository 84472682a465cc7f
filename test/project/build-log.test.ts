import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { readBuildLog } from '../../server/project/build-log.js';

const read = (text: string) => readBuildLog(Buffer.from(text));

describe('readBuildLog', () => {
  it('reads --progress=plain', () => {
    const log = read(
      [
        '#0 building with "default" instance using docker driver',
        '#4 [internal] load .dockerignore',
        '#4 DONE 0.0s',
        '#8 [build 3/6] COPY src/ ./src/',
        '#8 DONE 0.1s',
        '#9 [build 4/6] RUN echo "#8 DONE 9s" &&     make',
        '#9 0.179 hello',
        '#9 DONE 61.2s',
        '#10 [stage-1 2/3] COPY --from=build /app /app',
        '#10 CACHED',
        '#11 [stage-1 3/3] RUN false',
        '#11 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1',
      ].join('\n'),
    );
    assert.deepEqual(log, {
      format: 'plain',
      cached: 1,
      steps: [
        { stage: 'build', text: 'COPY src/ ./src/', seconds: [0.1] },
        { stage: 'build', text: 'RUN echo "#8 DONE 9s" && make', seconds: [61.2] },
      ],
    });
  });

  it('reads what CI systems make of it', () => {
    const log = read(
      '2024-01-31T10:00:00.1234567Z #7 [2/2] RUN make\r\n2024-01-31T10:00:03.1234567Z \x1b[36m#7 DONE 3.0s\x1b[0m\r\n',
    );
    assert.deepEqual(log?.steps, [{ stage: undefined, text: 'RUN make', seconds: [3] }]);
  });

  it('leaves the platform out of the stage', () => {
    const log = read(
      '#7 [linux/arm64/v8 build 2/2] RUN make\n#7 DONE 3.0s\n#8 [linux/amd64 2/2] RUN a\n#8 DONE 1.0s\n',
    );
    assert.deepEqual(
      log?.steps.map(({ stage, text }) => [stage, text]),
      [
        ['build', 'RUN make'],
        [undefined, 'RUN a'],
      ],
    );
  });

  it('reads --progress=rawjson, where a step is told of several times', () => {
    const vertex = (name: string, rest: object) => JSON.stringify({ vertexes: [{ digest: name, name, ...rest }] });
    const spell = (started: number, completed: number) => ({
      started: `2024-01-31T10:00:0${started}.000000001Z`,
      completed: `2024-01-31T10:00:0${completed}.5Z`,
    });
    const log = read(
      [
        vertex('[build 2/3] RUN a', {}),
        vertex('[build 2/3] RUN a', { started: '2024-01-31T10:00:00Z' }),
        vertex('[build 2/3] RUN a', spell(0, 1)),
        vertex('[build 2/3] RUN a', spell(3, 4)),
        vertex('[build 2/3] RUN a', spell(3, 4)),
        vertex('[3/3] RUN b', { ...spell(1, 2), cached: true }),
        vertex('[4/4] RUN c', { ...spell(1, 2), error: 'exit code: 1' }),
        '{"logs":[{"vertex":"x","data":"aGk="}]}',
        '{"vertexes":[null',
      ].join('\n'),
    );
    assert.deepEqual(log, { format: 'rawjson', cached: 1, steps: [{ stage: 'build', text: 'RUN a', seconds: [3] }] });
  });

  it('reads a record of docker buildx history export', () => {
    const status = Buffer.concat([
      message(vertexBytes('[build 2/3] RUN a', { started: [100, 500_000_000], completed: [102, 0] })),
      message(vertexBytes('[build 3/3] RUN b', { started: [102, 0], completed: [102, 0], cached: true })),
    ]);
    const digest = (name: string) => `sha256:${name}`;
    const layers = [{ mediaType: 'application/vnd.buildkit.status.v0', digest: digest('status') }, { mediaType: 'x' }];
    const record = gzipSync(
      tar({
        'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
        'index.json': JSON.stringify({ manifests: [{ digest: digest('manifest') }] }),
        'blobs/sha256/manifest': JSON.stringify({ layers }),
        'blobs/sha256/status': status,
      }),
    );
    assert.deepEqual(readBuildLog(record), {
      format: 'record',
      cached: 1,
      steps: [{ stage: 'build', text: 'RUN a', seconds: [1.5] }],
    });
    for (let size = 0; size < record.length; size += 7) readBuildLog(record.subarray(0, size));
  });

  it('knows what is no build log', () => {
    for (const text of ['', 'hello', '{"a":1}', '#', '#1', '[1/2] RUN x', '\x1f\x8b rest'])
      assert.equal(read(text), undefined);
  });
});

function vertexBytes(
  name: string,
  { started, completed, cached }: { started: [number, number]; completed: [number, number]; cached?: boolean },
): Buffer {
  const time = ([seconds, nanos]: [number, number]) => Buffer.concat([numberField(1, seconds), numberField(2, nanos)]);
  return Buffer.concat([
    bytesField(1, Buffer.from(name)),
    bytesField(3, Buffer.from(name)),
    numberField(4, cached ? 1 : 0),
    bytesField(5, time(started)),
    bytesField(6, time(completed)),
  ]);
}

/** A status with one step, behind its length. */
function message(vertex: Buffer): Buffer {
  const body = bytesField(1, vertex);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([size, body]);
}

function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

function tar(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const body = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    header.write('ustar\x0000', 257);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
