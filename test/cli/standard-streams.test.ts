import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';

const streams = new URL('../../server/cli/standard-streams.js', import.meta.url);

function start(script: string) {
  const code = `import { isTerminal, writeAll } from ${JSON.stringify(streams)};\n${script}`;
  return spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('standard streams', () => {
  it('loses nothing in a pipe that is read slowly', async () => {
    const child = start('writeAll(1, "äb".repeat(500_000));');
    let length = 0;
    for await (const chunk of child.stdout) {
      length += chunk.length;
      await setImmediate();
    }
    assert.equal(length, 1_500_000);
  });

  it('takes a reader that has gone for no failure', async () => {
    const child = start('writeAll(1, "x".repeat(1_000_000));');
    child.stdout.destroy();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  it('knows that a pipe is no terminal', async () => {
    const child = start('writeAll(2, String(isTerminal(1) || isTerminal(2)));');
    const chunks: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    await once(child, 'close');
    assert.equal(chunks.join(''), 'false');
  });
});
