import type { ShellScript } from '../../syntax/shell.js';
import type { RunInstruction } from '../../syntax/tree.js';
import type { Build, Stage } from '../build.js';
import { variableDefinitions } from './search-paths.js';

/** What variables tell Perl and the programs that install from CPAN. Paths are absolute, but that of carton. */
export interface PerlSettings {
  /** Folders in which modules are looked for. */
  readonly reads: readonly string[];
  /** Folders that something is put into. */
  readonly writes: readonly string[];
  /** Arguments of cpanm besides those of its call. */
  readonly words: readonly string[];
  /** Where carton installs, from its working folder. */
  readonly carton: string | undefined;
}

/** Variables with which Perl loads or runs other code, or a program looks for its files elsewhere: `perldoc perlrun`, see cpan-options. */
const strange =
  /^(?:PERL5OPT|PERL5DB|PERL5SHELL|PERLLIB|PERL_USE_UNSAFE_INC|PERL_CARTON_CPANFILE|PERL_CPANM_(?!OPT$|HOME$)\w+|MODULEBUILDRC|PLENV_VERSION)$/;

/** As a sentence why it is not known. */
export function perlSettings({
  build,
  stage,
  run,
  script,
}: {
  readonly build: Build;
  readonly stage: Stage;
  readonly run: RunInstruction;
  readonly script: ShellScript;
}): PerlSettings | string {
  const [reads, writes, words]: [string[], string[], string[]] = [[], [], []];
  let carton: string | undefined;
  if (/\b(?:plenv|perlbrew|asdf|mise|rtx)\b/.test(build.file.text)) return 'a file may tell which Perl it is run with';
  for (const { name, text, at } of variableDefinitions(build, stage, run, script)) {
    if (!/^PERL|^MODULEBUILDRC$|^PLENV/.test(name)) continue;
    if (strange.test(name)) return `${name} may have it load or take something else`;
    const value = /\$UNKNOWN_VALUE|\$\(|`/.test(text) ? undefined : build.expand(at, text)?.replaceAll(/["']/g, '');
    const parts = (value ?? '?').split(name.includes('OPT') ? /\s+/ : ':').filter((part) => part !== '');
    const areAbsolute = parts.every((part) => part.startsWith('/'));
    const why = `${name} names a place that is not known`;
    if (name === 'PERL5LIB') {
      if (!areAbsolute) return why;
      reads.push(...parts);
    } else if (name === 'PERL_LOCAL_LIB_ROOT' || name === 'PERL_CPANM_HOME') {
      if (!areAbsolute) return why;
      writes.push(...parts);
    } else if (name === 'PERL_CARTON_PATH') {
      if (value === undefined || !/^[\w./-]+$/.test(value)) return why;
      if (carton !== undefined && carton !== value) return why;
      carton = value;
    } else if (name === 'PERL_CARTON_MIRROR') {
      if (!/^https?:\/\//.test(value ?? '')) return why;
    } else if (name === 'PERL_CPANM_OPT') {
      if (value === undefined || words.length > 0) return 'PERL_CPANM_OPT is not known';
      words.push(...parts);
    } else if (name === 'PERL_MM_OPT' || name === 'PERL_MB_OPT') {
      const base = /^(?:INSTALL_BASE=|--install_base[= ])(\/[\w./-]+)$/.exec(parts.join(' '))?.[1];
      if (base === undefined) return why;
      writes.push(base);
    }
  }
  return { reads, writes, words, carton };
}
