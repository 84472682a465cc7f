import { cacheMountNeededLater } from '../../../server/rules/mount/cache-mount-needed-later.js';
import { testRule } from '../../helpers/rule-tester.js';

const nuget = '--mount=type=cache,target=/root/.nuget/packages';
const modules = '--mount=type=cache,target=/app/node_modules';
const sdk = 'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY App.csproj .\n';
const rust = 'FROM rust:1.90 AS build\nWORKDIR /app\nCOPY . .\n';
const target = '--mount=type=cache,target=/app/target';
const node = 'FROM node:22 AS build\nWORKDIR /app\nCOPY package.json package-lock.json ./\n';

testRule(cacheMountNeededLater, {
  valid: [
    {
      name: 'the later step may download again',
      code: `${sdk}RUN ${nuget} dotnet restore\nCOPY . .\nRUN ${nuget} dotnet publish -o /out\n`,
    },
    {
      name: 'what works offline stands in the same RUN',
      code: `${sdk}COPY . .\nRUN ${nuget} dotnet restore && dotnet publish --no-restore -o /out\n`,
    },
    {
      name: 'the packages are in the image',
      code: `${sdk}RUN dotnet restore\nCOPY . .\nRUN dotnet publish --no-restore -o /out\n`,
    },
    {
      name: 'a step between downloads them into the image',
      code: `${sdk}RUN ${nuget} dotnet restore\nRUN dotnet restore\nCOPY . .\nRUN dotnet publish --no-restore -o /out\n`,
    },
    {
      name: 'the later step downloads first',
      code: `${sdk}RUN ${nuget} dotnet restore\nCOPY . .\nRUN ${nuget} dotnet restore && dotnet publish --no-restore -o /out\n`,
    },
    {
      name: 'another mount brings the packages',
      code: `${sdk}RUN ${nuget} dotnet restore\nCOPY . .\nRUN --mount=from=packages,target=/root/.nuget/packages dotnet publish --no-restore -o /out\n`,
    },
    {
      name: 'another cache mount, which may be filled elsewhere',
      code: `${sdk}RUN ${nuget} dotnet restore\nCOPY . .\nRUN ${nuget},id=packages dotnet publish --no-restore -o /out\n`,
    },
    {
      name: 'the mount starts from a stage',
      code: `FROM alpine:3.22 AS packages\n${sdk}RUN ${nuget},from=packages dotnet restore\nCOPY . .\nRUN ${nuget},from=packages dotnet publish --no-restore -o /out\n`,
    },
    {
      name: 'another stage, which has nothing of it',
      code: `${sdk}RUN ${nuget} dotnet restore && dotnet publish -o /out\nFROM mcr.microsoft.com/dotnet/sdk:9.0\nCOPY . .\nRUN dotnet publish --no-restore -o /out\n`,
    },
    {
      name: 'pnpm has all in node_modules before it works offline',
      code: 'FROM node:22\nWORKDIR /app\nCOPY pnpm-lock.yaml .\nRUN --mount=type=cache,target=/root/.local/share/pnpm/store pnpm fetch\nCOPY . .\nRUN --mount=type=cache,target=/root/.local/share/pnpm/store pnpm install --offline\n',
    },
    {
      name: 'Go takes the modules from the project',
      code: 'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\nCOPY . .\nRUN go build -mod=vendor -o /out .\n',
    },
    {
      name: 'a folder in node_modules that a bundler fills',
      code: `${node}RUN npm ci\nCOPY . .\nRUN --mount=type=cache,target=/app/node_modules/.cache npm run build\n`,
    },
    {
      name: 'install and build in one RUN',
      code: `${node}COPY . .\nRUN ${modules} npm ci && npm run build\nFROM nginx:1.29\nCOPY --from=build /app/dist /srv\n`,
    },
    {
      name: 'the RUN brings the packages elsewhere',
      code: `${node}RUN ${modules} npm ci && cp -r node_modules /packages\nCOPY . .\nRUN npm run build\n`,
    },
    {
      name: 'a later install fills the folder',
      code: `${node}RUN ${modules} npm ci\nRUN npm ci\nCOPY . .\nRUN npm run build\n`,
    },
    {
      name: 'another stage gives the folder',
      code: `FROM node:22 AS deps\nWORKDIR /app\nCOPY package.json ./\nRUN npm install\n${node}RUN ${modules} npm ci\nCOPY --from=deps /app/node_modules ./node_modules\nRUN npm run build\n`,
    },
    {
      name: 'the RUN that compiles brings the program out of the mount',
      code: `${rust}RUN ${target} cargo build --release && cp target/release/app /bin/app\nFROM debian:13\nCOPY --from=build /bin/app /bin/app\n`,
    },
    {
      name: 'the RUN that takes the program compiles it first',
      code: `${rust}RUN ${target} cargo build --release\nRUN ${target} cargo build --release && cp target/release/app /bin/app\n`,
    },
    {
      name: 'another mount',
      code: `${rust}RUN ${target},id=a cargo build --release\nRUN ${target},id=b cp target/release/app /bin/app\n`,
    },
    {
      name: 'another RUN compiles it into the image',
      code: `${rust}RUN ${target} cargo test\nRUN cargo build --release\nFROM debian:13\nCOPY --from=build /app/target/release/app /bin/app\n`,
    },
    {
      name: 'the context has it',
      code: `${rust}RUN ${target} cargo test\nFROM debian:13\nCOPY --from=build /app/target/release/app /bin/app\n`,
      files: { 'target/release/app': 'x' },
    },
    {
      name: 'a stage gives it',
      code: `${rust}COPY --from=compiled /target /app/target\nRUN ${target} cargo test\nFROM debian:13\nCOPY --from=build /app/target/release/app /bin/app\n`,
    },
    ...[
      'cp app.conf target/release/app.conf',
      'mkdir -p target/release && cp app target/release/app && chmod +x target/release/app',
      'rm -rf target/debug',
      'ln -s /app/target/release /release',
      'cp target/release/app /bin/app || true',
      'if [ -f target/release/app ]; then cp target/release/app /bin/app; fi',
      'install -d target/release',
      'echo x > target/app.conf && cat target/app.conf',
      'cd target && chmod 755 /bin/app',
      'strip /bin/app -o target/app',
      'ls -l target/release || true',
    ].map((command) => ({
      name: `${command} needs nothing of the mount`,
      code: `${rust}RUN ${target} cargo build --release\nRUN ${target} ${command}\n`,
    })),
    ...[
      'ADD https://example.org/app /app/target/release/app',
      'ADD target.tar.gz /app/',
      'COPY <<EOF /app/target/release/app\ntext\nEOF',
    ].map((step) => ({
      name: `${step} brings what a stage takes`,
      code: `# syntax=docker/dockerfile:1\n${rust}${step}\nRUN ${target} cargo test\nFROM debian:13\nCOPY --from=build /app/target/release/app /bin/app\n`,
    })),
    {
      name: 'corepack has put it into the image',
      code: 'FROM node:22 AS deps\nRUN corepack prepare pnpm@9 --activate\nWORKDIR /app\nCOPY package.json ./\nRUN --mount=type=cache,target=/root/.cache pnpm install\nFROM node:22\nCOPY --from=deps /root/.cache/node/corepack /corepack\n',
    },
    {
      name: 'the base image may have it',
      code: 'FROM mcr.microsoft.com/playwright:v1.50.0 AS build\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache npm ci\nFROM node:22\nCOPY --from=build /root/.cache/ms-playwright /browsers\n',
    },
    {
      name: 'a step before has restored packages into the image',
      code: `${sdk}RUN dotnet restore App.csproj\nRUN ${nuget} dotnet publish Tool.csproj -o /tool\nRUN dotnet publish App.csproj --no-restore -o /out\n`,
    },
    ...[
      ['RUN mvn dependency:go-offline', 'mvn package', 'mvn -o verify'],
      ['', 'mvn dependency:go-offline && cp -a /root/.m2 /m2', 'cp -a /m2 /root/.m2 && mvn -o package'],
      ['', 'mvn dependency:go-offline', 'mvn -o -Dmaven.repo.local=/app/repository package'],
      ['COPY repository /root/.m2/repository', 'mvn dependency:go-offline', 'mvn -o package'],
    ].map(([before, first, second]) => ({
      name: `${before} ${first}, then ${second}`,
      code: `FROM maven:3.9\nWORKDIR /app\nCOPY pom.xml .\n${before}\nRUN --mount=type=cache,target=/root/.m2 ${first}\nCOPY . .\nRUN ${second}\n`,
    })),
    {
      name: 'the downloads have another place now',
      code: 'FROM eclipse-temurin:21\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.gradle ./gradlew dependencies && cp -r /root/.gradle /packages\nENV GRADLE_USER_HOME=/packages\nRUN ./gradlew --offline build\n',
    },
    {
      name: 'packages of a vendor folder',
      code: `${rust}RUN --mount=type=cache,target=/usr/local/cargo/registry cargo fetch && cargo vendor > .cargo/config.toml\nRUN cargo build --frozen\n`,
    },
    {
      name: "packages of Deno's vendor folder",
      code: 'FROM denoland/deno:2\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/deno-dir deno install --vendor\nRUN deno run --cached-only main.ts\n',
    },
    {
      name: "packages of yarn's mirror in the project",
      code: 'FROM node:22\nWORKDIR /app\nCOPY .yarnrc package.json yarn.lock ./\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install\nRUN yarn install --production --offline\n',
    },
    {
      name: 'a script needs no downloads of npm',
      code: `${node}RUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\nRUN npm run build --offline\n`,
    },
    {
      name: 'a heredoc brings the packages elsewhere',
      code: `# syntax=docker/dockerfile:1\n${node}RUN ${modules} <<EOF\nnpm ci\ncp -r node_modules /packages\nEOF\nRUN npm run build\n`,
    },
    ...[
      'CMD ["node", ".output/server/index.mjs"]',
      'CMD ["node", ".next/standalone/server.js"]',
      'CMD ["node", "dist/app.js"]',
      'CMD ["npx", "-y", "serve", "dist"]',
      'CMD ["nginx", "-c", "/etc/npm/nginx.conf"]',
      'ENTRYPOINT ["/app/install-and-start.sh"]\nCMD ["npm", "start"]',
      'ENTRYPOINT ["/docker-entrypoint.sh"]\nCMD ["npm", "start"]',
      'CMD npm install && npm start',
      'WORKDIR /out\nCMD ["node", "server.js"]',
    ].map((start) => ({
      name: `${start} may do without it`,
      code: `${node}COPY . .\nRUN ${modules} npm ci && npm run build && cp -r . /out\n${start}\n`,
    })),
    {
      name: 'a script that may install',
      code: `${node}COPY . .\nRUN ${modules} npm ci\nRUN npm run ci:install && npm run build\n`,
    },
    {
      name: 'tests that are built already',
      code: `${sdk}COPY . .\nRUN ${nuget} dotnet restore && dotnet build --no-restore\nRUN dotnet test --configuration Debug --no-build\n`,
    },
    {
      name: "packages of yarn's mirror in the project, with the mount",
      code: 'FROM node:22\nWORKDIR /app\nCOPY .yarnrc package.json yarn.lock ./\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install --production --offline\n',
    },
    ...['npm pack', 'npm publish', 'npm exec -y serve'].map((command) => ({
      name: `${command} needs no packages of the project`,
      code: `${node}COPY . .\nRUN ${modules} npm ci && npm run build\nRUN ${command}\n`,
    })),
    {
      name: 'a package of what is built already',
      code: `${sdk}COPY . .\nRUN ${nuget} dotnet build\nRUN dotnet pack --no-build -o /out\n`,
    },
    {
      name: 'the script belongs to another project',
      code: `${node}RUN ${modules} npm ci\nWORKDIR /other\nRUN npm run build\n`,
    },
  ],
  invalid: [
    {
      name: 'both steps have the mount',
      code: `${sdk}RUN ${nuget} dotnet restore\nCOPY . .\nRUN ${nuget} dotnet publish «--no-restore» -o /out\n`,
      message:
        '`dotnet publish --no-restore -o /out` finds no packages where the builder still has the result of line 4 and no longer its cache mount',
      severity: 'warning',
      safety: 'unsafe',
      evidence: /`dotnet restore` downloads into the mount/,
      fixed: `${sdk}RUN ${nuget} dotnet restore\nCOPY . .\nRUN ${nuget} dotnet publish -o /out\n`,
    },
    {
      // https://github.com/dotnet/dotnet-docker/issues/3353
      name: 'the later step has no mount',
      code: `${sdk}RUN ${nuget} dotnet restore\nCOPY . .\nRUN dotnet build --configuration Release «--no-restore»\n`,
      message: /finds no packages: `dotnet restore` left them in a cache mount, which is not in the image$/,
      severity: 'error',
    },
    {
      name: 'a stage that is built from it',
      code: `${sdk}RUN ${nuget} dotnet restore\nFROM build AS publish\nCOPY . .\nRUN ${nuget} dotnet publish «--no-restore» -o /out\n`,
      severity: 'warning',
    },
    ...[
      ['maven:3.9', '/root/.m2', 'mvn dependency:go-offline', 'mvn «-o» package'],
      ['rust:1.90', '/usr/local/cargo/registry', 'cargo fetch', 'cargo build --release «--offline»'],
      ['rust:1.90', '/usr/local/cargo/registry', 'cargo fetch', 'cargo build «--frozen»'],
      ['gradle:8', '/root/.gradle/caches', 'gradle dependencies', 'gradle «--offline» build'],
      ['node:22', '/root/.npm', 'npm ci', 'npm ci --omit=dev «--offline»'],
      ['node:22', '/usr/local/share/.cache/yarn', 'yarn install', 'yarn install --production «--offline»'],
      ['dart:3.9', '/root/.pub-cache', 'dart pub get', '«dart» compile exe bin/app.dart'],
    ].map(([image, target, first, second]) => ({
      name: `${first}, then ${second?.replace(/[«»]/g, '')}`,
      code: `FROM ${image} AS build\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=${target} ${first}\nRUN --mount=type=cache,target=${target} ${second}\n`,
    })),
    {
      name: 'node_modules is a mount of the install alone',
      code: `${node}RUN --mount=type=cache,«target=/app/node_modules» npm install\nCOPY . .\nRUN npm run build\n`,
      message: 'node_modules is a cache mount here, which is not in the image: `npm run build` does not find it',
      severity: 'warning',
      safety: 'unsafe',
      fixed: `${node}RUN --mount=type=cache,target=/root/.npm npm install\nCOPY . .\nRUN npm run build\n`,
    },
    {
      name: 'node_modules is a mount of the install and of the build',
      code: `${node}RUN --mount=type=cache,«target=node_modules»,id=modules npm install\nCOPY . .\nRUN --mount=type=cache,target=node_modules,id=modules npm run build\n`,
      message: '`npm run build` finds no node_modules where the builder still has the result of line 4',
      fixed: `${node}RUN --mount=type=cache,target=/root/.npm npm install\nCOPY . .\nRUN npm run build\n`,
    },
    {
      name: 'a global install stands between',
      code: `${node}RUN --mount=type=cache,«target=/app/node_modules» npm ci\nRUN npm install -g serve\nCOPY . .\nRUN npm run build\n`,
    },
    {
      name: 'another RUN has the mount too, and another stage',
      code: `${node}RUN --mount=type=cache,«target=/app/node_modules» npm ci\nRUN ${modules} npm run build\nRUN ${modules} node check.js\nFROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN ${modules} npm ci --omit=dev && cp -r node_modules /packages\n`,
      fixed: `${node}RUN --mount=type=cache,target=/root/.npm npm ci\nRUN npm run build\nRUN node check.js\nFROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN ${modules} npm ci --omit=dev && cp -r node_modules /packages\n`,
    },
    {
      name: 'the downloads have a mount already',
      code: `${node}RUN --mount=type=cache,target=/root/.npm \\\n    --mount=type=cache,«target=/app/node_modules» \\\n    npm ci\nCOPY . .\nRUN npm run build\n`,
      fixed: `${node}RUN --mount=type=cache,target=/root/.npm \\\n    npm ci\nCOPY . .\nRUN npm run build\n`,
    },
    {
      name: 'another stage takes the empty folder',
      code: `${node}RUN --mount=type=cache,«target=/app/node_modules» npm ci\nFROM node:22\nCOPY --from=build /app/node_modules /app/node_modules\n`,
      message: /^node_modules is a cache mount here, which is not in the image: `COPY .* …` copies an empty folder$/,
    },
    {
      name: 'the container starts without it',
      code: `${node}COPY . .\nRUN --mount=type=cache,«target=/app/node_modules» npm ci\nCMD ["node", "server.js"]\n`,
      message: '`CMD ["node", "server.js"]` does not find it',
    },
    ...[
      'CMD npm start',
      'CMD ["/usr/bin/dumb-init", "--", "node", "server.js"]',
      'ENTRYPOINT ["tini", "--"]\nCMD ["yarn", "start"]',
      'CMD ["sh", "-c", "pnpm start"]',
    ].map((start) => ({
      name: `${start} needs it`,
      code: `${node}COPY . .\nRUN --mount=type=cache,«target=/app/node_modules» npm ci\n${start}\n`,
    })),
    {
      name: 'a program is taken from the mount in which another RUN compiled it',
      code: `${rust}RUN ${target} cargo build --release\nRUN mkdir /out\nRUN ${target} «cp ./target/release/app /out/app»\n`,
      message: 'this finds no app where the builder still has the result of line 4 and no longer its cache mount',
      severity: 'warning',
      safety: 'none',
      evidence: /made here/,
    },
    {
      name: 'two options keep it from downloading',
      code: `${sdk}RUN ${nuget} dotnet restore && dotnet build --no-restore\nRUN ${nuget} dotnet publish «--no-build» --no-restore -o /out\n`,
      fixed: `${sdk}RUN ${nuget} dotnet restore && dotnet build --no-restore\nRUN ${nuget} dotnet publish -o /out\n`,
    },
    {
      name: 'a stage takes a program that was compiled in a mount below /usr/src',
      code: 'FROM rust:1.90 AS build\nWORKDIR /usr/src/app\nADD . .\nRUN --mount=type=cache,target=/usr/src/app/target cargo build --release\nFROM debian:13\nCOPY --from=build «/usr/src/app/target/release/app» /bin/app\n',
      severity: 'error',
    },
    ...['cp -a target/release/app target/release/other /bin/', 'cd target/release && mv app /bin/app'].map(
      (command) => ({
        name: `${command} takes it from the mount`,
        code: `${rust}RUN ${target} cargo build --release\nRUN ${target} «${command}»\n`,
      }),
    ),
    {
      name: 'a stage takes a program that was compiled in a mount',
      code: `FROM rust:1.90 AS build\nRUN apt-get update && apt-get install -y protobuf-compiler\nWORKDIR /app\nCOPY . .\nRUN ${target} cargo build --release\nFROM debian:13\nCOPY --from=build «/app/target/release/app» /bin/app\n`,
      message:
        'the build fails here: /app/target/release/app lies in the cache mount of line 5, which is not in the image',
      severity: 'error',
    },
  ],
});
