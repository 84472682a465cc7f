import assert from 'node:assert/strict';
import { join } from 'node:path';
import { root } from '../helpers/root.js';
import { Code } from './code.js';
import { eventually } from './eventually.js';
import { makeHistory } from './history.js';
import type { Workbench } from './workbench.js';

/** A repository in which the sources change often and the manifests seldom. */
describe('the cache and its history in VS Code', function () {
  this.bail(true);
  let code: Code;
  let workbench: Workbench;

  before(async function () {
    this.timeout(300_000);
    const commits = Array.from({ length: 12 }, (_, index) =>
      index % 6 === 0 ? 'web/package.json' : 'web/src/cart.js',
    );
    code = await Code.open({
      folder: join(root, 'fixtures/projects/shop'),
      prepare: (folder) => makeHistory(folder, commits),
    });
    workbench = code.workbench;
  });
  after(() => code?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code.keepScreenshot(this.currentTest.title);
  });

  const notes = async () => (await workbench.decorationTexts()).join('\n');

  it('shows above the steps how often they re-ran', async () => {
    await workbench.openFile('web/Dockerfile');
    await workbench.page.locator('.codelens-decoration', { hasText: 're-ran in 12 of 12 commits' }).first().waitFor();
    await workbench.page.locator('.codelens-decoration', { hasText: 'steps re-run per commit' }).first().waitFor();
  });

  it('tells what a key depends on', async () => {
    await workbench.goTo(4, 2);
    assert.match(await workbench.hover(), /Cached until one of these changes/);
    await workbench.page.keyboard.press('Escape');
  });

  it('shows what re-runs if a file changes, and clears it', async () => {
    await workbench.run('Layerwise: What Re-Runs if I Change…');
    await workbench.choose('package.json');
    await eventually('what re-runs', async () => /↻ rebuilt because package\.json changed/.test(await notes()));
    assert.match(await notes(), /✓ cached/);
    await workbench.page.locator('.statusbar-item', { hasText: 'steps re-run because package.json' }).waitFor();
    await workbench.run('Layerwise: Clear What Re-Runs');
    await eventually('nothing of it', async () => !/rebuilt because/.test(await notes()));
  });

  it('shows no history where the settings say so, at once', async () => {
    const lenses = workbench.page.locator('.codelens-decoration', { hasText: 're-ran in' });
    workbench.write('.vscode/settings.json', '{ "layerwise.history": "off" }\n');
    await eventually('no history', async () => (await lenses.count()) === 0);
    workbench.write('.vscode/settings.json', '{}\n');
    await lenses.first().waitFor();
  });

  it('shows the history as a page beside the file', async () => {
    await workbench.page.locator('.codelens-decoration a', { hasText: 're-ran in 12 of 12 commits' }).first().click();
    await workbench.page.locator('.tab', { hasText: 'Layer History: Dockerfile' }).waitFor();
    await eventually('the page', async () => /12 commits/.test(await workbench.webviewText()));
  });
});
