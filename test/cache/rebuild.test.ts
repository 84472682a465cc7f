import assert from 'node:assert/strict';
import { compareContexts } from '../../server/cache/change.js';
import { rebuildOf, type StepState } from '../../server/cache/rebuild.js';
import type { FileChange, Side } from '../../server/cache/side.js';
import { type ContextEntry, createContext } from '../../server/model/context.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

const entryOf = (path: string): ContextEntry => ({ path, type: 'file', size: 1, mode: undefined, link: undefined });

/** A context of a host that knows neither modes nor what files were before. */
function sideOf(text: string): Side {
  const source = {
    list: (folder: string) => (folder === '' ? ['a.txt', 'b.txt'].map(entryOf) : []),
    read: () => undefined,
    gitIgnored: () => undefined,
  };
  const context = createContext({ name: '.', origin: 'folder', dockerfile: 'Dockerfile', source });
  return { file: parseDockerfile(text), context, buildArgs: new Map() };
}

function states(text: string, files: readonly FileChange[], moved: ReadonlySet<string> = new Set()): StepState[] {
  const side = sideOf(text);
  return rebuildOf({ before: side, after: side, files, moved }).steps.map(({ state }) => state);
}

const changed = (path: string, kind: FileChange['kind']): FileChange => ({ path, kind, folder: false });

describe('a rebuild over a context with an ignored folder', () => {
  const contextWith = (text: string) => {
    const folders = ['node_modules', 'src'].map((path) => ({ ...entryOf(path), type: 'directory' as const }));
    const list = (folder: string) => {
      if (folder.startsWith('node_modules')) throw new Error(`${folder} is listed`);
      return folder === '' ? [...folders, entryOf('.dockerignore')] : [entryOf('src/a.js')];
    };
    const read = (path: string) => (path === '.dockerignore' ? 'node_modules\n' : undefined);
    const source = { list, read, gitIgnored: () => undefined };
    const context = createContext({ name: '.', origin: 'folder', dockerfile: 'Dockerfile', source });
    return {
      file: parseDockerfile('FROM x\nCOPY . .\nCOPY */a.js /a/\n'),
      context,
      buildArgs: new Map(),
      identity: () => text,
    };
  };

  it('never lists that folder', () => {
    const [before, after] = [contextWith('old'), contextWith('new')];
    const files = compareContexts(before, after);
    const { steps } = rebuildOf({ before, after, files });
    assert.deepEqual(
      files.map(({ path }) => path),
      ['.dockerignore', 'src/a.js'],
    );
    assert.deepEqual(
      steps.map(({ state }) => state),
      ['rebuilt', 'rebuilt'],
    );
  });
});

describe('a step that names a variable of the base image', () => {
  const statesAfter = (before: string, now: string) => {
    const [one, other] = [sideOf(`FROM x\n${before}`), sideOf(`FROM x\n${now}`)];
    return rebuildOf({ before: one, after: other, files: [] }).steps.map(({ state }) => state);
  };

  it('is the same step while the other variables that it names have the same values', () => {
    const text = 'ENV A=1 app=1\nCOPY app-$A-$VERSION.jar /x/\n';
    assert.deepEqual(statesAfter(text, text), ['cached']);
    assert.deepEqual(statesAfter(text, text.replace('app=1', 'app=2')), ['cached']);
    assert.deepEqual(statesAfter(text, text.replace('A=1', 'A=2')), ['rebuilt']);
    assert.deepEqual(statesAfter(text, text.replace('$VERSION', '$RELEASE')), ['rebuilt']);
  });

  it('is another one where a variable that is made of it has another text', () => {
    const text = 'ENV PLACE=$HOME/a\nCOPY a.txt $PLACE/b\n';
    assert.deepEqual(statesAfter(text, text), ['cached']);
    assert.deepEqual(statesAfter(text, text.replace('/a\n', '/c\n')), ['rebuilt']);
  });
});

describe('a rebuild of which only the later context is there', () => {
  it('sees a mode that has changed, whatever it is', () => {
    const file = 'FROM x\nCOPY a.txt /a\nCOPY b.txt /b\n';
    assert.deepEqual(states(file, [changed('b.txt', 'mode')]), ['cached', 'rebuilt']);
  });

  it('takes a source of unknown name to be as before where nothing has changed', () => {
    assert.deepEqual(states('FROM x\nCOPY $UNKNOWN /a\nRUN a\n', []), ['cached', 'cached']);
    assert.deepEqual(states('FROM x\nCOPY $UNKNOWN /a\nRUN a\n', [changed('b.txt', 'content')]), [
      'unknown',
      'unknown',
    ]);
  });

  it('knows a base image that has moved by its name, whatever platform is named', () => {
    const moved = new Set(['docker.io/library/x:latest']);
    assert.deepEqual(states('FROM --platform=linux/arm64 x\nRUN a\n', [], moved), ['rebuilt']);
  });
});

describe('a value that doubles on every line', () => {
  it('is followed no further than it is short', () => {
    const lines = 'ENV A=$A$A\n'.repeat(100);
    const text = `ARG G=xx\n${'ARG G=$G$G\n'.repeat(100)}FROM x\nENV A=xx\n${lines}COPY a.txt /\nWORKDIR $A\nRUN $A\n`;
    assert.deepEqual(states(text, [changed('a.txt', 'content')]), ['rebuilt', 'rebuilt', 'rebuilt']);
    assert.deepEqual(states(text, [changed('b.txt', 'content')]), ['cached', 'cached', 'cached']);
  });
});
