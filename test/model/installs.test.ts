import assert from 'node:assert/strict';
import { buildOf } from '../../server/model/build.js';
import { type Install, installsOf } from '../../server/model/installs.js';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';

function installs(...lines: readonly string[]): readonly Install[] {
  return installsOf(buildOf(parseDockerfile(`FROM a\nWORKDIR /app\n${lines.join('\n')}\n`)));
}

function kinds(command: string): string[] {
  return installs(`RUN ${command}`).map(({ manager, kind }) => `${manager.name} ${kind}`);
}

describe('installsOf', () => {
  const table: readonly [string, ...string[]][] = [
    ['npm ci', 'npm dependencies'],
    ['npm i --omit=dev', 'npm dependencies'],
    ['npm install --omit dev', 'npm dependencies'],
    ['npm install -g pnpm', 'npm packages'],
    ['npm install ./tool', 'npm build'],
    ['npm run build', 'npm build'],
    ['yarn', 'yarn dependencies'],
    ['yarn --frozen-lockfile', 'yarn dependencies'],
    ['yarn --version'],
    ['yarn workspaces focus --production', 'yarn dependencies'],
    ['corepack enable && corepack pnpm install', 'pnpm dependencies'],
    ['npx -y pnpm@9 i --frozen-lockfile', 'pnpm dependencies'],
    ['pnpm install --filter web...', 'pnpm dependencies'],
    ['bun install --production', 'bun dependencies'],
    ['deno install', 'deno dependencies'],
    ['deno install --entrypoint main.ts', 'deno build'],
    ['pip3.12 install -r requirements.txt', 'pip dependencies'],
    ['python3 -m pip install --no-cache-dir -rreq.txt', 'pip dependencies'],
    ['/venv/bin/pip install flask', 'pip packages'],
    ['pip install --upgrade pip', 'pip packages'],
    ['pip install .', 'pip build'],
    ['pip install -e .', 'pip build'],
    ['pip install -r requirements.txt .', 'pip build'],
    ['uv pip install --system -r requirements.txt', 'uv dependencies'],
    ['uv sync --frozen', 'uv dependencies'],
    ['poetry install --no-root', 'poetry dependencies'],
    ['pipenv install --system --deploy', 'pipenv dependencies'],
    ['conda env create -f environment.yml', 'conda dependencies'],
    ['micromamba install -y -n base -f /tmp/env.yaml', 'conda dependencies'],
    ['conda install -y numpy', 'conda packages'],
    ['bundle', 'bundler dependencies'],
    ['bundle install --jobs 4', 'bundler dependencies'],
    ['bundle exec rails assets:precompile', 'bundler build'],
    ['gem install bundler', 'gem packages'],
    ['composer install --no-dev', 'composer dependencies'],
    ['php composer.phar install', 'composer dependencies'],
    ['go mod download', 'go dependencies'],
    ['go build -o /app ./cmd/app', 'go build'],
    ['go install github.com/a/b@v1', 'go packages'],
    ['cargo fetch', 'cargo dependencies'],
    ['cargo build --release', 'cargo build'],
    ['mvn -B dependency:go-offline', 'maven dependencies'],
    ['./mvnw -DskipTests clean package', 'maven build'],
    ['./gradlew dependencies --no-daemon', 'gradle dependencies'],
    ['./gradlew app:nativeCompile', 'gradle build'],
    ['./gradlew --version'],
    ['dotnet restore src/App.csproj', 'dotnet dependencies'],
    ['dotnet publish -c Release -o /out', 'dotnet build'],
    ['mix deps.get --only prod', 'mix dependencies'],
    ['mix local.hex --force', 'mix packages'],
    ['flutter pub get', 'pub dependencies'],
    ['swift package resolve', 'swift dependencies'],
    ['stack build --only-dependencies', 'stack dependencies'],
    ['cabal update', 'cabal index'],
    ['lein deps', 'lein dependencies'],
    ['clojure -P -M:run', 'clojure dependencies'],
    ['cpanm --notest --installdeps .', 'cpan dependencies'],
    ['apt-get update && apt-get install -y curl', 'apt index', 'apt packages'],
    ['apk add --no-cache git', 'apk packages'],
    ['make install'],
    ['$TOOL install'],
  ];
  for (const [command, ...expected] of table) {
    it(`${command} → ${expected.join(', ') || 'nothing'}`, () => assert.deepEqual(kinds(command), expected));
  }

  it('finds the folder through WORKDIR, cd and options', () => {
    const folders = installs(
      'RUN npm ci',
      'RUN cd web && npm ci',
      'RUN (cd web && npm ci) && npm ci',
      'RUN npm --prefix ./ui ci && yarn --cwd=/srv install',
      'RUN cd "$SOMEWHERE" && npm ci',
      'RUN if test -d web; then cd web; fi; npm ci',
    ).map(({ directory }) => directory);
    assert.deepEqual(folders, ['/app', '/app/web', '/app/web', '/app', '/app/ui', '/srv', undefined, undefined]);
  });

  it('follows a cd into a folder that an ENV names', () => {
    const [install] = installs('ENV UI=ui', 'RUN cd $UI/web && npm ci');
    assert.equal(install?.directory, '/app/ui/web');
  });

  it('collects the files that options and operands name', () => {
    const named = installs(
      'RUN pip install -r a.txt --requirement=b.txt -c c.txt',
      'RUN mvn -s settings.xml -f api/pom.xml dependency:go-offline',
      'RUN dotnet restore src/App.csproj --runtime linux-x64',
    ).map(({ manifestArguments }) => manifestArguments);
    assert.deepEqual(named, [['a.txt', 'b.txt', 'c.txt'], ['api/pom.xml'], ['src/App.csproj']]);
  });

  it('says whether lifecycle scripts may run', () => {
    const scripts = installs(
      'RUN npm ci',
      'RUN npm ci --ignore-scripts',
      'RUN npm_config_ignore_scripts=true npm ci',
      'ENV NPM_CONFIG_IGNORE_SCRIPTS=true',
      'RUN npm ci',
    ).map((install) => install.scripts);
    assert.deepEqual(scripts, [true, false, false, false]);
  });

  it('looks into heredocs and sh -c', () => {
    assert.deepEqual(kinds('<<EOF\nset -e\nnpm ci\nEOF'), ['npm dependencies']);
    assert.deepEqual(kinds('["sh", "-c", "pip install -r requirements.txt"]'), ['pip dependencies']);
  });
});
