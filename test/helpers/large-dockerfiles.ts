/** Dockerfiles of any size, each of which once took time that grew faster than it. */
export const largeDockerfiles: Readonly<Record<string, (size: number) => string>> = {
  'installs with apt': (size) =>
    `FROM debian:12\n${repeat(size, (at) => `RUN apt-get update && apt-get install -y p${at}\n`)}`,
  'one RUN of installs': (size) => `FROM python:3.13\nRUN ${repeat(size, (at) => `pip install p${at} && \\\n`)}true\n`,
  'COPY and install': (size) =>
    `FROM node:22\nWORKDIR /app\n${repeat(size, (at) => `COPY f${at} f${at}\nRUN npm ci\n`)}`,
  'COPY and chown': (size) =>
    `FROM alpine\n${repeat(size, (at) => `COPY f${at} /app/f${at}\nRUN chown app /app/f${at}\n`)}`,
  'comments that ignore': (size) =>
    `FROM debian:12\n${repeat(size, () => '# layerwise ignore=split-apt-update\nRUN apt-get update\n')}`,
  'stages of stages': (size) =>
    repeat(size, (at) => `FROM ${at === 0 ? 'alpine' : `s${at - 1}`} AS s${at}\nENV E${at}=1\nRUN make $E${at}\n`),
  'outputs of stages': (size) =>
    `FROM alpine AS s0\nRUN make\n${repeat(size, (at) => `FROM alpine AS s${at + 1}\nCOPY --from=s${at} /o /o\nRUN make\n`)}`,
  'a growing PATH': (size) => `FROM alpine\n${repeat(size, (at) => `ENV PATH=$PATH:/opt/t${at}\nRUN make\n`)}`,
  'one RUN of variables': (size) => `FROM alpine\nRUN ${repeat(size, (at) => `export A${at}=$B && \\\n`)}true\n`,
  blanks: (size) => `FROM alpine\nRUN a${' '.repeat(size * 50)}b\nCOPY . .${' '.repeat(size * 50)}\\\n/c\n`,
};

/** Ignore files of any size. */
export const largeIgnoreFiles: Readonly<Record<string, (size: number) => string>> = {
  paths: (size) => repeat(size, (at) => `d${at % 10}/f${at}\n`),
  names: (size) => repeat(size, (at) => `**/f${at}\n`),
  wildcards: (size) => repeat(size, (at) => `**/f${at}*.js\n`),
  exceptions: (size) => `*\n${repeat(size, (at) => `!d${at % 10}/f${at}\n`)}`,
};

/** A build context with that many files besides the manifests. */
export function largeContext(size: number): Record<string, string> {
  const files: Record<string, string> = { 'package.json': '{}', 'package-lock.json': '{}', '.dockerignore': '.git\n' };
  for (let at = 0; at < size; at++) files[`d${at % 10}/f${at}`] = 'x';
  return files;
}

function repeat(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => line(at)).join('');
}
