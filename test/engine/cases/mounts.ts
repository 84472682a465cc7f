import type { EngineCase } from '../case.js';
import { change, edit, plainFiles } from './define.js';

const first = 'FROM base:1\nRUN echo SALT\n';
const run = (mount: string) => `${first}RUN --mount=${mount} echo 1\n`;
const bind = (options: string) => `${first}RUN --mount=type=bind,${options} ls /m\n`;

/** Mounts of RUN, and COPY --link in all positions. */
export const mountCases: readonly EngineCase[] = [
  change('bind-file-other', bind('source=a.txt,target=/m'), { 'b.txt': 'new' }),
  change('bind-file-mode', bind('source=a.txt,target=/m'), { 'a.txt': { text: 'a', mode: 0o755 } }),
  change('bind-folder', bind('source=d,target=/m'), { 'd/new': 'new' }),
  change('bind-folder-mode', bind('source=d,target=/m'), { 'd/': { mode: 0o700 } }),
  change(
    'bind-link',
    bind('source=l,target=/m'),
    { 'a.txt': 'new' },
    { files: { ...plainFiles, l: { link: 'a.txt' } } },
  ),
  edit(
    'bind-target',
    bind('source=a.txt,target=/m'),
    `${first}RUN --mount=type=bind,source=a.txt,target=/n ls /m /n || true\n`,
  ),
  edit('bind-source-equal-file', bind('source=a.txt,target=/m'), bind('source=b.txt,target=/m'), {
    files: { ...plainFiles, 'b.txt': 'a' },
  }),
  edit('bind-rw', bind('source=d,target=/m'), bind('source=d,target=/m,rw')),
  edit('bind-ro', bind('source=d,target=/m'), bind('source=d,target=/m,ro')),
  edit('bind-aliases', bind('source=d,target=/m'), bind('src=d,dst=/m')),
  edit('bind-type-left-out', bind('source=d,target=/m'), `${first}RUN --mount=source=d,target=/m ls /m\n`),
  edit(
    'bind-two-in-other-order',
    `${first}RUN --mount=source=a.txt,target=/1 --mount=source=b.txt,target=/2 cat /1 /2\n`,
    `${first}RUN --mount=source=b.txt,target=/2 --mount=source=a.txt,target=/1 cat /1 /2\n`,
  ),
  edit(
    'bind-two-exchanged',
    `${first}RUN --mount=source=a.txt,target=/1 --mount=source=b.txt,target=/2 cat /1 /2\n`,
    `${first}RUN --mount=source=b.txt,target=/1 --mount=source=a.txt,target=/2 cat /1 /2\n`,
  ),
  change(
    'bind-two-one-changed',
    `${first}RUN --mount=source=a.txt,target=/1 --mount=source=b.txt,target=/2 cat /1 /2\n`,
    { 'b.txt': 'new' },
  ),
  edit(
    'bind-relative-target',
    `${first}WORKDIR /w\nRUN --mount=source=a.txt,target=m cat m\n`,
    `${first}WORKDIR /w\nRUN --mount=source=a.txt,target=/w/m cat m\n`,
  ),
  change(
    'bind-from-stage-output',
    'FROM base:1 AS s\nCOPY a.txt /a\nRUN echo SALT > /o\nFROM base:1\nRUN --mount=from=s,source=/o,target=/m cat /m\n',
    { 'a.txt': 'new' },
  ),
  change(
    'bind-from-stage-folder',
    'FROM scratch AS s\nCOPY . /src\nFROM base:1\nRUN --mount=from=s,source=/src/d,target=/m ls /m && echo SALT\n',
    { 'a.txt': 'new' },
  ),
  change(
    'bind-from-whole-stage',
    'FROM scratch AS s\nCOPY . /src\nFROM base:1\nRUN --mount=from=s,target=/m ls /m && echo SALT\n',
    { 'a.txt': 'new' },
  ),
  edit(
    'bind-from-image',
    `${first}RUN --mount=from=base:2,source=/etc/salt,target=/m cat /m\n`,
    `${first}RUN --mount=from=base:2,source=/etc/salt,target=/m cat /m\n# c\n`,
  ),
  edit(
    'bind-own-base-equal-content',
    'FROM base:1 AS x\nCOPY a.txt /f\nFROM x\nRUN --mount=from=x,source=/bin,target=/m ls /m && echo SALT\n',
    'FROM base:1 AS x\nCOPY b.txt /f\nFROM x\nRUN --mount=from=x,source=/bin,target=/m ls /m && echo SALT\n',
    { files: { ...plainFiles, 'b.txt': 'a' } },
  ),
  edit(
    'bind-own-base-added',
    'FROM base:1 AS x\nCOPY a.txt /f\nFROM x\nRUN echo SALT\n',
    'FROM base:1 AS x\nCOPY a.txt /f\nFROM x\nRUN --mount=from=x,source=/bin,target=/m echo SALT\n',
  ),
  edit('cache-shared-written-out', run('type=cache,target=/c'), run('type=cache,target=/c,sharing=shared')),
  edit('cache-id-equal-to-target', run('type=cache,target=/c'), run('type=cache,target=/c,id=/c')),
  edit('cache-id-equal-to-name', run('type=cache,target=/c'), run('type=cache,target=/c,id=c')),
  edit('cache-trailing-slash', run('type=cache,target=/c'), run('type=cache,target=/c/')),
  edit(
    'cache-relative-target',
    `${first}WORKDIR /w\nRUN --mount=type=cache,target=/w/c echo 1\n`,
    `${first}WORKDIR /w\nRUN --mount=type=cache,target=c echo 1\n`,
  ),
  edit(
    'cache-relative-id',
    `${first}WORKDIR /w\nRUN --mount=type=cache,target=c echo 1\n`,
    `${first}WORKDIR /w\nRUN --mount=type=cache,target=c,id=z echo 1\n`,
  ),
  edit('cache-readonly', run('type=cache,target=/c,id=z'), run('type=cache,target=/c,id=z,ro')),
  edit('cache-mode', run('type=cache,target=/c,id=z'), run('type=cache,target=/c,id=z,mode=0777')),
  edit('cache-mode-zero', run('type=cache,target=/c,id=z,mode=0777'), run('type=cache,target=/c,id=z,mode=777')),
  edit('cache-mode-default-written-out', run('type=cache,target=/c,id=z'), run('type=cache,target=/c,id=z,mode=0755')),
  edit('cache-uid', run('type=cache,target=/c,id=z,uid=1'), run('type=cache,target=/c,id=z,uid=2')),
  edit(
    'cache-gid-default',
    run('type=cache,target=/c,id=z,uid=1'),
    run('type=cache,target=/c,id=z,uid=1,gid=0,mode=755'),
  ),
  change(
    'cache-from-stage',
    'FROM scratch AS s\nCOPY d /d\nFROM base:1\nRUN --mount=type=cache,from=s,source=/d,target=/c echo SALT\n',
    { 'd/x': 'new' },
  ),
  change(
    'cache-from-stage-other',
    'FROM scratch AS s\nCOPY . /src\nFROM base:1\nRUN --mount=type=cache,from=s,source=/src/d,target=/c echo SALT\n',
    { 'a.txt': 'new' },
  ),
  edit('cache-added', `${first}RUN echo 1\n`, run('type=cache,target=/c')),
  edit(
    'cache-two-in-other-order',
    `${first}RUN --mount=type=cache,target=/b --mount=type=cache,target=/c echo 1\n`,
    `${first}RUN --mount=type=cache,target=/c --mount=type=cache,target=/b echo 1\n`,
  ),
  edit('tmpfs-size', run('type=tmpfs,target=/c,size=1m'), run('type=tmpfs,target=/c,size=2m')),
  edit('tmpfs-size-unit', run('type=tmpfs,target=/c,size=1m'), run('type=tmpfs,target=/c,size=1048576')),
  edit('tmpfs-added', `${first}RUN echo 1\n`, run('type=tmpfs,target=/c')),
  edit('secret-id', run('type=secret,id=a'), run('type=secret,id=b')),
  edit('secret-target-written-out', run('type=secret,id=a'), run('type=secret,id=a,target=/run/secrets/a')),
  edit('secret-target', run('type=secret,id=a'), run('type=secret,id=a,target=/x')),
  edit('secret-mode', run('type=secret,id=a'), run('type=secret,id=a,mode=0444')),
  edit('secret-mode-default', run('type=secret,id=a'), run('type=secret,id=a,mode=0400')),
  edit('secret-uid', run('type=secret,id=a,uid=1'), run('type=secret,id=a,uid=2')),
  edit('secret-env', run('type=secret,id=a'), run('type=secret,id=a,env=A')),
  edit(
    'secret-order',
    `${first}RUN --mount=type=secret,id=a --mount=type=secret,id=b echo 1\n`,
    `${first}RUN --mount=type=secret,id=b --mount=type=secret,id=a echo 1\n`,
  ),
  edit(
    'secret-and-cache-order',
    `${first}RUN --mount=type=secret,id=a --mount=type=cache,target=/c echo 1\n`,
    `${first}RUN --mount=type=cache,target=/c --mount=type=secret,id=a echo 1\n`,
  ),
  edit('ssh-added', `${first}RUN echo 1\n`, run('type=ssh')),
  edit('ssh-id-default', run('type=ssh'), run('type=ssh,id=default')),
  edit('ssh-id', run('type=ssh,id=a'), run('type=ssh,id=b')),
  edit('ssh-target', run('type=ssh'), run('type=ssh,target=/x')),
  edit('ssh-mode-default', run('type=ssh'), run('type=ssh,mode=0600')),
  change('link-first-step', 'FROM base:1\nCOPY --link a.txt /\nRUN echo SALT\nCOPY --link b.txt /\n', {
    'a.txt': 'new',
  }),
  change('link-in-the-middle', `${first}COPY a.txt /\nCOPY --link b.txt /\nCOPY d /d\nCOPY --link d /e\n`, {
    'a.txt': 'new',
  }),
  change('link-itself-changed', `${first}COPY a.txt /\nCOPY --link b.txt /\nRUN echo 1\n`, { 'b.txt': 'new' }),
  change('link-then-workdir', `${first}COPY a.txt /\nCOPY --link b.txt /\nWORKDIR /w\nCOPY --link d .\n`, {
    'a.txt': 'new',
  }),
  change(
    'link-last-in-parent-stage',
    'FROM base:1 AS s\nCOPY a.txt /\nCOPY --link b.txt /\nFROM s\nCOPY --link d /d\nRUN echo SALT\n',
    { 'a.txt': 'new' },
  ),
  change('link-on-scratch', 'FROM scratch\nCOPY --link a.txt /\nCOPY --link b.txt /\nCOPY d /d\n', { 'a.txt': 'new' }),
  edit(
    'link-on-scratch-or-plain',
    'FROM scratch\nCOPY a.txt /\nCOPY b.txt /\n',
    'FROM scratch\nCOPY --link a.txt /\nCOPY b.txt /\n',
  ),
  edit('link-added', `${first}COPY a.txt /\nRUN echo 1\n`, `${first}COPY --link a.txt /\nRUN echo 1\n`),
  edit('link-false', `${first}COPY a.txt /\n`, `${first}COPY --link=false a.txt /\n`),
  edit('link-true', `${first}COPY --link a.txt /\n`, `${first}COPY --link=true a.txt /\n`),
  edit(
    'link-of-other-stage-reused',
    'FROM base:1 AS s\nCOPY --link a.txt /\nRUN echo SALT\nFROM base:2\nCOPY b.txt /\n',
    'FROM base:1 AS s\nCOPY --link a.txt /\nRUN echo SALT\nFROM base:2\nCOPY b.txt /\nCOPY --link a.txt /\n',
  ),
  change('link-chown', `${first}COPY a.txt /\nCOPY --link --chown=1:1 b.txt /\n`, { 'a.txt': 'new' }),
  change('link-add', `${first}COPY a.txt /\nADD --link b.txt /\nRUN echo 1\n`, { 'a.txt': 'new' }),
  change(
    'link-from-stage',
    'FROM scratch AS s\nCOPY b.txt /b\nFROM base:1\nCOPY a.txt /\nCOPY --link --from=s /b /b\n',
    { 'a.txt': 'new' },
  ),
  change(
    'link-from-changed-stage',
    'FROM base:1 AS s\nCOPY . /src\nFROM base:1\nRUN echo SALT\nCOPY --link --from=s /src/d /d\nCOPY --link a.txt /\n',
    { 'a.txt': 'new' },
  ),
  edit(
    'link-heredoc',
    `${first}COPY a.txt /1\nCOPY --link <<f /f\nSALT\nf\n`,
    `${first}COPY a.txt /2\nCOPY --link <<f /f\nSALT\nf\n`,
  ),
  edit(
    'link-relative-target',
    `${first}WORKDIR /w\nCOPY --link a.txt x\n`,
    `${first}WORKDIR /v\nCOPY --link a.txt x\n`,
  ),
  change(
    'link-over-folder-then-copied',
    'FROM base:1 AS s\nCOPY d /t\nCOPY --link a.txt /t/x\nFROM base:1\nCOPY --from=s /t /t\nRUN echo SALT\n',
    { 'd/x': 'new' },
  ),
  change(
    'link-folder-header',
    'FROM base:1 AS s\nCOPY d /t\nCOPY --link e /t\nFROM base:1\nCOPY --from=s /t /t\nRUN echo SALT\n',
    { 'e/s/': { mode: 0o700 }, 'b.txt': 'new' },
    { files: { ...plainFiles, 'e/s/z': 'z' } },
  ),
];
