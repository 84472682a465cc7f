import type * as v from 'valibot';
import type { PastOfContext } from '../cache/history.js';
import type { Build } from '../model/build.js';
import type { BuildContext } from '../model/context.js';
import type { IgnoreFile } from '../syntax/dockerignore.js';
import type { Span } from '../syntax/text.js';
import type { Dockerfile } from '../syntax/tree.js';
import type { Evidence, Fix, Savings, Severity } from './finding.js';
import type { Settings } from './settings.js';

export type Category =
  | 'order'
  | 'mount'
  | 'base'
  | 'context'
  | 'layer'
  | 'packages'
  | 'shell'
  | 'syntax'
  | 'security'
  | 'ignore-file';

/** What a rule reports; the engine adds the rule's name and its severity, and drops what is suppressed. */
export interface Report {
  /** The guilty word, not the whole instruction. */
  readonly span: Span;
  readonly message: string;
  readonly evidence?: readonly Evidence[];
  readonly fixes?: readonly Fix[];
  readonly savings?: Savings;
  readonly unnecessary?: boolean;
  /** Only where this finding weighs more or less than the rule's default; a severity set by the user wins. */
  readonly severity?: Severity;
}

export interface Docs {
  /** One line, plain text: what the rule finds. */
  readonly summary: string;
  /** Markdown paragraphs: why it matters, what the fix does, when not to follow it. */
  readonly why: string;
  /** Run as tests: `bad` is flagged, `good` is not. */
  readonly bad: string;
  readonly good: string;
  /** Context files the examples need, path → text. For a rule on ignore files `bad` and `good` are ignore files. */
  readonly files?: Readonly<Record<string, string>>;
  /** Settings the examples need; the defaults where it is left out. */
  readonly settings?: Partial<Settings>;
  /** Files that the history of the examples changes, each in 20 commits of its own. */
  readonly changed?: readonly string[];
  readonly links: readonly string[];
}

interface RuleBase {
  /** The bad pattern; reads well after "allow". */
  readonly name: string;
  readonly category: Category;
  readonly severity: Severity;
  /** False: only where the config turns it on. */
  readonly recommended: boolean;
  readonly fixable: 'always' | 'sometimes' | 'never';
  readonly since: string;
  /** Ids of other tools that mean the same: `DL3006`, BuildKit's check names, `tally/…`. */
  readonly aliases: readonly string[];
  /** `context`: skipped where the host has no build context; `history`: where it has not read that of the context. */
  readonly needs: readonly ('context' | 'history')[];
  readonly docs: Docs;
}

export interface DockerfileCheck<Options> {
  readonly file: Dockerfile;
  readonly build: Build;
  /** Always there for a rule that needs it. */
  readonly context: BuildContext | undefined;
  /** Always there for a rule that needs it. */
  readonly history: PastOfContext | undefined;
  readonly settings: Settings;
  readonly options: Options;
  report(report: Report): void;
}

export interface IgnoreFileCheck<Options> {
  readonly file: IgnoreFile;
  /** The context whose root the ignore file belongs to; its `ignoreFile` is `file`. */
  readonly context: BuildContext | undefined;
  readonly settings: Settings;
  readonly options: Options;
  report(report: Report): void;
}

/** A schema of rule options; its defaults are the rule's defaults, so `{}` must be valid. */
export type OptionsSchema = v.GenericSchema<unknown, object>;

export interface DockerfileRule<Schema extends OptionsSchema = OptionsSchema> extends RuleBase {
  readonly target: 'dockerfile';
  readonly options: Schema;
  check(check: DockerfileCheck<v.InferOutput<Schema>>): void;
}

export interface IgnoreFileRule<Schema extends OptionsSchema = OptionsSchema> extends RuleBase {
  readonly target: 'dockerignore';
  readonly options: Schema;
  check(check: IgnoreFileCheck<v.InferOutput<Schema>>): void;
}

/** A finding that the engine itself makes (`syntax-error`, …): no check of its own. */
export interface EngineRule extends RuleBase {
  readonly target: 'engine';
  readonly options: OptionsSchema;
}

export type Rule = DockerfileRule | IgnoreFileRule | EngineRule;

export function defineRule<Schema extends OptionsSchema>(
  rule: Omit<DockerfileRule<Schema>, 'target'>,
): DockerfileRule<Schema> {
  return { ...rule, target: 'dockerfile' };
}

export function defineIgnoreFileRule<Schema extends OptionsSchema>(
  rule: Omit<IgnoreFileRule<Schema>, 'target'>,
): IgnoreFileRule<Schema> {
  return { ...rule, target: 'dockerignore' };
}
