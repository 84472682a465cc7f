import * as v from 'valibot';
import type { Evidence } from '../../core/finding.js';
import { defineRule } from '../../core/rule.js';
import { dependencyFolders } from '../../knowledge/dependency-folders.js';
import type { BuildContext } from '../../model/context.js';
import { appendPatterns } from '../../model/ignore-edit.js';
import type { Install } from '../../model/installs.js';
import { installsOf } from '../../model/installs.js';
import type { Transfer } from '../../model/transfers.js';
import { contextTransfers, measureFolder, sizeText, takenBy } from '../../model/transfers.js';

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

Reported where the folder is there, or where Git ignores it and its manifest is there: then it exists on the machines of developers. Only if the Dockerfile installs with that package manager; otherwise the folder may be copied on purpose. The fix adds the folder to the ignore file. It is unsafe where the image relied on the copied folder.

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
  options: v.object({}),
  check({ build, context, report }) {
    const ignore = context?.ignoreFile;
    if (!context?.plausible || !ignore) return;
    const installs = installsOf(build);
    const transfers = contextTransfers(build);
    const seen = new Set<string>();
    for (const { name, managers, beside } of dependencyFolders) {
      if (seen.has(name)) continue;
      const transfer = transfers.find(
        (one) =>
          !context.ignored(name) && takes(one, name) && installs.some((install) => isFor(install, managers, one)),
      );
      const evidence = transfer && reasonFor(context, name, beside);
      const word = transfer && takenBy(transfer, `${name}/x`)?.word;
      if (!transfer || !evidence || !word) continue;
      seen.add(name);
      report({
        span: word.span,
        message: `${transfer.instruction.keyword} ${word.text} takes ${name}, which the image installs itself`,
        evidence: [evidence, { text: `${ignore.path} does not ignore ${name}`, file: ignore.path }],
        fixes: ignore.path.startsWith('../')
          ? []
          : [
              {
                title: `Add ${name} to ${ignore.path}`,
                safety: 'unsafe',
                caveat: `${name} of the build context no longer reaches the image`,
                edits: [appendPatterns(context, [name])],
              },
            ],
      });
    }
  },
});

function takes(transfer: Transfer, name: string): boolean {
  return takenBy(transfer, `${name}/x`) !== undefined;
}

/** Only an install in a stage that gets the copy, and only if it runs in the folder the root of the context is copied to. */
function isFor(install: Install, managers: readonly string[], transfer: Transfer): boolean {
  return install.stage === transfer.stage && managers.includes(install.manager.name) && install.kind !== 'packages';
}

function reasonFor(context: BuildContext, name: string, beside: readonly string[]): Evidence | undefined {
  const manifest = beside.find((file) =>
    file.startsWith('*') ? context.children('').some(({ path }) => path.endsWith(file.slice(1))) : context.entry(file),
  );
  if (manifest === undefined) return undefined;
  const entry = context.entry(name);
  const ignoredByGit = context.gitIgnored(`${name}/`);
  if (entry?.type === 'directory' && (ignoredByGit !== false || name === 'node_modules')) {
    return { text: `${name}: ${sizeText(measureFolder(context, name))}` };
  }
  if (entry || ignoredByGit !== true) return undefined;
  return { text: `${name} is not here now, but Git ignores it: it is made on the machines of developers` };
}
