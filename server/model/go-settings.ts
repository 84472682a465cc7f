import type { ShellCommand } from '../syntax/shell.js';

/** A variable that Go heeds, and its value. */
export interface GoVariable {
  readonly name: string;
  readonly value: string;
}

/** Variables that say where modules come from and how; others move caches or name other manifests. */
const known =
  /^(?:GO(?:111MODULE|PROXY|SUMDB|NOSUMDB|NOPROXY|PRIVATE|INSECURE|TOOLCHAIN|FLAGS|OS|ARCH|ARM|ARM64|AMD64|386|WORK)|CGO_\w+|\w+_PROXY)$/i;

/** Those of Go and of what it calls; the rest is nothing to it. */
const heeded = /^(?:GO|CGO_|GIT_|SSH_|SSL_|XDG_|LD_|NETRC$|HOME$|PATH$)|_PROXY$/i;

/**
 * What `go env -w` or `export` sets for the commands of Go behind it, none for commands that only print something; undefined for other
 * commands, and where that is not known or may be another place for modules (https://pkg.go.dev/cmd/go#hdr-Environment_variables).
 */
export function goVariables({ name, args, piped }: ShellCommand): readonly GoVariable[] | undefined {
  const [first, ...rest] = args;
  if (piped || (name !== 'go' && name !== 'export')) return undefined;
  if (name === 'go' && first?.text === 'version') return [];
  if (name === 'go' && first?.text !== 'env') return undefined;
  const words = name === 'export' ? args : rest;
  if (name === 'go' && !words.some(({ text }) => text.startsWith('-'))) return [];
  if (name === 'go' && words[0]?.text !== '-w') return undefined;
  const found = words.slice(name === 'go' ? 1 : 0).map(({ value, text }) => variableIn(value ?? '', text));
  return found.every((one) => one !== undefined) ? found.filter((one) => heeded.test(one.name)) : undefined;
}

function variableIn(value: string, written: string): GoVariable | undefined {
  const [, name = '', set = ''] = /^(\w+)=(.*)$/s.exec(value) ?? /^(\w+)=/.exec(written) ?? [];
  if (name === '' || (heeded.test(name) && !(known.test(name) && value !== ''))) return undefined;
  return { name, value: set };
}
