import * as v from 'valibot';
import { defineRule } from '../../core/rule.js';
import { appendPatterns, appendProblem } from '../../model/ignore-edit.js';
import { contextTransfers, takenBy } from '../../model/transfers.js';
import { listed, unwantedDependencies } from '../../model/unwanted.js';
import { allows, patternsOption, presentOnly } from '../options.js';

export const contextIncludesDependencies = defineRule({
  name: 'context-includes-dependencies',
  category: 'context',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: ['context'],
  docs: {
    summary: 'A COPY that takes installed dependencies (node_modules, .venv, target…) which the image installs itself.',
    why: `What a package manager has put into the folder on the machine that builds is copied over what the image installs: binaries for another platform, packages that the lockfile does not know. And every local install re-runs the \`COPY\` and all steps below it.

Reported where the folder is there (*warning*), or where Git ignores it and the package manager makes it wherever it runs (*info*: then it is on the machines of developers). Only if the stage installs with that package manager; otherwise the folder may be copied on purpose. The fix adds the folder to the ignore file. It is unsafe where the image relied on the copied folder.

Without an ignore file the rule \`missing-ignore-file\` reports instead.`,
    bad: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n',
    good: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY src ./src\n',
    files: {
      '.dockerignore': '.git\n',
      'package.json': '{}',
      'package-lock.json': '{}',
      'node_modules/a/index.js': '',
      'src/index.js': '',
    },
    links: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  },
  options: v.object({
    allow: patternsOption('Folders that may be copied: `vendor`'),
    presentOnly,
  }),
  check({ build, context, options, report }) {
    const isAllowed = allows(options.allow);
    const ignore = context?.ignoreFile;
    if (!context?.plausible || !ignore) return;
    const seen = new Set<string>();
    for (const transfer of contextTransfers(build)) {
      const unwanted = unwantedDependencies(build, context, transfer).filter(
        ({ path, present }) => !seen.has(path) && !isAllowed(path) && (present || !options.presentOnly),
      );
      const paths = unwanted.map(({ path }) => path);
      const word = paths[0] === undefined ? undefined : takenBy(transfer, `${paths[0]}/x`)?.word;
      if (!word) continue;
      for (const path of paths) seen.add(path);
      const present = unwanted.some((one) => one.present);
      const edit = appendPatterns(context, paths);
      report({
        span: word.span,
        message: `${transfer.instruction.keyword} ${word.text} ${present ? 'takes' : 'would take'} ${listed(paths)}, which the image ${paths.length > 1 ? 'makes' : 'installs'} itself`,
        severity: present ? 'warning' : 'info',
        evidence: [
          ...unwanted.map(({ text }) => ({ text })),
          { text: `${ignore.path} does not ignore ${paths.length > 1 ? 'them' : 'it'}`, file: ignore.path },
          ...(edit ? [] : [{ text: appendProblem(context) }]),
        ],
        fixes: edit
          ? [
              {
                title: `Add ${listed(paths)} to ${ignore.path}`,
                safety: 'unsafe',
                caveat: `${listed(paths)} of the build context no longer ${paths.length > 1 ? 'reach' : 'reaches'} the image`,
                edits: [edit],
              },
            ]
          : [],
      });
    }
  },
});
