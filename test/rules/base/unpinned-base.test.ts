import { unpinnedBase } from '../../../server/rules/base/unpinned-base.js';
import { testRule } from '../../helpers/rule-tester.js';

const digest = `sha256:${'0'.repeat(64)}`;

testRule(unpinnedBase, {
  valid: [
    'FROM node:22-slim\n',
    'FROM --platform=$BUILDPLATFORM registry.example:5000/team/app:1.2 AS build\n',
    { name: 'a digest pins, whatever the tag', code: `FROM node@${digest}\nFROM node:latest@${digest}\n` },
    { name: 'scratch has no versions', code: 'FROM scratch\nCOPY hello /\n' },
    {
      name: 'stages by name, by number and in any case',
      code: 'FROM node:22 AS base\nFROM base AS Build\nRUN make\nFROM base\nCOPY --from=build /out /out\nCOPY --from=1 /out /out\nRUN --mount=from=build,target=/b ls /b\n',
    },
    {
      name: 'an ARG without a default is not known',
      code: `ARG BASE\nARG VERSION\nFROM \${BASE}\nFROM node:\${VERSION}\n`,
    },
    { name: 'an ARG that nobody declared', code: 'FROM node:$VERSION\n' },
    { name: 'the default gives a tag', code: `ARG VERSION=22\nFROM node:\${VERSION}\nFROM node:\${NONE:-20}\n` },
    { name: 'a word that may be a named build context', code: 'FROM node:22\nCOPY --from=assets /a /a\n' },
    { name: 'an image that is built on the spot', code: 'FROM acme_web\nFROM base:latest\n' },
    { name: 'a placeholder that every build has to override', code: 'ARG BASE=non-existing\nFROM $BASE\n' },
    { name: 'a target platform decides the name', code: 'FROM app-$TARGETARCH\n' },
    {
      name: 'allowed by the user',
      code: 'FROM ghcr.io/acme/base\nFROM node\n',
      options: { allow: ['ghcr.io/acme/*', 'node'] },
    },
    { name: 'no image reference at all', code: 'FROM Build\n' },
  ],
  invalid: [
    { code: 'FROM «node»\n', message: 'node has no tag', severity: 'warning', safety: 'none' },
    {
      name: 'underlines the tag',
      code: 'FROM node:«latest» AS build\nRUN make\n',
      message: 'node:latest moves',
      evidence: /the one step of this stage runs/,
    },
    { code: 'FROM --platform=linux/amd64 «ghcr.io/acme/base» AS base\n' },
    { name: 'a port is no tag', code: 'FROM «localhost:5000/app»\n' },
    { code: 'FROM node:22\nCOPY --from=composer:«latest» /usr/bin/composer /usr/bin/composer\n' },
    {
      name: 'an official image without a tag in --from',
      code: 'FROM php:8.4\nCOPY --from=«composer» /usr/bin/composer /usr/bin/composer\n',
    },
    { code: 'FROM alpine:3.22\nRUN --mount=type=bind,from=«ghcr.io/astral-sh/uv»,source=/uv,target=/bin/uv uv sync\n' },
    {
      name: 'the default of an ARG is judged as info',
      code: `ARG VERSION=latest\nFROM «node:\${VERSION}»\n`,
      severity: 'info',
      message: 'by default',
      evidence: /VERSION is "latest"/,
    },
    {
      name: 'the whole name from an ARG',
      code: `ARG BASE=docker.io/library/node\nFROM «\${BASE}»\n`,
      severity: 'info',
      message: /^node has/,
    },
    {
      name: 'tags that the user calls moving',
      code: 'FROM debian:«stable»\n',
      options: { movingTags: ['stable', 'edge-*'] },
    },
    {
      name: 'the project names the version',
      code: 'FROM «node» AS build\nFROM node:«latest»\n',
      files: { '.nvmrc': 'v22.3.0\n' },
      safety: 'unsafe',
      caveat: /\.nvmrc names 22\.3\.0/,
      fixed: 'FROM node:22.3.0 AS build\nFROM node:22.3.0\n',
    },
    {
      name: 'a variant stays',
      code: 'FROM golang:«latest-alpine»\n',
      options: { movingTags: ['latest*'] },
      files: { 'go.mod': 'module a\n\ngo 1.24.1\n' },
      fixed: 'FROM golang:1.24.1-alpine\n',
    },
    {
      name: 'an alias of a version gives no fix',
      code: 'FROM «node»\n',
      files: { '.nvmrc': 'lts/*\n' },
      safety: 'none',
    },
    { name: 'in a trigger', code: 'FROM node:22\nONBUILD COPY --from=acme/tools:«latest» /t /t\n' },
  ],
});
