import { platformArgument } from '../model/platform-args.js';
import { cleanPath } from '../syntax/go-path.js';
import type { Instruction, ValueInstruction } from '../syntax/tree.js';
import { compileRun } from './compile-run.js';
import { compileTransfer } from './compile-transfer.js';
import { type Compiling, expand, type Made, newVertex, previousInput, textOf } from './compiling.js';
import type { KeyInput, Step } from './key.js';

/** What an instruction adds: an operation, or nothing but a change of state. */
export function compileStep(at: Compiling, instruction: Instruction): Made | undefined {
  switch (instruction.keyword) {
    case 'ENV':
      return setVariables(at, instruction.pairs, (name, value) => at.environment.setEnv(name, value));
    case 'ARG':
      return declare(at, instruction.pairs);
    case 'USER':
      at.user = textOf(at, instruction.text);
      return undefined;
    case 'SHELL':
      at.shell = instruction.strings?.map(({ text }) => text) ?? at.shell;
      return undefined;
    case 'WORKDIR':
      return compileWorkdir(at, instruction);
    case 'RUN':
      return compileRun(at, instruction);
    case 'COPY':
    case 'ADD':
      return compileTransfer(at, instruction);
    default:
      return undefined;
  }
}

type Pairs = readonly { readonly key: string; readonly rawValue: string | undefined }[];

/** All values of one instruction are expanded with what was there before it. */
function setVariables(at: Compiling, pairs: Pairs, set: (name: string, value: string) => void): undefined {
  const values = pairs.map(({ key, rawValue }) => [textOf(at, key), textOf(at, rawValue ?? '')] as const);
  for (const [name, value] of values) set(name, value);
}

/** A build argument wins over the default, the default over the global value; without a value nothing enters the environment. */
function declare(at: Compiling, pairs: Pairs): undefined {
  for (const { key, rawValue } of pairs) {
    at.declared.add(key);
    const value = at.side.buildArgs.get(key) ?? (rawValue === undefined ? inherited(at, key) : textOf(at, rawValue));
    if (value !== undefined && !ignoredArguments.has(key)) at.environment.setArg(key, value);
  }
}

/** Reserved arguments that enter no key even where they are declared. */
const ignoredArguments: ReadonlySet<string> = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

function inherited(at: Compiling, name: string): string | undefined {
  if (name === 'TARGETSTAGE') return at.target;
  return at.globals.get(name) ?? (platformArgument.test(name) ? `$${name}` : undefined);
}

/** An absolute path stays as it is written, but for the folder that is made (`convert.go:dispatchWorkdir`). */
function compileWorkdir(at: Compiling, instruction: ValueInstruction): Made | undefined {
  const path = expand(at, instruction.text);
  if (path?.startsWith('/')) at.cwd = path;
  else at.cwd = path === undefined || at.cwd === undefined ? undefined : cleanPath(`${at.cwd}/${path}`);
  if (at.cwd === '/') return undefined;
  const target = at.cwd && cleanPath(at.cwd);
  const inputs: KeyInput[] = [
    previousInput(at),
    { kind: 'folder', path: target ?? textOf(at, instruction.text) },
    { kind: 'user', user: at.user },
  ];
  const epoch = at.side.buildArgs.get('SOURCE_DATE_EPOCH');
  if (epoch !== undefined) inputs.push({ kind: 'option', name: 'SOURCE_DATE_EPOCH', value: epoch });
  const step: Step = { instruction, stage: at.stage, inputs, detached: false };
  return { step, vertices: [newVertex(at, 'workdir', step, { target, previous: at.previous })] };
}
