import assert from 'node:assert/strict';
import { historyText, secondsText } from '../../server/report/replay-report.js';

describe('secondsText', () => {
  it('is as exact as an estimate deserves, and tells two and three minutes apart', () => {
    const texts = [0.04, 0.3, 41.4, 119.4, 119.6, 171, 596, 720].map(secondsText);
    assert.deepEqual(texts, ['0 s', '0.3 s', '41 s', '119 s', '2.0 min', '2.9 min', '9.9 min', '12 min']);
  });
});

describe('historyText', () => {
  const on = (oldest: string, newest: string) =>
    historyText({
      commits: 2,
      newest: { id: 'b', day: newest },
      oldest: { id: 'a', day: oldest },
      short: undefined,
      gaps: [],
    });

  it('names both ends, or the one day', () => {
    assert.equal(on('2024-01-03', '2024-02-01'), '2 commits, 2024-01-03 to 2024-02-01');
    assert.equal(on('2024-01-03', '2024-01-03'), '2 commits, 2024-01-03');
  });
});
