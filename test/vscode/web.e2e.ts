import assert from 'node:assert/strict';
import { join } from 'node:path';
import { root } from '../helpers/root.js';
import { Code } from './code.js';
import { eventually } from './eventually.js';
import type { Workbench } from './workbench.js';

/** The same package by its web entry: VS Code is told to run it in the browser's extension host, where there is no Node. */
describe('the extension in VS Code without Node', function () {
  this.bail(true);
  let code: Code;
  let workbench: Workbench;

  before(async function () {
    this.timeout(300_000);
    code = await Code.open({
      folder: join(root, 'fixtures/projects/shop'),
      settings: { 'remote.extensionKind': { 'layerwise.layerwise': ['web'] }, 'problems.defaultViewMode': 'table' },
    });
    workbench = code.workbench;
  });
  after(() => code?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code.keepScreenshot(this.currentTest.title);
  });

  it('finds what needs the files around, in a worker', async () => {
    await workbench.openFile('web/Dockerfile');
    const problems = await eventually('four findings', async () => {
      const entries = (await workbench.problems()).filter((entry) => entry.includes('layerwise'));
      return entries.length === 4 && entries;
    });
    assert.ok(problems.some((entry) => entry.includes('COPY . takes Dockerfile and .dockerignore')));
    assert.deepEqual(code.serverProcesses(), []);
  });

  it('applies a quick fix', async () => {
    await workbench.goTo(3, 6);
    await workbench.openQuickFixes();
    await workbench.chooseQuickFix('Copy only the manifests before `npm ci`');
    await workbench.saveAsIs();
    assert.match(
      workbench.read('web/Dockerfile'),
      /COPY package\.json package-lock\.json \.\/\nRUN npm ci\nCOPY \. \./,
    );
  });

  it('starts again on demand', async () => {
    await workbench.run('Layerwise: Restart Language Server');
    await workbench.replaceText('FROM alpine:latest\n');
    await eventually('the new finding', async () =>
      (await workbench.problems()).some((entry) => entry.includes('alpine:latest moves')),
    );
  });
});
