import type { FileResult } from '../../server/core/engine.js';
import type { Finding } from '../../server/core/finding.js';
import type { ReportInput } from '../../server/report/report.js';
import type { Span } from '../../server/syntax/text.js';
import { fileResult, finding, input, otherFileOf } from './sample.js';

const dockerfile = `# syntax=docker/dockerfile:1
FROM node:latest AS build
WORKDIR /app
COPY . .
ENV NODE_ENV=production
RUN npm ci
RUN apt-get update \\
\t&& apt-get install -y \\
\t   curl \\
\t   git \\
\t&& rm -rf /var/lib/apt/lists/*
ADD https://example.com/tool.tar.gz /opt/
# 起動コマンド
CMD ["node", "サーバー.js"]
`;

const packageJson = '{\n  "name": "shop",\n  "scripts": { "build": "tsc" }\n}\n';

/** The place of a word, or of everything from one word to another. */
function at(text: string, from: string, to = from): Span {
  const start = text.indexOf(from);
  return { start, end: text.indexOf(to, start) + to.length };
}

const copyBeforeInstall: Finding = finding({
  message: '`COPY . .` comes before `npm ci`, so every source edit downloads all packages again',
  span: at(dockerfile, '. .', '.'),
  evidence: [
    { text: 'needs only package.json and package-lock.json', span: at(dockerfile, 'npm ci') },
    { text: 'has no script that runs on install', file: 'package.json', span: at(packageJson, '"scripts"') },
    { text: '38 of the last 40 commits change other files that this COPY takes' },
  ],
  fixes: [
    {
      title: 'Copy only the manifests before npm ci',
      safety: 'safe',
      edits: [
        { span: at(dockerfile, 'COPY . .'), text: 'COPY package.json package-lock.json ./' },
        {
          span: { start: dockerfile.indexOf('RUN apt-get'), end: dockerfile.indexOf('RUN apt-get') },
          text: 'COPY . .\n',
        },
      ],
    },
  ],
  savings: { trigger: 'a source edit', rebuilds: [5], seconds: 38, bytes: 214_000_000, basis: 'git-history' },
});

const findings: readonly Finding[] = [
  finding({
    rule: 'unpinned-base',
    message: 'the tag node:latest moves, so the same commit can build on another image tomorrow',
    span: at(dockerfile, 'latest'),
  }),
  copyBeforeInstall,
  finding({
    rule: 'missing-cache-mount',
    severity: 'info',
    message: '`apt-get install` downloads every package again when this instruction re-runs',
    span: at(dockerfile, 'apt-get update', 'lists/*'),
    fixes: [
      {
        title: 'Keep the packages in a cache mount',
        safety: 'unsafe',
        caveat: 'BuildKit is needed; a CI runner that starts empty gains nothing unless it keeps the mount',
        edits: [
          { span: at(dockerfile, 'apt-get update'), text: '--mount=type=cache,target=/var/cache/apt apt-get update' },
        ],
      },
    ],
  }),
  finding({
    rule: 'remote-add-without-checksum',
    severity: 'error',
    message: 'the download is not checked, so whoever controls example.com controls the image',
    span: at(dockerfile, 'https://example.com/tool.tar.gz'),
    fixes: [
      { title: 'Add --checksum=sha256:…', safety: 'manual', caveat: 'only you know the right checksum', edits: [] },
    ],
  }),
  finding({
    rule: 'unused-suppression',
    severity: 'info',
    message: 'nothing here needs 起動',
    span: at(dockerfile, '起動'),
    unnecessary: true,
  }),
];

const ignoreFile: FileResult = fileResult({
  path: 'services/web/.dockerignore',
  kind: 'dockerignore',
  text: 'node_modules\r\n.git # history\r\n',
  findings: [
    finding({
      rule: 'inline-comment',
      severity: 'warning',
      message: '`# history` is part of the pattern, so .git is not ignored',
      span: { start: 18, end: 29 },
      fixes: [
        {
          title: 'Put the comment on its own line',
          safety: 'safe',
          edits: [{ span: { start: 14, end: 29 }, text: '# history\r\n.git' }],
        },
      ],
    }),
  ],
});

/** What a run on a small repository may find; the reports of it are kept in fixtures/report. */
export const showcase: ReportInput = {
  ...input(
    fileResult({
      path: 'services/web/Dockerfile',
      text: dockerfile,
      findings,
      suppressed: [
        {
          finding: finding({ rule: 'unpinned-base', message: 'the tag moves', span: at(dockerfile, 'node:latest') }),
          by: 'comment',
          reason: 'tests only',
        },
      ],
    }),
    ignoreFile,
    fileResult({
      path: 'docs/Dockerfile',
      text: 'FROM scratch\n',
      skipped: [
        { rule: 'context-includes-vcs', reason: 'no build context is known' },
        { rule: 'missing-ignore-file', reason: 'no build context is known' },
      ],
    }),
  ),
  otherFile: (result, file) => {
    const other = otherFileOf({ 'package.json': packageJson })(result, file);
    return { ...other, path: `services/web/${file}` };
  },
};
