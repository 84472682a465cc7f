import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type FileResult, fix, type Input, lineStarts, lint, positionAt } from '../server/index.js';
import { root } from './helpers/root.js';

const folder = join(root, 'fixtures');

/** Files of a case that are not in its build context. */
const aboutTheCase = /^(?:expected\.txt|fixed\.(?:Dockerfile|dockerignore))$/;

function casesIn(kind: 'ok' | 'err'): string[] {
  return readdirSync(join(folder, kind)).sort();
}

/** The Dockerfile and the ignore file of a case, each with the whole folder as its context. */
function inputsOf(kind: 'ok' | 'err', name: string): Input[] {
  const base = join(folder, kind, name);
  const paths = readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(base, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !aboutTheCase.test(path));
  const files = Object.fromEntries(paths.map((path) => [path, readFileSync(join(base, path), 'utf8')]));
  return ['Dockerfile', '.dockerignore'].flatMap((path) => {
    const text = files[path];
    return text === undefined ? [] : [{ path, text, files }];
  });
}

/** `line:column rule message`, or `.dockerignore:line:column …`. */
function linesOf({ path, text, findings }: FileResult): string[] {
  const starts = lineStarts(text);
  return findings.map(({ rule, message, span }) => {
    const { line, column } = positionAt(starts, span.start);
    return `${path === 'Dockerfile' ? '' : `${path}:`}${line + 1}:${column + 1} ${rule} ${message}`;
  });
}

describe('fixtures', () => {
  for (const name of casesIn('ok')) {
    it(`ok/${name} is silent`, () => {
      assert.deepEqual(
        inputsOf('ok', name).flatMap((input) => linesOf(lint(input))),
        [],
      );
    });
  }

  for (const name of casesIn('err')) {
    const base = join(folder, 'err', name);

    it(`err/${name} has the expected findings`, () => {
      const expected = readFileSync(join(base, 'expected.txt'), 'utf8').split('\n').filter(Boolean);
      assert.deepEqual(
        inputsOf('err', name).flatMap((input) => linesOf(lint(input))),
        expected,
      );
    });

    it(`err/${name} can be fixed`, () => {
      const [dockerfile, ignoreFile] = inputsOf('err', name);
      assert.ok(dockerfile);
      const first = fix(dockerfile, { unsafe: true });
      assert.equal(first.text, readFileSync(join(base, 'fixed.Dockerfile'), 'utf8'));
      const others = Object.fromEntries(first.others);
      const second =
        ignoreFile && fix({ ...ignoreFile, text: others['.dockerignore'] ?? ignoreFile.text }, { unsafe: true });
      const fixed = join(base, 'fixed.dockerignore');
      const wanted = existsSync(fixed) ? readFileSync(fixed, 'utf8') : ignoreFile?.text;
      assert.equal(second?.text ?? others['.dockerignore'], wanted);
    });
  }
});
