import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'mocha';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { wholeMessages } from '../../server/lsp/whole-messages.js';

describe('wholeMessages', () => {
  it('sends each message in one piece', async () => {
    const pieces: string[] = [];
    const output = new Writable({
      write(chunk: Buffer, _encoding, done) {
        pieces.push(chunk.toString());
        done();
      },
    });
    const writer = new StreamMessageWriter(wholeMessages(output));
    const connection = createMessageConnection(new StreamMessageReader(process.stdin), writer);
    await connection.sendNotification('first', { text: 'é' });
    await connection.sendNotification('second');
    connection.dispose();
    const bodies = ['{"jsonrpc":"2.0","method":"first","params":{"text":"é"}}', '{"jsonrpc":"2.0","method":"second"}'];
    assert.deepEqual(
      pieces,
      bodies.map((body) => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`),
    );
  });

  it('tells the writer what fails', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('the pipe is closed')) });
    broken.on('error', () => {});
    const writer = new StreamMessageWriter(wholeMessages(broken));
    const told: string[] = [];
    writer.onError(([error]) => told.push(error.message));
    await assert.rejects(writer.write({ jsonrpc: '2.0' }), /the pipe is closed/);
    assert.ok(told.includes('the pipe is closed'));
  });
});
