import type { EngineCase } from '../case.js';
import { args, change, edit, moved, plainFiles, target } from './define.js';

const first = 'FROM base:1\nRUN echo SALT\n';
const url = (flags: string, path = 'one/f') => `${first}ADD ${flags}SERVER/${path} /t/\nRUN echo 1\n`;
const expansion = (name: string, text: string, before: string, after: string) =>
  args(`expansion-${name}`, `${first}ARG V\nCOPY a.txt /x\${${text}}\n`, { V: before }, { V: after });

/** Flags and options that the other tables leave out, and how they meet. */
export const optionCases: readonly EngineCase[] = [
  edit('add-checksum-added', url(''), url('--checksum=sha256:SHA256-one ')),
  edit('add-checksum-same', url('--checksum=sha256:SHA256-one '), `${url('--checksum=sha256:SHA256-one ')}\n# c\n`),
  edit(
    'add-checksum-other-url',
    url('--checksum=sha256:SHA256-one '),
    url('--checksum=sha256:SHA256-one ', 'one/f?mirror=2'),
  ),
  edit(
    'add-checksum-other-content',
    url('--checksum=sha256:SHA256-one '),
    url('--checksum=sha256:SHA256-two ', 'two/f'),
  ),
  edit('add-url-chown', url(''), url('--chown=1:1 ')),
  edit('add-url-link', url('--link '), `${url('--link ')}\n# c\n`),
  edit('add-url-unpack-off', url(''), url('--unpack=false ')),
  edit('add-archive-unpack-off', `${first}ADD p.tar /t/\n`, `${first}ADD --unpack=false p.tar /t/\n`, {
    files: { 'p.tar': { archive: { q: '1' } } },
  }),
  edit('add-archive-unpack-on', `${first}ADD p.tar /t/\n`, `${first}ADD --unpack=true p.tar /t/\n`, {
    files: { 'p.tar': { archive: { q: '1' } } },
  }),
  edit('add-unpack-off-or-copy', `${first}COPY a.txt /t/\n`, `${first}ADD --unpack=false a.txt /t/\n`),
  change(
    'add-folder-with-archive',
    `${first}ADD d /t/\n`,
    { 'd/p.tar': { archive: { q: '2' } } },
    { files: { ...plainFiles, 'd/p.tar': { archive: { q: '1' } } } },
  ),
  change(
    'add-link-archive',
    `${first}COPY b.txt /\nADD --link p.tar /t/\n`,
    { 'b.txt': 'new' },
    {
      files: { ...plainFiles, 'p.tar': { archive: { q: '1' } } },
    },
  ),
  edit('from-platform-own', `${first}RUN echo 1\n`, `FROM --platform=linux/amd64 base:1\nRUN echo SALT\nRUN echo 1\n`),
  edit(
    'from-platform-build',
    `${first}RUN echo 1\n`,
    'FROM --platform=$BUILDPLATFORM base:1\nRUN echo SALT\nRUN echo 1\n',
  ),
  edit(
    'from-platform-build-or-target',
    'FROM --platform=$BUILDPLATFORM base:1\nRUN echo SALT\n',
    'FROM --platform=$TARGETPLATFORM base:1\nRUN echo SALT\n',
  ),
  edit(
    'from-platform-of-used-stage',
    `${first}COPY --from=base:2 /etc/salt /s\n`,
    `${first}COPY --from=base:2 /etc/salt /s\n# c\n`,
  ),
  edit(
    'healthcheck-flags',
    `${first}HEALTHCHECK --interval=1s CMD a\nRUN echo 1\n`,
    `${first}HEALTHCHECK --timeout=2s --retries=3 --start-period=1s CMD a\nRUN echo 1\n`,
  ),
  edit('cmd-form', `${first}CMD ["a"]\nCOPY a.txt /\n`, `${first}CMD a\nCOPY a.txt /\n`),
  edit(
    'shell-after-last-run',
    `${first}RUN echo 1\nSHELL ["/bin/sh", "-c"]\n`,
    `${first}RUN echo 1\nSHELL ["/bin/sh", "-ec"]\n`,
  ),
  edit(
    'shell-and-heredoc',
    `${first}RUN <<EOF\necho 1\nEOF\n`,
    `${first}SHELL ["/bin/sh", "-ec"]\nRUN <<EOF\necho 1\nEOF\n`,
  ),
  edit(
    'shell-and-shebang',
    `${first}RUN <<EOF\n#!/bin/sh\necho 1\nEOF\n`,
    `${first}SHELL ["/bin/sh", "-ec"]\nRUN <<EOF\n#!/bin/sh\necho 1\nEOF\n`,
  ),
  expansion('default', 'V:-1', '', '1'),
  expansion('default-differs', 'V:-1', '', '2'),
  expansion('alternative', 'V:+1', 'a', 'b'),
  expansion('prefix-cut', 'V#a', 'ab', 'b'),
  expansion('suffix-cut', 'V%.*', '1.2', '1.3'),
  expansion('replaced', 'V/a/b', 'a', 'b'),
  args('expansion-escaped', `${first}ARG V\nCOPY a.txt /x\\$V\n`, { V: '1' }, { V: '2' }),
  args('expansion-single-quoted', `${first}ARG V\nCOPY a.txt /x'$V'\n`, { V: '1' }, { V: '2' }),
  args('expansion-double-quoted', `${first}ARG V\nCOPY a.txt /x"$V"\n`, { V: '1' }, { V: '2' }),
  args('predefined-multi-platform', `${first}RUN echo 1\n`, {}, { BUILDKIT_MULTI_PLATFORM: '0' }),
  args('predefined-keep-git', `${first}COPY . /t\n`, {}, { BUILDKIT_CONTEXT_KEEP_GIT_DIR: '1' }),
  args('predefined-check', `${first}RUN echo 1\n`, {}, { BUILDKIT_DOCKERFILE_CHECK: 'skip=all' }),
  args(
    'predefined-check-declared',
    `${first}ARG BUILDKIT_DOCKERFILE_CHECK\nRUN echo 1\n`,
    {},
    { BUILDKIT_DOCKERFILE_CHECK: 'skip=all' },
  ),
  args(
    'epoch-declared',
    `${first}ARG SOURCE_DATE_EPOCH\nRUN echo 1\n`,
    { SOURCE_DATE_EPOCH: '1' },
    { SOURCE_DATE_EPOCH: '2' },
  ),
  args(
    'epoch-heredoc-copy',
    `${first}COPY <<f /f\nSALT\nf\nRUN echo 1\n`,
    { SOURCE_DATE_EPOCH: '1' },
    { SOURCE_DATE_EPOCH: '2' },
  ),
  args(
    'epoch-link',
    `${first}COPY a.txt /\nCOPY --link b.txt /\n`,
    { SOURCE_DATE_EPOCH: '1' },
    { SOURCE_DATE_EPOCH: '2' },
  ),
  args('ftp-proxy', `${first}RUN echo 1\n`, {}, { FTP_PROXY: 'a', https_proxy: 'b' }),
  edit(
    'arg-platform-in-copy',
    `${first}ARG TARGETARCH\nCOPY a.txt /$TARGETARCH\n`,
    `${first}ARG TARGETOS\nARG TARGETARCH\nCOPY a.txt /$TARGETARCH\n`,
  ),
  edit('arg-order', `${first}ARG A=1\nARG B=2\nRUN echo 1\n`, `${first}ARG B=2\nARG A=1\nRUN echo 1\n`),
  edit(
    'user-by-name',
    `${first}RUN echo u:x:5:5::/:/bin/sh > /etc/passwd\nCOPY --chown=u a.txt /\n`,
    `${first}RUN echo u:x:5:5::/:/bin/sh > /etc/passwd\nCOPY --chown=5:5 a.txt /\n`,
  ),
  change(
    'user-by-name-unchanged',
    `${first}RUN echo u:x:5:5::/:/bin/sh > /etc/passwd\nCOPY --chown=u a.txt /\nCOPY --chown=u b.txt /\n`,
    { 'b.txt': 'new' },
  ),
  change('bind-rw-folder-mode', `${first}RUN --mount=source=d,target=/m,rw ls /m\n`, { 'd/': { mode: 0o700 } }),
  change(
    'bind-rw-other-folder-mode',
    `${first}RUN --mount=source=e,target=/m,rw ls /m\nCOPY d /d\nCOPY d* /t/\n`,
    { 'd/s/': { mode: 0o700 } },
    { files: { ...plainFiles, 'd/s/z': 'z', 'e/x': 'x' } },
  ),
  change(
    'bind-rw-in-unneeded-stage',
    `FROM base:1 AS n\nRUN --mount=source=d,target=/m,rw ls /m\n${first}COPY d /d\n`,
    { 'd/s/': { mode: 0o700 } },
    { files: { ...plainFiles, 'd/s/z': 'z' } },
  ),
  change('bind-rw-then-whole-context', `${first}RUN --mount=source=d,target=/m,rw ls /m\nCOPY . /x\n`, {}),
  change(
    'bind-rw-of-whole-context',
    `${first}RUN --mount=source=d,target=/m,rw ls /m\nRUN --mount=target=/m,rw ls /m\n`,
    {},
  ),
  change('bind-rw-file-mode', `${first}RUN --mount=source=d,target=/m,rw ls /m\n`, {
    'd/x': { text: 'x', mode: 0o600 },
  }),
  change(
    'bind-rw-of-stage',
    'FROM base:1 AS s\nCOPY . /src\nFROM base:1\nRUN --mount=from=s,source=/src,target=/m,rw echo SALT\nCOPY d /d\n',
    { 'd/s/': { mode: 0o700 } },
    { files: { ...plainFiles, 'd/s/z': 'z' } },
  ),
  change('bind-rw-written', `${first}RUN --mount=source=d,target=/m,rw echo new > /m/n\nCOPY d /d\n`, {
    'a.txt': 'new',
  }),
  change(
    'bind-rw-written-folder-mode',
    `${first}RUN --mount=source=d,target=/m,rw echo new > /m/n\nCOPY d /d\n`,
    { 'd/s/': { mode: 0o700 } },
    { files: { ...plainFiles, 'd/s/z': 'z' } },
  ),
  change(
    'bind-and-cache',
    `${first}RUN --mount=source=a.txt,target=/m --mount=type=cache,target=/c --mount=type=tmpfs,target=/t cat /m\n`,
    { 'a.txt': 'new' },
  ),
  change(
    'bind-of-parent-folder-link',
    `${first}RUN --mount=source=f/x,target=/m cat /m\n`,
    { 'd/x': 'new' },
    { files: { ...plainFiles, f: { link: 'd' } } },
  ),
  change('bind-missing-change-outside', `${first}RUN --mount=source=d,target=/m ls /m\nCOPY a.txt /\n`, {
    'a.txt': 'new',
  }),
  change('copy-through-made-link', `${first}RUN ln -s /real /to\nCOPY a.txt /to/\nCOPY b.txt /to/\n`, {
    'b.txt': 'new',
  }),
  change(
    'copy-over-copied-link',
    `${first}COPY l /links/\nCOPY a.txt /links/l\n`,
    { 'b.txt': 'new' },
    { files: { ...plainFiles, l: { link: 'b.txt' } } },
  ),
  change('copy-exclude-several', `${first}COPY --exclude=a.txt --exclude=d . /t/\n`, { 'd/x': 'new', 'a.txt': 'new' }),
  change('copy-exclude-several-other', `${first}COPY --exclude=a.txt --exclude=d . /t/\n`, { 'b.txt': 'new' }),
  change('copy-exclude-link', `${first}COPY a.txt /\nCOPY --link --exclude=x d /t/\n`, {
    'a.txt': 'new',
    'd/x': 'new',
  }),
  edit(
    'copy-exclude-order',
    `${first}COPY --exclude=x --exclude=y d /t/\n`,
    `${first}COPY --exclude=y --exclude=x d /t/\n`,
  ),
  change(
    'from-excluded',
    'FROM scratch AS s\nCOPY a.txt /a\nCOPY --exclude=y d /t\nFROM base:1\nCOPY --from=s /t /t\nRUN echo SALT\n',
    { 'a.txt': 'new', 'd/y': 'new' },
  ),
  change(
    'from-excluded-changed',
    'FROM scratch AS s\nCOPY a.txt /a\nCOPY --exclude=y d /t\nFROM base:1\nCOPY --from=s /t /t\nRUN echo SALT\n',
    { 'a.txt': 'new', 'd/x': 'new' },
  ),
  change(
    'from-excluded-exception',
    'FROM scratch AS s\nCOPY a.txt /a\nCOPY --exclude=s --exclude=!s/z d /t\nFROM base:1\nCOPY --from=s /t /t\nRUN echo SALT\n',
    { 'a.txt': 'new', 'd/s/w': 'new' },
    { files: { ...plainFiles, 'd/s/z': 'z', 'd/s/w': 'w' } },
  ),
  change(
    'from-excluded-empty-folder',
    'FROM scratch AS s\nCOPY a.txt /a\nCOPY --exclude=**/z d /t\nFROM base:1\nCOPY --from=s /t /t\nRUN echo SALT\n',
    { 'a.txt': 'new', 'd/s/z': undefined },
    { files: { ...plainFiles, 'd/s/z': 'z', 'd/s/': '' } },
  ),
  change(
    'from-excluded-by-wildcard',
    'FROM scratch AS s\nCOPY a.txt /a\nCOPY --exclude=x d* /t/\nFROM base:1\nCOPY --from=s /t /t\nRUN echo SALT\n',
    { 'a.txt': 'new', 'd/x': 'new' },
  ),
  change('copy-mode-of-linked', `${first}COPY --link a.txt /\nRUN echo 1\n`, { 'a.txt': { text: 'a', mode: 0o600 } }),
  change('copy-empty-file', `${first}COPY d /t/\n`, { 'd/empty': { text: '' } }),
  edit('heredoc-copy-chmod', `${first}COPY <<f /f\nSALT\nf\n`, `${first}COPY --chmod=755 <<f /f\nSALT\nf\n`),
  edit('heredoc-copy-chown', `${first}COPY <<f /f\nSALT\nf\n`, `${first}COPY --chown=1:1 <<f /f\nSALT\nf\n`),
  change('heredoc-and-file', `${first}COPY a.txt <<f /t/\nSALT\nf\n`, { 'a.txt': 'new' }),
  edit('heredoc-and-file-text', `${first}COPY a.txt <<f /t/\nSALT\nf\n`, `${first}COPY a.txt <<f /t/\nSALT 2\nf\n`),
  edit('heredoc-run-escaped', `${first}RUN <<EOF\necho $HOME\nEOF\n`, `${first}RUN <<"EOF"\necho $HOME\nEOF\n`),
  edit(
    'heredoc-run-with-mount',
    `${first}RUN <<EOF\necho 1\nEOF\n`,
    `${first}RUN --mount=type=cache,target=/c <<EOF\necho 1\nEOF\n`,
  ),
  change(
    'diamond',
    'FROM base:1 AS r\nRUN echo SALT\nFROM r AS a\nCOPY a.txt /a\nFROM r AS b\nCOPY b.txt /b\nFROM r\nCOPY --from=a /a /a\nCOPY --from=b /b /b\n',
    { 'a.txt': 'new' },
  ),
  change(
    'diamond-last-first',
    'FROM base:1 AS r\nRUN echo SALT\nFROM r AS a\nCOPY a.txt /a\nFROM r AS b\nCOPY b.txt /b\nFROM r\nCOPY --from=a /a /a\nCOPY --from=b /b /b\n',
    { 'b.txt': 'new' },
  ),
  change(
    'stage-needed-by-mount-only',
    'FROM scratch AS s\nCOPY a.txt /a\nFROM base:1 AS n\nRUN echo SALT unneeded\nFROM base:1\nRUN --mount=from=s,target=/m cat /m/a && echo SALT\n',
    { 'a.txt': 'new' },
  ),
  change(
    'stage-base-and-source-linked',
    'FROM base:1 AS s\nCOPY a.txt /\nCOPY --link d/s /t/\nFROM s\nCOPY --link d /\nCOPY --from=s /t /t\n',
    { 'a.txt': 'new', 'd/n': 'n' },
    { files: { 'a.txt': 'a', 'd/s/z': 'z' } },
  ),
  change(
    'stage-used-twice',
    'FROM scratch AS s\nCOPY . /src\nFROM base:1 AS a\nCOPY --from=s /src/a.txt /\nRUN echo SALT\nFROM base:1\nCOPY --from=s /src/b.txt /\nCOPY --from=a /etc/salt /s\n',
    { 'a.txt': 'new' },
  ),
  change(
    'link-equal-in-two-stages',
    'FROM base:1 AS s\nCOPY a.txt /\nCOPY --link b.txt /t/\nFROM base:2\nRUN echo SALT\nCOPY --from=s /a.txt /t/b.txt /q/\nCOPY --link b.txt /t/\n',
    { 'a.txt': 'new' },
  ),
  moved(
    'base-moved-two-stages',
    'FROM base:1 AS a\nCOPY a.txt /\nFROM base:1\nCOPY --from=a /a.txt /\nRUN echo SALT\n',
  ),
  moved('base-moved-mounted', 'FROM base:2\nRUN --mount=from=base:1,source=/etc/base,target=/m cat /m && echo SALT\n'),
  target('target-unchanged', 'FROM base:1 AS s\nRUN echo SALT\nFROM s AS t\nRUN echo 1\n', 's', 's'),
  target(
    'target-grows',
    'FROM base:1 AS s\nRUN echo SALT\nFROM base:1 AS t\nCOPY --from=s /etc/salt /s\nRUN echo SALT 2\n',
    's',
    undefined,
  ),
  change(
    'ignore-comment-and-blank',
    `${first}COPY . /t/\n`,
    { 'b.txt': 'new' },
    { files: { ...plainFiles, '.dockerignore': '# c\n\nb.txt\n' } },
  ),
  change(
    'ignore-trailing-slash',
    `${first}COPY . /t/\n`,
    { 'd/x': 'new' },
    { files: { ...plainFiles, '.dockerignore': 'd/\n' } },
  ),
  change(
    'ignore-leading-slash',
    `${first}COPY . /t/\n`,
    { 'b.txt': 'new' },
    { files: { ...plainFiles, '.dockerignore': '/b.txt\n' } },
  ),
  change(
    'ignore-question',
    `${first}COPY . /t/\n`,
    { 'b.txt': 'new' },
    { files: { ...plainFiles, '.dockerignore': '?.txt\n!a.txt\n' } },
  ),
  change(
    'ignore-last-wins',
    `${first}COPY . /t/\n`,
    { 'd/x': 'new' },
    { files: { ...plainFiles, '.dockerignore': 'd\n!d/x\nd/x\n' } },
  ),
  change(
    'ignore-exception-of-folder',
    `${first}COPY . /t/\n`,
    { 'd/s/z': 'new' },
    { files: { ...plainFiles, 'd/s/z': 'z', '.dockerignore': '*\n!d/s\n' } },
  ),
  change(
    'ignore-new-exception',
    `${first}COPY . /t/\n`,
    { '.dockerignore': '.dockerignore\nd\n!d/x\n' },
    { files: { ...plainFiles, '.dockerignore': '.dockerignore\nd\n' } },
  ),
  change(
    'ignore-emptied',
    `${first}COPY d /t/\n`,
    { '.dockerignore': '\n' },
    { files: { ...plainFiles, '.dockerignore': 'd/y\n' } },
  ),
  change(
    'ignore-removed',
    `${first}COPY d /t/\n`,
    { '.dockerignore': undefined },
    { files: { ...plainFiles, '.dockerignore': 'a.txt\n' } },
  ),
];
