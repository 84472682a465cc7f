import assert from 'node:assert/strict';
import { addMeasures, type MeasuredStep, measuresOf } from '../../server/cache/measures.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

const step = (text: string, seconds: number, stage?: string): MeasuredStep => ({ stage, text, seconds: [seconds] });

/** Seconds of the last instruction of a Dockerfile, in a stage of that name. */
function secondsOf(instruction: string, measured: readonly MeasuredStep[], stage = 'build'): number | undefined {
  const file = parseDockerfile(`FROM alpine\n${instruction}\n`);
  const last = file.instructions.at(-1);
  assert.ok(last);
  return measuresOf(measured).secondsOf(file, last, stage);
}

describe('measuresOf', () => {
  it('finds a step by its text as BuildKit shows it', () => {
    const measured = [step('RUN --mount=type=cache,target=/c make all', 3), step('RUN make', 5)];
    assert.equal(secondsOf('RUN --mount=type=cache,target=/c \\\n  # why\n  make  \\\n  all', measured), 3);
    assert.equal(secondsOf('run make', measured), 5);
    assert.equal(secondsOf('RUN make test', measured), undefined);
  });

  it('looks through variables that BuildKit has expanded', () => {
    const measured = [step('RUN curl https://a.org/v1.2/x -o /x', 3), step('COPY --from=b /app/web/dist /srv/', 1)];
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Docker's variables
    assert.equal(secondsOf('RUN curl https://a.org/v${VERSION}/$FILE -o /x', measured), 3);
    assert.equal(secondsOf('COPY --from=b /app/$NAME/dist /srv/', measured), 1);
    assert.equal(secondsOf('RUN curl https://a.org/v$VERSION/y -o /x', measured), undefined);
  });

  it('tells scripts in heredocs apart by their first line', () => {
    const measured = [step('RUN <<EOF (apt-get update...)', 3), step('RUN <<EOF (make)', 5)];
    assert.equal(secondsOf('RUN <<EOF\n\napt-get update\napt-get install -y git\nEOF', measured), 3);
    assert.equal(secondsOf('RUN <<EOF\nmake\nEOF', measured), 5);
    assert.equal(secondsOf('RUN <<EOF\nmake test\nEOF', measured), undefined);
  });

  it('prefers the step of the same stage and takes the median', () => {
    const measured: MeasuredStep[] = [
      step('RUN make', 1, 'other'),
      { stage: 'build', text: 'RUN make', seconds: [9, 2, 4] },
    ];
    assert.equal(secondsOf('RUN make', measured), 4);
    assert.equal(secondsOf('RUN make', measured, 'elsewhere'), 1);
    assert.equal(secondsOf('RUN make', [{ stage: 'build', text: 'RUN make', seconds: [1, 2] }]), 1.5);
  });
});

describe('addMeasures', () => {
  it('keeps the last seven times of a step', () => {
    let steps: readonly MeasuredStep[] = [step('RUN b', 1)];
    for (let time = 1; time <= 9; time++) steps = addMeasures(steps, [step('RUN a', time)]);
    assert.deepEqual(steps, [
      { stage: undefined, text: 'RUN a', seconds: [9, 8, 7, 6, 5, 4, 3] },
      { stage: undefined, text: 'RUN b', seconds: [1] },
    ]);
  });
});
