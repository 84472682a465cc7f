import assert from 'node:assert/strict';
import { whyBehind } from '../../helpers/proposals.js';

const files = { 'src/a.c': 'a', '.dockerignore': 'Dockerfile\n' };

function why(first: string, second: string): string | undefined {
  return whyBehind(`FROM node:22\n${first}\n${second}\n`, files, first, second);
}

const copy = 'COPY --chown=node src /src';

describe('A COPY that names its owner', () => {
  for (const run of [
    'RUN sed -i s/node:x:1000/node:x:1500/ /etc/passwd',
    'RUN cp /opt/group /etc/group',
    'RUN usermod -u 1500 node',
  ])
    it(`keeps its place beside ${run}`, () => {
      assert.match(why(copy, run) ?? '', /may change the users/);
      assert.match(why(run, copy) ?? '', /names a user/);
    });

  it('needs the user that a line of text makes', () => {
    const run = "RUN echo 'app:x:1500:1500::/:/bin/sh' >> /etc/passwd";
    assert.match(why(run, 'COPY --chown=app src /src') ?? '', /names a user/);
    assert.equal(why(run, 'COPY --chown=1500 src /src'), undefined);
  });
});

describe('A user that is made with a home folder', () => {
  for (const words of ['-m -d /opt/app', '-rmd /opt/app', '-Dh /opt/app', '-m -d/opt/app', '--home=/opt/app'])
    it(`may find it filled: ${words}`, () =>
      assert.match(why('COPY src /opt/app/src', `RUN adduser ${words} app`) ?? '', /may rewrite \/opt\/app/));

  it('has it elsewhere by itself', () =>
    assert.equal(why('COPY src /opt/app/src', 'RUN useradd -m -s /bin/bash -g users app'), undefined));
});
