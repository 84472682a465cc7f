import assert from 'node:assert/strict';
import { join } from 'node:path';
import { root } from '../helpers/root.js';
import { Code } from './code.js';
import { eventually } from './eventually.js';
import type { Workbench } from './workbench.js';

/** One window for all, as a user has it: each test starts from where the one before has ended. */
describe('the extension in VS Code', function () {
  this.bail(true);
  let code: Code;
  let workbench: Workbench;

  const problem = (text: string) =>
    eventually(`${text} in Problems`, async () => (await workbench.problems()).find((entry) => entry.includes(text)));
  /** Others are there, so that this is no list that is yet to be filled. */
  const noProblem = (text: string) =>
    eventually(`no ${text} in Problems`, async () => {
      const entries = await workbench.problems();
      return entries.length > 0 && !entries.some((entry) => entry.includes(text));
    });

  const anotherServer = (before: readonly number[]) =>
    eventually('another server', () => {
      const now = code.serverProcesses();
      return before.length === 1 && now.length === 1 && now[0] !== before[0];
    });
  const answersToAnEdit = async () => {
    await workbench.openFile('web/Dockerfile');
    const text = workbench.read('web/Dockerfile');
    await workbench.replaceText(`${text}FROM alpine:latest\n`);
    await problem('alpine:latest moves');
    await workbench.replaceText(text);
    await noProblem('alpine:latest moves');
  };

  before(async function () {
    this.timeout(300_000);
    code = await Code.open({
      folder: join(root, 'fixtures/projects/shop'),
      settings: {
        '[dockerfile]': { 'editor.codeActionsOnSave': { 'source.fixAll.layerwise': 'explicit' } },
        // One line for each finding, so that all are in sight.
        'problems.defaultViewMode': 'table',
      },
    });
    workbench = code.workbench;
  });
  after(() => code?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code.keepScreenshot(this.currentTest.title);
  });

  it('shows what it finds: a squiggle and an entry in Problems', async () => {
    await workbench.openFile('web/Dockerfile');
    await workbench.squiggles('warning').first().waitFor();
    assert.match(await problem('`COPY . .` before `npm ci`'), /^Warning: .* at line 3 and character 6.*layerwise/);
    assert.match(await problem('nginx:latest moves'), /^Warning: .* at line 7 and character 12/);
  });

  it('says in its status what it found, and its version', async () => {
    const status = await workbench.languageStatus();
    assert.match(status, /4 findings/);
    assert.match(status, /Layerwise \d+\.\d+\.\d+/);
  });

  it('tells in a hover what was found and why', async () => {
    await workbench.goTo(3, 6);
    const hover = await workbench.hover();
    assert.match(hover, /makes every edit of the sources install all dependencies again/);
    assert.match(hover, /copy-before-install/);
  });

  it('applies a quick fix', async () => {
    await workbench.goTo(3, 6);
    const [first = '', ...others] = await workbench.openQuickFixes();
    assert.match(first, /^Copy only the manifests before `npm ci`/);
    assert.ok(others.some((title) => title.includes('Ignore copy-before-install for this instruction')));
    await workbench.chooseQuickFix('Copy only the manifests before `npm ci`');
    await noProblem('`COPY . .` before `npm ci`');
    await workbench.saveAsIs();
    assert.deepEqual(workbench.read('web/Dockerfile').split('\n').slice(2, 6), [
      'COPY package.json package-lock.json ./',
      'RUN npm ci',
      'COPY . .',
      'RUN npm run build',
    ]);
  });

  it('looks at the Dockerfile anew while its ignore file is edited', async () => {
    await problem('takes Dockerfile and .dockerignore');
    await workbench.openFile('web/.dockerignore');
    await workbench.replaceText('node_modules\nDockerfile\n.dockerignore\n');
    await noProblem('takes Dockerfile and .dockerignore');
    await workbench.replaceText('node_modules\n');
    await problem('takes Dockerfile and .dockerignore');
  });

  it('looks at the Dockerfile anew when a file changes on the disk', async () => {
    await problem('npm downloads everything again');
    workbench.write('.layerwise.jsonc', '{ "rules": { "missing-cache-mount": "off" } }\n');
    await noProblem('npm downloads everything again');
  });

  it('lists what is in files that nobody has opened, where the setting says so', async () => {
    workbench.write('.vscode/settings.json', '{ "layerwise.workspaceDiagnostics": true }\n');
    await problem('apt-get install uses package lists');
    workbench.write('.vscode/settings.json', '{}\n');
    await noProblem('apt-get install uses package lists');
  });

  it('looks at the Dockerfile anew while a manifest is edited', async () => {
    const severityIs = (severity: string) =>
      eventually(`${severity} in Problems`, async () =>
        (await workbench.problems()).some((entry) => entry.startsWith(`${severity}: \`COPY . /srv\` before`)),
      );
    await workbench.openFile('api/Dockerfile');
    await severityIs('Warning');
    await workbench.openFile('api/requirements.txt');
    const saved = workbench.read('api/requirements.txt');
    await workbench.replaceText(`${saved}-e .\n`);
    await severityIs('Info');
    await workbench.replaceText(saved);
    await severityIs('Warning');
  });

  it('applies all safe fixes on save', async () => {
    await workbench.openFile('api/Dockerfile');
    await problem('`COPY . /srv` before');
    await problem('apt-get install uses package lists');
    await workbench.replaceText(`${workbench.read('api/Dockerfile')}# edited\n`);
    await workbench.save();
    await noProblem('`COPY . /srv` before');
    await noProblem('apt-get install uses package lists');
    assert.match(workbench.read('api/Dockerfile'), /^COPY .*requirements\.txt .*\nRUN pip install/m);
  });

  it('starts again on demand', async () => {
    const before = code.serverProcesses();
    await workbench.run('Layerwise: Restart Language Server');
    await anotherServer(before);
    await answersToAnEdit();
  });

  it('notices that the server has died, and starts it again', async () => {
    const before = code.serverProcesses();
    for (const id of before) process.kill(id, 'SIGKILL');
    await anotherServer(before);
    await answersToAnEdit();
  });

  it('starts again on demand after it could not start', async () => {
    const repair = code.breakServer();
    await workbench.run('Layerwise: Restart Language Server');
    await eventually('the failure in the status', async () => /did not start/.test(await workbench.languageStatus()));
    repair();
    await workbench.run('Layerwise: Restart Language Server');
    await answersToAnEdit();
    await workbench.run('Notifications: Clear All Notifications');
  });

  it('applies all safe fixes on demand', async () => {
    await workbench.openFile('web/Dockerfile');
    await workbench.replaceText('FROM node:22.12\nCOPY . .\nRUN npm ci\n');
    await problem('`COPY . .` before `npm ci`');
    await workbench.run('Layerwise: Fix All (Safe Fixes)');
    await eventually('the fix', async () =>
      (await workbench.editorText()).includes('COPY package.json package-lock.json'),
    );
    await workbench.run('File: Revert File');
    await problem('nginx:latest moves');
  });

  it('shows its log', async () => {
    await workbench.run('Layerwise: Show Log');
    await workbench.page
      .locator('.part.panel select, .part.panel .monaco-select-box', { hasText: 'Layerwise' })
      .first()
      .waitFor();
  });

  it('explains a rule', async () => {
    await workbench.openFile('web/Dockerfile');
    await problem('nginx:latest moves');
    await workbench.run('Layerwise: Explain Rule');
    await workbench.choose('unpinned-base');
    await workbench.page.locator('.tab.active', { hasText: 'Preview unpinned-base.md' }).waitFor();
    assert.match(await workbench.webviewText(), /unpinned-base/);
  });

  it('opens the configuration', async () => {
    await workbench.run('Layerwise: Create or Open Configuration');
    await workbench.page.locator('.tab.active[data-resource-name=".layerwise.jsonc"]').waitFor();
  });

  it('collects debug information without the text of any file', async () => {
    await workbench.run('Layerwise: Collect Debug Information');
    const text = await eventually('the report', async () => {
      const shown = await workbench.editorText();
      return shown.includes('debug information') && shown;
    });
    assert.match(text, /Server: running/);
    assert.doesNotMatch(text, /FROM nginx/);
  });

  it('knows .dockerignore as a language', async () => {
    await workbench.openFile('web/.dockerignore');
    await workbench.page.locator('#status\\.editor\\.mode', { hasText: 'Docker Ignore' }).waitFor();
  });
});
