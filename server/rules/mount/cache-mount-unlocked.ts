import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import { cacheMountsOf } from '../../model/caches.js';
import { installsOf } from '../../model/installs.js';
import { span } from '../../syntax/text.js';
import { allows, patternsOption } from '../options.js';

/** apt takes a lock in both and fails when it is held: "Could not get lock". Other managers wait or lock each package. */
const exclusive: ReadonlySet<string> = new Set([
  '/var/cache/apt',
  '/var/cache/apt/archives',
  '/var/lib/apt',
  '/var/lib/apt/lists',
]);

export const cacheMountUnlocked = defineRule({
  name: 'cache-mount-unlocked',
  category: 'mount',
  severity: 'warning',
  recommended: true,
  fixable: 'always',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'A cache mount of apt that two steps may use at the same time.',
    why: `Stages are built in parallel, and so are builds on one builder. With \`sharing=shared\`, the default, two of them get the same folder at once, and apt fails with "Could not get lock". With \`sharing=locked\` the second one waits.

The fix adds the option. The image stays the same; the step runs once more, because \`sharing\` is part of a default mount's cache key.`,
    bad: 'FROM debian:13\nRUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y curl\n',
    good: 'FROM debian:13\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y curl\n',
    links: ['https://docs.docker.com/reference/dockerfile/#run---mounttypecache'],
  },
  options: v.object({
    allow: patternsOption('Folders that need no lock, because no two builds run at once: `/var/lib/apt/lists`'),
  }),
  check({ file, build, options, report }) {
    const isAllowed = allows(options.allow);
    const runs = new Set(
      installsOf(build)
        .filter(({ manager }) => manager.name === 'apt')
        .map(({ run }) => run),
    );
    for (const run of runs) {
      for (const { mount, target } of cacheMountsOf(build, run)) {
        const place = mount.optionSpans.get('sharing');
        if (target === undefined || !exclusive.has(target) || (place && mount.sharing !== 'shared')) continue;
        if (isAllowed(target)) continue;
        const quoted = file.text[mount.span.end - 1] === '"' ? 1 : 0;
        const end = mount.span.end - quoted;
        report({
          span: mount.optionSpans.get('target') ?? mount.span,
          message: `apt fails when another step uses ${target} at the same time; this mount lets it`,
          fixes: [
            {
              title: 'Add sharing=locked',
              safety: 'safe',
              edits: [
                place ? { span: place, text: 'sharing=locked' } : { span: span(end, end), text: ',sharing=locked' },
              ],
            },
          ],
        });
      }
    }
  },
});
