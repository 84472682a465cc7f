import { perlTokens } from './perl-tokens.js';

/** Keys with which ExtUtils::MakeMaker reads or runs files that they name, or runs a piece of the program (`perldoc ExtUtils::MakeMaker`). */
const reading = /_FROM$|^(?:CONFIGURE|DIR|C|H|XS|OBJECT|MYEXTLIB|TYPEMAPS|PL_FILES|PM_FILTER|LICENSE_FILE)$/;

/** What a condition on the version of MakeMaker or Perl is made of. */
const inConditions = /^(?:eval|VERSION|ExtUtils::MakeMaker)$/;

const ofPrograms = /^(?:use|no|strict|warnings|utf8|ExtUtils::MakeMaker|WriteMakefile)$/;

/**
 * Whether a Makefile.PL is a call of WriteMakefile with literals that names no file to be read: what it asks for is the same whatever
 * else is there.
 */
export function isPlainMakefile(text: string): boolean {
  const tokens = perlTokens(text);
  let calls = 0;
  for (const [index, { kind, value }] of tokens.entries()) {
    const next = tokens[index + 1];
    if (kind === 'other' || (kind === 'variable' && !/^\$(?:\]|ExtUtils::MakeMaker::VERSION)$/.test(value)))
      return false;
    if (next?.value === '=>' && next.kind === 'sign' && reading.test(value)) return false;
    if (kind !== 'word' || (next?.value === '=>' && next.kind === 'sign')) continue;
    if (value === 'WriteMakefile') calls++;
    const isCondition = calls > 0 && inConditions.test(value);
    if (!isCondition && !(calls === (value === 'WriteMakefile' ? 1 : 0) && ofPrograms.test(value))) return false;
  }
  return calls === 1;
}
