import * as v from 'valibot';
import type { Evidence } from '../../core/finding.js';
import { defineRule } from '../../core/rule.js';
import { dependencyFolders } from '../../knowledge/dependency-folders.js';
import type { Build } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import { appendPatterns } from '../../model/ignore-edit.js';
import { installsOf } from '../../model/installs.js';
import type { Transfer } from '../../model/transfers.js';
import { contextTransfers, measureFolder, sizeText, takenBy } from '../../model/transfers.js';

export const missingIgnoreFile = defineRule({
  name: 'missing-ignore-file',
  category: 'context',
  severity: 'warning',
  recommended: true,
  fixable: 'always',
  since: '0.1.0',
  aliases: [],
  needs: ['context'],
  docs: {
    summary: 'No `.dockerignore`, and a COPY that takes what should not be in an image.',
    why: `Without an ignore file \`COPY . .\` takes \`.git\`, which changes with every commit and checkout, installed dependencies of another platform, and secrets such as \`.env\`. The step re-runs although no source has changed, and the image grows.

Reported only when a \`COPY\` really takes something of that kind: it is there now, or Git ignores it and the stage installs it itself. The fix creates a \`.dockerignore\` with just these paths. It is unsafe because they then are not in the image.`,
    bad: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n',
    good: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY src ./src\n',
    files: {
      '.git/HEAD': 'ref: refs/heads/main\n',
      'package.json': '{}',
      'package-lock.json': '{}',
      'src/index.js': '',
    },
    links: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  },
  options: v.object({}),
  check({ build, context, report }) {
    if (!context || context.ignoreFile || !context.plausible) return;
    for (const transfer of contextTransfers(build)) {
      const source = transfer.sources.find(({ path }) => path !== undefined);
      const unwanted = source ? unwantedOf(transfer, build, context) : [];
      const first = unwanted[0];
      const word = first && takenBy(transfer, first.path)?.word;
      if (!first || !word) continue;
      const list = unwanted.map(({ path }) => path);
      report({
        span: word.span,
        message: `${transfer.instruction.keyword} ${word.text} takes ${named(list)}, and no .dockerignore keeps ${list.length > 1 ? 'them' : 'it'} out`,
        evidence: unwanted.map(({ evidence }) => evidence),
        fixes: [
          {
            title: 'Create .dockerignore',
            safety: 'unsafe',
            caveat: `${named(list)} ${list.length > 1 ? 'are' : 'is'} no longer sent to any build of this context`,
            edits: [appendPatterns(context, [...new Set(unwanted.map(({ pattern }) => pattern))])],
          },
        ],
      });
      return;
    }
  },
});

interface Unwanted {
  readonly path: string;
  readonly pattern: string;
  readonly evidence: Evidence;
}

function unwantedOf(transfer: Transfer, build: Build, context: BuildContext): Unwanted[] {
  const found: Unwanted[] = [];
  if (context.entry('.git')?.type === 'directory' && takenBy(transfer, '.git/HEAD')) {
    found.push({
      path: '.git',
      pattern: '.git',
      evidence: { text: `.git: ${sizeText(measureFolder(context, '.git'))}` },
    });
  }
  const installed = new Set(installsOf(build).map(({ manager }) => manager.name));
  for (const { name, managers, beside } of dependencyFolders) {
    if (!managers.some((manager) => installed.has(manager)) || !takenBy(transfer, `${name}/x`)) continue;
    const there = context.entry(name)?.type === 'directory';
    const expected = beside.some((file) => context.entry(file)) && context.gitIgnored(`${name}/`) === true;
    if (!there && !expected) continue;
    const text = there
      ? `${name}: ${sizeText(measureFolder(context, name))}`
      : `${name} is not here now, but Git ignores it: it is made on the machines of developers`;
    found.push({ path: name, pattern: name, evidence: { text } });
  }
  for (const { path, type } of context.children('')) {
    if (
      !/^\.env(?:\.(?!example|sample|template|dist|defaults?|test|ci)[\w-]+)*$/.test(path) ||
      type !== 'file' ||
      !takenBy(transfer, path)
    )
      continue;
    if (context.gitIgnored(path) !== true) continue;
    found.push({
      path,
      pattern: path,
      evidence: { text: `${path} is not in Git, so it may hold secrets`, file: path },
    });
  }
  return found;
}

function named(list: readonly string[]): string {
  return list.length < 2 ? (list[0] ?? '') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
}
