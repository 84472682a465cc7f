// Takes the pictures of the README anew: docs/images/*.png, from the packed extension in a real VS Code.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../helpers/root.js';
import { Code } from './code.js';
import { eventually } from './eventually.js';
import { makeHistory } from './history.js';

/** With the manifests first, so that not everything re-runs. */
const better = `FROM node:22.12-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM nginx:1.27.3
COPY --from=build /app/dist /usr/share/nginx/html
`;

const images = join(root, 'docs/images');
mkdirSync(images, { recursive: true });

/** As a shop is worked on: now and then another package, the texts of the sources all the time. */
const edited = Array.from({ length: 60 }, (_, index) =>
  index % 9 === 0 ? 'web/package.json' : index % 4 === 0 ? 'web/public/index.html' : 'web/src/cart.js',
);

const code = await Code.open({
  folder: join(root, 'fixtures/projects/shop'),
  prepare: (folder) => makeHistory(folder, edited),
  size: { width: 1000, height: 560 },
  settings: {
    'editor.fontSize': 15,
    // In pictures of their own.
    'layerwise.history': 'off',
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

  await page.setViewportSize({ width: 900, height: 520 });
  await workbench.goTo(3, 2);
  await workbench.hover();
  await page.screenshot({ path: join(images, 'hover.png') });
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 900, height: 400 });
  await workbench.openFile('web/.dockerignore');
  await workbench.goTo(2, 9);
  await workbench.hover();
  await page.screenshot({ path: join(images, 'ignore-file.png') });
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 1200, height: 400 });
  await workbench.openFile('web/Dockerfile');
  await workbench.replaceText(better);
  await workbench.saveAsIs();
  await workbench.goTo(9, 1);
  await workbench.run('Layerwise: What Re-Runs if I Change…');
  await workbench.choose('src/cart.js');
  await page.locator('.statusbar-item', { hasText: 'steps re-run because' }).waitFor();
  await page.screenshot({ path: join(images, 're-runs.png') });
  await workbench.run('Layerwise: Clear What Re-Runs');

  await page.setViewportSize({ width: 1500, height: 640 });
  workbench.write('.vscode/settings.json', '{ "layerwise.history": "lens" }\n');
  const lens = page.locator('.codelens-decoration a', { hasText: 're-ran in' });
  await lens.first().click();
  await eventually('the page', async () => /60 commits/.test(await workbench.webviewText()));
  await page.screenshot({ path: join(images, 'layer-history.png') });
} catch (error) {
  await code.keepScreenshot('screenshots');
  throw error;
} finally {
  await code.close();
}
