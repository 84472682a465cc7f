import { cacheMountWrongTarget } from '../../../server/rules/mount/cache-mount-wrong-target.js';
import { testRule } from '../../helpers/rule-tester.js';

testRule(cacheMountWrongTarget, {
  valid: [
    {
      name: 'Yarn 4, whose place it is not either',
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache/yarn yarn install\n',
      files: { 'package.json': '{}', 'yarn.lock': '__metadata:\n  version: 8\n' },
    },
    'FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
    {
      name: 'a folder below the cache',
      code: 'FROM node:22\nRUN --mount=type=cache,target=/root/.npm/_cacache npm ci\n',
    },
    {
      name: 'a folder above the caches',
      code: 'FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache pip install -r r.txt\n',
    },
    {
      name: 'moved there by a variable',
      code: 'FROM node:22\nENV npm_config_cache=/cache/.npm\nRUN --mount=type=cache,target=/cache/.npm npm ci\n',
    },
    {
      name: 'a cache of the project itself',
      code: 'FROM node:22\nWORKDIR /app\nRUN --mount=type=cache,target=/app/.next/cache npm ci\n',
    },
    {
      name: 'the user is not known',
      code: 'FROM example.com/base\nRUN --mount=type=cache,target=/home/app/.npm npm ci\n',
    },
    {
      name: 'the home is not known',
      code: 'FROM debian:13\nUSER app\nRUN --mount=type=cache,target=/home/app/.npm npm ci\n',
    },
    {
      name: 'both homes are mounted',
      code: 'FROM node:22\nRUN --mount=type=cache,target=/root/.npm --mount=type=cache,target=/home/node/.npm npm ci\n',
    },
  ],
  invalid: [
    {
      name: 'an owner that is there',
      code: 'FROM node:22\nUSER node\nRUN --mount=type=cache,«target=/root/.npm»,uid=1000 npm ci\n',
      fixed: 'FROM node:22\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000 npm ci\n',
    },
    {
      name: 'a user whose number is not known',
      code: 'FROM node:22\nENV HOME=/home/app\nUSER app\nRUN --mount=type=cache,«target=/root/.npm» npm ci\n',
      safety: 'none',
      evidence: /no fix: who has to write there is not known/,
    },
    {
      name: 'a folder that would be made for root, in which another user has to write',
      code: 'FROM node:22\nWORKDIR /app\nUSER node\nCOPY . .\nRUN --mount=type=cache,«target=/root/.cache/yarn» yarn --frozen-lockfile\n',
      files: { 'package.json': '{}', 'yarn.lock': '# yarn lockfile v1\n' },
      safety: 'none',
      evidence: /no fix: the folder above it would be made for root/,
    },
    {
      name: 'another step works offline with what lies there',
      code: 'FROM mcr.microsoft.com/dotnet/sdk:9.0\nCOPY . .\nRUN --mount=type=cache,«target=/home/app/.nuget/packages» dotnet restore\nRUN dotnet publish --no-restore\n',
      safety: 'none',
      evidence: /no fix: another step works offline/,
    },
    {
      name: 'packages that every step uses where they lie',
      code: 'FROM golang:1.25\nCOPY . .\nRUN --mount=type=cache,«target=/root/go/pkg/mod» go mod download\n',
      safety: 'unsafe',
      caveat: /^\/go\/pkg\/mod is then not in the image: each step that uses it needs the mount$/,
    },
    {
      name: 'the home of root, where the first yarn keeps the cache of others only',
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,«target=/root/.cache/yarn» yarn --frozen-lockfile\n',
      files: { 'package.json': '{}', 'yarn.lock': '# yarn lockfile v1\n' },
      message: 'yarn keeps its cache in /usr/local/share/.cache/yarn here',
      safety: 'unsafe',
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn --frozen-lockfile\n',
    },
    {
      name: 'the home of root, but another user runs it',
      code: 'FROM node:22\nUSER node\nRUN --mount=type=cache,«target=/root/.npm» npm ci\n',
      message: 'npm keeps its cache in /home/node/.npm here',
      safety: 'unsafe',
      fixed: 'FROM node:22\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci\n',
    },
    {
      name: 'a tilde',
      code: 'FROM node:22\nRUN --mount=type=cache,id=npm,«target=~/.npm» npm ci\n',
      message: '~ is not expanded',
      fixed: 'FROM node:22\nRUN --mount=type=cache,id=npm,target=/root/.npm npm ci\n',
    },
    {
      name: 'a variable moves the cache',
      code: 'FROM python:3.13\nENV PIP_CACHE_DIR=/pip\nRUN --mount=type=cache,«target=/root/.cache/pip» pip install -r r.txt\n',
      message: '/pip',
    },
  ],
});
