import { mountsOf } from '../syntax/mounts.js';
import type { ShellScript, ShellWord } from '../syntax/shell.js';
import type { RunInstruction } from '../syntax/tree.js';
import type { Build } from './build.js';
import { foldersOf } from './installs.js';
import { joinPath, relativeTo } from './path.js';

/** Reads the paths that the commands of a RUN name. */
export interface RunPaths {
  /** Absolute and clean, wildcards kept, braces spelt out; none where a variable or a `cd` cannot be followed. `index` is that of the command. */
  pathsOf(word: ShellWord, index: number): readonly string[];
  /** Whether a mount stands there, so that the path is not one of the image. */
  mounted(path: string): boolean;
}

/** More alternatives of `{a,b}` are not spelt out. */
const mostAlternatives = 50;

export function runPaths(build: Build, run: RunInstruction, script: ShellScript): RunPaths {
  const { cwd, user } = build.stateBefore(run);
  const home = user === undefined || /^(?:root|0)(?::|$)/.test(user) ? '/root' : undefined;
  const resolve = (word: ShellWord) => valueIn(build, run, word);
  let folders: ReturnType<typeof foldersOf> | undefined;
  const targets = mountsOf(build.file, run).mounts.flatMap(({ target }) =>
    target === undefined ? [] : [joinPath(cwd ?? '/', target)],
  );
  return {
    pathsOf(word, index) {
      return spellOut(resolve(word) ?? '').flatMap((text) => {
        const path = home === undefined ? text : text.replace(/^~(?=\/|$)/, home);
        if (path === '' || path.startsWith('~') || path.startsWith('-')) return [];
        folders ??= foldersOf(script, cwd, resolve);
        const folder = folders[index];
        return path.startsWith('/') || folder !== undefined ? [joinPath(folder ?? '/', path)] : [];
      });
    },
    mounted: (path) => targets.some((target) => relativeTo(target, path) !== undefined),
  };
}

/** A word with the variables of the Dockerfile resolved; undefined where a command or an unknown variable decides. */
function valueIn(build: Build, run: RunInstruction, word: ShellWord): string | undefined {
  if (word.value !== undefined) return word.value;
  if (/\$\(|`/.test(word.text)) return undefined;
  const { user } = build.stateBefore(run);
  const home = user === undefined || /^(?:root|0)(?::|$)/.test(user);
  const text = home ? word.text.replace(/\$HOME\b|\$\{HOME\}/g, '/root') : word.text;
  return build.expand(run, text);
}

/** `/a/{b,c}` → `/a/b`, `/a/c`; a word with nested or too many braces gives nothing. */
function spellOut(text: string): string[] {
  let words = [text];
  for (;;) {
    const next = words.flatMap((word) => {
      const match = /^([^{]*)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(word);
      if (!match) return [word];
      const [, before = '', inner = '', after = ''] = match;
      return inner.split(',').map((one) => `${before}${one}${after}`);
    });
    if (next.length > mostAlternatives) return [];
    if (next.length === words.length) return next.filter((word) => !/[{}]/.test(word));
    words = next;
  }
}
