import assert from 'node:assert/strict';
import { lint, order, rebuild } from '../server/index.js';
import { largeContext, largeDockerfiles, largeIgnoreFiles } from './helpers/large-dockerfiles.js';

/** Time would explode if any step were much worse than linear. They only have to finish. */
describe('large inputs', () => {
  const files = largeContext(100);
  const changed = { ...files, 'd1/f1': 'y' };
  for (const [name, textOf] of Object.entries(largeDockerfiles)) {
    it(`lint: ${name}`, () => {
      const { findings } = lint({ path: 'Dockerfile', text: textOf(1000), files });
      assert(!findings.some(({ rule }) => rule === 'internal-error'));
    });
    it(`rebuild: ${name}`, () => {
      const text = textOf(400);
      assert(rebuild({ text, files }, { text, files: changed }).steps.length > 0);
    });
    it(`order: ${name}`, () => {
      assert(order({ text: textOf(150), files, commits: [['d1/f1'], ['package.json']] }) !== undefined);
    });
  }
  for (const [name, textOf] of Object.entries(largeIgnoreFiles)) {
    it(`lint: an ignore file of ${name}`, () => {
      const text = textOf(300);
      const context = { ...largeContext(3000), '.dockerignore': text };
      const { findings } = lint({ path: '.dockerignore', text, files: context });
      assert(!findings.some(({ rule }) => rule === 'internal-error'));
    });
  }
});
