import { certaintyOf } from './shell-certainty.js';
import { addSimpleCommand } from './shell-commands.js';
import type { CommandList, ListElement } from './shell-places.js';
import type { ast } from './shell-view.js';
import { copyScope, type Link, type Scope, UNLINKED, type Walk } from './shell-walk.js';
import { eachSubstitution, toRedirect } from './shell-words.js';

type Statements = readonly ast.Statement[];

export function walkScript(walk: Walk, scope: Scope, script: ast.ParsedScript): void {
  if (script.errors !== undefined && script.errors.length > 0) walk.complete = false;
  walkList(walk, scope, script.commands);
}

/** Walks a list; gives the index of the last simple command that is listed for its last element. */
function walkList(walk: Walk, scope: Scope, statements: Statements): number | undefined {
  const elements: ListElement[] = [];
  const list: CommandList = { map: scope.map, elements };
  let previous: number | undefined;
  let joinedBy: Link['joinedBy'];
  if (statements.length > 1) walk.loose = true;
  for (let position = 0; position < statements.length; position++) {
    const statement = statements[position];
    if (statement === undefined) break;
    const { command } = statement;
    const background = statement.background === true;
    const chain = command.type === 'AndOr' ? command.commands : [command];
    const operators = command.type === 'AndOr' ? command.operators : [];
    const alternative = operators.includes('||');
    if (alternative || background) walk.loose = true;
    const must = (scope.must && position === statements.length - 1) || (scope.run.errexit && chain.length === 1);
    const exitEnds = scope.depth === 0 && !scope.piped;
    const certainty = certaintyOf(chain, operators, must && !background, exitEnds && !background);
    for (let member = 0; member < chain.length; member++) {
      const node = chain[member];
      if (node === undefined) break;
      if (member > 0) joinedBy = operators[member - 1];
      const index = elements.push({ start: node.pos, end: node.end, alternative, background }) - 1;
      const { runs = false, succeeds = false } = certainty[member] ?? {};
      const inner = copyScope(scope);
      inner.certain = scope.certain && runs && !background && !scope.run.ended;
      inner.must = succeeds;
      inner.behindFailure = joinedBy === '||';
      previous = walkNode(walk, inner, node, { previous, joinedBy, place: { list, index } }) ?? previous;
    }
    joinedBy = background ? '&' : ';';
  }
  return previous;
}

/** Commands that may run or not: branches, loops, functions. */
function walkMaybe(walk: Walk, scope: Scope, body: ast.CompoundList, must = false): number | undefined {
  const inner = copyScope(scope);
  inner.certain = false;
  inner.must = must;
  inner.behindFailure = false;
  return walkList(walk, inner, body.commands);
}

/** The index of the simple command that stands for the node as the one before the next; undefined where none is listed. */
function walkNode(walk: Walk, scope: Scope, node: ast.PipelineNode, link: Link): number | undefined {
  switch (node.type) {
    case 'Command':
      return addSimpleCommand(walk, scope, node, link, undefined);
    case 'Pipeline':
      return walkPipeline(walk, scope, node, link);
    case 'Redirected': {
      const at = { source: walk.source, map: scope.map };
      for (const redirect of node.redirects) walkSubstitutions(walk, scope, redirect);
      const inner = copyScope(scope);
      inner.redirects = [...scope.redirects, ...node.redirects.map((redirect) => toRedirect(at, redirect))];
      return walkCompound(walk, inner, node.command);
    }
    case 'Function':
    case 'Coproc': {
      const inner = copyScope(scope);
      inner.run = { ...scope.run };
      inner.certain = false;
      inner.must = false;
      return walkBody(walk, inner, node.body);
    }
    default:
      return walkCompound(walk, scope, node);
  }
}

function walkBody(
  walk: Walk,
  scope: Scope,
  body: ast.CompoundList | ast.CompoundCommand | ast.Redirected | ast.Command,
): number | undefined {
  if (body.type === 'CompoundList') return walkMaybe(walk, scope, body);
  return walkNode(walk, scope, body, UNLINKED);
}

function walkPipeline(walk: Walk, scope: Scope, node: ast.Pipeline, link: Link): number | undefined {
  const negated = node.prefixes.some((prefix) => prefix.type === 'Negation');
  const time = node.prefixes.find((prefix) => prefix.type === 'Time');
  const piped = node.commands.length > 1;
  let previous = link.previous;
  for (const [position, command] of node.commands.entries()) {
    const last = position === node.commands.length - 1;
    const inner = copyScope(scope);
    inner.piped = scope.piped || piped;
    inner.must = scope.must && last && !negated;
    if (piped) inner.run = { ...scope.run };
    const joinedBy = position === 0 ? link.joinedBy : '|';
    const innerLink: Link = { previous, joinedBy, place: piped || negated ? undefined : link.place };
    const index =
      command.type === 'Command'
        ? addSimpleCommand(walk, inner, command, innerLink, position === 0 ? time?.pos : undefined)
        : walkNode(walk, inner, command, innerLink);
    previous = index ?? previous;
  }
  return previous;
}

function walkCompound(walk: Walk, scope: Scope, node: ast.CompoundCommand): number | undefined {
  switch (node.type) {
    case 'BraceGroup': {
      const inner = copyScope(scope);
      inner.behindFailure = false;
      return walkList(walk, inner, node.body.commands);
    }
    case 'Subshell': {
      const inner = copyScope(scope);
      inner.behindFailure = false;
      inner.depth = scope.depth + 1;
      inner.run = { ...scope.run };
      return walkList(walk, inner, node.body.commands);
    }
    case 'If':
      return walkIf(walk, scope, node);
    case 'Case':
      return walkCase(walk, scope, node);
    case 'While':
      walk.loose = true;
      walkCondition(walk, scope, node.clause);
      return walkMaybe(walk, scope, node.body);
    case 'For':
    case 'Select':
      walk.loose = true;
      for (const word of node.wordlist ?? []) walkSubstitutions(walk, scope, word);
      return walkMaybe(walk, scope, node.body);
    case 'ArithmeticFor':
      walk.loose = true;
      for (const part of [node.initialize, node.test, node.update]) if (part) walkSubstitutions(walk, scope, part);
      return walkMaybe(walk, scope, node.body);
    default:
      walkSubstitutions(walk, scope, node);
      return undefined;
  }
}

function walkIf(walk: Walk, scope: Scope, node: ast.If): number | undefined {
  walkCondition(walk, scope, node.clause);
  let last = walkMaybe(walk, scope, node.then, scope.must);
  for (const branch of node.elif) {
    walkCondition(walk, scope, branch.clause);
    last = walkMaybe(walk, scope, branch.then, scope.must) ?? last;
  }
  if (node.else) last = walkMaybe(walk, scope, node.else, scope.must) ?? last;
  return last;
}

/** A condition is meant to fail at times: that hides nothing. */
function walkCondition(walk: Walk, scope: Scope, clause: ast.CompoundList): void {
  const { loose } = walk;
  const inner = copyScope(scope);
  inner.removable = false;
  walkMaybe(walk, inner, clause);
  walk.loose = loose;
}

function walkCase(walk: Walk, scope: Scope, node: ast.Case): number | undefined {
  walkSubstitutions(walk, scope, node.word);
  const unlikely = copyScope(scope);
  unlikely.certain = false;
  let last: number | undefined;
  for (const item of node.items) {
    for (const pattern of item.pattern) walkSubstitutions(walk, unlikely, pattern);
    last = walkMaybe(walk, scope, item.body, scope.must) ?? last;
  }
  return last;
}

/** Lists the commands of the substitutions below a node; what they fail with goes unnoticed by design. */
export function walkSubstitutions(walk: Walk, scope: Scope, node: ast.SyntaxNode): void {
  eachSubstitution(scope.map, node, ({ script, map }) => {
    const { loose } = walk;
    const inner = copyScope(scope);
    inner.map = map;
    inner.must = false;
    inner.behindFailure = false;
    inner.piped = false;
    inner.depth = scope.depth + 1;
    inner.removable = false;
    inner.redirects = [];
    inner.run = { ended: false, errexit: scope.run.errexit };
    walkScript(walk, inner, script);
    walk.loose = loose;
  });
}
