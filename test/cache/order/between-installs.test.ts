import assert from 'node:assert/strict';
import type { MemoryFiles } from '../../../server/model/memory-source.js';
import { propose } from '../../helpers/proposals.js';

const files: MemoryFiles = {
  'requirements.txt': 'flask==3.0.0\n',
  'package.json': '{"name": "app"}',
  'package-lock.json': '{"lockfileVersion": 3, "packages": {"": {"name": "app"}}}',
  'src/a.js': 'a',
  '.dockerignore': 'Dockerfile\nnode_modules\n',
};
const head = 'FROM python:3.13\nWORKDIR /app\n';
const apt = 'apt-get update && apt-get install -y git';
const pip = 'pip install -r requirements.txt';

describe('A RUN with several package managers', () => {
  it('is cut where what one of them reads changes, and the other one need not run again', () => {
    const text = `${head}COPY requirements.txt .\nRUN ${apt} && ${pip}\nCOPY . .\n`;
    const { text: found, moves } = propose(text, files, ['requirements.txt']);
    assert.equal(found, `${head}RUN ${apt}\nCOPY requirements.txt .\nRUN ${pip}\nCOPY . .\n`);
    assert.deepEqual(
      moves.map(({ instruction, part, rebuilds: { before, after } }) => [instruction, part, before, after]),
      [[`RUN ${apt}`, 'head', 20, 0]],
    );
  });

  it('stays whole where they run again for the same commits', () => {
    const text = `${head}COPY requirements.txt .\nRUN ${apt} && ${pip}\nCOPY . .\n`;
    assert.equal(propose(text, files, ['src/a.js']).text, text);
  });

  it('stays whole where it goes as a whole, and is told of as one', () => {
    const run = `RUN ${apt} && \\\n    ${pip} && \\\n    npm ci`;
    const { text, moves } = propose(`${head}COPY . .\n${run} && \\\n    make\n`, files, ['src/a.js']);
    assert.equal(
      text,
      `${head}COPY requirements.txt ./\nCOPY package-lock.json package.json ./\n${run}\nCOPY . .\nRUN make\n`,
    );
    assert.deepEqual(
      moves.flatMap(({ part, passes }) => (part === 'manifests' ? [] : [[part, passes.length]])),
      [['head', 1]],
    );
  });

  it('is cut in three where all three differ', () => {
    const changed = ['src/a.js', 'requirements.txt', 'package-lock.json'];
    const { text } = propose(`${head}COPY . .\nRUN ${apt} && ${pip} && npm ci && make\n`, files, changed);
    assert.equal(
      text,
      `${head}RUN ${apt}\nCOPY requirements.txt ./\nRUN ${pip}\nCOPY package-lock.json package.json ./\nRUN npm ci\nCOPY . .\nRUN make\n`,
    );
  });

  it('keeps together what belongs to one manager, and what is tidied up at the end', () => {
    for (const run of [
      'apt-get update && apt-get install -y git',
      `${apt} && ${pip} && rm -rf /root/.cache`,
      `${apt}; ${pip}`,
      `. ./env && ${pip} && npm ci`,
      `(${apt}) && ${pip}`,
    ]) {
      const text = `${head}COPY requirements.txt .\nRUN ${run}\nCOPY . .\n`;
      assert.doesNotMatch(propose(text, files, ['requirements.txt']).text, /RUN .*\n(?:COPY .*\n)?RUN /, run);
    }
  });

  it('is told the same in each part, and stays behind a COPY that makes its folder', () => {
    const text = (setting: string) => `${head}COPY requirements.txt .\nRUN ${setting} && ${apt} && ${pip}\nCOPY . .\n`;
    assert.equal(
      propose(text('set -ex'), files, ['requirements.txt']).text,
      `${head}RUN set -ex && ${apt}\nCOPY requirements.txt .\nRUN set -ex && ${pip}\nCOPY . .\n`,
    );
    const inFolder = text('cd web').replace('requirements.txt .', 'requirements.txt web/');
    assert.equal(propose(inFolder, files, ['requirements.txt']).text, inFolder);
  });
});
