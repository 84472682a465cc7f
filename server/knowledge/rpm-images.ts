// Which program `yum` is, by image: patterns as in `CacheFolder.images`. What is not here is not certain.

/** Yum 3, whose `/etc/yum.conf` says `cachedir=/var/cache/yum/$basearch/$releasever` and `keepcache=0`. */
export const yumImages: readonly string[] = [
  ...['centos', 'quay.io/centos/centos'].flatMap((name) => [`${name}:6*`, `${name}:7*`, `${name}:centos7*`]),
  ...['amazonlinux', 'public.ecr.aws/amazonlinux/amazonlinux'].flatMap((name) => [
    `${name}:1`,
    `${name}:2`,
    `${name}:2.*`,
    `${name}:2018*`,
  ]),
  'oraclelinux:7*',
  'registry.access.redhat.com/ubi7*',
  'nvidia/cuda:*centos7*',
  'quay.io/pypa/manylinux2014_*',
  // Amazon Linux 2; later ones are of Amazon Linux 2023 and have microdnf
  ...['public.ecr.aws/lambda/', 'amazon/aws-lambda-'].flatMap((name) => [
    ...['3.8', '3.9', '3.10', '3.11'].map((version) => `${name}python:${version}*`),
    ...['14', '16', '18'].map((version) => `${name}nodejs:${version}*`),
    ...['8.al2', '11', '17'].map((version) => `${name}java:${version}*`),
    `${name}provided:al2`,
    `${name}provided:al2.*`,
  ]),
];

/** `yum` is a link to dnf 4, whose folder is `/var/cache/dnf`. */
export const yumIsDnfImages: readonly string[] = [
  'centos:8*',
  'centos:centos8*',
  'centos:latest',
  'quay.io/centos/centos:stream*',
  'rockylinux',
  'rockylinux/rockylinux',
  'almalinux',
  'almalinux/8-base',
  'almalinux/9-base',
  'oraclelinux:8*',
  'oraclelinux:9*',
  ...['registry.access.redhat.com', 'registry.redhat.io', 'redhat'].flatMap((name) => [
    `${name}/ubi8*`,
    `${name}/ubi9*`,
  ]),
  ...['amazonlinux', 'public.ecr.aws/amazonlinux/amazonlinux'].flatMap((name) => [`${name}:2023*`, `${name}:latest`]),
  'nvidia/cuda:*rockylinux*',
  'nvidia/cuda:*ubi8*',
  'nvidia/cuda:*ubi9*',
  'quay.io/pypa/manylinux_2_28_*',
  'quay.io/pypa/manylinux_2_34_*',
  ...fedora(['3?', '40']),
];

/** `yum` is a link to dnf 5, whose folder is `/var/cache/libdnf5`. */
export const yumIsDnf5Images: readonly string[] = fedora(['41', '42', '43', '44', 'latest', 'rawhide']);

function fedora(tags: readonly string[]): readonly string[] {
  const versions = tags.flatMap((tag) =>
    tag.endsWith('?') ? Array.from({ length: 10 }, (_, digit) => tag.replace('?', String(digit))) : [tag],
  );
  return ['fedora', 'registry.fedoraproject.org/fedora', 'quay.io/fedora/fedora'].flatMap((name) =>
    versions.map((version) => `${name}:${version}`),
  );
}

/**
 * microdnf 3.7 or later, which know `--setopt=keepcache=1` (no other value is taken); all have `/var/cache/yum` (`dnf/dnf-main.c`).
 * Fedora's is another program since Fedora 38: dnf 5.
 */
export const microdnfImages: readonly string[] = [
  ...['registry.access.redhat.com/ubi', 'registry.redhat.io/ubi', 'redhat/ubi'].flatMap((name) => [
    ...['latest', '8.5', '8.6', '8.7', '8.8', '8.9', '8.10'].flatMap((tag) => [
      `${name}8-minimal:${tag}`,
      `${name}8-minimal:${tag}-*`,
      `${name}8/ubi-minimal:${tag}`,
      `${name}8/ubi-minimal:${tag}-*`,
    ]),
    `${name}9-minimal`,
    `${name}9/ubi-minimal`,
  ]),
  ...['rockylinux', 'rockylinux/rockylinux', 'almalinux'].flatMap((name) => [
    `${name}:8-minimal*`,
    `${name}:9-minimal*`,
    `${name}:9.*-minimal*`,
  ]),
  'oraclelinux:8-slim*',
  'oraclelinux:9-slim*',
];
