import assert from 'node:assert/strict';
import { reorderAction } from '../../server/lsp/reorder-action.js';
import { nodeProject, propose } from '../helpers/proposals.js';
import { ableClient, openText } from './open-text.js';

const dockerfile = 'FROM alpine:3.22\nCOPY src /src\nRUN apk add --no-cache git make gcc musl-dev\n';

describe('the reorder action', () => {
  it('says what a commit costs now and then', () => {
    const proposal = propose(dockerfile);
    const { commits, before, after } = proposal;
    assert.deepEqual([commits, before.rebuiltSteps, after.rebuiltSteps], [20, 40, 20]);
    const priced = {
      ...proposal,
      measured: true,
      before: { ...before, seconds: 800 },
      after: { ...after, seconds: 50 },
    };
    const title = reorderAction(openText(dockerfile, nodeProject), priced, ableClient)?.title;
    assert.equal(title, 'Reorder by the last 20 commits (40 s → 2.5 s per commit)');
  });
});
