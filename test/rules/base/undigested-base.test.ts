import { undigestedBase } from '../../../server/rules/base/undigested-base.js';
import { testRule } from '../../helpers/rule-tester.js';

const digest = `sha256:${'a'.repeat(64)}`;

testRule(undigestedBase, {
  valid: [
    `FROM node:22@${digest} AS build\nFROM build\nCOPY --from=build /a /a\n`,
    'FROM scratch\n',
    { name: 'a digest that comes from an ARG', code: `ARG DIGEST=${digest}\nFROM node@$DIGEST\n` },
    { name: 'unknown', code: 'ARG BASE\nFROM $BASE\n' },
    { name: 'allowed', code: 'FROM ghcr.io/acme/base:1\n', options: { allow: ['ghcr.io/acme/*'] } },
    { name: 'may be a named build context', code: `FROM node@${digest}\nCOPY --from=assets /a /a\n` },
  ],
  invalid: [
    { code: 'FROM «node:22-slim»\n', message: 'node:22-slim has no digest', severity: 'info', safety: 'manual' },
    { name: 'no tag either', code: 'FROM «node»\n' },
    {
      name: 'by the default of an ARG',
      code: 'ARG V=22\nFROM «node:$V»\n',
      message: /^node:22 /,
      evidence: /V is "22"/,
    },
    {
      name: 'a digest that the registry has named, wherever the image stands',
      code: 'FROM --platform=linux/amd64 «node:22-slim» AS build\nFROM «node»\nCOPY --from=«composer:2» /c /c\nRUN --mount=from=«ghcr.io/acme/x:1»,target=/x /x/run\n',
      files: {},
      remote: {
        'docker.io/library/node:22-slim': digest,
        'docker.io/library/node:latest': digest,
        'docker.io/library/composer:2': digest,
        'ghcr.io/acme/x:1': digest,
      },
      safety: 'unsafe',
      caveat: /the image that node:22-slim named on 2026-11-21; someone has to raise the digest/,
      fixed: `FROM --platform=linux/amd64 node:22-slim@${digest} AS build\nFROM node@${digest}\nCOPY --from=composer:2@${digest} /c /c\nRUN --mount=from=ghcr.io/acme/x:1@${digest},target=/x /x/run\n`,
    },
    {
      name: 'by the default of an ARG, of which the digest would be that of one value only',
      code: 'ARG V=22\nARG BASE=node:22\nFROM «node:$V»\nFROM «$BASE»\n',
      files: {},
      remote: { 'docker.io/library/node:22': digest },
      safety: 'manual',
    },
    { code: `FROM node@${digest}\nCOPY --from=«composer:2» /c /c\nRUN --mount=from=«acme/x:1»,target=/x /x/run\n` },
  ],
});
