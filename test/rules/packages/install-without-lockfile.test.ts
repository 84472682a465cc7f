import { installWithoutLockfile } from '../../../server/rules/packages/install-without-lockfile.js';
import { testRule } from '../../helpers/rule-tester.js';

const node = { 'package.json': '{}', 'package-lock.json': '{}' };
const head = 'FROM node:22\nWORKDIR /app\n';

testRule(installWithoutLockfile, {
  valid: [
    {
      name: 'cargo chef has written the lockfile of its recipe',
      code: 'FROM rust:1.90\nWORKDIR /app\nRUN cargo chef cook --release --recipe-path recipe.json\nCOPY Cargo.toml ./\nCOPY src src\nRUN cargo build --release\n',
      files: { 'Cargo.toml': '[package]\nname = "a"\n', 'Cargo.lock': '[[package]]\nname = "a"\n', 'src/main.rs': '' },
    },
    { code: `${head}COPY package*.json ./\nRUN npm ci\n`, files: node },
    {
      name: 'the project has no lockfile',
      code: `${head}COPY . .\nRUN npm install\n`,
      files: { 'package.json': '{}' },
    },
    {
      name: 'the ignore file keeps it out',
      code: `${head}COPY . .\nRUN npm install\n`,
      files: { ...node, '.dockerignore': 'package-lock.json\n' },
    },
    {
      name: 'named packages, and tools of the machine',
      code: `${head}COPY . .\nRUN npm install left-pad && npm install -g npm\n`,
      files: node,
    },
    { name: 'told not to use it', code: `${head}COPY . .\nRUN npm install --no-package-lock\n`, files: node },
    {
      name: 'thrown away on purpose',
      code: `${head}COPY . .\nRUN rm -f package-lock.json && npm install\n`,
      files: node,
    },
    {
      name: 'the manifest is changed first',
      code: `${head}COPY . .\nRUN sed -i s/a/b/ package.json\nRUN npm install\n`,
      files: node,
    },
    { name: 'another folder', code: `${head}COPY . .\nRUN cd /tmp && npm install\n`, files: node },
    {
      name: 'a lockfile of Yarn 1 beside settings of Yarn 2',
      code: `${head}COPY . .\nRUN yarn install\n`,
      files: { 'package.json': '{}', 'yarn.lock': '# yarn lockfile v1\n', '.yarnrc.yml': 'nodeLinker: node-modules\n' },
    },
    {
      name: 'a yarn that is to do without, and a later one that fails',
      code: `${head}COPY package.json ./\nRUN yarn install --no-lockfile\nFROM node:22\nWORKDIR /b\nCOPY b/package.json ./\nRUN yarn install --frozen-lockfile\n`,
      files: {
        'package.json': '{}',
        'yarn.lock': '# yarn lockfile v1\n',
        'b/package.json': '{}',
        'b/yarn.lock': '__metadata:\n  version: 8\n',
      },
    },
    {
      name: 'the lockfile of a workspace, one package of it',
      code: `${head}COPY pnpm-lock.yaml .\nCOPY packages/api .\nRUN pnpm install\n`,
      files: { 'pnpm-lock.yaml': '', 'packages/api/package.json': '{}' },
    },
    {
      name: 'manifests of another stage',
      code: `${head}COPY package.json .\nCOPY --from=0 /x/ ./\nRUN npm install\n`,
      files: node,
    },
    {
      name: 'strict by a variable',
      code: `${head}ENV CI=true\nCOPY . .\nRUN pnpm install && yarn\n`,
      files: { 'package.json': '{}', 'pnpm-lock.yaml': '', 'yarn.lock': '__metadata:\n' },
    },
    {
      name: 'strict by a settings file',
      code: `${head}COPY . .\nRUN npm install\n`,
      files: { ...node, '.npmrc': 'package-lock=false\n' },
    },
    {
      name: 'bundler is configured above',
      code: 'FROM ruby:3.4\nWORKDIR /app\nRUN bundle config set --local deployment true\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\n',
      files: { Gemfile: '', 'Gemfile.lock': '' },
    },
    {
      name: 'settings say so for bun',
      code: `${head}COPY . .\nRUN bun install\n`,
      files: { 'package.json': '{}', 'bun.lock': '', 'bunfig.toml': 'install.frozenLockfile = true\n' },
    },
    {
      name: 'production implies it for bun',
      code: `${head}COPY . .\nRUN bun install --production\n`,
      files: { 'package.json': '{}', 'bun.lock': '' },
    },
    {
      name: 'pip has no lockfile',
      code: 'FROM python:3.13\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n',
      files: { 'requirements.txt': '' },
    },
    {
      name: 'right as it is',
      code: 'FROM php:8.4\nWORKDIR /app\nCOPY composer.* poetry.lock pyproject.toml ./\nRUN composer install && poetry install\n',
      files: { 'composer.json': '{}', 'composer.lock': '', 'poetry.lock': '', 'pyproject.toml': '' },
    },
    {
      name: 'a tool is not the project',
      code: 'FROM rust:1.90\nWORKDIR /app\nCOPY . .\nRUN cargo install cargo-chef\n',
      files: { 'Cargo.toml': '', 'Cargo.lock': '' },
    },
    {
      name: 'left alone by the user',
      code: `${head}COPY . .\nRUN npm i\n`,
      files: node,
      options: { ignoreManagers: ['npm'] },
    },
  ],
  invalid: [
    {
      code: `${head}COPY package*.json ./\nRUN «npm install» --no-save --omit=dev\n`,
      files: node,
      message: 'npm install may install other versions than package-lock.json says',
      severity: 'info',
      evidence: /package-lock\.json comes into the image here/,
      safety: 'unsafe',
      caveat: /node_modules/,
      fixed: `${head}COPY package*.json ./\nRUN npm ci --omit=dev\n`,
    },
    {
      name: 'the lockfile is left behind',
      code: `${head}COPY package.json ./\nRUN «npm i»\n`,
      files: node,
      message: 'npm i runs without package-lock.json',
      severity: 'warning',
      evidence: /no step copies it/,
      safety: 'unsafe',
      fixed: `${head}COPY package.json package-lock.json ./\nRUN npm ci\n`,
    },
    {
      name: 'the lockfile is left behind by a yarn that would insist on it, which the first one does only if it is there',
      code: `${head}COPY ./package.json ./package.json\nRUN «yarn» --frozen-lockfile\n`,
      files: { 'package.json': '{}', 'yarn.lock': '# yarn lockfile v1\n' },
      message: 'yarn runs without yarn.lock, which the context has: versions are chosen anew',
      severity: 'warning',
      evidence: /--frozen-lockfile does not fail where there is no lockfile/,
      safety: 'unsafe',
      fixed: `${head}COPY ./package.json ./yarn.lock ./\nRUN yarn --frozen-lockfile\n`,
    },
    {
      name: 'the lockfile of a folder is left behind',
      code: `${head}COPY ./web/package.json /app/package.json\nRUN «npm install»\n`,
      files: { 'web/package.json': '{}', 'web/package-lock.json': '{}' },
      fixed: `${head}COPY ./web/package.json ./web/package-lock.json /app/\nRUN npm ci\n`,
    },
    {
      name: 'into a folder of the image',
      code: `${head}COPY --chown=node a/package.json b/package.json\nRUN cd b && «npm install»\n`,
      files: { 'a/package.json': '{}', 'a/package-lock.json': '{}' },
      fixed: `${head}COPY --chown=node a/package.json a/package-lock.json b/\nRUN cd b && npm ci\n`,
    },
    {
      name: 'in a folder of the project',
      code: `${head}COPY . .\nRUN cd web && «npm install»\nRUN «npm --prefix web install»\n`,
      files: { 'web/package.json': '{}', 'web/package-lock.json': '{}' },
      fixed: `${head}COPY . .\nRUN cd web && npm ci\nRUN npm --prefix web ci\n`,
    },
    {
      name: 'copied by the stage below',
      code: 'FROM node:22 AS base\nWORKDIR /app\nCOPY . .\nFROM base\nRUN «npm install»\n',
      files: node,
    },
    {
      name: 'mounted',
      code: `${head}RUN --mount=type=bind,source=package.json,target=package.json --mount=type=bind,source=package-lock.json,target=package-lock.json «npm install»\n`,
      files: node,
      evidence: /mounted for this step/,
    },
    {
      name: 'classic Yarn',
      code: `${head}COPY . .\nRUN «yarn» && yarn build\n`,
      files: { 'package.json': '{}', 'yarn.lock': '# yarn lockfile v1\n' },
      fixed: `${head}COPY . .\nRUN yarn --frozen-lockfile && yarn build\n`,
    },
    {
      name: 'Yarn Berry',
      code: `${head}COPY . .\nRUN «yarn install»\n`,
      files: { 'package.json': '{}', 'yarn.lock': '__metadata:\n  version: 8\n' },
      fixed: `${head}COPY . .\nRUN yarn install --immutable\n`,
    },
    {
      name: 'pnpm',
      code: `${head}COPY . .\nRUN corepack enable && «pnpm i» --prod\n`,
      files: { 'package.json': '{}', 'pnpm-lock.yaml': '' },
      fixed: `${head}COPY . .\nRUN corepack enable && pnpm i --frozen-lockfile --prod\n`,
    },
    {
      name: 'bun',
      code: `${head}COPY . .\nRUN «bun install»\n`,
      files: { 'package.json': '{}', 'bun.lock': '' },
      fixed: `${head}COPY . .\nRUN bun install --frozen-lockfile\n`,
    },
    {
      name: 'bundler',
      code: 'FROM ruby:3.4\nWORKDIR /app\nCOPY Gemfile* ./\nRUN «bundle install» --jobs 4\n',
      files: { Gemfile: '', 'Gemfile.lock': '' },
      fixed: 'FROM ruby:3.4\nWORKDIR /app\nCOPY Gemfile* ./\nRUN BUNDLE_FROZEN=true bundle install --jobs 4\n',
    },
    {
      name: 'composer update does not read it',
      code: 'FROM php:8.4\nWORKDIR /app\nCOPY . .\nRUN «composer update» --no-dev -W\n',
      files: { 'composer.json': '{}', 'composer.lock': '' },
      severity: 'warning',
      message: 'composer update does not read composer.lock',
      fixed: 'FROM php:8.4\nWORKDIR /app\nCOPY . .\nRUN composer install --no-dev\n',
    },
    {
      name: 'composer install cannot read what is not there',
      code: 'FROM php:8.4\nWORKDIR /app\nCOPY composer.json .\nRUN «composer install»\n',
      files: { 'composer.json': '{}', 'composer.lock': '' },
      severity: 'warning',
      fixed: 'FROM php:8.4\nWORKDIR /app\nCOPY composer.json composer.lock .\nRUN composer install\n',
    },
    {
      name: 'pipenv',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY Pipfile* ./\nRUN «pipenv install» --system\n',
      files: { Pipfile: '', 'Pipfile.lock': '' },
      fixed: 'FROM python:3.13\nWORKDIR /app\nCOPY Pipfile* ./\nRUN pipenv install --deploy --system\n',
    },
    {
      name: 'uv',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN «uv sync» --no-dev\n',
      files: { 'pyproject.toml': '', 'uv.lock': '' },
      fixed: 'FROM python:3.13\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --locked --no-dev\n',
    },
    {
      name: 'pdm',
      code: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN «pdm install»\n',
      files: { 'pyproject.toml': '', 'pdm.lock': '' },
      fixed: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pdm install --frozen-lockfile\n',
    },
    {
      name: 'cargo build',
      code: 'FROM rust:1.90\nWORKDIR /app\nCOPY . .\nRUN «cargo build» --release\n',
      files: { 'Cargo.toml': '', 'Cargo.lock': '' },
      severity: 'info',
      fixed: 'FROM rust:1.90\nWORKDIR /app\nCOPY . .\nRUN cargo build --locked --release\n',
    },
    {
      name: 'cargo install',
      code: 'FROM rust:1.90\nWORKDIR /app\nCOPY . .\nRUN «cargo install» --path .\n',
      files: { 'Cargo.toml': '', 'Cargo.lock': '' },
      severity: 'warning',
      fixed: 'FROM rust:1.90\nWORKDIR /app\nCOPY . .\nRUN cargo install --locked --path .\n',
    },
    {
      name: 'dotnet',
      code: 'FROM mcr.microsoft.com/dotnet/sdk:9.0\nWORKDIR /app\nCOPY . .\nRUN «dotnet restore» src/App.csproj\n',
      files: { 'src/App.csproj': '', 'src/packages.lock.json': '{}' },
      fixed:
        'FROM mcr.microsoft.com/dotnet/sdk:9.0\nWORKDIR /app\nCOPY . .\nRUN dotnet restore --locked-mode src/App.csproj\n',
    },
    {
      name: 'pub',
      code: 'FROM dart:3.9\nWORKDIR /app\nCOPY pubspec.* ./\nRUN «dart pub get»\n',
      files: { 'pubspec.yaml': '', 'pubspec.lock': '' },
      fixed: 'FROM dart:3.9\nWORKDIR /app\nCOPY pubspec.* ./\nRUN dart pub get --enforce-lockfile\n',
    },
    {
      name: 'exec form',
      code: `${head}COPY . .\nRUN ["npm", "install"]\n`.replace('npm", "install', '«npm", "install»'),
      files: node,
      fixed: `${head}COPY . .\nRUN ["npm", "ci"]\n`,
    },
  ],
});
