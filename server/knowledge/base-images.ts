/** What the config of a well-known image holds. Facts are of the current tags; a row stands only for what all of them share. */
export interface BaseImage {
  /** Repository as `docker.io` shortens it: `node`, `oven/bun`, `ghcr.io/astral-sh/uv`. */
  readonly repository: string;
  /** Only tags that match; every tag where it is left out. A regular expression. */
  readonly tags?: string;
  readonly workdir?: string;
  readonly user?: string;
  /** Home folder of `user`; `/root` is that of root everywhere. */
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The first row that matches counts. Source: the Dockerfiles of the images (docker-library and the vendors' repositories). */
export const baseImages: readonly BaseImage[] = [
  // docker-library/golang: GOPATH and WORKDIR since 1.3
  { repository: 'golang', workdir: '/go', env: { GOPATH: '/go' } },
  { repository: 'rust', env: { RUSTUP_HOME: '/usr/local/rustup', CARGO_HOME: '/usr/local/cargo' } },
  { repository: 'ruby', env: { GEM_HOME: '/usr/local/bundle', BUNDLE_APP_CONFIG: '/usr/local/bundle' } },
  { repository: 'jruby', env: { GEM_HOME: '/usr/local/bundle', BUNDLE_APP_CONFIG: '/usr/local/bundle' } },
  { repository: 'php', tags: 'apache|fpm', workdir: '/var/www/html' },
  { repository: 'composer', workdir: '/app', env: { COMPOSER_HOME: '/tmp', COMPOSER_ALLOW_SUPERUSER: '1' } },
  { repository: 'wordpress', workdir: '/var/www/html' },
  { repository: 'drupal', workdir: '/opt/drupal' },
  { repository: 'maven', env: { MAVEN_CONFIG: '/root/.m2', MAVEN_HOME: '/usr/share/maven' } },
  // docker-library's gradle: GRADLE_HOME is the distribution; GRADLE_USER_HOME is not set
  { repository: 'gradle', workdir: '/home/gradle', env: { GRADLE_HOME: '/opt/gradle' } },
  { repository: 'dart', workdir: '/root', env: { DART_SDK: '/usr/lib/dart' } },
  { repository: 'clojure', workdir: '/tmp' },
  { repository: 'tomcat', workdir: '/usr/local/tomcat', env: { CATALINA_HOME: '/usr/local/tomcat' } },
  { repository: 'oven/bun', workdir: '/home/bun/app', env: { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0' } },
  { repository: 'denoland/deno', env: { DENO_DIR: '/deno-dir/', DENO_INSTALL_ROOT: '/usr/local' } },
  // https://github.com/aws/aws-lambda-base-images, https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
  ...['python', 'nodejs', 'ruby', 'java', 'dotnet', 'provided'].map((language) => ({
    repository: `public.ecr.aws/lambda/${language}`,
    workdir: '/var/task',
    env: { LAMBDA_TASK_ROOT: '/var/task', LAMBDA_RUNTIME_DIR: '/var/runtime' },
  })),
  {
    repository: 'mambaorg/micromamba',
    workdir: '/tmp',
    user: 'mambauser',
    home: '/home/mambauser',
    env: { MAMBA_ROOT_PREFIX: '/opt/conda', MAMBA_USER: 'mambauser' },
  },
  { repository: 'mcr.microsoft.com/dotnet/sdk', env: { NUGET_XMLDOC_MODE: 'skip' } },
  {
    repository: 'registry.access.redhat.com/ubi8/nodejs-18',
    workdir: '/opt/app-root/src',
    user: '1001',
    home: '/opt/app-root/src',
  },
  {
    repository: 'registry.access.redhat.com/ubi8/nodejs-20',
    workdir: '/opt/app-root/src',
    user: '1001',
    home: '/opt/app-root/src',
  },
  {
    repository: 'registry.access.redhat.com/ubi9/nodejs-18',
    workdir: '/opt/app-root/src',
    user: '1001',
    home: '/opt/app-root/src',
  },
  {
    repository: 'registry.access.redhat.com/ubi9/nodejs-20',
    workdir: '/opt/app-root/src',
    user: '1001',
    home: '/opt/app-root/src',
  },
  {
    repository: 'registry.access.redhat.com/ubi9/nodejs-22',
    workdir: '/opt/app-root/src',
    user: '1001',
    home: '/opt/app-root/src',
  },
  {
    repository: 'registry.access.redhat.com/ubi8/python-39',
    workdir: '/opt/app-root/src',
    user: '1001',
    home: '/opt/app-root/src',
  },
  {
    repository: 'registry.access.redhat.com/ubi9/python-39',
    workdir: '/opt/app-root/src',
    user: '1001',
    home: '/opt/app-root/src',
  },
  {
    repository: 'registry.access.redhat.com/ubi9/python-311',
    workdir: '/opt/app-root/src',
    user: '1001',
    home: '/opt/app-root/src',
  },
  {
    repository: 'registry.access.redhat.com/ubi9/python-312',
    workdir: '/opt/app-root/src',
    user: '1001',
    home: '/opt/app-root/src',
  },
  {
    repository: 'registry.access.redhat.com/ubi9/go-toolset',
    workdir: '/opt/app-root/src',
    user: '1001',
    home: '/opt/app-root/src',
  },
  {
    repository: 'registry.access.redhat.com/ubi8/go-toolset',
    workdir: '/opt/app-root/src',
    user: '1001',
    home: '/opt/app-root/src',
  },
  { repository: 'registry.access.redhat.com/ubi9/openjdk-17', user: '185', home: '/home/default' },
  { repository: 'registry.access.redhat.com/ubi9/openjdk-21', user: '185', home: '/home/default' },
];
