import { offlineSettings } from '../knowledge/offline-settings.js';
import type { Instruction } from '../syntax/tree.js';
import type { Build } from './build.js';
import type { BuildContext } from './context.js';
import type { Install } from './installs.js';
import { joinPath } from './path.js';
import { projectFiles } from './project-files.js';

/** A variable or a flag in a Dockerfile keeps steps from downloading. */
export const withoutNetwork =
  /\b(?:CARGO_NET_OFFLINE|GOPROXY[=\s]["']?off\b|GOFLAGS[=\s]["']?-mod=vendor)|--network=none/;

/** A file of the project tells the manager to work offline. */
export function isSetOffline(
  build: Build,
  context: BuildContext | undefined,
  { manager, directory, run, stage }: Install,
): boolean {
  const settings = Object.entries(offlineSettings[manager.name] ?? {});
  if (!context || directory === undefined || settings.length === 0) return false;
  const files = projectFiles(build, context);
  return settings.some(([name, pattern]) => {
    const found = files.suppliedTo(run, stage, joinPath(directory, name));
    return found !== undefined && pattern.test(context.read(found.path) ?? '');
  });
}

/**
 * One of the instructions has a way to the packages that the others may lack: a network, a secret, a variable or an option of its own;
 * or takes a way away. What a `config set` writes stays for the others.
 */
export function mayDifferInMeans({ file }: Build, instructions: readonly Instruction[]): boolean {
  return instructions.some((one) => {
    if (one.keyword === 'ENV') return one.pairs.some(({ key }) => ofNetwork.test(key));
    return one.keyword === 'RUN' && fleeting.test(file.text.slice(one.span.start, one.span.end).replace(lasting, ''));
  });
}

const lasting = /\bgo\s+env\s+-w\s+\S+|\b(?:npm|yarn)\s+config\s+set\b[^&|;\n]*/g;

/** Names of variables on which it depends where packages come from and who is let in. */
const ofNetwork =
  /proxy|regist|token|auth|passw|ssl|cert|cafile|^npm_config_|^yarn_|^go(?:flags|private|no|sumdb|insecure)|^cargo_(?:net|http|source)|^git_|^ssh_/i;

const fleeting = new RegExp(
  [
    '--network=|--mount=\\S*(?:type=(?:secret|ssh)|npmrc|yarnrc|netrc|gitconfig|\\.ssh|\\.cargo|\\.config)',
    '(?:^|[\\s;&(])(?:\\w*(?:proxy|regist|token|auth|passw|ssl|cert|cafile)\\w*|(?:npm_config|yarn|go(?:flags|private|no\\w*|sumdb|insecure)|cargo_(?:net|http|source)|git|ssh)_?\\w*)=',
    '\\s--(?:registry|proxy|https?-proxy|noproxy|cafile|ca|strict-ssl|userconfig|use-yarnrc|config)\\b',
    '\\brm\\b[^&|;]*(?:npmrc|yarnrc|netrc|gitconfig|credential|\\.ssh|\\.cargo|\\.config)',
    '--unset|--remove-section|\\bconfig\\s+(?:delete|rm|unset)\\b|\\blogout\\b|\\bssh-(?:add|agent)\\b|/etc/hosts',
  ].join('|'),
  'i',
);
