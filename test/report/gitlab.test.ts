import assert from 'node:assert/strict';
import { formatGitlab } from '../../server/report/gitlab.js';
import { input, linted, nastyInput, nastyMessages, nastyPaths } from './sample.js';

function printsOf(source: string, path = 'Dockerfile'): string[] {
  const issues = JSON.parse(formatGitlab(input({ ...linted(source), path })));
  return issues.map((issue: { fingerprint: string }) => issue.fingerprint);
}

describe('GitLab code quality report', () => {
  it('has what GitLab asks for', () => {
    const [issue] = JSON.parse(formatGitlab(input({ ...linted('FROM a\n«RUN b \\\n c»'), path: 'späße/Dockerfile' })));
    const { fingerprint, ...rest } = issue;
    assert.match(fingerprint, /^[0-9a-f]{16}$/);
    assert.deepEqual(rest, {
      description: 'every source edit re-runs npm ci',
      check_name: 'copy-before-install',
      severity: 'major',
      location: { path: 'späße/Dockerfile', lines: { begin: 2, end: 3 } },
    });
  });

  it('keeps the fingerprint when lines above change, and gives equal lines and files different ones', () => {
    const [print] = printsOf('COPY «.» .');
    assert.deepEqual(printsOf('FROM a\n\nCOPY «.» .\n'), [print]);
    const twice = printsOf('COPY «.» .\nCOPY «.» .\n');
    assert.equal(twice[0], print);
    assert.notEqual(twice[1], print);
    assert.notDeepEqual(printsOf('COPY «.» .', 'other/Dockerfile'), [print]);
  });

  it('has no fingerprint twice', () => {
    const issues = JSON.parse(formatGitlab(nastyInput()));
    const prints = new Set(issues.map((issue: { fingerprint: string }) => issue.fingerprint));
    assert.equal(prints.size, nastyPaths.length * nastyMessages.length);
  });
});
