// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how workflows write expressions
import assert from 'node:assert/strict';
import path from 'node:path';
import {
  workflowBuilds,
  workflowFiles,
  workflowMayBuild,
  workflowMovesContext,
} from '../../server/project/workflow.js';
import { scratchFolder } from '../helpers/scratch-folder.js';

describe('workflowBuilds', () => {
  const folder = scratchFolder();

  const read = async (text: string) => {
    folder.write({ '.github/workflows/ci.yml': text });
    const files = workflowFiles(folder.path);
    return (await Promise.all(files.map((file) => workflowBuilds(file, folder.path)))).flat();
  };

  /** `context < Dockerfile`, relative to the root. */
  async function builds(text: string): Promise<string[]> {
    const show = (file: string) => path.relative(folder.path, file).split(path.sep).join('/') || '.';
    return (await read(text)).map(({ context, dockerfile }) => `${show(context)} < ${show(dockerfile ?? '')}`);
  }

  const indent = (text: string, by: number) => text.trim().replace(/^/gm, ' '.repeat(by));

  /** A workflow with one job of these steps, and what else the job has. */
  const job = (steps: string, rest = '') => `
on: push
jobs:
  image:
    runs-on: ubuntu-latest
${indent(rest, 4)}
    steps:
      - uses: actions/checkout@v4
${indent(steps, 6)}
`;

  /** A step of `docker/build-push-action` with these inputs. */
  const action = (inputs: string) => `- uses: docker/build-push-action@v6\n  with: { push: true, ${inputs} }`;

  const cases: [what: string, text: string, builds: string[]][] = [
    [
      'takes files from the root, not from the context',
      job(action('context: ., file: api/Dockerfile')),
      ['. < api/Dockerfile'],
    ],
    ['takes the file of the context by default', job(action('context: ./api')), ['api < api/Dockerfile']],
    [
      'takes the file from the root for another context',
      job(action('context: api, file: ./Dockerfile')),
      ['api < Dockerfile'],
    ],
    ['has the repository as Git context by default', job(action('file: api/Dockerfile')), ['. < api/Dockerfile']],
    [
      'knows folders of the Git context, and files in them',
      job(action('context: "{{defaultContext}}:api", file: x')),
      ['api < api/x'],
    ],
    ['knows the Git context', job(action('context: "{{defaultContext}}"')), ['. < Dockerfile']],
    [
      'knows actions with the same inputs',
      job('- uses: depot/build-push-action@v1\n  with: { context: api }'),
      ['api < api/Dockerfile'],
    ],
    ['passes over remote contexts', job(action('context: "https://github.com/a/b.git#main"')), []],
    ['knows the workspace', job(action('context: "${{ github.workspace }}/api"')), ['api < api/Dockerfile']],
    ['says nothing of other expressions', job(action('context: "${{ inputs.context }}"')), []],
    ['says nothing of other files', job(action('context: ., file: "${{ steps.a.outputs.file }}"')), []],
    ['says nothing of an expression without an end', job(action('context: "${{ matrix.dir"')), []],
    ['reads plain commands', job('- run: docker build -f api/Dockerfile .'), ['. < api/Dockerfile']],
    [
      'runs commands in their folder',
      job('- run: |\n    docker build \\\n      -t a:${{ github.sha }} .\n  working-directory: api'),
      ['api < api/Dockerfile'],
    ],
    [
      'takes the folder of the job, else that of the workflow',
      `defaults: { run: { working-directory: api } }${job('- run: docker build .')}`,
      ['api < api/Dockerfile'],
    ],
    [
      'takes the folder of the step before that of the job',
      job(
        '- run: docker build .\n- run: docker build .\n  working-directory: web',
        'defaults:\n  run:\n    working-directory: api',
      ),
      ['api < api/Dockerfile', 'web < web/Dockerfile'],
    ],
    [
      'says nothing where the folder is not known',
      job('- run: docker build .\n  working-directory: ${{ inputs.dir }}'),
      [],
    ],
    [
      'says nothing where the command is not plain',
      job('- run: docker build ${{ inputs.dir }}\n- run: docker build $DIR'),
      [],
    ],
    ['says nothing where quotes are around it', job("- run: docker build '${{ inputs.dir }}'"), []],
    ['reads no other shells', job('- run: docker build .\n  shell: pwsh'), []],
    ['reads no scripts of Windows', job('- run: docker build .').replace('ubuntu', 'windows'), []],
    [
      'expands a literal matrix',
      job(
        action('context: ., file: "${{ matrix.dir }}/Dockerfile"'),
        'strategy:\n  matrix:\n    dir: [api, web]\n    os: [1, 2]\n    exclude: [{ dir: web, os: 1 }]',
      ),
      ['. < api/Dockerfile', '. < api/Dockerfile', '. < web/Dockerfile'],
    ],
    [
      'expands the entries of a matrix, with what they leave out',
      job(
        action('context: "${{ matrix.image.dir }}", file: "${{ matrix.file || matrix[\'other\'] || \'Dockerfile\' }}"'),
        'strategy:\n  matrix:\n    include:\n      - image: { dir: api }\n      - image: { dir: web }\n        file: web/x.Dockerfile',
      ),
      ['api < Dockerfile', 'web < web/x.Dockerfile'],
    ],
    [
      'adds entries to the jobs of which they change nothing',
      job(
        action('context: "${{ matrix.dir }}", file: "${{ matrix.file }}"'),
        'strategy:\n  matrix:\n    dir: [api, web]\n    include: [{ dir: web, file: x }, { dir: db, file: y }]',
      ),
      ['api < api/Dockerfile', 'web < x', 'db < y'],
    ],
    [
      'says nothing of a matrix that an expression makes',
      job(action('context: "${{ matrix.dir }}"'), 'strategy:\n  matrix: ${{ fromJSON(needs.a.outputs.matrix) }}'),
      [],
    ],
    [
      'knows the rest of a matrix of which an expression makes a part',
      job(
        `${action('context: "${{ matrix.dir }}"')}\n- run: docker build \${{ matrix.to }}`,
        'strategy:\n  matrix:\n    dir: "${{ fromJSON(x) }}"\n    to: [api]',
      ),
      ['api < api/Dockerfile'],
    ],
    [
      'knows literal environments that no step changes',
      `env: { DIR: api, FILE: api/Dockerfile }${job(
        `${action('context: ., file: "${{ env.DIR }}/Dockerfile"')}\n${action('context: ., file: "${{ env.FILE }}"')}\n- run: echo FILE=x >> $GITHUB_ENV`,
      )}`,
      ['. < api/Dockerfile'],
    ],
    [
      'says nothing of a job that checks out another repository, or this one below',
      `${job('- { uses: actions/checkout@v4, with: { path: src } }\n- run: docker build .')}`,
      [],
    ],
    [
      'says nothing of another repository',
      job('- { uses: actions/checkout@v4, with: { repository: a/b } }\n- run: docker build .'),
      [],
    ],
    [
      'is not misled by another repository below',
      job('- { uses: actions/checkout@v4, with: { repository: a/b, path: b } }\n- run: docker build .'),
      ['. < Dockerfile'],
    ],
  ];
  for (const [what, text, found] of cases)
    it(what, async () => {
      assert.deepEqual(await builds(text), found);
    });

  it('knows target, args and further contexts', async () => {
    const text = job(`
- uses: docker/build-push-action@v6
  with:
    context: .
    target: dev
    build-args: |
      VERSION=1.5
      SHA=\${{ github.sha }}
    build-contexts: |
      lib=./lib
      base=docker-image://alpine:3
`);
    const [build] = await read(text);
    assert.deepEqual([build?.origin, build?.target, path.basename(build?.file ?? '')], ['workflow', 'dev', 'ci.yml']);
    assert.deepEqual(
      [...(build?.args ?? [])],
      [
        ['VERSION', '1.5'],
        ['SHA', undefined],
      ],
    );
    assert.deepEqual(
      [...(build?.additionalContexts ?? [])],
      [
        ['lib', path.join(folder.path, 'lib')],
        ['base', 'docker-image://alpine:3'],
      ],
    );
  });

  it('has nothing where there is no YAML of that form', async () => {
    for (const text of [
      '',
      'docker build',
      'jobs: docker build',
      'jobs: [docker build]',
      'jobs:\n  a:\n    steps: docker build',
      'jobs:\n  a:\n    steps: [docker build .]',
      'jobs: { a: { steps: [{ run: docker build . }',
      '\tjobs: docker build .',
      'a: &a [*a]\nb: docker build .',
      `${job('- run: docker build .')}\n - {`,
    ]) {
      assert.deepEqual(await builds(text), [], text);
    }
  });

  it('keeps to workflows that speak of builds', () => {
    folder.write({
      '.github/workflows/b.yaml': job('- run: docker build .'),
      '.github/workflows/a.yml': job(action('context: .')),
      '.github/workflows/test.yml': job('- run: npm test'),
      '.github/workflows/README.md': 'docker build .',
      '.github/workflows/folder.yml/': '',
    });
    const files = workflowFiles(folder.path).map(({ file }) => path.basename(file));
    assert.deepEqual(files, ['a.yml', 'b.yaml']);
    assert.deepEqual(workflowFiles(path.join(folder.path, 'none')), []);
  });

  it('tells without parsing whether a Dockerfile could have another context than its folder', () => {
    const cases: [text: string, moved: string[]][] = [
      ['context: .', []],
      ['context: ./api', []],
      ['context: .\nfile: Dockerfile\n', ['api/Dockerfile']],
      ['{ context: "./", file: "./Dockerfile" }', ['api/Dockerfile']],
      ['run: docker build api', []],
      ['run: rm -f x; docker build api', []],
      ['file: api/Dockerfile', ['api/Dockerfile']],
      ["file: './docker/api.Dockerfile' # c\r\n", ['docker/api.Dockerfile']],
      ['context: api\nfile: Dockerfile', ['Dockerfile', 'api/Dockerfile']],
      ['context: ${{ matrix.dir }}\nfile: ./${{ matrix.dir }}/Dockerfile', ['api/Dockerfile']],
      ['context: .\nfile: docker/${{ matrix.app }}.Dockerfile', ['docker/api.Dockerfile']],
      ['context: .\nfile: ${{ matrix.file }}', ['api/Dockerfile', 'docker/api.Dockerfile']],
      ['file: *file', ['api/Dockerfile', 'docker/api.Dockerfile']],
      ['run: docker build -f ../docker/api.Dockerfile .', ['docker/api.Dockerfile']],
      ['run: docker build --file=$DIR/Dockerfile .', ['api/Dockerfile']],
      ['run: |\n  docker buildx \\\n    build -t a \\\r\n    -f api/Dockerfile .', ['api/Dockerfile']],
      ['run: >\n  docker build\n    -t a\n    --file api/Dockerfile .', ['api/Dockerfile']],
      ['run: |\n  docker build .\n  rm -f api/Dockerfile', []],
    ];
    const all = ['Dockerfile', 'api/Dockerfile', 'docker/api.Dockerfile'];
    for (const [text, moved] of cases) {
      const found = all.filter((dockerfile) => workflowMovesContext({ file: '', text }, dockerfile));
      assert.deepEqual(found, moved, text);
    }
  });

  it('tells without parsing whether it could build a Dockerfile', () => {
    const built = (text: string) =>
      ['Dockerfile', 'api/Dockerfile', 'docker/api.Dockerfile'].filter((dockerfile) =>
        workflowMayBuild({ file: '', text }, dockerfile),
      );
    assert.deepEqual(built('context: .'), ['Dockerfile']);
    assert.deepEqual(built('context: ./${{ matrix.dir }}\ndir: [api]'), ['Dockerfile', 'api/Dockerfile']);
    assert.deepEqual(built('file: docker/${{ matrix.app }}.Dockerfile'), ['Dockerfile', 'docker/api.Dockerfile']);
  });
});
