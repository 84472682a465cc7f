// Takes the pictures of the README anew: docs/images/*.png, from the packed extension in a real VS Code.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../helpers/root.js';
import { Code } from './code.js';
import { eventually } from './eventually.js';

const images = join(root, 'docs/images');
mkdirSync(images, { recursive: true });

const code = await Code.open({
  folder: join(root, 'fixtures/projects/shop'),
  size: { width: 1000, height: 560 },
  settings: {
    'editor.fontSize': 15,
    'editor.lightbulb.enabled': 'off',
    'editor.occurrencesHighlight': 'off',
    'editor.overviewRulerBorder': false,
    'editor.renderLineHighlight': 'none',
    'editor.scrollBeyondLastLine': false,
    'editor.stickyScroll.enabled': false,
    'window.commandCenter': false,
    'workbench.activityBar.location': 'hidden',
    'workbench.layoutControl.enabled': false,
  },
});
try {
  const { workbench } = code;
  const { page } = workbench;
  await workbench.openFile('web/Dockerfile');
  await page.keyboard.press('Control+B');
  await eventually('the findings', async () => (await workbench.problems()).length > 4);
  // More of the window for the panel.
  const panel = (await page.locator('.part.panel').boundingBox()) ?? { x: 0, y: 0 };
  await page.mouse.move(panel.x + 300, panel.y - 3);
  await page.mouse.down();
  await page.mouse.move(panel.x + 300, panel.y - 90, { steps: 10 });
  await page.mouse.up();
  await page.mouse.move(panel.x + 300, 150);
  await workbench.goTo(1, 1);
  await page.screenshot({ path: join(images, 'findings.png') });

  await workbench.run('View: Toggle Panel Visibility');
  await page.setViewportSize({ width: 900, height: 400 });
  await workbench.goTo(3, 7);
  await workbench.openQuickFixes();
  await page.screenshot({ path: join(images, 'quick-fix.png') });
  await page.keyboard.press('Escape');

  await workbench.goTo(3, 2);
  await workbench.hover();
  await page.screenshot({ path: join(images, 'hover.png') });
  await page.keyboard.press('Escape');

  await workbench.openFile('web/.dockerignore');
  await workbench.goTo(2, 9);
  await workbench.hover();
  await page.screenshot({ path: join(images, 'ignore-file.png') });
} finally {
  await code.close();
}
