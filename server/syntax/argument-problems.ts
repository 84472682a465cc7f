import { didYouMean } from './did-you-mean.js';
import { flagProblem, type Problem } from './flag-problems.js';
import { goQuote } from './go-text.js';
import { healthcheckProblem } from './healthcheck-problems.js';
import { parseHeredoc } from './heredoc.js';
import { keywords } from './instruction-header.js';
import type {
  FromInstruction,
  Instruction,
  OnbuildInstruction,
  PairInstruction,
  RunInstruction,
  TransferInstruction,
} from './tree.js';

/**
 * The first reason for which BuildKit rejects one instruction, in its own order of checks (`instructions/parse.go`). Mounts are
 * read in `mounts.ts`.
 */
export function argumentProblem(instruction: Instruction, source: string): Problem | undefined {
  switch (instruction.keyword) {
    case 'FROM':
      return fromProblem(instruction) ?? flagProblem(instruction);
    case 'COPY':
    case 'ADD':
      return transferProblem(instruction);
    case 'ENV':
    case 'LABEL':
      return flagProblem(instruction) ?? pairsProblem(instruction);
    case 'ARG':
      return pairsProblem(instruction);
    case 'WORKDIR':
    case 'USER':
    case 'MAINTAINER':
      return oneArgument(instruction) ?? flagProblem(instruction);
    case 'STOPSIGNAL':
      return oneArgument(instruction);
    case 'RUN':
      return flagProblem(instruction) ?? runProblem(instruction);
    case 'CMD':
    case 'ENTRYPOINT':
      return flagProblem(instruction);
    case 'SHELL':
      return flagProblem(instruction) ?? shellProblem(instruction);
    case 'EXPOSE':
      return noArguments(instruction) ?? flagProblem(instruction);
    case 'VOLUME':
      return noArguments(instruction) ?? flagProblem(instruction) ?? emptyVolume(instruction);
    case 'HEALTHCHECK':
      return healthcheckProblem(instruction);
    case 'ONBUILD':
      return onbuildProblem(instruction);
    case 'UNKNOWN':
      return unknownInstruction(instruction, source);
  }
}

function unknownInstruction({ keywordSpan: span }: Instruction, source: string): Problem {
  const written = source.slice(span.start, span.end).replace(/[\\`][ \t]*\r*\n(?:[ \t]*(?:#[^\n]*)?\n)*/g, '');
  const hint = didYouMean(written.toUpperCase(), keywords);
  const upper = written === written.toUpperCase();
  return { message: `unknown instruction: ${written}${upper ? hint : hint.replace(/[A-Z]+/, lowerCase)}`, span };
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

function fromProblem(instruction: FromInstruction): Problem | undefined {
  const words = instruction.text === '' ? 0 : instruction.text.split(/[\t\v\f\r ]+/).length;
  const { alias } = instruction;
  const place = instruction.text === '' ? instruction.keywordSpan : instruction.textSpan;
  if (words !== 1 && (words !== 3 || alias === undefined)) {
    return { message: 'FROM requires either one or three arguments', span: place };
  }
  if (alias === undefined || /^[a-z][a-z0-9-_.]*$/.test(alias.text.toLowerCase())) return undefined;
  const name = goQuote(alias.text);
  const message = `invalid name for build stage: ${name}, name can't start with a number or contain symbols`;
  return { message, span: alias.span };
}

function transferProblem(instruction: TransferInstruction): Problem | undefined {
  const { keyword, destination } = instruction;
  if (destination === undefined) {
    const message = `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`;
    return { message, span: placeOf(instruction) };
  }
  const flag = flagProblem(instruction);
  if (flag !== undefined) return flag;
  if (parseHeredoc(destination.text) !== undefined) {
    return { message: `${keyword} cannot accept a heredoc as a destination`, span: destination.span };
  }
  return undefined;
}

function pairsProblem(instruction: PairInstruction): Problem | undefined {
  const { keyword, pairs } = instruction;
  if (pairs.length === 0) return atLeastOne(instruction);
  const blank = pairs.find(({ key }) => key === '');
  return blank && { message: `${keyword} names can not be blank`, span: blank.span };
}

function runProblem(instruction: RunInstruction): Problem | undefined {
  for (const { name, value = '', span, valueSpan = span } of instruction.flags) {
    if (name === 'network' && !['default', 'none', 'host'].includes(value)) {
      return { message: `invalid network mode ${goQuote(value)}`, span: valueSpan };
    }
    if (name === 'security' && !['insecure', 'sandbox'].includes(value)) {
      return { message: `security ${goQuote(value)} is not valid`, span: valueSpan };
    }
  }
  if (instruction.strings?.length !== 0) return undefined;
  return { message: 'arguments are required', span: instruction.textSpan };
}

function shellProblem(instruction: Extract<Instruction, { keyword: 'SHELL' }>): Problem | undefined {
  if (instruction.text === '' || instruction.strings?.length === 0) return atLeastOne(instruction);
  if (instruction.strings !== undefined) return undefined;
  return { message: 'SHELL requires the arguments to be in JSON form', span: instruction.textSpan };
}

function emptyVolume(instruction: Extract<Instruction, { keyword: 'VOLUME' | 'EXPOSE' }>): Problem | undefined {
  const empty = instruction.words.find(({ text }) => text.trim() === '');
  return empty && { message: 'VOLUME specified can not be an empty string', span: empty.span };
}

function onbuildProblem(instruction: OnbuildInstruction): Problem | undefined {
  const { trigger } = instruction;
  if (trigger === undefined) return atLeastOne(instruction);
  const flag = flagProblem(instruction);
  if (flag !== undefined) return flag;
  if (trigger.keyword === 'ONBUILD') {
    return { message: "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", span: trigger.keywordSpan };
  }
  if (trigger.keyword === 'FROM' || trigger.keyword === 'MAINTAINER') {
    return { message: `${trigger.keyword} isn't allowed as an ONBUILD trigger`, span: trigger.keywordSpan };
  }
  return undefined;
}

function noArguments(instruction: Extract<Instruction, { keyword: 'EXPOSE' | 'VOLUME' }>): Problem | undefined {
  return instruction.words.length === 0 ? atLeastOne(instruction) : undefined;
}

function oneArgument(instruction: Instruction): Problem | undefined {
  if (instruction.text !== '') return undefined;
  return { message: `${instruction.keyword} requires exactly one argument`, span: instruction.keywordSpan };
}

function atLeastOne(instruction: Instruction): Problem {
  return { message: `${instruction.keyword} requires at least one argument`, span: placeOf(instruction) };
}

function placeOf({ text, textSpan, keywordSpan }: Instruction): Problem['span'] {
  return text === '' ? keywordSpan : textSpan;
}
