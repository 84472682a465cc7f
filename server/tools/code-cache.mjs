// node server/tools/code-cache.mjs NAME [ARG…]: runs dist/NAME.cjs with the arguments and keeps what V8 has compiled beside it,
// see server/cli/start.cjs. Standard input is the program's own.
import { readFileSync, writeFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [node, , name, ...args] = process.argv;
const program = path.join(root, 'dist', `${name}.cjs`);
const script = new Script(module.wrap(readFileSync(program, 'latin1')), { filename: program });

process.argv = [node, program, ...args];
process.on('exit', () => {
  process.exitCode = 0;
  // V8 refuses code that was made with other flags than those of its start; the server sets this one.
  setFlagsFromString('--allocation-site-pretenuring');
  writeFileSync(
    path.join(root, 'dist', `${name}-${process.versions.v8}-${process.arch}.cache`),
    script.createCachedData(),
  );
});
script.runInThisContext()({}, createRequire(program), {}, program, path.dirname(program));
