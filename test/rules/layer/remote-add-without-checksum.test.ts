import { remoteAddWithoutChecksum } from '../../../server/rules/layer/remote-add-without-checksum.js';
import { testRule } from '../../helpers/rule-tester.js';

const commit = '0123456789abcdef0123456789abcdef01234567';

const digest = `sha256:${'a'.repeat(64)}`;

testRule(remoteAddWithoutChecksum, {
  valid: [
    'FROM alpine:3.22\nADD app.tar.gz /opt/\nCOPY https /opt/\n',
    {
      name: 'a checksum, even from an ARG',
      code: 'FROM alpine:3.22\nARG SUM\nADD --checksum=$SUM https://example.com/latest/a.tgz /opt/\n',
    },
    { name: 'a full commit', code: `FROM alpine:3.22\nADD https://github.com/acme/tool.git#${commit}:src /src\n` },
    {
      name: 'a commit from an ARG',
      code: `FROM alpine:3.22\nARG REV=${commit}\nADD git@github.com:acme/tool.git#$REV /src\n`,
    },
    {
      name: 'a commit in the query',
      code: `FROM alpine:3.22\nADD https://github.com/acme/tool.git?tag=v1&commit=${commit} /src\n`,
    },
    {
      name: 'an ARG without a value may be a commit',
      code: `FROM alpine:3.22\nARG REV\nADD https://github.com/acme/tool.git#\${REV} /src\n`,
    },
    {
      name: 'a later step checks it',
      code: 'FROM alpine:3.22\nADD https://example.com/a.tgz /tmp/\nRUN echo "abc  /tmp/a.tgz" | sha256sum -c - && tar xf /tmp/a.tgz\n',
    },
    {
      name: 'a signature, and the step that uses it',
      code: 'FROM alpine:3.22\nADD https://example.com/a.tgz https://example.com/a.tgz.asc /tmp/\nRUN gpg --batch --verify /tmp/a.tgz.asc /tmp/a.tgz\n',
    },
    {
      name: 'one checksum cannot fit several platforms',
      code: 'FROM alpine:3.22\nARG TARGETARCH\nADD https://example.com/a-$TARGETARCH.tgz /tmp/\n',
    },
    {
      name: 'an answer that is meant to change',
      code: 'FROM alpine:3.22\nADD https://api.github.com/repos/acme/tool/git/refs/heads/main /tmp/version.json\nRUN git clone https://github.com/acme/tool\n',
    },
    {
      name: 'allowed',
      code: 'FROM alpine:3.22\nADD https://example.com/nightly/a.tgz /tmp/\n',
      options: { allow: ['https://example.com/*'] },
    },
  ],
  invalid: [
    {
      code: 'FROM alpine:3.22\nADD «https://example.com/tool/latest/tool.tgz» /opt/\n',
      message: '"latest" in its URL moves',
      severity: 'warning',
      safety: 'manual',
      evidence: /on every build/,
    },
    {
      name: 'a version in the URL weighs less',
      code: 'FROM alpine:3.22\nADD --chmod=644 «https://example.com/tool-1.4.2.jar» /opt/\n',
      severity: 'info',
    },
    {
      name: 'so does one in an ARG',
      code: 'FROM alpine:3.22\nARG V=1.4.2\nADD «https://example.com/tool-$V.jar» /opt/\n',
      severity: 'info',
    },
    {
      name: 'plain http',
      code: 'FROM alpine:3.22\nADD «http://example.com/tool-1.4.2.jar» /opt/\n',
      severity: 'warning',
      message: 'encryption',
    },
    {
      name: 'no version',
      code: 'FROM alpine:3.22\nADD «https://example.com/install.sh» /opt/\n',
      severity: 'warning',
      message: 'neither',
    },
    {
      name: 'the default branch',
      code: 'FROM alpine:3.22\nADD «https://github.com/acme/tool.git» /src\n',
      severity: 'warning',
      message: 'default branch',
    },
    {
      name: 'a branch',
      code: 'FROM alpine:3.22\nADD «git@github.com:acme/tool.git#develop:docs» /src\n',
      severity: 'warning',
      message: 'whatever commit develop',
    },
    {
      name: 'a tag',
      code: 'FROM alpine:3.22\nADD «https://github.com/acme/tool.git#v1.4.2» /src\n',
      severity: 'info',
      message: 'tag v1.4.2',
    },
    {
      name: 'each of several',
      code: 'FROM alpine:3.22\nADD a.txt «https://example.com/b.txt» «https://example.com/c.txt» /opt/\n',
    },
    {
      name: 'a checksum that was computed',
      code: 'FROM alpine:3.22\nADD --chmod=755 «https://example.com/tool-1.2» /opt/\n',
      files: {},
      remote: { 'https://example.com/tool-1.2': digest },
      safety: 'unsafe',
      caveat: /what the server sent on 2026-11-21: compare it/,
      fixed: `FROM alpine:3.22\nADD --checksum=${digest} --chmod=755 https://example.com/tool-1.2 /opt/\n`,
    },
    {
      name: 'a checksum that was computed, but the frontend knows none',
      code: '# syntax=docker/dockerfile:1.5\nFROM alpine:3.22\nADD «https://example.com/tool-1.2» /opt/\n',
      files: {},
      remote: { 'https://example.com/tool-1.2': digest },
      safety: 'manual',
    },
    { name: 'JSON form', code: 'FROM alpine:3.22\nADD [«"https://example.com/b.txt"», "/opt/"]\n' },
    {
      name: 'a checksum that is only printed checks nothing',
      code: 'FROM alpine:3.22\nADD «https://example.com/b.txt» /opt/\nRUN sha256sum /opt/b.txt\n',
    },
  ],
});
