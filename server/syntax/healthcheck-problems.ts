import { flagProblem, type Problem } from './flag-problems.js';
import { goQuote, parseGoDuration } from './go-text.js';
import type { Flag, HealthcheckInstruction } from './tree.js';

const DURATIONS: readonly string[] = ['interval', 'timeout', 'start-period', 'start-interval'];
const MAX_INT32 = 2_147_483_647n;

/** The first reason for which BuildKit rejects a HEALTHCHECK (`instructions/parse.go:parseHealthcheck`). */
export function healthcheckProblem(instruction: HealthcheckInstruction): Problem | undefined {
  const { text, textSpan: span, kind, strings } = instruction;
  if (text === '') return { message: 'HEALTHCHECK requires at least one argument', span: instruction.keywordSpan };
  const [type = ''] = text.split(/[ \t\n\v\f\r]/, 1);
  const command = text.slice(type.length).trim();
  if (kind === 'NONE') {
    return command === '' || strings?.length === 0
      ? undefined
      : { message: 'HEALTHCHECK NONE takes no arguments', span };
  }
  const flag = flagProblem(instruction);
  if (flag !== undefined) return flag;
  if (kind === undefined) {
    return { message: `Unknown type ${goQuote(type.toUpperCase())} in HEALTHCHECK (try CMD)`, span };
  }
  if (command === '' || strings?.length === 0) return { message: 'Missing command after HEALTHCHECK CMD', span };
  for (const name of [...DURATIONS, 'retries']) {
    const given = instruction.flags.find((candidate) => candidate.name === name);
    const message = given && valueProblem(given);
    if (message !== undefined) return { message, span: given?.valueSpan ?? span };
  }
  return undefined;
}

function valueProblem({ name, value = '' }: Flag): string | undefined {
  if (value === '') return undefined;
  if (name === 'retries') return retriesProblem(value);
  const seconds = parseGoDuration(value);
  if (typeof seconds !== 'number') return seconds.error;
  return seconds !== 0 && seconds < 0.001 ? `Interval ${goQuote(name)} cannot be less than 1ms` : undefined;
}

/** `strconv.ParseInt` with 32 bits, and no negative number. */
function retriesProblem(value: string): string | undefined {
  if (!/^[+-]?[0-9]+$/.test(value)) return `strconv.ParseInt: parsing ${goQuote(value)}: invalid syntax`;
  const digits = value.replace(/^[+-]?0*/, '');
  const negative = value.startsWith('-') && digits !== '';
  if (digits.length > 10 || BigInt(digits || '0') > MAX_INT32 + (negative ? 1n : 0n)) {
    return `strconv.ParseInt: parsing ${goQuote(value)}: value out of range`;
  }
  return negative ? `--retries cannot be negative (-${digits})` : undefined;
}
