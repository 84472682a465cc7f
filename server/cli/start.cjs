#!/usr/bin/env node
// dist/cli.cjs and dist/server.cjs: start dist/cli-program.cjs and dist/server-program.cjs from compiled code where there is
// some, which takes a third off the start-up time. `layerwise lsp` is the server without a detour.
'use strict';
const { readFileSync } = require('node:fs');
const { enableCompileCache, wrap } = require('node:module');
const path = require('node:path');

/** Whatever else stands behind `lsp` is for the command line to judge. */
const isLsp =
  process.argv[2] === 'lsp' &&
  process.argv.slice(3).every((arg) => /^--(?:stdio|node-ipc|(?:socket|pipe|clientProcessId)=.+)$/.test(arg));
const name = isLsp || path.basename(__filename) === 'server.cjs' ? 'server-program' : 'cli-program';
const program = path.join(__dirname, `${name}.cjs`);

/** Made by server/tools/code-cache.mjs; holds for one version of V8 only, and V8 itself refuses what does not fit. */
function readCodeCache() {
  try {
    return readFileSync(path.join(__dirname, `${name}-${process.versions.v8}-${process.arch}.cache`));
  } catch {
    return undefined;
  }
}

const cachedData = readCodeCache();
if (cachedData) {
  const { Script } = require('node:vm');
  // The bundle is ASCII.
  const script = new Script(wrap(readFileSync(program, 'latin1')), { filename: program, cachedData });
  script.runInThisContext()(exports, require, module, program, __dirname);
} else {
  // From Node 22.8 on, Node keeps compiled code itself.
  enableCompileCache?.();
  require(program);
}
