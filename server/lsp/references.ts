import {
  DocumentHighlightKind,
  ErrorCodes,
  type Location,
  type Range,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Build } from '../model/build.js';
import type { Span } from '../syntax/text.js';
import { instructionAt, touches } from './instruction-at.js';
import type { Opened } from './opened.js';
import { rangeOf } from './places.js';
import { type StageMention, stageMentions } from './stage-names.js';
import { definitionOf, mentionsIn, sameVariable, type VariableMention, variableMentions } from './variable-names.js';
import { type EditFacts, workspaceEdit } from './workspace-edit.js';

/** What a name under the cursor means, with all its places. */
interface Named {
  readonly kind: 'stage' | 'variable';
  readonly name: string;
  readonly span: Span;
  readonly definition: Span | undefined;
  readonly places: readonly { readonly span: Span; readonly isDefinition: boolean }[];
  /** Why it cannot be renamed. */
  readonly fixed: string | undefined;
}

/** Where the stage or variable under the cursor gets its name or value. */
export function definition(opened: Opened, offset: number): Location | undefined {
  const named = namedAt(opened, offset);
  return named?.definition && locationOf(opened, named.definition);
}

export function references(opened: Opened, offset: number, withDefinitions: boolean): Location[] {
  const places = namedAt(opened, offset)?.places ?? [];
  return places
    .filter(({ isDefinition }) => withDefinitions || !isDefinition)
    .map(({ span }) => locationOf(opened, span));
}

function locationOf({ document }: Opened, span: Span): Location {
  return { uri: document.uri, range: rangeOf(document, span) };
}

export function highlights(opened: Opened, offset: number): { range: Range; kind: DocumentHighlightKind }[] {
  return (namedAt(opened, offset)?.places ?? []).map(({ span, isDefinition }) => ({
    range: rangeOf(opened.document, span),
    kind: isDefinition ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}

/** The name that a rename would change; undefined where there is none. Fails where the rename would not be complete. */
export function prepareRename(opened: Opened, offset: number): { range: Range; placeholder: string } | undefined {
  const named = namedAt(opened, offset);
  if (!named) return undefined;
  if (named.fixed !== undefined) throw refusal(named.fixed);
  return { range: rangeOf(opened.document, named.span), placeholder: named.name };
}

export function rename(opened: Opened, offset: number, to: string, client: EditFacts): WorkspaceEdit | undefined {
  const named = namedAt(opened, offset);
  if (!named) return undefined;
  const reason = named.fixed ?? badName(opened, named, to);
  if (reason !== undefined) throw refusal(reason);
  const edits = named.places
    .filter(({ span }) => !/^\d+$/.test(opened.text.slice(span.start, span.end)))
    .map(({ span }) => ({ range: rangeOf(opened.document, span), newText: to }));
  return workspaceEdit(opened.document, [{ uri: opened.document.uri, create: false, edits }], client);
}

function refusal(reason: string): ResponseError {
  return new ResponseError(ErrorCodes.InvalidRequest, reason);
}

function namedAt({ parsed }: Opened, offset: number): Named | undefined {
  if (parsed.kind !== 'dockerfile') return undefined;
  const stages = stageMentions(parsed.build);
  const stage = stages.find(({ span }) => touches(span, offset));
  if (stage) return namedStage(stage, stages, parsed.file.text);
  const instruction = instructionAt(parsed.file, offset);
  const mentions = instruction ? mentionsIn(parsed.build, instruction) : [];
  const variable = mentions.find(({ span }) => touches(span, offset));
  return variable && namedVariable(parsed.build, variable);
}

function namedStage({ stage, span }: StageMention, all: readonly StageMention[], text: string): Named {
  const places = all.filter((mention) => mention.stage === stage);
  const alias = stage.from.alias?.span;
  const hidden = places.some((one) => !one.byName && !/^\d+$/.test(text.slice(one.span.start, one.span.end)));
  const fixed =
    stage.name === undefined
      ? 'the stage has no name'
      : hidden
        ? `the stage ${stage.name} is also named through a variable or in quotes`
        : undefined;
  return {
    kind: 'stage',
    name: stage.name ?? String(stage.index),
    span,
    definition: alias ?? stage.from.span,
    places,
    fixed,
  };
}

function namedVariable(build: Build, mention: VariableMention): Named | undefined {
  const { name, span } = mention;
  if (mention.isLocal) return undefined;
  const family = sameVariable(build, mention);
  const places = family.map((one) => ({ span: one.span, isDefinition: one.sets !== undefined }));
  const script = variableMentions(build, name).find(({ isLocal }) => isLocal);
  const fixed = !places.some(({ isDefinition }) => isDefinition)
    ? `no ENV or ARG of this file sets ${name}`
    : script
      ? `a script in line ${build.file.text.slice(0, script.span.start).split('\n').length} sets ${name} itself`
      : undefined;
  return { kind: 'variable', name, span, definition: definitionOf(build, mention)?.span, places, fixed };
}

function badName({ parsed }: Opened, { kind, name }: Named, to: string): string | undefined {
  if (parsed.kind !== 'dockerfile') return undefined;
  if (kind === 'variable') {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(to)) return `${to} is not a name of a variable`;
    const taken = to !== name && variableMentions(parsed.build, to).length > 0;
    return taken ? `there is a variable ${to} already` : undefined;
  }
  if (!/^[a-z][a-z0-9-_.]*$/i.test(to)) return `${to} is not a name of a stage`;
  if (/^(?:scratch|context)$/i.test(to)) return `${to} is reserved`;
  const taken = to.toLowerCase() !== name && parsed.build.stages.some((stage) => stage.name === to.toLowerCase());
  return taken ? `there is a stage ${to} already` : undefined;
}
