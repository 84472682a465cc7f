// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how shells write variables
import assert from 'node:assert/strict';
import path from 'node:path';
import { commandBuilds } from '../../server/project/build-command.js';
import { scratchFolder } from '../helpers/scratch-folder.js';

describe('commandBuilds', () => {
  const folder = scratchFolder();

  /** `context < Dockerfile`, relative to the folder. */
  function builds(script: string): string[] {
    const show = (file: string) => path.relative(folder.path, file).split(path.sep).join('/') || '.';
    return commandBuilds(script, folder.path).map(
      ({ context, dockerfile }) => `${show(context)} < ${show(dockerfile ?? '')}`,
    );
  }

  const cases: [script: string, builds: string[]][] = [
    ['docker build .', ['. < Dockerfile']],
    ['docker build -t app:1 -f docker/Dockerfile .', ['. < docker/Dockerfile']],
    ['docker build --file=docker/Dockerfile api', ['api < docker/Dockerfile']],
    ['docker buildx build --push \\\n  --platform linux/amd64,linux/arm64 \\\n  ./api/', ['api < api/Dockerfile']],
    ['docker image build . && docker builder build api', ['. < Dockerfile', 'api < api/Dockerfile']],
    ['sudo docker build "api"', ['api < api/Dockerfile']],
    ['DOCKER_BUILDKIT=1 docker build --no-cache --pull .', ['. < Dockerfile']],
    ['docker build . -t "app:$TAG" --build-arg VERSION=$V', ['. < Dockerfile']],
    ['docker build -t$TAG -fapi/Dockerfile .', ['. < api/Dockerfile']],
    ['buildah bud -f api/Containerfile .', ['. < api/Containerfile']],
    ['podman build --layers --format docker api', ['api < api/Containerfile']],
    ['for i in 1 2; do docker build .; done', ['. < Dockerfile']],
    // What is not known, or no folder.
    ['docker build $DIR', []],
    ['docker build "$DIR"', []],
    ['docker build $FLAGS .', []],
    ['docker build -f $FILE .', []],
    ['docker build -f "$DIR/Dockerfile" .', []],
    ['docker build $(pwd)', []],
    ["docker build '${DIR}'", []],
    ['docker build --unheard-of x .', []],
    ['docker build', []],
    ['docker build . api', []],
    ['docker build - < Dockerfile', []],
    ['docker build -f - .', []],
    ['docker build https://github.com/a/b.git#main', []],
    ['docker build ~/app', []],
    ['docker compose build', []],
    ['docker run build .', []],
    ['echo docker build .', []],
    ['find . | xargs docker build', []],
    // Where it runs.
    ['cd api && docker build .', ['api < api/Dockerfile']],
    ['cd api\ncd ..\ndocker build -f api/Dockerfile .', ['. < api/Dockerfile']],
    ['(cd api && docker build .)\ndocker build .', ['api < api/Dockerfile', '. < Dockerfile']],
    ['(cd api; make) && (docker build .)', ['. < Dockerfile']],
    ['cd "$DIR"; docker build .', []],
    ['if x; then cd api; fi; docker build .', []],
    ['cd a b; docker build .', []],
    ['pushd api; docker build .', []],
    ['docker build . ; cd "$DIR"', ['. < Dockerfile']],
    ['', []],
    ['if docker build .', ['. < Dockerfile']],
  ];
  for (const [script, found] of cases)
    it(script || 'an empty script', () => {
      assert.deepEqual(builds(script), found);
    });

  it('knows target, args and further contexts', () => {
    const [build] = commandBuilds(
      'docker build --target dev --build-arg A=b=c --build-arg B --build-arg "C=$X" --build-context lib=../lib ' +
        '--build-context base=docker-image://alpine:3 .',
      folder.path,
    );
    assert.equal(build?.target, 'dev');
    assert.deepEqual(
      [...(build?.args ?? [])],
      [
        ['A', 'b=c'],
        ['B', undefined],
      ],
    );
    assert.deepEqual(
      [...(build?.additionalContexts ?? [])],
      [
        ['lib', path.resolve(folder.path, '../lib')],
        ['base', 'docker-image://alpine:3'],
      ],
    );
  });

  it('looks for the files of Podman in the working folder, then in the context', () => {
    folder.write({ 'api/x.Dockerfile': '', 'web/Dockerfile': '' });
    assert.deepEqual(builds('podman build -f x.Dockerfile api'), ['api < api/x.Dockerfile']);
    assert.deepEqual(builds('docker build -f x.Dockerfile api'), ['api < x.Dockerfile']);
    assert.deepEqual(builds('podman build web'), ['web < web/Dockerfile']);
  });
});
