import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../helpers/root.js';
import { execute } from './debian.js';
import { openEngines } from './engine.js';

/** Debian's Neovim and Helix are younger than those of most machines, and they are in the system that the engines run in. */
describe('The editors with the snippets of docs/editors.md', () => {
  it('show the findings of the bundled server', async () => {
    const debian = (await openEngines())?.debian;
    if (!debian) return;
    const home = `${debian.scratch}/editors`;
    const outside = join(debian.root, home);
    for (const path of ['dist', 'docs/editors.md', 'test/editors/check.mjs', 'package.json'])
      cpSync(join(root, path), join(outside, path), { recursive: true });
    cpSync(process.execPath, join(outside, 'node'));
    const command = [`${home}/node`, `${home}/test/editors/check.mjs`];
    const { status, stdout, stderr } = await execute(command, { root: debian.root });
    assert.equal(status, 0, stdout + stderr);
    const checked = stdout.match(/^ok {2}(?:NVIM|helix)/gm)?.map((line) => line.slice(4)) ?? [];
    assert.deepEqual([...new Set(checked)], ['NVIM', 'helix'], stdout);
  });
});
