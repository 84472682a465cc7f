// Loaded before the language server (`node -r`): how long it takes from the arrival of a message to each `publishDiagnostics`, in
// milliseconds, written as JSON to the file that LAYERWISE_BENCH_ANSWERS names.
const { writeFileSync } = require('node:fs');

const answers = [];
let arrived = 0;
const { stdin, stdout } = process;
const { emit } = stdin;
const { write } = stdout;
stdin.emit = function (name, ...rest) {
  if (name === 'data') arrived = performance.now();
  return emit.call(this, name, ...rest);
};
stdout.write = function (chunk, ...rest) {
  const written = write.call(this, chunk, ...rest);
  if (chunk.includes('"textDocument/publishDiagnostics"')) answers.push(performance.now() - arrived);
  return written;
};
process.on('exit', () => writeFileSync(process.env.LAYERWISE_BENCH_ANSWERS, JSON.stringify(answers)));
