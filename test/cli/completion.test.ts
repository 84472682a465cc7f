import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { completionScript } from '../../server/cli/completion.js';
import { commands, optionsOf, SHELLS } from '../../server/cli/options.js';

const ruleNames = ['copy-before-install', 'unpinned-base'];

/** What bash offers for the last of these words. */
function complete(...words: string[]): string[] {
  const list = words.map((word) => `'${word}'`).join(' ');
  const script = `${completionScript('bash', ruleNames)}
COMP_WORDS=(layerwise ${list}); COMP_CWORD=${words.length}; _layerwise; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return stdout.split('\n').filter(Boolean);
}

describe('completion', () => {
  it('offers commands', () => {
    assert.deepEqual(complete('li'), ['lint']);
    assert.ok(complete('').includes('print-config'));
  });

  it('offers the options of the command', () => {
    assert.deepEqual(complete('lint', '--fix'), ['--fix', '--fix-only']);
    assert.deepEqual(complete('rules', '--fix'), []);
  });

  it('offers the values of an option, after a blank and after =', () => {
    assert.deepEqual(complete('lint', '--format', 's'), ['sarif']);
    assert.deepEqual(complete('lint', '--format', '=', 's'), ['sarif']);
    assert.deepEqual(complete('lint', '--format', '='), complete('lint', '-f', ''));
  });

  it('offers rules', () => {
    assert.deepEqual(complete('explain', ''), ruleNames);
    assert.deepEqual(complete('lint', '--fix-only', 'un'), ['unpinned-base']);
  });

  it('offers commands to help and shells to completion', () => {
    assert.deepEqual(complete('help', 'ex'), ['explain']);
    assert.deepEqual(complete('completion', ''), [...SHELLS]);
  });

  for (const shell of SHELLS) {
    it(`knows every command, option and rule in ${shell}`, () => {
      const script = completionScript(shell, ruleNames);
      for (const command of commands) {
        assert.ok(script.includes(command.name));
        for (const { name } of optionsOf(command))
          assert.ok(script.includes(shell === 'fish' ? `-l ${name}` : `--${name}`), name);
      }
      for (const name of ruleNames) assert.ok(script.includes(name));
    });
  }
});
