import type { LineStarts, Span } from './text.js';

/**
 * The tree of one Dockerfile as BuildKit reads it. Every span is a range of UTF-16 offsets in the source text; every `text`
 * or `value` is what BuildKit works with, continuation lines joined, comments inside them gone.
 */
export interface Dockerfile {
  readonly text: string;
  readonly lineStarts: LineStarts;
  /** `\` unless an `# escape=` directive says otherwise. */
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  /** All comment lines in file order, those inside continuation lines too; not the directives. */
  readonly comments: readonly Comment[];
  /** In file order. An instruction that BuildKit rejects is present as far as it can be read, with a problem beside it. */
  readonly instructions: readonly Instruction[];
  /** What BuildKit rejects, with its reason. */
  readonly problems: readonly SyntaxProblem[];
}

export interface Directive {
  readonly name: 'syntax' | 'escape' | 'check';
  readonly value: string;
  readonly span: Span;
  readonly valueSpan: Span;
}

export interface Comment {
  /** Without the `#`, trimmed. */
  readonly text: string;
  /** From the `#` to the end of the line, line ending left out. */
  readonly span: Span;
  /** Counts from 0. */
  readonly line: number;
  /** Index in `Dockerfile.instructions` of the instruction whose continuation lines hold this comment. */
  readonly inside: number | undefined;
}

/** A reason for which BuildKit would fail before it builds anything. */
export interface SyntaxProblem {
  /** BuildKit's own words where it has some. */
  readonly message: string;
  readonly span: Span;
  /** Index of the instruction it belongs to, if any. */
  readonly instruction: number | undefined;
}

/** A word of an instruction; quotes and escapes kept, variables not expanded. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

export interface Flag {
  /** `from` of `--from=base`. */
  readonly name: string;
  /** Unquoted; undefined for a flag without `=`. */
  readonly value: string | undefined;
  readonly span: Span;
  readonly valueSpan: Span | undefined;
}

/** One `key=value` of ENV, LABEL or ARG; variables not expanded. */
export interface Pair {
  readonly key: string;
  /** With its quotes and escapes, as written (continuations joined); undefined for `ARG NAME`. */
  readonly rawValue: string | undefined;
  readonly span: Span;
  readonly keySpan: Span;
  readonly valueSpan: Span | undefined;
}

export interface Heredoc {
  readonly name: string;
  /** The body as the build gets it: every line with its `\n`, leading tabs gone for `<<-`. */
  readonly content: string;
  /** False when the delimiter is quoted: variables in the body stay as they are. */
  readonly expand: boolean;
  /** `<<-` */
  readonly chomp: boolean;
  readonly fileDescriptor: number;
  /** From the (optional) descriptor digits to the end of the delimiter word. */
  readonly operatorSpan: Span;
  /** The body's lines, without the terminator line. */
  readonly bodySpan: Span;
  readonly terminatorSpan: Span | undefined;
}

export type Keyword =
  | 'FROM'
  | 'RUN'
  | 'COPY'
  | 'ADD'
  | 'ENV'
  | 'ARG'
  | 'LABEL'
  | 'WORKDIR'
  | 'USER'
  | 'SHELL'
  | 'CMD'
  | 'ENTRYPOINT'
  | 'EXPOSE'
  | 'VOLUME'
  | 'HEALTHCHECK'
  | 'STOPSIGNAL'
  | 'ONBUILD'
  | 'MAINTAINER';

interface InstructionBase {
  /** Position in `Dockerfile.instructions`, from 0; a trigger has that of its ONBUILD. */
  readonly index: number;
  /** From the keyword to the last character: continuation lines and heredoc bodies with terminators included, final line ending and trailing blanks not. */
  readonly span: Span;
  /** The keyword as written (its span may hold a continuation). */
  readonly keywordSpan: Span;
  readonly flags: readonly Flag[];
  /**
   * Everything after keyword and flags as one string, exactly BuildKit's: continuations joined, comment and blank lines inside
   * them gone, inner blanks kept, ends trimmed. For RUN it is the text that enters the cache key (heredoc bodies not included).
   */
  readonly text: string;
  /** Where `text` stands in the source: from the first word after the flags to the end of the logical line (heredoc bodies not included). */
  readonly textSpan: Span;
  readonly heredocs: readonly Heredoc[];
}

export interface FromInstruction extends InstructionBase {
  readonly keyword: 'FROM';
  /** Undefined only beside a problem. */
  readonly image: Word | undefined;
  /** Stage name as written. */
  readonly alias: Word | undefined;
}

/** RUN, CMD, ENTRYPOINT, SHELL: `strings` is set iff the argument is a JSON array of strings (exec form). */
interface CommandInstruction extends InstructionBase {
  /** Decoded strings of the exec form; their spans include the quotes. */
  readonly strings: readonly Word[] | undefined;
}

export interface RunInstruction extends CommandInstruction {
  readonly keyword: 'RUN';
}
export interface CmdInstruction extends CommandInstruction {
  readonly keyword: 'CMD';
}
export interface EntrypointInstruction extends CommandInstruction {
  readonly keyword: 'ENTRYPOINT';
}
export interface ShellInstruction extends CommandInstruction {
  readonly keyword: 'SHELL';
}

export interface TransferInstruction extends InstructionBase {
  readonly keyword: 'COPY' | 'ADD';
  /** Words before the destination; a heredoc source (`<<EOF`) is left out, see `heredocs`. */
  readonly sources: readonly Word[];
  /** Undefined only beside a problem. */
  readonly destination: Word | undefined;
  readonly json: boolean;
}

export interface PairInstruction extends InstructionBase {
  readonly keyword: 'ENV' | 'LABEL' | 'ARG';
  readonly pairs: readonly Pair[];
  /** `ENV key rest of line` */
  readonly legacy: boolean;
}

export interface ValueInstruction extends InstructionBase {
  readonly keyword: 'WORKDIR' | 'USER' | 'STOPSIGNAL' | 'MAINTAINER';
}

export interface WordsInstruction extends InstructionBase {
  readonly keyword: 'EXPOSE' | 'VOLUME';
  readonly words: readonly Word[];
  readonly json: boolean;
}

export interface HealthcheckInstruction extends InstructionBase {
  readonly keyword: 'HEALTHCHECK';
  /** `NONE` or `CMD`; undefined beside a problem. */
  readonly kind: 'NONE' | 'CMD' | undefined;
  readonly strings: readonly Word[] | undefined;
}

export interface OnbuildInstruction extends InstructionBase {
  readonly keyword: 'ONBUILD';
  readonly trigger: Instruction | undefined;
}

/** A keyword that BuildKit does not know; of several in a row the first has a problem beside it. As a trigger it has none: BuildKit reads triggers later. */
export interface UnknownInstruction extends InstructionBase {
  readonly keyword: 'UNKNOWN';
}

export type Instruction =
  | FromInstruction
  | RunInstruction
  | CmdInstruction
  | EntrypointInstruction
  | ShellInstruction
  | TransferInstruction
  | PairInstruction
  | ValueInstruction
  | WordsInstruction
  | HealthcheckInstruction
  | OnbuildInstruction
  | UnknownInstruction;
