import assert from 'node:assert/strict';
import { formats } from '../../server/report/formats.js';
import { fileResult, finding, input, nastyInput } from './sample.js';

describe('formats', () => {
  for (const [name, load] of Object.entries(formats)) {
    it(`${name}: every input gives a report that ends in a line ending`, async () => {
      const format = await load();
      for (const given of [nastyInput(), input(), input(fileResult())]) assert.match(format(given), /\S\n$/);
    });

    it(`${name}: places outside the text do no harm`, async () => {
      const format = await load();
      const beyond = [
        finding({ span: { start: 50, end: 90 }, evidence: [{ text: 'x', span: { start: 99, end: 3 } }] }),
        finding({ span: { start: 1, end: 0 } }),
        finding({ span: { start: -4, end: 1 } }),
      ];
      assert.match(format(input(fileResult({ text: 'a\nb\n', findings: beyond }))), /copy-before-install/);
    });
  }
});
