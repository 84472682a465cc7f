/** What a generated instruction may name. */
export interface Names {
  /** Chooses by the next random number. */
  one<T>(values: readonly T[]): T;
  /** A number that no other instruction of the build has. */
  readonly number: number;
  /** Earlier stages by the name or number that an instruction may use, with paths that are in them. */
  readonly stages: readonly { readonly reference: string; readonly paths: readonly string[] }[];
  readonly hasShell: boolean;
}

/** One instruction with the options that are rarer in practice. */
export function rareInstruction(names: Names): string {
  const { one, hasShell } = names;
  const plain = [copyOfImage, expandedTarget, expandedFolder, download, variables, excludedTwice];
  return one(
    hasShell ? [...plain, severalMounts, severalMounts, mountedImage, secretMount, cacheOfStage, script] : plain,
  )(names);
}

const copyOfImage = ({ one }: Names) =>
  `COPY ${one(['', '--link ', '--chmod=600 '])}--from=base:${one([1, 2])} ${one(['/etc/salt', '/etc/base', '/etc/s*'])} ${one(['/i/', '/t/', '/'])}`;

const expandedTarget = ({ one }: Names) =>
  `COPY ${one(['a.txt', 'd', 'e'])} /v${one(['$ONE', '\\$ONE', '"$TWO"', "'$ONE'"])}${one(['', '/'])}`;

const expandedFolder = ({ one }: Names) => `WORKDIR /w${one(['$ONE', '$THREE', '/../x', '//y', '/'])}`;

const download = ({ one }: Names) =>
  `ADD ${one(['', '--link ', '--chown=1:1 ', '--checksum=sha256:SHA256-one '])}SERVER/one/${one(['f', 'g'])} ${one(['/u/', '/t/'])}`;

const variables = ({ one }: Names) =>
  one([
    'ENV PATH=$PATH:/q',
    'ENV Z=$ONE',
    'ARG Z',
    'ARG ONE=1 TWO=2',
    'ENV TWO="a b" ONE=c',
    'ARG TARGETARCH',
    'ENV A=$TWO TWO=1',
  ]);

const excludedTwice = ({ one }: Names) =>
  `COPY --exclude=${one(['x', 's', '*'])} --exclude=${one(['!s/z', 'y', '!x'])} ${one(['d', 'd*', '.', 'd e'])} /ex/`;

const severalMounts = ({ one, number, stages }: Names) => {
  const own = [
    'source=a.txt,target=/m1',
    'source=d,target=/m2,rw',
    'target=/m3',
    'type=tmpfs,target=/m4',
    'type=cache,target=/m5',
  ];
  const ofStages = stages.flatMap(({ reference, paths }) =>
    paths.slice(0, 2).map((path) => `from=${reference},source=${path},target=/m6`),
  );
  const first = one(own);
  const second = one([...own, ...ofStages].filter((mount) => mount !== first));
  return `RUN --mount=${first} --mount=${second} echo SALT ${number}`;
};

const mountedImage = ({ one, number }: Names) =>
  `RUN --mount=from=base:${one([1, 2])},source=${one(['/etc', '/etc/base', '/bin'])},target=/m echo SALT ${number}`;

const secretMount = ({ one, number }: Names) =>
  `RUN --mount=type=${one(['secret,id=a', 'secret,id=a,target=/s', 'secret,id=b,env=B', 'ssh', 'ssh,id=x'])} echo SALT ${number}`;

const cacheOfStage = ({ one, number, stages }: Names) => {
  const [path, reference] = one([
    ...stages.map((stage) => [stage.paths[0] ?? '/', stage.reference]),
    ['/etc', 'base:2'],
  ]);
  const folder = path?.slice(0, path.lastIndexOf('/')) || '/';
  return `RUN --mount=type=cache,from=${reference},source=${folder},target=/c echo SALT ${number}`;
};

const script = ({ one, number }: Names) =>
  `${one(['', 'SHELL ["/bin/sh", "-ec"]\n', 'SHELL ["/bin/sh", "-c"]\n'])}RUN <<EOF\n${one(['#!/bin/sh\n', ''])}echo SALT ${number}\nEOF`;
