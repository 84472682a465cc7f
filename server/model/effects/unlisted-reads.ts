import type { ShellCommand } from '../../syntax/shell.js';
import type { Build } from '../build.js';
import { joinPath } from '../path.js';
import { type Area, entry, isSystem, tree } from './area.js';
import { isSearched } from './made-links.js';
import { isSumCheck } from './program-effects.js';

/**
 * What the words of a script read that belong to no command: names that `for` finds, files that `[[ -f … ]]` asks for. `folder` is where all
 * of it runs. Undefined where such a word is not known.
 */
export function unlistedReads(script: string, folder: string | undefined): readonly Area[] | undefined {
  const text = script.replaceAll(/[\\`][ \t]*\r?\n/g, ' ');
  const areas: Area[] = [];
  for (const [, words = ''] of text.matchAll(/\bfor\s+\w+\s+in\s+([^;\n]*)/g))
    for (const word of words.split(/\s+/).filter((one) => /[*?[]/.test(one) && !/^["'$]/.test(one))) {
      const path = word.replace(/[^/]*[*?[].*$/, '');
      if (/[$~`{]/.test(path) || (folder === undefined && !path.startsWith('/'))) return undefined;
      areas.push(tree(joinPath(folder ?? '/', path === '' ? '.' : path)));
    }
  for (const [inner] of text.matchAll(/\[\[\s.*?\s\]\]/g)) {
    if (/\s-(?:nt|ot|ef)\s|\$\(\s*</.test(inner)) return undefined;
    for (const [, word = ''] of inner.matchAll(/\s-[abcdefghkprsuwxLOGSN]\s+(\S+)/g)) {
      const path = word.replaceAll(/["']/g, '');
      if (/[$~`*?]/.test(path) || (folder === undefined && !path.startsWith('/'))) return undefined;
      areas.push(entry(joinPath(folder ?? '/', path)));
    }
  }
  return areas;
}

/**
 * Files that symbolic links stand for which another command of the same script names, `ln -s /app/x /usr/bin/x && chmod +x /usr/bin/x`, or
 * may find where it `searches` the system.
 */
export function linkedReads(commands: readonly ShellCommand[], searches: boolean): readonly Area[] {
  return commands.flatMap((command) => {
    if (command.name !== 'ln' || !command.args.some(({ text }) => /^-\w*s|^--symbolic$/.test(text))) return [];
    const [target, link] = command.args.filter(({ text }) => !text.startsWith('-')).map(({ value }) => value);
    if (target === undefined || link === undefined || !target.startsWith('/')) return [];
    const isNamed = commands.some((one) => one !== command && one.args.some(({ value }) => value === link));
    return isNamed || (searches && isSearched(link)) ? [tree(joinPath('/', target))] : [];
  });
}

/** What `echo 'SUM  path' | sha256sum -c` checks, of the second command. */
export function checkedFiles(feeder: ShellCommand | undefined, command: ShellCommand, folder = '/'): readonly Area[] {
  if (!feeder || !isSumCheck(command)) return [];
  const words = feeder.args.flatMap(({ text }) => text.split(/[\s"'*]+|\\n/));
  return words.filter((word) => word !== '' && !/[$`]/.test(word)).map((word) => entry(joinPath(folder, word)));
}

/**
 * Folders of libraries outside of the system that `ldconfig` lists, by what the Dockerfile writes into `ld.so.conf`; undefined where that
 * is not known.
 */
export function configuredLibraries(build: Build): readonly Area[] | undefined {
  const areas: Area[] = [];
  for (const one of build.file.instructions) {
    const text = build.file.text.slice(one.span.start, one.span.end);
    if (!/\bld\.so\.conf\b/.test(text)) continue;
    if (one.keyword !== 'RUN' || one.heredocs.length > 0) return undefined;
    for (const word of text.split(/[\s"'=;&|()<>]+/)) {
      const path = word.includes('$') ? build.expand(one, word) : word;
      if (path === undefined) return undefined;
      if (/^\/[^*?[]*$/.test(path) && !isSystem(entry(joinPath('/', path)))) areas.push(tree(joinPath('/', path)));
    }
  }
  return areas;
}
