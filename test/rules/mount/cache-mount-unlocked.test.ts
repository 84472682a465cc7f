import { cacheMountUnlocked } from '../../../server/rules/mount/cache-mount-unlocked.js';
import { testRule } from '../../helpers/rule-tester.js';

const install = 'apt-get update && apt-get install -y curl';

testRule(cacheMountUnlocked, {
  valid: [
    `FROM debian:13\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked ${install}\n`,
    `FROM debian:13\nRUN --mount=type=cache,target=/var/cache/apt,sharing=private ${install}\n`,
    { name: 'npm shares its cache well', code: 'FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\n' },
    {
      name: 'nothing of apt runs',
      code: 'FROM debian:13\nRUN --mount=type=cache,target=/var/cache/apt ls /var/cache/apt\n',
    },
    {
      name: 'sharing decided by an ARG',
      code: `FROM debian:13\nARG MODE=locked\nRUN --mount=type=cache,target=/var/cache/apt,sharing=$MODE ${install}\n`,
    },
  ],
  invalid: [
    {
      code: `FROM debian:13\nRUN --mount=type=cache,«target=/var/cache/apt» --mount=type=cache,«dst=/var/lib/apt» ${install}\n`,
      safety: 'safe',
      fixed: `FROM debian:13\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,dst=/var/lib/apt,sharing=locked ${install}\n`,
    },
    {
      name: 'shared written out',
      code: `FROM debian:13\nRUN --mount=type=cache,sharing=shared,«target=/var/cache/apt/» ${install}\n`,
      fixed: `FROM debian:13\nRUN --mount=type=cache,sharing=locked,target=/var/cache/apt/ ${install}\n`,
    },
  ],
});
