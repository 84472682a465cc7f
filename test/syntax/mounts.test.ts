import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/syntax/dockerfile.js';
import { type Mount, type MountProblem, mountsOf } from '../../server/syntax/mounts.js';

function read(text: string): { mounts: readonly Mount[]; problems: readonly MountProblem[]; text: string } {
  const file = parseDockerfile(text);
  const run = file.instructions.find((one) => one.keyword === 'RUN');
  assert.ok(run?.keyword === 'RUN');
  return { ...mountsOf(file, run), text };
}

/** The mount of `RUN --mount=VALUE x`. */
function mount(value: string): Mount {
  const [first] = read(`FROM a\nRUN --mount=${value} x\n`).mounts;
  assert.ok(first);
  return first;
}

/** Message and guilty text of the problem of `RUN --mount=VALUE x`. */
function problem(value: string): readonly [string, string] | undefined {
  const { problems, text } = read(`FROM a\nRUN --mount=${value} x\n`);
  const [first] = problems;
  return first && [first.message, text.slice(first.span.start, first.span.end)];
}

describe('mountsOf', () => {
  it('reads a cache mount with the place of every option', () => {
    const { mounts, problems, text } = read(
      'FROM a\nRUN --mount=type=cache,id=npm,target=/root/.npm,sharing=locked,uid=1000,mode=0755 npm ci\n',
    );
    const [cache] = mounts;
    assert.deepEqual(problems, []);
    assert.deepEqual(
      [cache?.type, cache?.id, cache?.target, cache?.sharing, cache?.uid, cache?.mode],
      ['cache', 'npm', '/root/.npm', 'locked', '1000', '0755'],
    );
    const spans = [...(cache?.optionSpans ?? [])].map(([key, span]) => [key, text.slice(span.start, span.end)]);
    assert.deepEqual(spans, [
      ['type', 'type=cache'],
      ['id', 'id=npm'],
      ['target', 'target=/root/.npm'],
      ['sharing', 'sharing=locked'],
      ['uid', 'uid=1000'],
      ['mode', 'mode=0755'],
    ]);
    assert.equal(text.slice(cache?.span.end), ' npm ci\n');
    assert.equal(text.slice(0, cache?.span.start), 'FROM a\nRUN ');
  });

  it('is a bind mount unless it says something else', () => {
    assert.deepEqual([mount('target=/x').type, mount('target=/x,source=a').source], ['bind', 'a']);
    assert.equal(mount('TYPE=Cache,target=/x').type, 'cache');
  });

  it('knows the aliases', () => {
    const aliased = mount('src=a,dst=/b,ro=false');
    assert.deepEqual([aliased.source, aliased.target, aliased.readonly], ['a', '/b', false]);
    assert.equal(mount('destination=/b').target, '/b');
    assert.deepEqual([...mount('dst=/b,rw').optionSpans.keys()], ['target', 'readonly']);
  });

  it('is read-only by default but for cache and tmpfs', () => {
    const defaults = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'].map(
      (type) => mount(`type=${type},target=/x`).readonly,
    );
    assert.deepEqual(defaults, [true, false, false, true, true]);
    const written = ['ro', 'rw', 'readonly=0', 'readwrite=true', 'rw=false', 'ro=$X'];
    assert.deepEqual(
      written.map((option) => mount(`type=bind,target=/x,${option}`).readonly),
      [true, false, false, false, true, undefined],
    );
  });

  it('names a cache after its cleaned target', () => {
    assert.equal(mount('type=cache,target=/root/.npm/').id, '/root/.npm');
    assert.equal(mount('type=cache,target=/a/../b').id, '/b');
    assert.equal(mount('type=cache,target=node_modules').id, 'node_modules');
    assert.equal(mount('type=cache,target=$HOME/.npm').id, undefined);
    assert.equal(mount('type=bind,target=/x').id, undefined);
  });

  it('reads CSV quotes and Docker quotes', () => {
    assert.equal(mount('type=bind,target=/x,"source=a b"').source, 'a b');
    const csv = read(`FROM a\nRUN --mount='type=bind,"source=a,b",target=/x' c\n`);
    assert.equal(csv.mounts[0]?.source, 'a,b');
    const at = csv.mounts[0]?.optionSpans.get('target');
    assert.equal(csv.text.slice(at?.start, at?.end), 'target=/x');
    assert.equal(mount('"type=cache,target=/a b"').target, '/a b');
  });

  it('reads a value over continuation lines', () => {
    const { mounts, text } = read('FROM a\nRUN --mount=type=cache,\\\ntarget=/x,\\\n# why\nsharing=locked y\n');
    const at = mounts[0]?.optionSpans.get('sharing');
    assert.equal(text.slice(at?.start, at?.end), 'sharing=locked');
    assert.equal(mounts[0]?.target, '/x');
  });

  it('reads several mounts and passes other flags over', () => {
    const { mounts } = read('FROM a\nRUN --mount=type=ssh --network=none --mount=type=secret,id=s,required x\n');
    assert.deepEqual(
      mounts.map((one) => [one.type, one.id, one.required]),
      [
        ['ssh', undefined, false],
        ['secret', 's', true],
      ],
    );
  });

  const rejected: readonly (readonly [string, string, string])[] = [
    ['type=cach,target=/x', 'unsupported mount type "cach" (did you mean cache?)', 'type=cach'],
    ['type=volume,target=/x', 'unsupported mount type "volume"', 'type=volume'],
    ['type=cache,targt=/x', "unexpected key 'targt' in 'targt=/x' (did you mean target?)", 'targt=/x'],
    ['type=cache,target', "invalid field 'target' must be a key=value pair", 'target'],
    ['target=/x,sharing=lock', 'unsupported sharing value "lock" (did you mean locked?)', 'sharing=lock'],
    ['target=/x,sharing=locked', 'invalid cache sharing set for bind mount', 'sharing=locked'],
    ['target=/x,required', "unexpected key 'required' for mount type 'bind'", 'required'],
    ['required,type=secret,id=x', "unexpected key 'required' for mount type 'bind'", 'required'],
    ['target=/x,ro=yes', 'invalid value for ro: yes', 'ro=yes'],
    ['type=cache,target=/x,size=1g', "unexpected key 'size' for mount type 'cache'", 'size=1g'],
    ['type=tmpfs,target=/x,size=big', 'invalid value for size: big', 'size=big'],
    ['type=cache,target=/x,mode=999', 'invalid value 999 for mode', 'mode=999'],
    ['type=cache,target=/x,uid=node', 'invalid value node for uid', 'uid=node'],
    ['target=/x,gid=1', 'gid not allowed for "bind" type mounts', 'gid=1'],
    ['type=secret', 'invalid secret mount. one of source, target required', '--mount=type=secret'],
    ['type=secret,id=a,source=b', "both source and id can't be set", 'id=a'],
    ['type=secret,id=a,from=b', 'secret mount should not have a from', 'from=b'],
    ['type=ssh,source=a', 'ssh does not support source', 'source=a'],
    ['from=$X,target=/x', "'from' doesn't support variable expansion, define alias stage instead", 'from=$X'],
    ['type=cache,target=/', 'invalid mount target "/"', 'target=/'],
    [
      `'target="x'`,
      'failed to parse csv mounts: parse error on line 1, column 8: bare " in non-quoted field',
      `'target="x'`,
    ],
  ];
  for (const [value, message, at] of rejected) {
    it(`rejects ${value}`, () => assert.deepEqual(problem(value), [message, at]));
  }

  const accepted = [
    'type=cache,target=$X,uid=$UID,sharing=$S,mode=$M',
    'type=$TYPE,target=/x,sharing=locked',
    'type=tmpfs,target=/x,size=64m',
    'type=tmpfs,target=/x,size=1.5GiB',
    'type=secret,target=/x,mode=0400,uid=1,gid=1',
    'type=secret,id=x,env=X,required=true',
    'type=ssh,required',
    'type=bind,source=a',
    'type=bind,from=$,target=/x',
  ];
  for (const value of accepted) it(`accepts ${value}`, () => assert.equal(problem(value), undefined));

  it('lists a rejected mount as far as it can be read, with one problem', () => {
    const { mounts, problems } = read('FROM a\nRUN --mount=type=cache,foo=1,bar=2,target=/x y\n');
    assert.deepEqual([mounts[0]?.type, mounts[0]?.target, problems.length], ['cache', '/x', 1]);
  });
});
