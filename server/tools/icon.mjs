// Draws client/icon.png (128 × 128, as the marketplaces want it) from client/icon.svg, with Debian's chromium.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const client = fileURLToPath(new URL('../../client', import.meta.url));
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
const svg = readFileSync(`${client}/icon.svg`, 'utf8');
await page.setContent(`<body style="margin:0"><style>svg{display:block}</style>${svg}</body>`);
await page.screenshot({ path: `${client}/icon.png`, omitBackground: true });
await browser.close();
