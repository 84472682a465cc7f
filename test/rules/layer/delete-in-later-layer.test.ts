import { deleteInLaterLayer } from '../../../server/rules/layer/delete-in-later-layer.js';
import { testRule } from '../../helpers/rule-tester.js';

const big = 'x'.repeat(200_000);
const download = 'FROM debian:12\nRUN curl -fsSLo /tmp/a.tgz https://example.com/a.tgz\n';

testRule(deleteInLaterLayer, {
  valid: [
    {
      name: 'in one step',
      code: 'FROM debian:12\nRUN curl -o /tmp/a.tgz https://example.com/a.tgz && tar xf /tmp/a.tgz && rm /tmp/a.tgz\n',
    },
    {
      name: 'lists that apt itself removes in the step that fetches them',
      code: 'FROM debian:13\nRUN apt-get update && apt-get install -y git && apt-get dist-clean\nRUN apt-get update && apt-get install -y jq && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      name: 'a stage that is only copied from',
      code: `${download.replace('12', '12 AS build')}RUN rm /tmp/a.tgz\nFROM debian:12\nCOPY --from=build /opt /opt\n`,
    },
    { name: 'another file', code: `${download}RUN rm -f /tmp/b.tgz /var/tmp/*\n` },
    {
      name: 'a file that is gone already',
      code: `${download.trimEnd()} && mv /tmp/a.tgz /opt/\nRUN rm -rf /tmp/a.tgz\n`,
    },
    {
      name: 'a file in a mount is not in the image',
      code: 'FROM debian:12\nRUN --mount=type=cache,target=/tmp curl -o /tmp/a.tgz https://example.com/a.tgz\nRUN --mount=type=cache,target=/tmp rm /tmp/a.tgz\n',
    },
    { name: 'an rm that may not run', code: `${download}RUN if [ -n "$X" ]; then rm /tmp/a.tgz; fi\n` },
    {
      name: 'only what the same step made',
      code: 'FROM debian:12\nCOPY a.sh /tmp/\nRUN /tmp/a.sh && rm -rf /tmp/out /root/.cache\n',
      files: { 'a.sh': 'x' },
    },
    {
      name: 'a small file',
      code: 'FROM debian:12\nCOPY setup.sh /tmp/setup.sh\nRUN sh /tmp/setup.sh && rm /tmp/setup.sh\n',
      files: { 'setup.sh': 'echo\n' },
    },
    {
      name: 'a file of which neither kind nor size is known',
      code: 'FROM debian:12\nCOPY setup /tmp/setup\nRUN /tmp/setup && rm /tmp/setup\n',
    },
    {
      name: 'a part of a folder that is not sent',
      code: 'FROM debian:12\nCOPY . /app\nRUN rm -rf /app/docs\n',
      files: { 'docs/a.bin': big, '.dockerignore': 'docs\n' },
    },
    {
      name: 'a folder that is made anew',
      code: 'FROM debian:12\nCOPY src /app/src\nRUN rm -rf /app/dist && make\n',
      files: { 'src/a.c': big },
    },
    {
      name: 'lists that this step fetched',
      code: 'FROM debian:12\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      name: 'an unpacked archive is not there',
      code: 'FROM debian:12\nADD a.tar.gz /tmp/\nRUN rm -f /tmp/a.tar.gz\n',
      files: { 'a.tar.gz': big },
    },
    {
      name: 'a settings file without secrets',
      code: 'FROM node:22\nCOPY .npmrc ./\nRUN npm ci && rm .npmrc\n',
      files: { '.npmrc': 'fund=false\n' },
    },
    {
      name: 'to the terminal or a pipe',
      code: 'FROM debian:12\nRUN wget -qO- https://example.com/a.tgz | tar xz\nRUN rm -f a.tgz\n',
    },
  ],
  invalid: [
    {
      name: 'lists that apt itself removes in a later step',
      code: 'FROM debian:13\nRUN apt-get update && apt-get install -y git\nRUN apt-get «dist-clean»\n',
      message: 'removing /var/lib/apt/lists here does not make the image smaller',
      safety: 'safe',
      fixed: 'FROM debian:13\nRUN apt-get update && apt-get install -y git && \\\n    apt-get dist-clean\n',
    },
    {
      code: `${download}RUN tar xf /tmp/a.tgz && rm «/tmp/a.tgz»\n`,
      message: 'removing /tmp/a.tgz here does not make the image smaller',
      evidence: /curl downloads it here/,
      severity: 'warning',
      safety: 'safe',
      fixed:
        'FROM debian:12\nRUN curl -fsSLo /tmp/a.tgz https://example.com/a.tgz && \\\n    tar xf /tmp/a.tgz && rm /tmp/a.tgz\n',
    },
    {
      name: 'several steps in a row',
      code: `${download}RUN tar xf /tmp/a.tgz\nRUN rm «/tmp/a.tgz»\n`,
      fixed:
        'FROM debian:12\nRUN curl -fsSLo /tmp/a.tgz https://example.com/a.tgz && \\\n    tar xf /tmp/a.tgz && \\\n    rm /tmp/a.tgz\n',
    },
    {
      name: "apt's lists, with steps between that do not read them",
      code: 'FROM debian:12\nRUN apt-get update && apt-get install -y a\nRUN cd /tmp && curl -O https://example.com/a\nRUN apt-get clean && rm -rf «/var/lib/apt/lists/*»\n',
      safety: 'safe',
      fixed:
        'FROM debian:12\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\nRUN cd /tmp && curl -O https://example.com/a\nRUN apt-get clean && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      name: "apt's lists, with a step between that may read them",
      code: 'FROM debian:12\nRUN apt-get update && apt-get install -y a\nRUN cd /tmp && ./setup.sh\nRUN rm -rf «/var/lib/apt/lists/*»\n',
      safety: 'none',
    },
    {
      name: "apt's lists, with sudo as they were fetched",
      code: 'FROM debian:12\nUSER app\nRUN sudo apt-get update && sudo apt-get install -y a\nENV A=b\nRUN sudo rm -rf «/var/lib/apt/lists/*»\n',
      safety: 'safe',
      fixed:
        'FROM debian:12\nUSER app\nRUN sudo apt-get update && sudo apt-get install -y a && sudo rm -rf /var/lib/apt/lists/*\nENV A=b\nRUN sudo rm -rf /var/lib/apt/lists/*\n',
    },
    ...['apt-cache policy a > /v', 'cp -r /var/lib/apt/lists /v', 'cd /var/lib && ls > /v'].map((reader) => ({
      name: `apt's lists, which a step between reads: ${reader}`,
      code: `FROM debian:12\nRUN apt-get update && apt-get install -y a\nRUN ${reader}\nENV A=b\nRUN rm -rf «/var/lib/apt/lists/*»\n`,
      safety: 'none' as const,
    })),
    ...['&& exit 0', '# fetch \\\n  && b'].map((end) => ({
      name: `apt's lists, where nothing runs behind ${end}`,
      code: `FROM debian:12\nRUN apt-get update && apt-get install -y a ${end}\nENV A=b\nRUN rm -rf «/var/lib/apt/lists/*»\n`,
      safety: 'none' as const,
    })),
    {
      name: 'comments between stay',
      code: `${download}\n# unpack it\nRUN rm -f «/tmp/a.tgz»\nCMD ["sh"]\n`,
      fixed:
        'FROM debian:12\nRUN curl -fsSLo /tmp/a.tgz https://example.com/a.tgz && \\\n# unpack it\n    rm -f /tmp/a.tgz\nCMD ["sh"]\n',
    },
    {
      name: 'a step between',
      code: `${download}COPY a /a\nRUN rm «/tmp/a.tgz»\n`,
      safety: 'none',
      evidence: /no fix: COPY stands between/,
    },
    {
      name: 'a failure that would go unseen',
      code: `${download}RUN rm «/tmp/a.tgz»; true\n`,
      safety: 'none',
      evidence: /no fix: joined with &&/,
    },
    {
      name: 'too many steps to join',
      code: `${download}RUN a\nRUN b\nRUN c\nRUN rm «/tmp/a.tgz»\n`,
      safety: 'none',
      evidence: /no fix: 5 steps would become one/,
    },
    {
      name: 'a download by ADD',
      code: 'FROM debian:12\nADD https://example.com/a.bin /a.bin\nRUN /a.bin && rm «/a.bin»\n',
      safety: 'none',
      evidence: /no fix: download it in the step that deletes it/,
    },
    {
      name: 'a cd that would last',
      code: 'FROM debian:12\nRUN cd /tmp && wget https://example.com/a.tgz\nRUN rm «/tmp/a.tgz»\n',
      safety: 'none',
    },
    {
      name: 'relative paths',
      code: 'FROM debian:12\nWORKDIR /tmp\nRUN wget -q https://example.com/v1/a.tgz?x=1\nRUN tar xf a.tgz && rm «a.tgz»\n',
    },
    {
      name: 'wildcards and braces',
      code: `${download}RUN rm -rf «/tmp/*» «/var/{tmp,log}/*»\n`.replace('«/var/{tmp,log}/*»', '/var/{tmp,log}/*'),
    },
    { name: 'a parent folder', code: `${download}RUN rm -rf «/tmp»\n` },
    {
      name: 'a redirect',
      code: 'FROM debian:12\nRUN curl -sSL https://example.com/a.zip > /a.zip\nRUN unzip /a.zip && rm «/a.zip»\n',
    },
    {
      name: 'the history of a clone',
      code: 'FROM debian:12\nRUN git clone --depth 1 https://example.com/r.git /src\nRUN rm -rf «/src/.git»\n',
    },
    {
      name: 'a copied package, mounted instead',
      code: 'FROM debian:12\nCOPY a.deb /tmp/\nRUN dpkg -i /tmp/a.deb && rm «/tmp/a.deb»\n',
      files: { 'a.deb': big },
      evidence: /COPY puts it into a layer here \(200 kB\)/,
      safety: 'unsafe',
      caveat: /read-only/,
      fixed: 'FROM debian:12\nRUN --mount=type=bind,source=a.deb,target=/tmp/a.deb dpkg -i /tmp/a.deb\n',
    },
    {
      name: 'from another stage',
      code: 'FROM debian:12 AS build\nRUN make\nFROM debian:12\nCOPY --from=build /out/a.deb /tmp/a.deb\nRUN apt-get install -y /tmp/a.deb && rm -rf «/tmp/a.deb» /var/x\n',
      safety: 'unsafe',
      fixed:
        'FROM debian:12 AS build\nRUN make\nFROM debian:12\nRUN --mount=type=bind,from=build,source=/out/a.deb,target=/tmp/a.deb apt-get install -y /tmp/a.deb && rm -rf /var/x\n',
    },
    {
      name: 'no mounts for kaniko',
      code: 'FROM debian:12\nCOPY a.deb /tmp/\nRUN dpkg -i /tmp/a.deb && rm «/tmp/a.deb»\n',
      files: { 'a.deb': big },
      settings: { builder: 'kaniko' },
      safety: 'none',
      evidence: /no fix: this builder has no mounts/,
    },
    {
      name: 'no mounts in a frontend that does not know them',
      code: '# syntax=docker/dockerfile:1.0\nFROM debian:12\nCOPY a.deb /tmp/\nRUN dpkg -i /tmp/a.deb && rm «/tmp/a.deb»\n',
      files: { 'a.deb': big },
      safety: 'none',
      evidence: /no fix: the frontend that the syntax directive names has no mounts/,
    },
    {
      name: 'a part of what was copied',
      code: 'FROM debian:12\nWORKDIR /app\nCOPY . .\nRUN make && rm -rf «tests»\n',
      files: { 'tests/data.bin': big },
      safety: 'none',
      evidence: /200 kB[\s\S]*no fix: keep it out with .dockerignore/,
    },
    {
      name: 'all of what was copied, not much',
      code: 'FROM debian:12\nCOPY src /src\nRUN make -C /src install && rm -rf «/src»\n',
      files: { 'src/a.c': big },
      severity: 'info',
      evidence: /no fix: a mount in its place would be read-only/,
    },
    {
      name: 'all of what was copied, a megabyte',
      code: 'FROM debian:12\nCOPY src /src\nRUN make -C /src install && rm -rf «/src»\n',
      files: { 'src/a.c': big.repeat(5) },
      severity: 'warning',
    },
    {
      name: 'a small file, if the user wants',
      code: 'FROM debian:12\nCOPY a.txt /tmp/\nRUN cat /tmp/a.txt && rm «/tmp/a.txt»\n',
      files: { 'a.txt': 'x' },
      options: { minimumBytes: 0 },
    },
    {
      name: 'a stage below the final one',
      code: 'FROM debian:12 AS base\nRUN wget -O /a.bin https://example.com/a\nFROM base\nRUN rm «/a.bin»\n',
      safety: 'none',
    },
    {
      name: "apt's lists that a step leaves are its fault, not that of a later step which empties what it fills",
      code: 'FROM debian:12\nRUN «apt-get update» && apt-get install -y a\nCOPY b /b\nRUN apt-get update && apt-get install -y c && rm -rf /var/lib/apt/lists/*\n',
      message: '/var/lib/apt/lists stays in the image: this step fills it',
      evidence: /deleted here, in another layer/,
      safety: 'safe',
      fixed:
        'FROM debian:12\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\nCOPY b /b\nRUN apt-get update && apt-get install -y c && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      name: "yum's cache",
      code: 'FROM rockylinux:9\nRUN yum install -y a\nENV A=b\nRUN yum «clean» all\n',
      safety: 'none',
    },
    {
      name: 'a copied secret',
      code: 'FROM node:22\nWORKDIR /app\nCOPY .npmrc package.json ./\nRUN npm install && rm -f «.npmrc»\n',
      files: { '.npmrc': '//registry.npmjs.org/:_authToken=abc\n', 'package.json': '{}' },
      severity: 'error',
      message: 'rm does not take the secret /app/.npmrc out of the image',
      safety: 'manual',
    },
    {
      name: 'a written secret',
      code: 'FROM node:22\nARG NPM_TOKEN\nRUN echo "//registry.npmjs.org/:_authToken=$NPM_TOKEN" > ~/.npmrc\nRUN npm ci\nRUN rm «~/.npmrc»\n',
      severity: 'error',
    },
  ],
});
