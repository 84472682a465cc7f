import { type PerlToken, perlTokens } from './perl-tokens.js';

/** What a cpanfile asks for, where it is nothing but a list. */
export interface Cpanfile {
  readonly modules: readonly string[];
}

/**
 * Reads a cpanfile, which is a Perl program (`Module/CPANfile/Environment.pm` evaluates it): its own words with literals, in `on` and
 * `feature` too. Gives the first text that may be more, as a sentence, where there is some.
 */
export function readCpanfile(text: string): Cpanfile | string {
  const reader = new Reader(perlTokens(text));
  return reader.statements(0) ?? { modules: [...reader.modules] };
}

const requiring = new Set(
  'requires recommends suggests conflicts configure_requires build_requires test_requires author_requires'.split(' '),
);

/** These change how the rest is read and nothing else. */
const pragmas = /^(?:strict|warnings|utf8|v?5[\d._]*)$/;

/** Deeper than `feature` in `on`, or the other way round, nobody writes. */
const deepest = 8;

class Reader {
  readonly modules = new Set<string>();
  readonly #tokens: readonly PerlToken[];
  #at = 0;

  constructor(tokens: readonly PerlToken[]) {
    this.#tokens = tokens;
  }

  /** Up to the end, or the brace that closes a block; why not, where something else stands there. */
  statements(depth: number): string | undefined {
    for (let token = this.#tokens[this.#at]; token; token = this.#tokens[this.#at]) {
      if (token.value === '}' && token.kind === 'sign' && depth > 0) return undefined;
      const why = this.#statement(token, depth);
      if (why !== undefined) return why;
    }
    return depth === 0 ? undefined : 'cpanfile ends in the middle of a block';
  }

  #statement({ kind, value }: PerlToken, depth: number): string | undefined {
    this.#at++;
    if (kind === 'sign' && value === ';') return undefined;
    if (kind === 'number' && this.#ends()) return undefined;
    if (kind !== 'word') return strange(value);
    if (value === 'use' || value === 'no') return this.#pragma();
    if (requiring.has(value)) return this.#requirement(value);
    if (value === 'mirror') return this.#mirror();
    return value === 'on' || value === 'feature' ? this.#block(depth) : strange(value);
  }

  #pragma(): string | undefined {
    const name = this.#next()?.value ?? '';
    if (!pragmas.test(name)) return strange(`use ${name}`);
    this.#list();
    return this.#ends() ? undefined : strange(`use ${name}`);
  }

  #requirement(name: string): string | undefined {
    const [module, ...more] = this.#arguments() ?? [];
    if (module === undefined || !this.#ends()) return strange(name);
    // `./Own.tar.gz` would be a file of the working folder.
    if (!/^\w+(?:(?:::|')\w+)*$/.test(module)) return `cpanfile names ${module}, which is no module`;
    const options = more.length % 2 === 0 ? more : more.slice(1);
    for (let index = 0; index < options.length; index += 2) {
      const [key = '', value = ''] = options.slice(index, index + 2);
      if (!isElsewhere(key, value)) return `cpanfile takes ${module} from ${value}`;
    }
    this.modules.add(module);
    return undefined;
  }

  #mirror(): string | undefined {
    const [url, ...more] = this.#arguments() ?? [];
    if (url === undefined || more.length > 0 || !this.#ends()) return strange('mirror');
    return isElsewhere('mirror', url) ? undefined : `cpanfile takes modules from ${url}`;
  }

  /** `on test => sub { … }`, `feature sqlite => 'SQLite' => sub { … }` */
  #block(depth: number): string | undefined {
    const isClosed = this.#takes('(');
    const [name] = this.#list();
    if (name === undefined || !this.#takes('sub') || !this.#takes('{') || depth === deepest) return strange('sub');
    const why = this.statements(depth + 1);
    if (why !== undefined) return why;
    if (!this.#takes('}') || (isClosed && !this.#takes(')')) || !this.#ends()) return strange('sub');
    return undefined;
  }

  /** Literals, in parentheses or not; undefined where it is something else. */
  #arguments(): string[] | undefined {
    const isClosed = this.#takes('(');
    const found = this.#list();
    return isClosed && !this.#takes(')') ? undefined : found;
  }

  /** Literals with commas between and behind them. */
  #list(): string[] {
    const found: string[] = [];
    for (let token = this.#tokens[this.#at]; token; token = this.#tokens[this.#at]) {
      const next = this.#tokens[this.#at + 1];
      const isName = token.kind === 'word' && next?.value === '=>' && next.kind === 'sign';
      if (token.kind !== 'text' && token.kind !== 'number' && !isName) break;
      found.push(token.value);
      this.#at++;
      if (!this.#takes(',') && !this.#takes('=>')) break;
    }
    return found;
  }

  #next(): PerlToken | undefined {
    return this.#tokens[this.#at++];
  }

  #takes(value: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.value !== value || token.kind === 'text') return false;
    this.#at++;
    return true;
  }

  /** At the end of a statement. */
  #ends(): boolean {
    const token = this.#tokens[this.#at];
    return token === undefined || (token.kind === 'sign' && (token.value === ';' || token.value === '}'));
  }
}

function strange(text: string): string {
  return `cpanfile is a program that does more than list modules: \`${text}\``;
}

/** Where cpm and cpanm look for a module instead, `App/cpm/Resolver/Custom.pm`; only `git`, `url` and `mirror` may be of this machine. */
function isElsewhere(key: string, value: string): boolean {
  if (key === 'url' || key === 'mirror') return /^https?:\/\//.test(value);
  if (key === 'git') return /^(?:https?|git|ssh):\/\/|^git@[\w.-]+:/.test(value);
  return /^(?:ref|dev)$/.test(key) || (key === 'dist' && /^[A-Z][\w-]*\/[\w./-]+$/.test(value));
}
