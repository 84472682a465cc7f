import assert from 'node:assert/strict';
import { propose, whyBehind } from '../../helpers/proposals.js';

const base = 'FROM continuumio/miniconda3\nWORKDIR /app\n';
const apt = 'RUN apt-get update && apt-get install -y gcc\n';

/** Whether the RUN comes before the COPY in what is proposed. */
function passes(copy: string, run: string): boolean {
  const { text } = propose(`${base}${copy}${run}RUN make\n`, { 'src/a.py': 'a', 'env.yml': 'b' }, ['src/a.py']);
  return text.startsWith(base + run);
}

describe('Installs of the system and files in /tmp', () => {
  for (const [copy, meets] of [
    ['COPY . /tmp/repo/\n', true],
    ['COPY src /tmp/src\n', true],
    ['COPY . /tmp/\n', false],
    ['COPY src /tmp/npm-cache\n', false],
    ['COPY src /tmp/.config\n', false],
    ['COPY src /var/tmp/src\n', false],
  ] as const)
    it(`${meets ? 'pass' : 'stay behind'} ${copy.trim()}`, () => {
      assert.equal(passes(copy, apt), meets);
    });

  it('stay behind it where they empty the folder', () => {
    assert.equal(
      passes('COPY src /tmp/src\n', 'RUN apt-get update && apt-get install -y gcc && rm -rf /tmp/*\n'),
      false,
    );
  });
});

describe('conda and what it installs by name', () => {
  for (const command of [
    'conda install -y -c conda-forge numpy',
    'mamba create -y -n web --channel bioconda python=3.12',
    'micromamba install -y -n base scipy && micromamba clean --all -y',
  ])
    it(`passes the sources: ${command}`, () => {
      assert.equal(passes('COPY . /app/\n', `RUN ${command}\n`), true);
    });

  for (const command of [
    'conda install -y --file env.yml',
    'micromamba create -y -f /app/env.yml',
    'mamba install -y -p ./env numpy',
    'conda create --prefix=env numpy',
    'conda install -y -c ./channel numpy',
    'conda install -y ./numpy.tar.bz2',
    'conda create -y --clone /app/env -n web',
  ])
    it(`does not where it may read or write them: ${command}`, () => {
      assert.equal(passes('COPY . /app/\n', `RUN ${command}\n`), false);
    });
});

describe('Variables that say how and not where', () => {
  const out = 'COPY --from=acme/out /out ./\n';
  for (const [setting, passes] of [
    ['DOTNET_NOLOGO=true', true],
    ['NODE_ENV=production', true],
    ['UV_LINK_MODE=copy', true],
    ['NPM_CONFIG_USERCONFIG=npmrc', false],
  ] as const)
    it(`${setting} ${passes ? 'names no file' : 'names a file'} of the working folder`, () => {
      const text = `FROM alpine:3.22\nENV ${setting}\nWORKDIR /app\n${out}RUN apk add git\n`;
      assert.equal(whyBehind(text, {}, 'COPY --from', 'RUN apk') === undefined, passes);
    });
});

describe('Variables that programs for files heed', () => {
  for (const [setting, run, passes] of [
    ['SSL_CERT_FILE=/etc/ssl/own.pem', 'curl -fsSL https://example.org/tool -o /opt/tool', false],
    ['TAR_OPTIONS=--no-same-owner', 'tar -xf /opt/tool.tar -C /opt', false],
    ['APP_MODE=fast', 'curl -fsSL https://example.org/tool -o /opt/tool', true],
  ] as const)
    it(`${passes ? 'are none of' : 'keep their place before'} ${run.split(' ', 1)[0]}: ${setting}`, () => {
      const text = `FROM alpine:3.22\nENV ${setting}\nRUN ${run}\n`;
      assert.equal(whyBehind(text, {}, 'ENV', 'RUN') === undefined, passes);
    });
});
