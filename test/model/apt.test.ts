import assert from 'node:assert/strict';
import { aptCall } from '../../server/model/apt.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { parseShell } from '../../server/syntax/shell.js';

function call(command: string): string | undefined {
  const file = parseDockerfile(`FROM a\nRUN ${command}\n`);
  const run = file.instructions[1];
  assert.ok(run?.keyword === 'RUN');
  const [first] = parseShell(file, run, ['/bin/sh', '-c']).commands;
  const found = first && aptCall(first);
  return found && [found.program, found.verb, ...found.packages.map(({ text }) => text)].join(' ');
}

describe('aptCall', () => {
  it('finds verb and packages among the options', () => {
    assert.equal(
      call('apt-get -qq -o A::B=1 install -y -t stable a b=1 --no-install-recommends c'),
      'apt-get install a b=1 c',
    );
    assert.equal(call('sudo apt update'), 'apt update');
    assert.equal(call('aptitude install $PACKAGES'), 'aptitude install $PACKAGES');
  });

  it('knows no verb where there is none', () => {
    assert.equal(call('apt-get --version'), undefined);
    assert.equal(call('apt-get $VERB a'), undefined);
    assert.equal(call('apt-cache policy a'), undefined);
  });
});
