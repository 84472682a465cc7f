import * as v from 'valibot';
import type { Fix, Severity } from '../../core/finding.js';
import { defineRule } from '../../core/rule.js';
import type { Build, Stage } from '../../model/build.js';
import type { BuildContext } from '../../model/context.js';
import type { Lookup } from '../../model/remote-facts.js';
import { hasOlderFrontend } from '../../syntax/frontend.js';
import { nameGlob } from '../../syntax/name-glob.js';
import { isGitSource, isRemoteSource } from '../../syntax/remote-source.js';
import { parseShell, type ShellCommand } from '../../syntax/shell.js';
import type { TransferInstruction } from '../../syntax/tree.js';
import { variableNames } from '../../syntax/variables.js';
import { patternsOption } from '../options.js';

export const remoteAddWithoutChecksum = defineRule({
  name: 'remote-add-without-checksum',
  category: 'layer',
  severity: 'warning',
  recommended: true,
  fixable: 'sometimes',
  since: '0.1.0',
  aliases: [],
  needs: [],
  docs: {
    summary: 'An ADD of a URL or a Git repository without a checksum: whatever is served becomes part of the image.',
    why: `Nothing ties the line to one content. The server can send another file tomorrow, by mistake or by malice, and the image changes while the Dockerfile does not.
It costs time as well: without a checksum the builder asks the server on **every** build, and fails when the server does not answer. With \`--checksum\` a cached step asks nobody.

Write \`ADD --checksum=sha256:…\` for a URL. For a Git repository name the full commit after \`#\`, or keep the tag and add \`--checksum=<commit>\`. The checksum cannot be known here: take it from the publisher, or from one download that you trust (\`curl -sSL URL | sha256sum\`).
\`layerwise lint --ask-registry\` makes that download for \`https\` URLs that are written out, keeps the checksum in \`.layerwise/remote.json\`, and from then on there is a fix, in the editor too. It is *unsafe*: what was served that day is taken for right, and the build fails when something else is. It needs the Dockerfile syntax 1.6 (2023).
Where the version is an \`ARG\`, the checksum can be another one beside it.

It is a *warning* where the content moves by design (\`latest\`, a branch, no version in the URL) or comes over plain \`http\`, and *info* where the URL names a version. Nothing is reported where a later step of the stage checks a checksum or a signature, for the signature files themselves, where the URL depends on the platform, because one checksum cannot fit all of them, and for answers of an API (\`https://api.github.com/…/refs/heads/main\`), which are added so that the steps below run again when they change.

Do not follow it where following the newest content is the purpose: put the URL into \`allow\`.`,
    bad: `FROM alpine:3.22
ADD https://example.com/tools/latest/tool.tar.gz /opt/
`,
    good: `FROM alpine:3.22
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/tools/1.4.2/tool.tar.gz /opt/
`,
    links: [
      'https://docs.docker.com/reference/dockerfile/#add---checksum',
      'https://docs.docker.com/build/building/best-practices/#add-or-copy',
    ],
  },
  options: v.object({
    allow: patternsOption('URLs that may stay unchecked'),
  }),
  check({ file, build, context, settings, options, report }) {
    const canCheck =
      !hasOlderFrontend(file.text, 1, 6) && settings.builder !== 'classic' && settings.builder !== 'kaniko';
    const allowed = options.allow.map(nameGlob);
    for (const stage of build.stages) {
      let verified: number | undefined;
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'ADD' || instruction.flags.some(({ name }) => name === 'checksum')) continue;
        for (const { text, span } of instruction.sources) {
          const url = urlOf(build, instruction, text);
          if (!url || allowed.some((glob) => glob.test(url)) || isAnswer(url)) continue;
          const verdict = isGitSource(url) ? judgeGit(url) : judgeUrl(url);
          if (!verdict) continue;
          verified ??= lastVerifying(build, stage);
          if (instruction.index < verified) continue;
          report({
            span,
            message: verdict.message,
            severity: verdict.severity,
            evidence: [{ text: 'without a checksum the builder asks the server for it on every build' }],
            fixes: [
              (canCheck && checksumFix(instruction, text, context)) || manualFix(verdict, canCheck, instruction, text),
            ],
          });
        }
      }
    }
  },
});

/** Encrypted on the way, or from this machine; without a password in it. */
const trusted = /^https:\/\/(?![^/]*@)|^http:\/\/(?:localhost|127\.0\.0\.1)(?=[:/])(?![^/]*@)/i;

/** The URL is written out, and there is one, so that a checksum can be that of its content. */
function lookupOf({ sources }: TransferInstruction, url: string): Lookup | undefined {
  const isPlain = sources.length === 1 && trusted.test(url) && !/[\s"'\\$`]/.test(url) && URL.canParse(url);
  return isPlain && !isGitSource(url) ? { kind: 'file', name: url } : undefined;
}

function checksumFix(
  instruction: TransferInstruction,
  url: string,
  context: BuildContext | undefined,
): Fix | undefined {
  const lookup = lookupOf(instruction, url);
  const answer = lookup && context?.remoteFacts?.()?.answer(lookup);
  if (!answer) return undefined;
  const { end } = instruction.keywordSpan;
  return {
    title: 'Add the checksum',
    safety: 'unsafe',
    caveat: `it is that of what the server sent on ${answer.day}: compare it with what the publisher says; the build fails when something else is sent`,
    edits: [{ span: { start: end, end }, text: ` --checksum=${answer.digest}` }],
    lookup,
  };
}

function manualFix({ advice, caveat }: Verdict, canCheck: boolean, instruction: TransferInstruction, url: string): Fix {
  const lookup = canCheck ? lookupOf(instruction, url) : undefined;
  return { title: advice, safety: 'manual', caveat, edits: [], ...(lookup && { lookup }) };
}

interface Verdict {
  readonly severity: Severity;
  readonly message: string;
  readonly advice: string;
  readonly caveat: string;
}

/** The URL as far as it is known; undefined for a local source and for one that depends on the platform. */
function urlOf(build: Build, instruction: TransferInstruction, text: string): string | undefined {
  if (variableNames(text, { escape: build.file.escape }).some((name) => /^(?:TARGET|BUILD)|arch$/i.test(name)))
    return undefined;
  const url = build.expand(instruction, text) ?? text.replace(/^"(.*)"$/, '$1');
  return isRemoteSource(url) ? url : undefined;
}

/** An answer that changes on purpose: it makes the steps below run again when something elsewhere has moved. */
function isAnswer(url: string): boolean {
  return /^https?:\/\/(?:api\.|[^/]*\brandom\.org\/|worldtimeapi\.org\/|[^/]+\/api\/v\d)/i.test(url);
}

function judgeGit(url: string): Verdict | undefined {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  if (/(?:^|&)(?:commit|checksum)=/.test(query)) return undefined;
  const ref = /(?:^|&)(?:ref|tag|branch)=([^&]*)/.exec(query)?.[1] ?? /#([^:]*)/.exec(url)?.[1] ?? '';
  if (/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(ref) || ref.includes('$')) return undefined;
  const fix = {
    advice: ref === '' ? 'Name a commit or a tag after "#" and add --checksum=<commit>' : 'Add --checksum=<commit>',
    caveat: `"git ls-remote ${url.replace(/[?#].*$/s, '')} ${ref || 'HEAD'}" prints the commit`,
  };
  if (ref === '')
    return {
      ...fix,
      severity: 'warning',
      message: 'this ADD takes the newest commit of the default branch at every build',
    };
  if (/\d/.test(ref) && !/^(?:refs\/heads\/|release[-/])/.test(ref))
    return { ...fix, severity: 'info', message: `the Git tag ${ref} is not tied to a commit; it can be moved` };
  return {
    ...fix,
    severity: 'warning',
    message: `this ADD takes whatever commit ${ref} points to at the time of the build`,
  };
}

function judgeUrl(url: string): Verdict | undefined {
  const path = url.replace(/[?#].*$/s, '');
  if (/\.(?:asc|sig|sign|minisig|sha\d+|sha\d+sums?|md5)$/i.test(path)) return undefined;
  const fix = {
    advice: 'Add --checksum=sha256:<digest>',
    caveat: 'take the digest from the publisher, or from a download that you trust',
  };
  if (/^http:/i.test(url))
    return {
      ...fix,
      severity: 'warning',
      message: 'this ADD has no checksum and no encryption: anybody on the way can change what it adds',
    };
  const moving = /(?:^|[/_.-])(latest|master|main|head|nightly|trunk|develop|edge|current|stable)(?=[/_.-]|$)/i.exec(
    path,
  )?.[1];
  if (moving)
    return {
      ...fix,
      severity: 'warning',
      message: `this ADD has no checksum, and "${moving}" in its URL moves: the image changes with it`,
    };
  if (/\d+[._]\d+|\d{3,}|v\d+|[0-9a-f]{7,}/i.test(path.replace(/^https?:\/\/[^/]*/i, '')) || path.includes('$'))
    return { ...fix, severity: 'info', message: 'this ADD has no checksum: the image takes whatever the server sends' };
  return {
    ...fix,
    severity: 'warning',
    message: 'this ADD has neither a version nor a checksum: the image takes whatever the server sends',
  };
}

/** Index of the last step that checks a checksum or a signature; -1 for none. */
function lastVerifying(build: Build, stage: Stage): number {
  const step = stage.instructions.findLast(
    (instruction) =>
      instruction.keyword === 'RUN' &&
      parseShell(build.file, instruction, build.stateBefore(instruction).shell).commands.some(verifies),
  );
  return step?.index ?? -1;
}

function verifies({ name = '', args }: ShellCommand): boolean {
  const has = (pattern: RegExp) => args.some(({ value }) => value !== undefined && pattern.test(value));
  if (/^(?:sha\d+sum|shasum|md5sum|b2sum)$/.test(name)) return has(/^-[a-z0-9]*c|^--check$/);
  if (/^gpg2?$/.test(name)) return has(/^--verify$/);
  return name === 'gpgv' || name === 'minisign' || (name === 'cosign' && has(/^verify/));
}
