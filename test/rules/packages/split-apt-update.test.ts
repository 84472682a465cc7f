import { splitAptUpdate } from '../../../server/rules/packages/split-apt-update.js';
import { testRule } from '../../helpers/rule-tester.js';

testRule(splitAptUpdate, {
  valid: [
    'FROM debian:12\nRUN apt-get update && apt-get install -y curl\n',
    {
      name: 'an update of its own in every step',
      code: 'FROM debian:12\nRUN apt-get update && apt-get install -y a\nRUN apt-get -q update; apt-get install -y b\n',
    },
    { name: 'lists of the base image are not known', code: 'FROM debian:12\nRUN apt-get install -y curl\n' },
    {
      name: 'the lists are gone',
      code: 'FROM debian:12\nRUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y b\n',
    },
    {
      name: 'apt itself has removed the lists',
      code: 'FROM debian:13\nRUN apt-get update && apt-get install -y a && apt-get dist-clean\nRUN apt-get install -y b\n',
    },
    {
      name: 'another stage',
      code: 'FROM debian:12 AS a\nRUN apt-get update\nFROM debian:12\nRUN apt-get install -y b\n',
    },
    {
      name: 'a local package',
      code: 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y ./a.deb /tmp/b.deb\n',
    },
    {
      name: 'a repository script updates the lists',
      code: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs\n',
    },
    {
      name: 'add-apt-repository updates the lists',
      code: 'FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y software-properties-common\nRUN add-apt-repository -y ppa:a/b && apt-get install -y c\n',
    },
    {
      name: 'a script of the project',
      code: 'FROM debian:12\nRUN apt-get update\nRUN ./prepare.sh && apt-get install -y b\n',
    },
    {
      name: 'removing needs no lists',
      code: 'FROM debian:12\nRUN apt-get update\nRUN apt-get remove -y curl && apt-get clean\n',
    },
    {
      name: 'lists in a mount that the other step does not have',
      code: 'FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\nRUN apt-get install -y curl\n',
    },
    {
      name: 'frozen on purpose',
      code: 'FROM debian:12\nRUN echo deb http://snapshot.debian.org/a b c > /etc/apt/sources.list\nRUN apt-get update\nRUN apt-get install -y b\n',
    },
  ],
  invalid: [
    {
      code: 'FROM debian:12\nRUN apt-get update\nRUN «apt-get install» -y \\\n    curl\n',
      message: 'uses package lists of an earlier step',
      evidence: /cached as a layer/,
      safety: 'safe',
      fixed: 'FROM debian:12\nRUN apt-get update && apt-get install -y \\\n    curl\n',
    },
    {
      name: 'options stay',
      code: 'FROM debian:12\nRUN DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 -qq update\nLABEL a=b\nRUN DEBIAN_FRONTEND=noninteractive «apt-get -y install» curl\n',
      safety: 'safe',
      fixed:
        'FROM debian:12\nLABEL a=b\nRUN apt-get -o Acquire::Retries=3 -qq update && DEBIAN_FRONTEND=noninteractive apt-get -y install curl\n',
    },
    {
      name: 'a step between may change the sources',
      code: 'FROM debian:12\nRUN apt-get update\nCOPY sources.list /etc/apt/\nRUN «apt-get install» -y curl\n',
      safety: 'unsafe',
      caveat: /package sources/,
      fixed: 'FROM debian:12\nCOPY sources.list /etc/apt/\nRUN apt-get update && apt-get install -y curl\n',
    },
    {
      name: 'several installs in a row are one finding and become one step',
      code: 'FROM debian:12\nRUN apt-get update\nRUN «apt-get install» -y a\nRUN apt-get install -y b\n# the last\nRUN apt-get install -y c\n',
      evidence: /this step uses them too\nthis step uses them too/,
      safety: 'safe',
      fixed:
        'FROM debian:12\nRUN apt-get update && apt-get install -y a && \\\n    apt-get install -y b && \\\n# the last\n    apt-get install -y c\n',
    },
    {
      name: 'installs with something between get an update each; the first takes it along',
      code: 'FROM debian:12\nRUN apt-get update\nRUN «apt-get install» -y a\nWORKDIR /app\nRUN apt-get install -y b\n',
      safety: 'safe',
      fixed:
        'FROM debian:12\nRUN apt-get update && apt-get install -y a\nWORKDIR /app\nRUN apt-get update && apt-get install -y b\n',
    },
    {
      name: 'a step between that may change the sources makes the repeated update unsafe',
      code: 'FROM debian:12\nRUN apt-get update\nRUN «apt-get install» -y a\nRUN echo "deb https://example.com a b" > /etc/apt/sources.list.d/a.list\nRUN apt-get install -y b\n',
      safety: 'unsafe',
    },
    {
      name: 'many installs',
      code: `FROM debian:12\nRUN apt-get update\nRUN «apt-get install» -y a\n${'RUN apt-get install -y b\n'.repeat(6)}`,
      evidence: /so do 2 more steps/,
    },
    {
      name: 'new lists are another finding',
      code: 'FROM debian:12\nRUN apt-get update\nRUN «apt-get install» -y a\nRUN apt-get update\nRUN «apt-get install» -y b\n',
    },
    {
      name: 'one of several that may not run',
      code: 'FROM debian:12\nRUN apt-get update\nRUN if test -e /x; then «apt-get install» -y b; fi\nRUN apt-get install -y c\n',
      safety: 'none',
      evidence: /no fix: /,
    },
    {
      name: 'an update that its own step needs stays',
      code: 'FROM debian:12\nRUN apt-get update && apt-get install -y a\nRUN «apt-get install» -y b && rm -rf /var/lib/apt/lists/*\n',
      safety: 'safe',
      fixed:
        'FROM debian:12\nRUN apt-get update && apt-get install -y a\nRUN apt-get update && apt-get install -y b && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      name: 'a stage that is built on one with lists',
      code: 'FROM debian:12 AS base\nRUN apt-get update && apt-get install -y a\nFROM base\nRUN «apt install» -y b\n',
      safety: 'unsafe',
      fixed:
        'FROM debian:12 AS base\nRUN apt-get update && apt-get install -y a\nFROM base\nRUN apt-get update && apt install -y b\n',
    },
    {
      name: 'sudo comes along, and commands before stay before',
      code: 'FROM debian:12\nRUN sudo apt-get update\nRUN mkdir -p /a && sudo «apt-get install» -y b\n',
      safety: 'unsafe',
      fixed: 'FROM debian:12\nRUN mkdir -p /a && sudo apt-get update && sudo apt-get install -y b\n',
    },
    {
      name: 'one that may not run is left to the author',
      code: 'FROM debian:12\nRUN apt-get update\nRUN if test -e /x; then «apt-get install» -y b; fi\n',
      safety: 'none',
    },
    {
      name: 'both steps have the lists in a mount, which may be empty',
      message: 'in a cache mount, which can be old or empty',
      code: 'FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get update\nRUN --mount=type=cache,target=/var/lib/apt/lists «apt-get install» -y b\n',
      fixed:
        'FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get update\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get update && apt-get install -y b\n',
    },
    {
      name: 'in a heredoc',
      code: 'FROM debian:12\nRUN apt-get update\nRUN <<EOF\nset -e\n«apt-get install» -y b\nEOF\n',
      safety: 'safe',
      fixed: 'FROM debian:12\nRUN <<EOF\nset -e\napt-get update && apt-get install -y b\nEOF\n',
    },
    {
      name: 'in a heredoc, with more behind it',
      code: 'FROM debian:12\nRUN apt-get update\nRUN <<EOF\nset -e\n«apt-get install» -y b\necho c\nEOF\n',
      safety: 'safe',
      fixed: 'FROM debian:12\nRUN <<EOF\nset -e\napt-get update; apt-get install -y b\necho c\nEOF\n',
    },
    {
      name: 'under set -e, where a failure in front of && would be passed over',
      code: 'FROM debian:12\nRUN apt-get update\nRUN set -eux; «apt-get install» -y b; echo c\n',
      safety: 'safe',
      fixed: 'FROM debian:12\nRUN set -eux; apt-get update; apt-get install -y b; echo c\n',
    },
    ...[
      '«apt-get install» -y b; echo c',
      '«apt-get install» -y b || true',
      '«apt-get install» -y b; if test -e /c; then rm /c; fi',
      '{ «apt-get install» -y b; } || true',
      '<<EOF\n«apt-get install» -y b\necho c\nEOF',
    ].map((run) => ({
      name: `a step that would go on where the update fails: ${run.replaceAll('\n', ' ')}`,
      code: `FROM debian:12\nRUN apt-get update\nRUN ${run}\n`,
      safety: 'unsafe' as const,
      caveat: /^the build then goes on where the update fails$/,
    })),
    {
      name: 'what comes behind the install is as before',
      code: 'FROM debian:12\nRUN apt-get update\nRUN «apt-get install» -y b && if test -e /c; then rm /c; fi\n',
      safety: 'safe',
    },
    ...['https_proxy=http://p:1 apt-get update', 'apt-get \\\n -o Acquire::Check-Valid-Until=false update'].map(
      (update) => ({
        name: `an update with what would be lost: ${update}`,
        code: `FROM debian:12\nRUN ${update}\nRUN «apt-get install» -y b\n`,
        safety: 'unsafe' as const,
        caveat: /^the update then runs without/,
      }),
    ),
    {
      name: 'usual options over several lines are no loss',
      code: 'FROM debian:12\nRUN apt-get -qq \\\n  update\nRUN «apt-get install» -y b\n',
      safety: 'safe',
      fixed: 'FROM debian:12\nRUN apt-get update && apt-get install -y b\n',
    },
    {
      name: 'what silences it comes along',
      code: 'FROM debian:12\nRUN apt-get update -yqq > /dev/null 2>&1\nRUN «apt-get install» -y b\n',
      safety: 'safe',
      fixed: 'FROM debian:12\nRUN apt-get update -yqq > /dev/null 2>&1 && apt-get install -y b\n',
    },
    {
      name: 'an update that writes a file stays',
      code: 'FROM debian:12\nRUN apt-get update > /log\nRUN «apt-get install» -y b\n',
      safety: 'unsafe',
      fixed: 'FROM debian:12\nRUN apt-get update > /log\nRUN apt-get update && apt-get install -y b\n',
    },
    {
      name: 'a variable between that the download heeds',
      code: 'FROM debian:12\nRUN apt-get update\nENV LD_LIBRARY_PATH=/opt/lib\nRUN «apt-get install» -y b\n',
      safety: 'unsafe',
    },
    {
      name: 'an update that may fail',
      code: 'FROM debian:12\nRUN apt-get update; apt-get clean\nRUN «apt-get install» -y b\n',
      safety: 'unsafe',
      caveat: /^the build then stops where the update fails$/,
    },
    {
      name: 'an install that is to fail',
      code: 'FROM debian:12\nRUN apt-get update\nRUN ! «apt-get install» -y b\n',
      safety: 'none',
    },
    { name: 'an upgrade', code: 'FROM debian:12\nRUN apt-get update\nRUN «apt-get dist-upgrade» -y\n' },
    {
      name: 'packages that a variable names',
      code: 'FROM debian:12\nRUN apt-get update\nRUN «apt-get install» -y $PACKAGES\n',
    },
  ],
});
