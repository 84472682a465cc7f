import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import { implicitVariable, volatileVariable } from '../../knowledge/volatile-variables.js';
import { costlyRuns } from '../../model/costly.js';
import { uses } from '../../model/variable-use.js';
import { lineAt, wholeLines } from '../../syntax/text.js';
import { allows, minimumSteps, patternsOption } from '../options.js';

export const unneededArgScope = defineRule({
  name: 'unneeded-arg-scope',
  category: 'order',
  severity: 'info',
  recommended: false,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'An ARG that nothing in its stage names, but that is in the cache key of every RUN below it.',
    why: `A build argument that is declared and not used still counts: another value re-runs every \`RUN\` below the ARG. A program may read it from its environment without being told, so the rule is off by default, names that programs are known to read (\`NODE_ENV\`, \`DEBIAN_FRONTEND\`, proxies…) are passed over, and the fix that removes the line is unsafe.`,
    bad: 'FROM alpine:3.22\nARG OWNER\nRUN make\n',
    good: 'FROM alpine:3.22\nARG OWNER\nRUN make OWNER=$OWNER\n',
    links: ['https://docs.docker.com/reference/dockerfile/#impact-on-build-caching'],
  },
  options: v.object({
    allow: patternsOption('Names of ARGs that a program reads from its environment unseen: `npm_config_*`'),
    minimumSteps,
  }),
  check({ file, build, options, report }) {
    const isAllowed = allows(options.allow);
    const fewest = Math.max(1, options.minimumSteps);
    for (const stage of build.stages) {
      if (build.stages.some(({ base }) => base.kind === 'stage' && base.stage === stage)) continue;
      for (const arg of stage.instructions) {
        const pair = arg.keyword === 'ARG' && arg.pairs.length === 1 ? arg.pairs[0] : undefined;
        if (!pair || implicitVariable.test(pair.key) || volatileVariable.test(pair.key) || isAllowed(pair.key))
          continue;
        if (stage.instructions.some((one) => one.index > arg.index && uses(file, one, pair.key))) continue;
        const runs = costlyRuns(build, stage, arg.index);
        if (runs.length < fewest) continue;
        report({
          span: pair.keySpan,
          message: `nothing in this stage uses ${pair.key}, but another value re-runs ${runs.length === 1 ? 'a step' : `${runs.length} steps`} below it`,
          savings: {
            trigger: `another value of ${pair.key}`,
            rebuilds: runs.map((run) => lineAt(file.lineStarts, run.span.start)),
            basis: 'table',
          },
          unnecessary: true,
          fixes: [
            {
              title: `Remove ARG ${pair.key}`,
              safety: 'unsafe',
              caveat: `a step may read ${pair.key} from its environment; a build that passes it gets a warning`,
              edits: [{ span: wholeLines(file.text, arg.span), text: '' }],
            },
          ],
        });
      }
    }
  },
});
