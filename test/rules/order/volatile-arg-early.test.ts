import { volatileArgEarly } from '../../../server/rules/order/volatile-arg-early.js';
import { testRule } from '../../helpers/rule-tester.js';

testRule(volatileArgEarly, {
  valid: [
    { name: 'right above its use', code: 'FROM node:22\nRUN npm ci\nARG GIT_SHA\nRUN npm run build -- $GIT_SHA\n' },
    {
      name: 'a version of a tool',
      code: 'FROM node:22\nARG PNPM_VERSION=9\nRUN npm ci\nRUN npm i -g pnpm@$PNPM_VERSION\n',
    },
    { name: 'before FROM it is in no step', code: 'ARG GIT_SHA\nFROM node:22\nRUN npm ci\n' },
    { name: 'a cache buster is meant', code: 'FROM node:22\nARG CACHE_BUST\nRUN npm ci\n' },
    { name: 'the first step uses it', code: 'FROM node:22\nARG COMMIT\nRUN make COMMIT=$COMMIT\nRUN make test\n' },
    { name: 'a script may be given it by name', code: 'FROM node:22\nARG COMMIT\nRUN ./build.sh COMMIT\n' },
    { name: 'a pinned commit', code: 'FROM node:22\nARG COMMIT=7c62642\nRUN npm ci\nRUN git checkout $COMMIT\n' },
    {
      name: 'a build may read it from its environment',
      code: 'FROM rust:1\nARG COMMIT_SHA\nENV GIT_SHA=$COMMIT_SHA\nRUN cargo build\nRUN npm ci\n',
    },
    {
      name: 'a step that prints all variables',
      code: 'FROM debian:13\nARG COMMIT\nRUN env > /env\nRUN apt-get update && apt-get install -y git\n',
    },
    {
      name: 'the stages built on it use it first, or do not inherit an ARG',
      code: 'FROM debian:13 AS base\nARG COMMIT\nENV COMMIT=$COMMIT\nFROM base AS a\nRUN make C=$COMMIT\nRUN apt-get update && apt-get install -y git\nFROM debian:13 AS other\nARG COMMIT\nFROM other\nRUN apt-get update && apt-get install -y git\nCOPY --from=a /o /o\n',
    },
    { name: 'only quick steps between', code: 'FROM node:22\nARG COMMIT\nRUN mkdir /data\nRUN echo $COMMIT > /c\n' },
  ],
  invalid: [
    {
      code: 'FROM node:22\nARG «GIT_SHA»\nRUN npm ci\nCOPY . .\nRUN npm run build -- $GIT_SHA\n',
      message: 'GIT_SHA changes with every build, and a step below does not need it',
      severity: 'warning',
      safety: 'unsafe',
      caveat: /a step between may read GIT_SHA/,
      fixed: 'FROM node:22\nRUN npm ci\nCOPY . .\nARG GIT_SHA\nRUN npm run build -- $GIT_SHA\n',
    },
    {
      name: 'installs of the distribution cannot look at it',
      code: 'FROM debian:13\nARG «BUILD_NUMBER»=0\nLABEL build=$BUILD_NUMBER\nRUN apt-get update && apt-get install -y git\nCMD ["x"]\n',
      safety: 'safe',
      fixed:
        'FROM debian:13\nRUN apt-get update && apt-get install -y git\nARG BUILD_NUMBER=0\nLABEL build=$BUILD_NUMBER\nCMD ["x"]\n',
    },
    {
      name: 'an ENV made from it goes with it',
      code: 'FROM node:22\nARG «COMMIT»\nENV COMMIT=$COMMIT\nRUN npm ci\nRUN npm run build\nCMD ["node", "a"]\n',
      safety: 'unsafe',
      caveat: /comes later in the environment/,
      fixed: 'FROM node:22\nRUN npm ci\nARG COMMIT\nENV COMMIT=$COMMIT\nRUN npm run build\nCMD ["node", "a"]\n',
    },
    {
      name: 'stages that are built on it inherit the ENV',
      code: 'FROM debian:13 AS base\nARG «COMMIT»\nENV COMMIT=$COMMIT\nFROM base AS build\nRUN apt-get update && apt-get install -y git\nFROM base\nCOPY --from=build /o /o\n',
      message: 'COMMIT changes with every build, and a step below does not need it but re-runs with it',
      evidence: /no fix: stages that are built on this one inherit the environment/,
      safety: 'none',
    },
    {
      name: 'a label that stands between has the last word',
      code: 'FROM debian:13\nARG «COMMIT»\nLABEL v=$COMMIT\nRUN apt-get update && apt-get install -y git\nLABEL v=1\nRUN echo $COMMIT\n',
      safety: 'unsafe',
      caveat: /^what stands between sets the same label/,
    },
    {
      name: 'a variable of the label that is set again between',
      code: 'FROM debian:13\nARG «COMMIT»\nENV V=1\nLABEL v=$V-$COMMIT\nRUN apt-get update && apt-get install -y git\nENV V=2\nRUN echo $COMMIT\n',
      safety: 'unsafe',
      caveat: /^what stands between sets the same label/,
    },
    {
      name: 'what moves stands above the comment of the first step that uses it',
      code: 'FROM debian:13\nARG «COMMIT»\nRUN apt-get update && apt-get install -y git\n\n# Say what this is\n# made from\nRUN echo $COMMIT > /c\n',
      fixed:
        'FROM debian:13\nRUN apt-get update && apt-get install -y git\n\nARG COMMIT\n# Say what this is\n# made from\nRUN echo $COMMIT > /c\n',
    },
    {
      name: 'blank lines do not stand twice',
      code: 'FROM debian:13\n\nARG «COMMIT»\nARG BUILD_DATE\n\nLABEL v=$COMMIT\n\nRUN apt-get update && apt-get install -y git\n\nCMD ["x"]\n',
      fixed:
        'FROM debian:13\n\nRUN apt-get update && apt-get install -y git\n\nARG COMMIT\nARG BUILD_DATE\nLABEL v=$COMMIT\n\nCMD ["x"]\n',
    },
    {
      name: 'a name from the options',
      code: 'FROM node:22\nARG «RELEASE»\nRUN npm ci\n',
      options: { names: ['RELEASE'] },
    },
  ],
});
