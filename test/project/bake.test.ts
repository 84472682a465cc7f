// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how bake files write variables
import assert from 'node:assert/strict';
import path from 'node:path';
import { bakeFilesIn, bakeMovesContext, readBakeFiles } from '../../server/project/bake.js';
import { scratchFolder } from '../helpers/scratch-folder.js';

describe('readBakeFiles', () => {
  const folder = scratchFolder();

  const shown = (file: string | undefined) =>
    file === undefined ? 'none' : path.relative(folder.path, file).split(path.sep).join('/') || '.';

  function read(files: Record<string, string>, below = '.', above: string[] = []) {
    folder.write(files);
    const at = path.join(folder.path, below);
    return readBakeFiles(
      bakeFilesIn(at, undefined),
      above.map((one) => path.join(folder.path, one)),
    );
  }

  /** `context < Dockerfile`, relative to the folder. */
  const builds = (...given: Parameters<typeof read>) =>
    read(...given).map(({ context, dockerfile }) => `${shown(context)} < ${shown(dockerfile)}`);

  const dockerfiles = { Dockerfile: '', 'api/Dockerfile': '', 'docker/web.Dockerfile': '' };

  /** Of one file in HCL, with some Dockerfiles around. */
  const hcl = (text: string) => builds({ ...dockerfiles, 'docker-bake.hcl': text });

  it('reads contexts, and Dockerfiles as seen from them', () => {
    const text = `
target "web" {
  context = "."
  dockerfile = "docker/web.Dockerfile"
}
target "api" { context = "./api" }
target "root" {}
`;
    assert.deepEqual(hcl(text), ['. < docker/web.Dockerfile', 'api < api/Dockerfile', '. < Dockerfile']);
    assert.deepEqual(hcl('target "api" {\n  context = "api"\n  dockerfile = "../docker/web.Dockerfile"\n}\n'), [
      'api < docker/web.Dockerfile',
    ]);
    assert.deepEqual(hcl('target "api" {\n  context = "api"\n  dockerfile = "cwd://docker/web.Dockerfile"\n}\n'), [
      'api < docker/web.Dockerfile',
    ]);
  });

  it('reads JSON, with variables in it', () => {
    const json = {
      variable: { DIR: { default: 'docker' } },
      group: { default: { targets: ['web'] } },
      target: { web: { dockerfile: '${DIR}/web.Dockerfile', target: 'prod', args: { A: 1, B: null } } },
    };
    const [web] = read({ ...dockerfiles, 'docker-bake.json': JSON.stringify(json) });
    assert.equal(shown(web?.dockerfile), 'docker/web.Dockerfile');
    assert.deepEqual(
      [web?.origin, web?.target, [...(web?.args ?? [])]],
      [
        'bake',
        'prod',
        [
          ['A', '1'],
          ['B', undefined],
        ],
      ],
    );
  });

  it('knows target, args and further contexts', () => {
    const text = `
target "api" {
  context = "api"
  target = "dev"
  args = { VERSION = "1.5", DEBUG = true, OTHER = null, NOW = timestamp() }
  contexts = {
    lib = "./lib"
    base = "docker-image://alpine:3"
    "other" : "target:web"
  }
}
`;
    const [api] = read({ ...dockerfiles, 'docker-bake.hcl': text });
    assert.equal(api?.target, 'dev');
    assert.deepEqual(
      [...(api?.args ?? [])],
      [
        ['VERSION', '1.5'],
        ['DEBUG', 'true'],
        ['OTHER', undefined],
        ['NOW', undefined],
      ],
    );
    assert.deepEqual(
      [...(api?.additionalContexts ?? [])],
      [
        ['lib', path.join(folder.path, 'lib')],
        ['base', 'docker-image://alpine:3'],
        ['other', 'target:web'],
      ],
    );
  });

  it('gives variables their defaults, and says nothing of targets that need others', () => {
    const text = `
variable "NAME" { default = "web" }
variable "FILE" { default = "\${NAME}.Dockerfile" }
variable "OPEN" {}
DIR = "docker"
target "a" { dockerfile = "\${DIR}/\${FILE}" }
target "b" { context = OPEN }
target "c" { context = "\${OPEN}/api" }
target "d" { context = equal(NAME, "web") ? "." : "api" }
target "e" { context = "%{ if true }api%{ endif }" }
`;
    assert.deepEqual(hcl(text), ['. < docker/web.Dockerfile']);
    const circular = 'variable "A" { default = B }\nvariable "B" { default = "$'.concat(
      '{A}" }\ntarget "a" { context = A }',
    );
    assert.deepEqual(hcl(circular), []);
  });

  it('follows inherits: own attributes first, then the last of the list', () => {
    const text = `
target "base" { context = "api" }
target "other" { context = "docker" }
target "a" { inherits = ["other", "base"] }
target "b" {
  inherits = ["a"]
  context = "."
  dockerfile = "docker/web.Dockerfile"
}
`;
    assert.deepEqual(hcl(text), ['api < api/Dockerfile', 'api < api/Dockerfile', '. < docker/web.Dockerfile']);
    assert.deepEqual(hcl('target "a" { inherits = ["b"] }\ntarget "b" { inherits = ["a"] }\n'), []);
    assert.deepEqual(hcl('target "a" { inherits = NAMES }\ntarget "b" { inherits = ["gone"] }\n'), []);
  });

  it('leaves out what others only inherit from', () => {
    const text = `
target "_labels" { labels = { a = "b" } }
target "web" {
  inherits = ["_labels"]
  dockerfile = "docker/web.Dockerfile"
}
`;
    assert.deepEqual(hcl(text), ['. < docker/web.Dockerfile']);
    assert.deepEqual(hcl(`${text}group "default" { targets = ["_labels", "web"] }\n`), [
      '. < Dockerfile',
      '. < docker/web.Dockerfile',
    ]);
  });

  it('expands a matrix of texts and of objects', () => {
    const text = `
variable "APPS" {
  default = [
    { name = "api", dir = "api" },
    { name = "root", dir = "." }, # the last
  ]
}
target "app" {
  matrix = { app = APPS }
  name = "app-\${app.name}"
  context = app.dir
}
target "more" {
  inherits = ["app-api"]
}
target "files" {
  name = replace(file, ".", "-")
  matrix = {
    file = ["docker/web.Dockerfile", "api/Dockerfile"]
  }
  dockerfile = "\${file}"
}
`;
    assert.deepEqual(hcl(text), [
      'api < api/Dockerfile',
      '. < Dockerfile',
      'api < api/Dockerfile',
      '. < docker/web.Dockerfile',
      '. < api/Dockerfile',
    ]);
    assert.deepEqual(hcl('target "a" {\n  matrix = { x = all() }\n  name = x\n  context = x\n}\n'), []);
  });

  it('reads override files behind the others', () => {
    const files = {
      ...dockerfiles,
      'docker-bake.hcl': 'target "a" {\n  context = "api"\n  args = { A = 1 }\n}\n',
      'docker-bake.override.json': '{"target": {"a": {"context": ".", "args": {"B": "2"}}}}',
      'docker-bake.prod.hcl': 'target "other" {}',
    };
    const [only, ...rest] = read(files);
    assert.deepEqual([shown(only?.context), [...(only?.args.keys() ?? [])], rest.length], ['.', ['A', 'B'], 0]);
  });

  it('starts from the nearest folder above where the Dockerfile is there: bake starts where it is run', () => {
    const files = { ...dockerfiles, 'docker/docker-bake.hcl': 'target "web" { dockerfile = "docker/web.Dockerfile" }' };
    assert.deepEqual(builds(files, 'docker', ['.']), ['. < docker/web.Dockerfile']);
    assert.deepEqual(builds(files, 'docker', []), []);
    const own = { ...dockerfiles, 'docker/docker-bake.hcl': 'target "web" {\n  context = ".."\n}\n' };
    assert.deepEqual(builds(own, 'docker', ['.']), ['. < Dockerfile']);
  });

  it('passes over remote contexts, and inline Dockerfiles have no path', () => {
    const text = `
target "a" { context = "https://github.com/a/b.git#main:dir" }
target "b" {
  dockerfile-inline = <<-EOT
    FROM alpine
    RUN echo "}{ $\{
    EOT
  context = "api"
}
target "c" { dockerfile = name() }
`;
    assert.deepEqual(hcl(text), ['api < none', '. < none']);
  });

  it('reads on behind what is not plain', () => {
    const text = `
/* a comment { */
// another
function "tags" {
  params = [suffix] // of the tag
  result = flatten([for one in ["\${suffix}-\${join("}", [])}"] : [
    "a", one == "b" ? "c" : "d"
  ]])
}
target "a" {
  tags = tags("\${"x"}")
  output = [{ type = "docker" }, "type=image", for_x]
  labels = { for k, v in labels() : k => v }
  platforms = [ "a" , ] ; 
  context = "api"   # "quoted"
}
`.replace(' ; ', '');
    assert.deepEqual(hcl(text), ['api < api/Dockerfile']);
    assert.deepEqual(hcl('target "a" {\r\n  "context" = "a\\u0070i"\r\n}\r\n'), ['api < api/Dockerfile']);
  });

  it('tells without parsing whether a Dockerfile could have another context than its folder', () => {
    const cases: [text: string, moves: boolean][] = [
      ['context = "api"', false],
      ['dockerfile = "Dockerfile"', false],
      ['dockerfile = "docker/web.Dockerfile"', false],
      ['dockerfile-inline = "a/b"', false],
      ['dockerfile = "api/Dockerfile"', true],
      ['"dockerfile": "../api/Dockerfile"', true],
      ['dockerfile = "${DIR}/Dockerfile"', true],
      ['dockerfile = "cwd://api/Dockerfile"', true],
      ['dockerfile = item.file', true],
    ];
    for (const [text, moves] of cases) {
      folder.write({ 'docker-bake.hcl': text });
      assert.equal(bakeMovesContext(path.join(folder.path, 'docker-bake.hcl'), 'api/Dockerfile'), moves, text);
    }
  });

  it('has nothing where the file is broken', () => {
    for (const text of [
      'target "a" {',
      'target "a" { context = "api }',
      'target "a" { context = ["api" }',
      'target "a" }',
      'target { context = "api"',
      'target = {',
      '= "a"',
      'x = <<EOT\nno end',
      '/* no end',
      'a = "\\q"',
      'a = "${"',
      '{{ template }}',
      '"'.repeat(1001),
      '["'.repeat(5000),
      'a = "'.concat('${"'.repeat(20_000)),
      `a = ${'['.repeat(100_000)}`,
    ]) {
      assert.deepEqual(hcl(text), [], text.slice(0, 40));
    }
    for (const text of ['', '[]', '{', '{"target": []}', '{"target": {"a": {"context": "$'.concat('{"}}}')]) {
      assert.deepEqual(builds({ ...dockerfiles, 'docker-bake.json': text, 'docker-bake.hcl': '' }), [], text);
    }
  });
});
