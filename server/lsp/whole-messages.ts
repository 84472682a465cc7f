import { Writable } from 'node:stream';

/**
 * A stream for messages of the protocol that sends the header of each together with its body: `vscode-jsonrpc` writes them one after
 * the other, which costs a second system call and wakes the client twice.
 */
export function wholeMessages(output: NodeJS.WritableStream): Writable {
  let header = '';
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      if (typeof chunk === 'string') {
        header += chunk;
        done();
        return;
      }
      const whole = Buffer.concat([Buffer.from(header, 'ascii'), chunk]);
      header = '';
      output.write(whole, (error) => done(error));
    },
  });
}
