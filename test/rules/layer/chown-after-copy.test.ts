import { chownAfterCopy } from '../../../server/rules/layer/chown-after-copy.js';
import { testRule } from '../../helpers/rule-tester.js';

const files = {
  'src/a.bin': 'x'.repeat(300_000),
  'lib/b.bin': 'x'.repeat(900_000),
  tool: 'x'.repeat(200_000),
  'run.sh': 'x',
};

testRule(chownAfterCopy, {
  valid: [
    {
      name: 'the owner comes with the COPY',
      code: 'FROM node:22\nWORKDIR /app\nRUN chown node /app\nCOPY --chown=node:node . .\n',
      files,
    },
    { name: 'only the folder', code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN chown node:node /app\n', files },
    {
      name: 'another folder',
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN mkdir /data && chown -R node:node /data /application\n',
      files,
    },
    { name: 'before the COPY', code: 'FROM node:22\nRUN mkdir /app && chown -R node /app\nCOPY . /app\n', files },
    {
      name: 'a stage that is only copied from',
      code: 'FROM node:22 AS build\nCOPY . /app\nRUN chown -R node /app\nFROM node:22\nCOPY --from=build /app /app\n',
      files,
    },
    { name: 'a small file', code: 'FROM node:22\nCOPY run.sh /run.sh\nRUN chown node /run.sh\n', files },
    {
      name: 'a small file, no context',
      code: 'FROM node:22\nCOPY run.sh nginx.conf /etc/x/\nRUN chown -R node /etc/x\n',
    },
    {
      name: 'a chown that may not run',
      code: 'FROM node:22\nCOPY . /app\nRUN if [ -n "$X" ]; then chown -R node /app; fi\n',
      files,
    },
    {
      name: 'an owner from a file, and one that depends on the old',
      code: 'FROM node:22\nCOPY . /app\nRUN chown -R --reference=/x /app && chown -R --from=0 node /app\n',
      files,
    },
    { name: 'a path that is not known', code: 'FROM node:22\nCOPY . /app\nRUN chown -R node $DIR\n', files },
    { name: 'a part of what was copied', code: 'FROM node:22\nCOPY . /app\nRUN chown -R node /app/src\n', files },
    {
      name: 'root owns what COPY brings: nothing changes, and BuildKit stores nothing',
      code: 'FROM nginx:1.29\nCOPY src /etc/nginx\nRUN chown -R root:root /etc/nginx\nCOPY lib /lib/x\nRUN chown -R 0 /lib/x\n',
      files,
    },
    {
      name: 'owned already',
      code: 'FROM node:22\nCOPY --chown=node:node . /app\nRUN chown -R node:node /app\nCOPY --chown=node src /src\nRUN chown -R node:node /src\n',
      files,
    },
  ],
  invalid: [
    {
      name: 'only what another owns counts',
      code: 'FROM node:22\nWORKDIR /app\nCOPY --chown=node:node lib lib\nCOPY src src\nRUN «chown» -R node:node /app\n',
      files,
      message: '(300 kB)',
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY --chown=node:node lib lib\nCOPY --chown=node:node src src\nRUN chown node:node /app\n',
    },
    {
      name: 'several copies and installs are told once each, with their number',
      code: 'FROM node:22\nWORKDIR /app\nCOPY src src\nCOPY lib lib\nCOPY tool tool\nRUN npm ci\nRUN npm ci --prefix lib\nRUN «chown» -R node:node /app\n',
      files,
      evidence:
        /^COPY puts it into a layer here \(and 2 others like it\)\nwhat this step writes there is stored twice as well \(and 1 other like it\)\nno fix: a RUN between the two may write there/,
    },
    {
      name: 'a chmod -R of the same folder stores it again, with or without the chown',
      code: 'FROM node:22\nCOPY . /app\nRUN «chown» -R node:node /app && chmod -R g+w /app/\n',
      files,
      safety: 'none',
      evidence: /COPY also has --chmod/,
    },
    {
      name: 'a chmod -R of the same folder stores it again (a relative path), with or without the chown',
      code: 'FROM node:22\nWORKDIR /srv\nCOPY . ./app\nRUN «chown» -R node:node ./app && chmod -R 755 ./app\n',
      files,
      safety: 'none',
      evidence: /COPY also has --chmod/,
    },
    {
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN «chown» -R node:node /app\nUSER node\n',
      files,
      message: 'chown copies /app into another layer (1.4 MB)',
      severity: 'warning',
      evidence: /COPY puts it into a layer here/,
      safety: 'unsafe',
      caveat: /below \/app keeps its owner/,
      fixed: 'FROM node:22\nWORKDIR /app\nCOPY --chown=node:node . .\nRUN chown node:node /app\nUSER node\n',
    },
    {
      name: 'every COPY below the folder, and no other',
      code: 'FROM node:22\nWORKDIR /app\nCOPY src ./src\nCOPY lib /usr/lib/x\nCOPY tool ./bin/\nRUN «chown» -Rv 1000:0 .\n',
      files,
      severity: 'info',
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY --chown=1000:0 src ./src\nCOPY lib /usr/lib/x\nCOPY --chown=1000:0 tool ./bin/\nRUN chown -v 1000:0 .\n',
    },
    {
      name: 'a single file, unless the image has a folder of that name',
      code: 'FROM node:22\nCOPY tool /usr/local/bin/tool\nRUN «chown» node:node /usr/local/bin/tool\n',
      files,
      safety: 'unsafe',
      fixed: 'FROM node:22\nCOPY --chown=node:node tool /usr/local/bin/tool\n',
    },
    {
      name: 'a single file in a folder that is there for certain',
      code: 'FROM node:22\nCOPY tool /usr/local/bin/\nRUN «chown» node:node /usr/local/bin/tool && chmod 755 /usr/local/bin/tool\n',
      files,
      safety: 'safe',
      fixed: 'FROM node:22\nCOPY --chown=node:node tool /usr/local/bin/\nRUN chmod 755 /usr/local/bin/tool\n',
    },
    {
      name: 'a single file in a folder that the COPY may have to make, which would get the owner too',
      code: 'FROM node:22\nCOPY tool /new/bin/\nRUN «chown» 1000:1000 /new/bin/tool\n',
      files,
      safety: 'unsafe',
      caveat: /^\/new\/bin gets that owner too/,
      fixed: 'FROM node:22\nCOPY --chown=1000:1000 tool /new/bin/\n',
    },
    ...['busybox:1.37', 'example.org/base:1'].map((image) => ({
      name: `a single file in a folder that ${image} may not have`,
      code: `FROM ${image}\nCOPY tool /opt/\nRUN «chown» 1:1 /opt/tool\n`,
      files,
      safety: 'unsafe' as const,
      caveat: /^\/opt gets that owner too/,
    })),
    {
      name: 'a program with a bit that chown takes away',
      code: 'FROM node:22\nCOPY tool /usr/local/bin/\nRUN «chown» node:node /usr/local/bin/tool\n',
      files: { tool: { text: 'x'.repeat(200_000), mode: 0o4755 } },
      safety: 'none',
      evidence: /no fix: chown takes away a bit that a copied file has/,
    },
    {
      name: 'a single file in the working folder',
      code: 'FROM node:22\nWORKDIR /new/bin\nCOPY tool ./\nRUN «chown» 1000:1000 tool\n',
      files,
      safety: 'safe',
    },
    {
      name: 'another file of the same COPY keeps its owner',
      code: 'FROM node:22\nCOPY tool run.sh /opt/\nRUN «chown» 1000:1000 /opt/tool\n',
      files,
      safety: 'none',
      evidence: /no fix: the COPY brings more/,
    },
    {
      name: 'all files of the same COPY',
      code: 'FROM node:22\nCOPY tool run.sh /opt/\nRUN «chown» 1000:1000 /opt/tool /opt/run.sh\n',
      files,
      safety: 'safe',
      fixed: 'FROM node:22\nCOPY --chown=1000:1000 tool run.sh /opt/\n',
    },
    ...['1000', ':1000'].map((owner) => ({
      name: `the half that ${owner} leaves is that of the COPY`,
      code: `FROM node:22\nCOPY --chown=5:6 tool /opt/\nRUN «chown» ${owner} /opt/tool\n`,
      files,
      safety: 'none' as const,
      evidence: /no fix: the COPY gives an owner/,
    })),
    {
      name: 'a variable that holds user and group',
      code: 'FROM node:22\nENV OWNER=1000:1000\nCOPY tool /opt/\nRUN «chown» $OWNER /opt/tool\n',
      files,
      safety: 'none',
    },
    {
      name: 'a number that only chown reads as one',
      code: 'FROM node:22\nCOPY tool /opt/\nRUN «chown» +1000:+1000 /opt/tool\n',
      files,
      safety: 'none',
    },
    {
      name: 'the set-uid bit, which chown takes away',
      code: 'FROM node:22\nCOPY --chmod=4755 tool /opt/\nRUN «chown» 1000:1000 /opt/tool\n',
      files,
      safety: 'none',
      evidence: /no fix: chown takes away/,
    },
    {
      name: 'a chown that writes a file',
      code: 'FROM node:22\nCOPY tool /opt/\nRUN «chown» -v 1000:1000 /opt/tool > /log\n',
      files,
      safety: 'none',
    },
    {
      name: 'a user alone leaves the group',
      code: 'FROM node:22\nCOPY . /app\nRUN «chown» -R node /app\n',
      files,
      fixed: 'FROM node:22\nCOPY --chown=node:0 . /app\nRUN chown node /app\n',
    },
    {
      name: 'a group alone leaves the user',
      code: 'FROM node:22\nCOPY . /app\nRUN «chown» -R :node /app\n',
      files,
      fixed: 'FROM node:22\nCOPY --chown=0:node . /app\nRUN chown :node /app\n',
    },
    {
      name: 'the login group is not known',
      code: 'FROM node:22\nCOPY . /app\nRUN «chown» -R node: /app\n',
      files,
      safety: 'none',
      evidence: /no fix: COPY --chown cannot say node:/,
    },
    {
      name: 'variables of the Dockerfile',
      code: 'FROM node:22\nARG OWNER=1000\nCOPY . /app\nRUN «chown» -R "$OWNER:0" /app\n',
      files,
      fixed: 'FROM node:22\nARG OWNER=1000\nCOPY --chown=$OWNER:0 . /app\nRUN chown "$OWNER:0" /app\n',
    },
    {
      name: 'variables of the shell',
      code: 'FROM node:22\nCOPY . /app\nRUN «chown» -R $OWNER /app\n',
      files,
      safety: 'none',
    },
    {
      name: 'the user is created in the same step',
      code: 'FROM debian:12\nWORKDIR /app\nCOPY . .\n\n# no root\nRUN useradd -m app && \\\n    «chown» -R app:app /app\nUSER app\n',
      files,
      safety: 'unsafe',
      fixed:
        'FROM debian:12\nWORKDIR /app\n# no root\nRUN useradd -m app && \\\n    chown app:app /app\n\nCOPY --chown=app:app . .\n\nUSER app\n',
    },
    {
      name: 'blank lines stay around the step that moves',
      code: 'FROM debian:12\n\n# the sources\nCOPY . /app\n\nRUN useradd -m app && «chown» -R app:app /app\n\nUSER app\n',
      files,
      fixed: 'FROM debian:12\n\nRUN useradd -m app\n\n# the sources\nCOPY --chown=app:app . /app\n\nUSER app\n',
    },
    {
      name: 'the user is created in the same step, the folder by the COPY',
      code: 'FROM debian:12\nCOPY . /app\nRUN useradd -m app && «chown» -R app:app /app\n',
      files,
      fixed: 'FROM debian:12\nRUN useradd -m app\nCOPY --chown=app:app . /app\n',
    },
    {
      name: 'an install in between writes there too',
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN «chown» -R node:node /app\n',
      files,
      safety: 'none',
      evidence: /stored twice as well/,
    },
    {
      name: 'an install in the same step',
      code: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && «chown» -R node:node /app\n',
      files,
      safety: 'none',
    },
    {
      name: 'what else is in a second folder is not known',
      code: 'FROM node:22\nCOPY . /app\nRUN «chown» -R node:node /app /data\n',
      files,
      safety: 'none',
    },
    {
      name: 'not root',
      code: 'FROM node:22\nCOPY . /app\nUSER app\nRUN sudo «chown» -R app:app /app\n',
      files,
      safety: 'none',
    },
    {
      name: 'from another stage',
      code: 'FROM node:22 AS build\nRUN make\nFROM node:22\nCOPY --from=build /out /app/\nRUN «chown» -R node:node /app\n',
      severity: 'warning',
      fixed:
        'FROM node:22 AS build\nRUN make\nFROM node:22\nCOPY --from=build --chown=node:node /out /app/\nRUN chown node:node /app\n'.replace(
          '--from=build --chown=node:node',
          '--chown=node:node --from=build',
        ),
    },
    {
      name: 'a name cannot be given with --link',
      code: 'FROM node:22\nCOPY --link . /app\nRUN «chown» -R node:node /app\n',
      files,
      safety: 'none',
    },
  ],
});
