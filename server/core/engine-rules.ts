import * as v from 'valibot';
import type { EngineRule } from './rule.js';

const base = {
  target: 'engine',
  category: 'syntax',
  recommended: true,
  fixable: 'never',
  since: '0.1.0',
  aliases: [],
  needs: [],
  options: v.object({}),
} as const;

/** Findings that the engine itself makes; they are configured and suppressed like those of any rule. */
export const engineRules: readonly EngineRule[] = [
  {
    ...base,
    name: 'syntax-error',
    severity: 'error',
    docs: {
      summary: 'A file that the builder rejects before it builds anything.',
      why: "BuildKit stops at this place. The message is BuildKit's own reason where it has one. The other rules still look at what could be read, and the other files are linted as usual.\n\nNothing is reported in a Dockerfile whose `# syntax=` names a frontend other than Docker's: what it accepts cannot be known.",
      bad: 'FROM alpine:3.22\nRUNN echo hello\n',
      good: 'FROM alpine:3.22\nRUN echo hello\n',
      links: ['https://docs.docker.com/reference/dockerfile/'],
    },
  },
  {
    ...base,
    name: 'internal-error',
    severity: 'error',
    docs: {
      summary: 'A rule of Layerwise failed on this file.',
      why: 'This is a defect of Layerwise, not of the file. The other rules have run. Please report it with the file, or with the part that sets it off.',
      bad: '',
      good: 'FROM alpine:3.22\n',
      links: [],
    },
  },
  {
    ...base,
    name: 'invalid-config',
    severity: 'error',
    docs: {
      summary: 'A mistake in the configuration: an unknown rule, key or value.',
      why: 'What is wrong is passed over and the rest of the configuration holds, so a typo in one rule does not turn the others off. The exit status of the command line is 2 as long as this is an error.',
      bad: '',
      good: 'FROM alpine:3.22\n',
      links: [],
    },
  },
  {
    ...base,
    name: 'unused-suppression',
    severity: 'info',
    fixable: 'always',
    docs: {
      summary: 'A `# layerwise ignore=` comment that ignores nothing.',
      why: "The finding is gone, or the rule's name is misspelt; the comment would hide the next real finding. Rules that are off or could not run here are not counted, nor are the comments of other tools.",
      bad: 'FROM alpine:3.22\n# layerwise ignore=unpinned-base reason="tests only"\nRUN echo hello\n',
      good: '# layerwise ignore=unpinned-base reason="tests only"\nFROM alpine\nRUN echo hello\n',
      links: [],
    },
  },
  {
    ...base,
    name: 'unexplained-suppression',
    severity: 'info',
    docs: {
      summary: 'A `# layerwise ignore=` comment without a reason.',
      why: 'Whoever reads the comment next cannot tell whether it still holds. Add `reason="…"`.',
      bad: '# layerwise ignore=unpinned-base\nFROM alpine\n',
      good: '# layerwise ignore=unpinned-base reason="tests only"\nFROM alpine\n',
      links: [],
    },
  },
];
