/** Images whose config sets no WORKDIR, so that a build starts in `/` (docker-library and the vendors' Dockerfiles). */
export const plainImages: ReadonlySet<string> = new Set(
  [
    'alpine almalinux amazonlinux archlinux busybox buildpack-deps centos debian fedora oraclelinux rockylinux ubuntu',
    'amazoncorretto eclipse-temurin elixir erlang gcc haskell ibmjava julia node openjdk perl pypy python r-base ruby rust',
    'swift nginx redis postgres mysql mariadb mongo memcached caddy traefik rabbitmq',
    'nvidia/cuda continuumio/miniconda3 denoland/deno mcr.microsoft.com/dotnet/sdk mcr.microsoft.com/dotnet/core/sdk microsoft/dotnet',
    'public.ecr.aws/docker/library/node public.ecr.aws/docker/library/python',
  ]
    .join(' ')
    .split(' '),
);
