// node server/tools/code-cache.mjs: runs dist/cli-program.cjs on an example and keeps what V8 has compiled beside it, see server/cli/start.cjs.
import { readFileSync, writeFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = path.join(root, 'dist/cli-program.cjs');
const script = new Script(module.wrap(readFileSync(program, 'latin1')), { filename: program });

process.argv = [process.argv[0], program, 'lint', '--no-config', '--quiet', ...process.argv.slice(2)];
process.stdout.write = () => true;
process.stderr.write = () => true;
process.on('exit', () => {
  process.exitCode = 0;
  const name = `cli-program-${process.versions.v8}-${process.arch}.cache`;
  writeFileSync(path.join(root, 'dist', name), script.createCachedData());
});
script.runInThisContext()({}, createRequire(program), {}, program, path.dirname(program));
