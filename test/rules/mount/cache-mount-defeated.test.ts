import { cacheMountDefeated } from '../../../server/rules/mount/cache-mount-defeated.js';
import { testRule } from '../../helpers/rule-tester.js';

const pip = '--mount=type=cache,target=/root/.cache/pip';
const npm = '--mount=type=cache,target=/root/.npm';
const apt = '--mount=type=cache,target=/var/cache/apt,sharing=locked';
const lists = '--mount=type=cache,target=/var/lib/apt,sharing=locked';
const keep = 'RUN rm -f /etc/apt/apt.conf.d/docker-clean\n';

testRule(cacheMountDefeated, {
  valid: [
    ...['RUN sh /setup/base.sh\n', 'RUN ./base.sh\n', 'RUN . /base\n', 'COPY etc /etc\n', 'COPY --from=a / /\n'].map(
      (step) => ({
        name: `docker-clean may be removed by ${step.trim()}`,
        code: `FROM debian:13 AS base\nCOPY base.sh /setup/\n${step}FROM base\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y git\n`,
      }),
    ),
    { name: 'no mount', code: 'FROM python:3.13\nRUN pip install --no-cache-dir flask\n' },
    {
      name: 'a mount for something else',
      code: 'FROM python:3.13\nRUN --mount=type=cache,target=/models pip install --no-cache-dir flask\n',
    },
    {
      name: 'an option of another command',
      code: `FROM python:3.13\nRUN ${pip} pip install flask && apk add --no-cache git\n`,
    },
    {
      name: 'lists that are not mounted are cleaned',
      code: `FROM debian:13\n${keep}RUN ${apt} apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\n`,
    },
    {
      name: 'docker-clean is dealt with',
      code: `FROM debian:13\n${keep}RUN ${apt} apt-get update && apt-get install -y git\n`,
    },
    {
      name: 'a base that may be no Debian',
      code: `FROM example.com/base\nRUN ${apt} apt-get update && apt-get install -y git\n`,
    },
    {
      name: 'a variable that is off',
      code: `FROM python:3.13\nENV PIP_NO_CACHE_DIR=0\nRUN ${pip} pip install flask\n`,
    },
    {
      name: 'the clean-up takes more than the cache',
      code: `FROM python:3.13\nRUN ${pip} pip install flask && rm -rf /root/.cache/pip /tmp/x\n`,
    },
    {
      name: 'a clean-up of a folder that is not mounted',
      code: `FROM debian:13\n${keep}RUN --mount=type=cache,target=/var/lib/apt/lists apt-get update && apt-get install -y git && apt-get clean\n`,
    },
    {
      name: 'go clean removes objects, not the cache',
      code: 'FROM golang:1.25\nRUN --mount=type=cache,target=/go/pkg/mod go mod download && go clean\n',
    },
    {
      name: 'gem cleanup removes gems, not the cache',
      code: 'FROM ruby:3.4\nRUN --mount=type=cache,target=/usr/local/bundle/cache bundle install && gem cleanup\n',
    },
    {
      name: 'an install with an option that clears',
      code: 'FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache/pipenv pipenv install --clear\n',
    },
  ],
  invalid: [
    {
      code: `FROM python:3.13\nRUN ${pip} \\\n    pip install \\\n    «--no-cache-dir» \\\n    -r requirements.txt\n`,
      message: '--no-cache-dir keeps the cache mount at /root/.cache/pip empty',
      safety: 'unsafe',
      caveat: /^what was compiled for one base image is used for another$/,
      fixed: `FROM python:3.13\nRUN ${pip} \\\n    pip install \\\n    -r requirements.txt\n`,
    },
    ...['tar cf /c.tar ~/.cache/pip', 'ls /root/.cache/pip > /size'].map((reader) => ({
      name: `what the cache holds gets into the image: ${reader}`,
      code: `FROM python:3.13\nRUN ${pip} pip install «--no-cache-dir» flask && ${reader}\n`,
      safety: 'none' as const,
    })),
    {
      name: 'a mount that cannot be written to',
      code: 'FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache/pip,ro pip install «--no-cache-dir» flask\n',
      safety: 'none',
    },
    {
      name: 'a clean-up that writes a file',
      code: `FROM python:3.13\nRUN ${pip} pip install flask && «rm -rfv /root/.cache/pip/* > /log»\n`,
      safety: 'none',
    },
    {
      name: 'a clean-up that hides a failure',
      code: `FROM python:3.13\nRUN ${pip} pip install flask; «rm -rf /root/.cache/pip/*»\n`,
      safety: 'unsafe',
      caveat: /^the build then stops where the command before it fails; what was compiled/,
      fixed: `FROM python:3.13\nRUN ${pip} pip install flask\n`,
    },
    {
      name: 'a clean-up that hides none, with set -e or with a command behind it',
      code: `FROM node:22\nRUN ${npm} set -e; npm ci; «rm -rf /root/.npm/*»\nRUN ${npm} npm ci; «rm -rf /root/.npm/*»; echo\n`,
      safety: 'safe',
      fixed: `FROM node:22\nRUN ${npm} set -e; npm ci\nRUN ${npm} npm ci; echo\n`,
    },
    {
      name: 'a folder above it is mounted',
      code: 'FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache pip install «--no-cache-dir» flask\n',
    },
    {
      name: 'ENV',
      code: `FROM python:3.13\nENV PIP_NO_CACHE_DIR=1\nRUN ${pip} «pip» install flask\n`,
      message: 'PIP_NO_CACHE_DIR is set',
      safety: 'none',
    },
    { name: 'an assignment', code: `FROM python:3.13\nRUN ${pip} «PIP_NO_CACHE_DIR=1» pip install flask\n` },
    {
      name: 'rm of all in the folder',
      code: `FROM node:22\nRUN ${npm} npm ci && «rm -rf /root/.npm/*» && node -v\n`,
      message: 'empties the cache mount',
      severity: 'warning',
      safety: 'safe',
      fixed: `FROM node:22\nRUN ${npm} npm ci && node -v\n`,
    },
    ...[
      ['python:3.13', '/root/.cache/pip', 'pip install flask', 'pip cache purge', /compiled for one base image/],
      ['golang:1.25', '/root/.cache/go-build', 'go build ./...', 'go clean -cache', /a library of C changed/],
      ['golang:1.25', '/root/.cache/go-build', 'go test ./...', 'go clean -cache', /results of tests/],
      ['node:22', '/root/.npm', 'npm install', 'npm cache clean --force', /which versions npm chooses/],
      ['maven:3.9', '/root/.m2', 'mvn package', 'rm -rf /root/.m2/*', /maven does the same with it is not proved/],
    ].map(([image, target, install, cleanUp, caveat]) => ({
      name: `a cache that may change what is made: ${install}`,
      code: `FROM ${image}\nRUN --mount=type=cache,target=${target} ${install} && «${cleanUp}»\n`,
      safety: 'unsafe' as const,
      caveat: caveat as RegExp,
    })),
    {
      name: "apt's packages, which it checks",
      code: `FROM debian:13\n${keep}RUN ${apt} apt-get update && apt-get install -y git && «apt-get clean»\n`,
      safety: 'safe',
      fixed: `FROM debian:13\n${keep}RUN ${apt} apt-get update && apt-get install -y git\n`,
    },
    {
      name: 'rm of the mount itself fails, which test/engine/fixes.engine.ts shows',
      code: `FROM python:3.13\nRUN ${pip} pip install flask && «rm -rf /root/.cache/pip» && python -V\n`,
      message: 'the build fails here: rm cannot remove /root/.cache/pip, where the cache is mounted',
      severity: 'error',
      safety: 'safe',
      fixed: `FROM python:3.13\nRUN ${pip} pip install flask && python -V\n`,
    },
    {
      name: 'rm of the mount itself, its failure passed over',
      code: `FROM python:3.13\nRUN ${pip} pip install flask; «rm -rf /root/.cache/pip»; python -V\n`,
      message: 'empties the cache mount',
    },
    {
      name: 'the manager cleans its cache',
      code: 'FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci && «npm cache clean --force»\n',
      fixed: 'FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
    },
    {
      name: 'the clean-up of one of two caches',
      code: 'FROM golang:1.25\nRUN --mount=type=cache,target=/go/pkg/mod go mod download && «go clean -modcache»\n',
      safety: 'safe',
      fixed: 'FROM golang:1.25\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\n',
    },
    {
      name: 'a clean-up of more than the mounted folder',
      code: 'FROM mcr.microsoft.com/dotnet/sdk:9.0\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet restore && «dotnet nuget locals all --clear»\n',
      safety: 'unsafe',
      caveat: /empties other folders too/,
    },
    {
      name: 'yum cleans what is mounted',
      code: 'FROM centos:7\nRUN --mount=type=cache,target=/var/cache/yum yum install -y --setopt=keepcache=1 git && «yum clean all»\n',
      safety: 'unsafe',
      caveat: /^that yum does the same with it is not proved$/,
      fixed: 'FROM centos:7\nRUN --mount=type=cache,target=/var/cache/yum yum install -y --setopt=keepcache=1 git\n',
    },
    {
      name: 'docker-clean, where no shell runs the command',
      code: `FROM debian:13\nRUN ${apt} ["«apt-get»", "install", "-y", "git"]\n`,
      safety: 'none',
    },
    {
      name: 'docker-clean, with the rights of the install',
      code: `FROM debian:13\nRUN ${apt} sudo apt-get update && sudo «apt-get» install -y git\n`,
      fixed: `FROM debian:13\nRUN ${apt} sudo rm -f /etc/apt/apt.conf.d/docker-clean && sudo apt-get update && sudo apt-get install -y git\n`,
    },
    {
      name: 'docker-clean',
      code: `FROM debian:13\nRUN ${apt} apt-get update && «apt-get» install -y git\n`,
      message: 'docker-clean',
      safety: 'unsafe',
      fixed: `FROM debian:13\nRUN ${apt} rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y git\n`,
    },
    {
      name: 'dist-clean, where the lists are mounted too',
      code: `FROM debian:13\nRUN ${apt} ${lists} rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y git && «apt-get dist-clean»\n`,
      safety: 'safe',
      fixed: `FROM debian:13\nRUN ${apt} ${lists} rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y git\n`,
    },
    {
      name: 'docker-clean, in a script',
      code: `FROM debian:13\nRUN ${apt} <<EOF\n    apt-get update\n    «apt-get» install -y git\nEOF\n`,
      fixed: `FROM debian:13\nRUN ${apt} <<EOF\n    rm -f /etc/apt/apt.conf.d/docker-clean\n    apt-get update\n    apt-get install -y git\nEOF\n`,
    },
    {
      name: 'docker-clean, in a script with an interpreter of its own',
      code: `FROM debian:13\nRUN ${apt} <<EOF\n#!/bin/sh\napt-get update && «apt-get» install -y git\nEOF\n`,
      safety: 'none',
    },
    {
      name: 'docker-clean, in a script for a shell that is named',
      code: `FROM debian:13\nRUN ${apt} bash -e <<EOF\napt-get update && «apt-get» install -y git\nEOF\n`,
      safety: 'none',
    },
  ],
});
