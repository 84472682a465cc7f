import type { EngineCase, Tree } from '../case.js';
import { args, change, edit, plainFiles, target } from './define.js';

const ignored = (text: string, more: Tree = {}): { files: Tree } => ({
  files: { ...plainFiles, 'd/s/z': 'z', 'd/s/w': 'w', ...more, '.dockerignore': text },
});

/** The platform of the engine says which stage the last one is built from. */
const byPlatform = (os: string) =>
  `FROM base:1 AS s-linux\nCOPY a.txt /a\nRUN echo SALT\nFROM base:1 AS s-windows\nCOPY b.txt /b\nRUN echo SALT w\nFROM s-$${os}\nCOPY d /d\n`;

/** Several stages, targets, and content that is found again. */
export const stageCases: readonly EngineCase[] = [
  ...['', 'ARG TARGETOS\n', 'ARG TARGETOS=windows\n'].map((first, index) =>
    change(`from-platform-names-stage-${index}`, `${first}${byPlatform('TARGETOS')}`, { 'a.txt': 'new' }),
  ),
  change('from-platform-names-stage-default', byPlatform('{TARGETOS:-windows}'), { 'a.txt': 'new' }),
  change('from-platform-names-stage-whole', byPlatform('{TARGETPLATFORM%%/*}'), { 'a.txt': 'new' }),
  args('from-platform-argument', byPlatform('TARGETOS'), { TARGETOS: 'windows' }, { TARGETOS: 'linux' }),
  args('from-platform-argument-same', byPlatform('BUILDOS'), {}, { BUILDOS: 'linux' }),
  change(
    'from-copied-file-unchanged',
    'FROM base:1 AS s\nCOPY a.txt /a\nCOPY b.txt /b\nFROM base:1\nCOPY --from=s /b /b\nRUN echo SALT\n',
    { 'a.txt': 'new' },
  ),
  change(
    'from-copied-file-changed',
    'FROM base:1 AS s\nCOPY a.txt /a\nCOPY b.txt /b\nFROM base:1\nCOPY --from=s /a /a\nRUN echo SALT\n',
    { 'a.txt': 'new' },
  ),
  change(
    'from-folder-of-copy',
    'FROM base:1 AS s\nCOPY . /src\nFROM base:1\nCOPY --from=s /src/d /d\nRUN echo SALT\n',
    { 'a.txt': 'new' },
  ),
  change(
    'from-folder-of-copy-changed',
    'FROM base:1 AS s\nCOPY . /src\nFROM base:1\nCOPY --from=s /src/d /d\nRUN echo SALT\n',
    { 'd/x': 'new' },
  ),
  change('from-wildcard', 'FROM base:1 AS s\nCOPY . /src\nFROM base:1\nCOPY --from=s /src/*.txt /t/\n', {
    'd/x': 'new',
  }),
  change('from-wildcard-changed', 'FROM base:1 AS s\nCOPY . /src\nFROM base:1\nCOPY --from=s /src/*.txt /t/\n', {
    'c.txt': 'c',
  }),
  change('from-wildcard-on-image', 'FROM base:1 AS s\nCOPY d /d\nFROM base:1\nCOPY --from=s /q* /t/\nRUN echo SALT\n', {
    'd/x': 'new',
  }),
  change(
    'from-exclude',
    'FROM base:1 AS s\nCOPY . /src\nFROM base:1\nCOPY --from=s --exclude=*.txt /src /t/\n',
    { 'a.txt': 'new' },
    ignored('Dockerfile\n'),
  ),
  change(
    'from-exclude-changed',
    'FROM base:1 AS s\nCOPY . /src\nFROM base:1\nCOPY --from=s --exclude=*.txt /src /t/\n',
    { 'd/x': 'new' },
    ignored('Dockerfile\n'),
  ),
  change('from-two-paths', 'FROM base:1 AS s\nCOPY a.txt /a\nCOPY b.txt /b\nFROM base:1\nCOPY --from=s /a /b /t/\n', {
    'b.txt': 'new',
  }),
  edit(
    'from-two-paths-swapped',
    'FROM base:1 AS s\nCOPY . /src\nFROM base:1\nCOPY --from=s /src/a.txt /src/d/x /t/\n',
    'FROM base:1 AS s\nCOPY . /src\nFROM base:1\nCOPY --from=s /src/d/x /src/a.txt /t/\n',
    ignored('Dockerfile\n'),
  ),
  change(
    'from-through-two-stages',
    'FROM scratch AS s\nCOPY . /src\nFROM scratch AS t\nCOPY --from=s /src/d /d\nFROM base:1\nCOPY --from=t /d/x /x\nRUN echo SALT\n',
    { 'd/y': 'new' },
  ),
  change(
    'from-through-two-stages-unchanged',
    'FROM scratch AS s\nCOPY . /src\nFROM scratch AS t\nCOPY --from=s /src/d /d\nFROM base:1\nCOPY --from=t /d/x /x\nRUN echo SALT\n',
    { 'b.txt': 'new' },
  ),
  change(
    'from-file-overwritten',
    'FROM base:1 AS s\nCOPY a.txt /f\nCOPY b.txt /f\nFROM base:1\nCOPY --from=s /f /f\nRUN echo SALT\n',
    { 'a.txt': 'new' },
  ),
  change(
    'from-folder-merged',
    'FROM scratch AS s\nCOPY d /t\nCOPY e /t\nFROM base:1\nCOPY --from=s /t /t\n',
    { 'd/x': 'new' },
    { files: { 'd/x': 'x', 'e/x': 'other' } },
  ),
  change(
    'from-folder-merged-seen',
    'FROM scratch AS s\nCOPY d /t\nCOPY e /t\nFROM base:1\nCOPY --from=s /t /t\n',
    { 'd/y': 'new' },
    { files: { 'd/x': 'x', 'd/y': 'y', 'e/x': 'other' } },
  ),
  change(
    'from-link-in-stage',
    'FROM scratch AS s\nCOPY . /src\nFROM base:1\nCOPY --from=s /src/l /t\nRUN echo SALT\n',
    { 'a.txt': 'new' },
    { files: { ...plainFiles, l: { link: 'a.txt' } } },
  ),
  change(
    'from-link-in-stage-unchanged',
    'FROM scratch AS s\nCOPY . /src\nFROM base:1\nCOPY --from=s /src/l /t\nRUN echo SALT\n',
    { 'b.txt': 'new' },
    { files: { ...plainFiles, l: { link: 'a.txt' } } },
  ),
  change(
    'from-through-link-folder',
    'FROM scratch AS s\nCOPY . /\nCOPY b.txt /f/b\nFROM base:1\nCOPY --from=s /d/b /t\nRUN echo SALT\n',
    { 'b.txt': 'new' },
    { files: { ...plainFiles, f: { link: 'd' } } },
  ),
  change(
    'from-chmod-hides-mode',
    'FROM scratch AS s\nCOPY --chmod=600 a.txt /a\nFROM base:1\nCOPY --from=s /a /a\nRUN echo SALT\n',
    { 'a.txt': { text: 'a', mode: 0o755 } },
  ),
  change('from-folder-mode', 'FROM scratch AS s\nCOPY . /src\nFROM base:1\nCOPY --from=s /src/d /d\nRUN echo SALT\n', {
    'd/': { mode: 0o700 },
    'a.txt': 'new',
  }),
  change(
    'from-inner-folder-mode',
    'FROM scratch AS s\nCOPY . /src\nFROM base:1\nCOPY --from=s /src/d /d\nRUN echo SALT\n',
    { 'd/s/': { mode: 0o700 }, 'a.txt': 'new' },
    { files: { ...plainFiles, 'd/s/z': 'z' } },
  ),
  edit(
    'from-owner',
    'FROM scratch AS s\nCOPY --chown=1:1 a.txt /a\nFROM base:1\nCOPY --from=s /a /a\nRUN echo SALT\n',
    'FROM scratch AS s\nCOPY --chown=2:2 a.txt /a\nFROM base:1\nCOPY --from=s /a /a\nRUN echo SALT\n',
  ),
  edit(
    'from-owner-hidden',
    'FROM scratch AS s\nCOPY --chown=1:1 a.txt /b\nCOPY --chown=3:3 a.txt /a\nFROM base:1\nCOPY --from=s /a /a\nRUN echo SALT\n',
    'FROM scratch AS s\nCOPY --chown=2:2 a.txt /b\nCOPY --chown=3:3 a.txt /a\nFROM base:1\nCOPY --from=s /a /a\nRUN echo SALT\n',
  ),
  edit(
    'from-same-file-by-other-way',
    'FROM scratch AS s\nCOPY a.txt /a\nFROM base:1\nCOPY --from=s /a /a\nRUN echo SALT\n',
    'FROM scratch AS s\nCOPY . /\nCOPY a.txt /a\nFROM base:1\nCOPY --from=s /a /a\nRUN echo SALT\n',
  ),
  edit(
    'from-metadata-in-source-stage',
    'FROM base:1 AS s\nLABEL a=1\nCOPY a.txt /a\nFROM base:1\nCOPY --from=s /a /a\n',
    'FROM base:1 AS s\nLABEL a=2\nEXPOSE 1\nCOPY a.txt /a\nFROM base:1\nCOPY --from=s /a /a\n',
  ),
  edit(
    'from-run-env-changed',
    'FROM base:1 AS s\nENV A=1\nRUN echo SALT > /o\nFROM base:1\nCOPY --from=s /o /o\nRUN echo 1\n',
    'FROM base:1 AS s\nENV A=2\nRUN echo SALT > /o\nFROM base:1\nCOPY --from=s /o /o\nRUN echo 1\n',
  ),
  change(
    'from-copied-before-run',
    'FROM base:1 AS s\nCOPY a.txt /a\nRUN echo SALT > /o\nFROM base:1\nCOPY --from=s /o /o\nCOPY --from=s /a /a\n',
    { 'a.txt': 'new' },
  ),
  change(
    'from-copied-after-run',
    'FROM base:1 AS s\nCOPY b.txt /b\nRUN echo SALT > /o\nCOPY a.txt /a\nFROM base:1\nCOPY --from=s /a /a\nRUN echo 1\n',
    { 'b.txt': 'new' },
  ),
  edit(
    'from-image-file',
    'FROM base:1\nCOPY --from=base:2 /etc/salt /s\nRUN echo 1\n',
    'FROM base:1\nCOPY --from=base:2 /etc/salt /s\n\nRUN echo 1\n',
  ),
  edit(
    'from-image-equal-file',
    'FROM base:1\nCOPY --from=base:1 /etc/base /s\nRUN echo SALT\n',
    'FROM base:1\nCOPY --from=base:2 /etc/base /s\nRUN echo SALT\n',
  ),
  edit(
    'from-number-or-name',
    'FROM scratch AS s\nCOPY a.txt /a\nFROM base:1\nCOPY --from=s /a /a\n',
    'FROM scratch AS s\nCOPY a.txt /a\nFROM base:1\nCOPY --from=0 /a /a\n',
  ),
  edit(
    'stage-renamed',
    'FROM base:1 AS s\nRUN echo SALT\nFROM s AS t\nRUN echo 1\nFROM base:1\nCOPY --from=t /etc/salt /a\n',
    'FROM base:1 AS u\nRUN echo SALT\nFROM u AS v\nRUN echo 1\nFROM base:1\nCOPY --from=v /etc/salt /a\n',
  ),
  edit(
    'stage-inserted',
    'FROM base:1 AS s\nRUN echo SALT\nFROM base:1\nCOPY --from=s /etc/salt /a\n',
    'FROM base:2 AS n\nRUN echo SALT 2\nFROM base:1 AS s\nRUN echo SALT\nFROM base:1\nCOPY --from=s /etc/salt /a\n',
  ),
  edit(
    'stages-swapped',
    'FROM base:1 AS s\nRUN echo SALT s\nFROM base:1 AS t\nRUN echo SALT t\nFROM base:1\nCOPY --from=s /etc/salt /a\nCOPY --from=t /etc/base /b\n',
    'FROM base:1 AS t\nRUN echo SALT t\nFROM base:1 AS s\nRUN echo SALT s\nFROM base:1\nCOPY --from=s /etc/salt /a\nCOPY --from=t /etc/base /b\n',
  ),
  edit(
    'stage-split',
    'FROM base:1\nRUN echo SALT\nCOPY a.txt /\nRUN echo 1\n',
    'FROM base:1 AS s\nRUN echo SALT\nCOPY a.txt /\nFROM s\nRUN echo 1\n',
  ),
  edit(
    'stage-copied-from-renamed-path',
    'FROM scratch AS s\nCOPY a.txt /p/a\nFROM base:1\nCOPY --from=s /p/a /t\n',
    'FROM scratch AS s\nCOPY a.txt /q/a\nFROM base:1\nCOPY --from=s /q/a /t\n',
  ),
  edit(
    'stage-equal-prefix-grows',
    'FROM base:1 AS s\nRUN echo SALT\nRUN echo 1\nFROM base:1 AS t\nRUN echo SALT\nCOPY --from=s /etc/salt /a\n',
    'FROM base:1 AS s\nRUN echo SALT\nRUN echo 1\nFROM base:1 AS t\nRUN echo SALT\nRUN echo 1\nCOPY --from=s /etc/salt /a\n',
  ),
  edit(
    'stage-no-longer-needed',
    'FROM base:1 AS s\nRUN echo SALT\nFROM base:1\nCOPY --from=s /etc/salt /a\nCOPY a.txt /\n',
    'FROM base:1 AS s\nRUN echo SALT\nFROM base:1\nCOPY a.txt /\n',
  ),
  edit(
    'stage-unneeded-edited',
    'FROM base:1 AS s\nRUN echo SALT 1\nFROM base:1\nCOPY a.txt /\n',
    'FROM base:1 AS s\nRUN echo SALT 2\nFROM base:1\nCOPY a.txt /\n',
  ),
  edit(
    'stage-becomes-needed',
    'FROM base:1 AS s\nRUN echo SALT 1\nFROM base:1\nCOPY a.txt /\n',
    'FROM base:1 AS s\nRUN echo SALT 1\nFROM base:1\nCOPY a.txt /\nCOPY --from=s /etc/salt /\n',
  ),
  edit(
    'duplicate-stage-name',
    'FROM base:1 AS s\nRUN echo SALT 1\nFROM base:1 AS s\nRUN echo SALT 2\nFROM base:1\nCOPY --from=s /etc/salt /a\n',
    'FROM base:1 AS s\nRUN echo SALT 3\nFROM base:1 AS s\nRUN echo SALT 2\nFROM base:1\nCOPY --from=s /etc/salt /a\n',
  ),
  edit(
    'base-of-one-stage',
    'FROM base:1 AS s\nRUN echo SALT > /o\nFROM base:1\nCOPY a.txt /\nCOPY --from=s /o /o\n',
    'FROM base:2 AS s\nRUN echo SALT > /o\nFROM base:1\nCOPY a.txt /\nCOPY --from=s /o /o\n',
  ),
  edit('scratch-in-place-of-base', 'FROM base:1\nCOPY a.txt /\n', 'FROM scratch\nCOPY a.txt /\n'),
  target(
    'target-earlier-stage',
    'FROM base:1 AS s\nRUN echo SALT\nCOPY a.txt /\nFROM s AS t\nRUN echo 1\n',
    undefined,
    's',
  ),
  target(
    'target-other-stage',
    'FROM base:1 AS s\nRUN echo SALT s\nFROM base:1 AS t\nRUN echo SALT t\nFROM base:1\nCOPY --from=s /etc/salt /\n',
    undefined,
    't',
  ),
  target('target-by-case', 'FROM base:1 AS s\nRUN echo SALT\nFROM s AS t\nRUN echo 1\n', 's', 'S'),
  args(
    'target-and-argument',
    'FROM base:1 AS s\nARG V\nRUN echo SALT\nFROM base:1 AS t\nCOPY a.txt /\n',
    { V: '1' },
    { V: '2' },
    { target: 's' },
  ),
  change(
    'change-outside-target',
    'FROM base:1 AS s\nCOPY a.txt /\nFROM base:1 AS t\nCOPY b.txt /\n',
    { 'b.txt': 'new' },
    { target: 's' },
  ),
  change(
    'scratch-stage-of-files',
    'FROM scratch AS files\nCOPY . /\nFROM base:1\nCOPY --from=files /a.txt /\nRUN echo SALT\nCOPY --from=files /d /d\n',
    { 'd/x': 'new' },
  ),
  change('ignore-everything-but', 'FROM base:1\nCOPY . /t/\n', { 'b.txt': 'new' }, ignored('*\n!a.txt\n!d\n')),
  change('ignore-exception-deep', 'FROM base:1\nCOPY . /t/\n', { 'd/s/z': 'new' }, ignored('d\n!d/s/z\n')),
  change('ignore-exception-deep-other', 'FROM base:1\nCOPY . /t/\n', { 'd/s/w': 'new' }, ignored('d\n!d/s/z\n')),
  change('ignore-exception-order', 'FROM base:1\nCOPY . /t/\n', { 'd/x': 'new' }, ignored('!d/x\nd\n')),
  change('ignore-any-level', 'FROM base:1\nCOPY . /t/\n', { 'd/s/z': 'new' }, ignored('**/z\n')),
  change('ignore-root-only', 'FROM base:1\nCOPY . /t/\n', { 'd/s/z': 'new' }, ignored('z\n')),
  change(
    'ignore-rule-for-a-present-file',
    'FROM base:1\nCOPY . /t/\n',
    { '.dockerignore': '.dockerignore\nb.txt\n' },
    ignored('.dockerignore\n'),
  ),
  change(
    'ignore-rule-for-no-file',
    'FROM base:1\nCOPY . /t/\n',
    { '.dockerignore': '.dockerignore\nnothing\n' },
    ignored('.dockerignore\n'),
  ),
  change(
    'ignore-rule-outside-the-copy',
    'FROM base:1\nCOPY d /t/\n',
    { '.dockerignore': 'b.txt\n' },
    ignored('a.txt\n'),
  ),
  change(
    'ignore-dockerfile-edit',
    'FROM base:1\nCOPY . /t/\n',
    { 'b.txt': 'new' },
    ignored('Dockerfile\n.dockerignore\nb.txt\n'),
  ),
  edit(
    'ignored-dockerfile-edited',
    'FROM base:1\nCOPY . /t/\n',
    'FROM base:1\nCOPY . /t/\n# edited\n',
    ignored('Dockerfile\n'),
  ),
  change(
    'ignore-own-file',
    'FROM base:1\nCOPY . /t/\n',
    { 'b.txt': 'new' },
    { files: { ...plainFiles, 'Dockerfile.dockerignore': 'b.txt\n', '.dockerignore': 'a.txt\n' } },
  ),
  change(
    'ignore-bind-mount',
    'FROM base:1\nRUN --mount=type=bind,target=/m ls /m && echo SALT\n',
    { 'b.txt': 'new' },
    ignored('b.txt\n'),
  ),
];
