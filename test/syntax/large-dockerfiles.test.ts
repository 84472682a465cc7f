// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is Dockerfile text here.
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { variablesOf } from '../../server/syntax/variable-uses.js';

/** Texts on which time would explode if any step were worse than linear. They only have to finish. */
describe('parseDockerfile on large texts', () => {
  const cases: Readonly<Record<string, { text: string; instructions: number }>> = {
    '100,000 lines': { text: `FROM a\n${'RUN x $y\nENV A=1 B=$c\n'.repeat(50_000)}`, instructions: 100_001 },
    'one RUN over 10,000 lines': { text: `FROM a\nRUN x${' && \\\n  # c\n  y'.repeat(10_000)}`, instructions: 2 },
    'one ENV over 10,000 lines': { text: `FROM a\nENV a=b${' \\\n  a=$b'.repeat(10_000)}`, instructions: 2 },
    'a line of 1 MB': { text: `FROM a\nRUN ${'x << '.repeat(200_000)}`, instructions: 2 },
    '1 MB of quotes': { text: `FROM a\nENV A=${`"'`.repeat(500_000)}`, instructions: 2 },
    '1 MB of open substitutions': { text: `FROM a\nRUN <<E ${'${a:-'.repeat(200_000)}`, instructions: 2 },
    '1 MB of ONBUILD': { text: `FROM a\n${'ONBUILD '.repeat(125_000)}`, instructions: 2 },
    '1 MB of brackets': { text: `FROM a\nCMD ${'['.repeat(1_000_000)}`, instructions: 2 },
    '1,000 stages': { text: 'FROM a AS b\nCOPY --from=b x y\n'.repeat(1_000), instructions: 2_000 },
    '20,000 stages with comments': { text: 'FROM a\n# c\n'.repeat(20_000), instructions: 20_000 },
    '100,000 lone escapes': { text: `FROM a\n${'\\\n'.repeat(100_000)}RUN x`, instructions: 2 },
    '20,000 heredocs on one line': {
      text: `FROM a\nRUN ${'<<E '.repeat(20_000)}\n${'x\nE\n'.repeat(20_000)}`,
      instructions: 2,
    },
    'a heredoc of 100,000 lines': { text: `FROM a\nRUN <<E\n${'\tx $y\n'.repeat(100_000)}E`, instructions: 2 },
    '100,000 names in ARG': { text: `FROM a\nARG ${'A '.repeat(100_000)}`, instructions: 2 },
    '1 MB of blanks': { text: `# escape=${' '.repeat(500_000)}x${' '.repeat(500_000)}\nFROM a`, instructions: 1 },
  };
  for (const [name, { text, instructions }] of Object.entries(cases)) {
    it(name, () => {
      const file = parseDockerfile(text);
      assert.equal(file.instructions.length, instructions);
      const last = file.instructions.at(-1);
      assert(last !== undefined && variablesOf(last, file).length <= text.length);
    });
  }
});
