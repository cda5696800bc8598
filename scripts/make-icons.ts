/** Draws the PNG icons from `static/icons/icon.svg`. Run it after a change of the mark. */
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from './chromium.ts';

const FOLDER = 'static/icons';
const svg = readFileSync(`${FOLDER}/icon.svg`, 'utf8');

/** Systems cut these to a shape of their own: ground to the edge, the mark in the inner 80 %. */
const fullBleed = svg
  .replace(' rx="112"', '')
  .replace('id="gate"', 'id="gate" transform="translate(46 46) scale(0.82)"');

const ICONS: { name: string; size: number; source: string }[] = [
  { name: 'icon-192', size: 192, source: svg },
  { name: 'icon-512', size: 512, source: svg },
  { name: 'icon-180', size: 180, source: fullBleed },
  { name: 'icon-maskable-512', size: 512, source: fullBleed },
];

const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
try {
  for (const { name, size, source } of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0}svg{display:block}</style>${source}`);
    await page.screenshot({ path: `${FOLDER}/${name}.png`, omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
