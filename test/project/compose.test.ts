// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how compose files write variables
import assert from 'node:assert/strict';
import path from 'node:path';
import { composeFilesIn, movesContexts, readComposeFiles } from '../../server/project/compose.js';
import { readVariables, substitute } from '../../server/project/compose-variables.js';
import { scratchFolder } from '../helpers/scratch-folder.js';

describe('readComposeFiles', () => {
  const folder = scratchFolder();

  /** `service: context < Dockerfile`, relative to the folder. */
  async function builds(files: Record<string, string>, below = '.'): Promise<string[]> {
    folder.write(files);
    const found = await readComposeFiles(composeFilesIn(path.join(folder.path, below)));
    const show = (file: string) => path.relative(folder.path, file).split(path.sep).join('/') || '.';
    return found.map(
      ({ service, context, dockerfile }) => `${service}: ${show(context)} < ${dockerfile ? show(dockerfile) : 'none'}`,
    );
  }

  it('reads the short and the long form', async () => {
    const text = `
services:
  short:
    build: ./api
  long:
    build:
      context: .
      dockerfile: docker/web.Dockerfile
  default:
    build: { target: dev }
  image:
    image: postgres
`;
    assert.deepEqual(await builds({ 'compose.yaml': text }), [
      'short: api < api/Dockerfile',
      'long: . < docker/web.Dockerfile',
      'default: . < Dockerfile',
    ]);
  });

  it('starts from the folder of the compose file', async () => {
    const text = 'services:\n  a:\n    build:\n      context: ../..\n      dockerfile: ./app/Dockerfile\n';
    assert.deepEqual(await builds({ 'deploy/dev/docker-compose.yml': text }, 'deploy/dev'), ['a: . < app/Dockerfile']);
  });

  it('knows target, args in both forms and further contexts', async () => {
    const text = `services:
  a:
    build:
      context: .
      target: dev
      args: { VERSION: 1.5, DEBUG: true, FROM_ENV: }
      additional_contexts: [ "lib=../lib", "base=docker-image://alpine:3" ]
  b:
    build:
      context: .
      args:
        - A=b=c
        - D
`;
    folder.write({ 'compose.yaml': text });
    const [a, b] = await readComposeFiles(composeFilesIn(folder.path));
    assert.equal(a?.target, 'dev');
    assert.deepEqual(
      [...(a?.args ?? [])],
      [
        ['VERSION', '1.5'],
        ['DEBUG', 'true'],
        ['FROM_ENV', undefined],
      ],
    );
    assert.deepEqual(
      [...(b?.args ?? [])],
      [
        ['A', 'b=c'],
        ['D', undefined],
      ],
    );
    assert.deepEqual(
      [...(a?.additionalContexts ?? [])],
      [
        ['lib', path.resolve(folder.path, '../lib')],
        ['base', 'docker-image://alpine:3'],
      ],
    );
    assert.match(text.slice(a?.offset), /^context: \.\n {6}target: dev/);
  });

  it('follows anchors, aliases and merge keys', async () => {
    const text = `
x-build: &build
  context: .
  dockerfile: docker/Dockerfile
services:
  a:
    build: *build
  b:
    build:
      <<: *build
      dockerfile: other.Dockerfile
`;
    assert.deepEqual(await builds({ 'docker-compose.yml': text }), [
      'a: . < docker/Dockerfile',
      'b: . < other.Dockerfile',
    ]);
  });

  it('substitutes variables from .env and defaults, and leaves out what it cannot know', async () => {
    const text = `services:
  a: { build: { context: "\${ROOT:-src}", dockerfile: "\${FILE}" } }
  b: { build: "\${UNKNOWN}/api" }
  c: { build: { context: ., dockerfile: "$UNKNOWN" } }
`;
    assert.deepEqual(await builds({ 'compose.yml': text, '.env': '# c\nFILE="x.Dockerfile" \n' }), [
      'a: src < src/x.Dockerfile',
      'c: . < none',
    ]);
  });

  it('passes over remote contexts and inline Dockerfiles have no path', async () => {
    const text = `services:
  a: { build: "https://github.com/a/b.git#main" }
  b: { build: "git@example.com:a/b.git" }
  c: { build: { context: ., dockerfile_inline: "FROM a" } }
`;
    assert.deepEqual(await builds({ 'compose.yml': text }), ['c: . < none']);
  });

  it('lets an override without a context give way to the file that has one', async () => {
    const files = {
      'docker-compose.yml': 'services:\n  a:\n    build: ./api\n',
      'docker-compose.override.yml': 'services:\n  a:\n    build:\n      target: dev\n',
    };
    assert.deepEqual(await builds(files), ['a: api < api/Dockerfile']);
  });

  it('has nothing where there is no YAML of that form', async () => {
    for (const text of [
      '',
      '- build',
      'services: [build]',
      'services:\n  a: build',
      '\tbuild: {',
      'a: &a [*a]\nbuild: 1',
      'build: [',
      '{{ build }}',
    ]) {
      assert.deepEqual(await builds({ 'compose.yml': text }), [], text);
    }
  });

  it('tells without parsing whether a Dockerfile could have another context than its folder', () => {
    const cases: [text: string, moves: boolean][] = [
      ['services: { a: { build: ./api } }', false],
      ['build:\n  context: .\n  dockerfile: Dockerfile.dev\n', false],
      ['build: { dockerfile: "a.Dockerfile", context: x }', false],
      ['dockerfile: Dockerfile # c\r\n', false],
      ['dockerfile: docker/Dockerfile', true],
      ['{"dockerfile": "../Dockerfile"}', true],
      ['dockerfile: ${FILE}', true],
      ['dockerfile: *name', true],
      ['dockerfile: >-\n  docker/Dockerfile', true],
      ['dockerfile:\n  docker/Dockerfile', true],
    ];
    for (const [text, moves] of cases) {
      folder.write({ 'compose.yaml': text });
      assert.equal(movesContexts(path.join(folder.path, 'compose.yaml')), moves, text);
    }
  });

  it('knows compose files by name', () => {
    const names = [
      'compose.yaml',
      'compose.dev.yml',
      'docker-compose.yml',
      'docker-compose.prod.yaml',
      'docker-compose-ci.yml',
    ];
    folder.write(
      Object.fromEntries(
        [...names, 'composer.json', 'compose.md', 'my-compose.yml', 'docker-compose.yml.j2'].map((name) => [name, '']),
      ),
    );
    assert.deepEqual(
      composeFilesIn(folder.path).map((file) => path.basename(file)),
      names.toSorted(),
    );
    assert.deepEqual(composeFilesIn(path.join(folder.path, 'none')), []);
  });
});

describe('substitute', () => {
  const variables = new Map([
    ['A', 'a'],
    ['EMPTY', ''],
  ]);
  const cases: [text: string, result: string | undefined][] = [
    ['x', 'x'],
    ['$A-${A}', 'a-a'],
    ['$$A $${A}', '$A ${A}'],
    ['${NO:-d}${EMPTY:-d}${EMPTY-d}', 'dd'],
    ['${NO:-${ALSO:-$A}}/x', 'a/x'],
    ['${A:-${NO}}', 'a'],
    ['${A:+set}${NO:+set}${EMPTY+set}', 'setset'],
    ['${A:?needed}', 'a'],
    ['${NO:?needed}', undefined],
    ['$NO', undefined],
    ['${NO}', undefined],
    ['${A', undefined],
    ['${A:-b', undefined],
    ['$', undefined],
    ['${}', undefined],
  ];
  for (const [text, result] of cases) {
    it(`${text} is ${result}`, () => assert.equal(substitute(text, variables), result));
  }

  it('survives deep nesting', () => {
    assert.equal(substitute('${A:-'.repeat(50_000), variables), undefined);
  });
});

describe('readVariables', () => {
  it('reads plain lines', () => {
    const text = 'A=1\r\nexport B = two words # c\n#C=3\nD="q # d"\nE=\nnot a line\nF=#x';
    assert.deepEqual(
      [...readVariables(text)],
      [
        ['A', '1'],
        ['B', 'two words'],
        ['D', 'q # d'],
        ['E', ''],
        ['F', ''],
      ],
    );
  });
});
