/**
 * Takes the pictures in docs/screenshots from the test build: first visit, download, chat, error, the page API; wide
 * and narrow, light and dark. `npm run screenshots`, after `npm run build:test`.
 */
import { mkdir } from 'node:fs/promises';
import { chromium, type Page } from 'playwright';
import { CHROMIUM_ARGS, chromiumPath } from './chromium';
import { serveSite } from './serve';

const FOLDER = 'docs/screenshots';
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };

type Scheme = 'light' | 'dark';

await mkdir(FOLDER, { recursive: true });
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
/** Holds the third part back while the download is in the picture. */
let hold = true;
const parts: string[] = [];
const site = await serveSite({
  dir: 'build-test',
  port: 0,
  intercept(request, response) {
    const url = request.url ?? '';
    if (!/blobs\/sha256-[0-9a-f]{64}$/.test(url)) return false;
    parts.push(url);
    if (!hold || parts.length < 4) return false;
    response.writeHead(200, { 'Content-Length': '20971520' });
    response.write(Buffer.alloc(8_000_000));
    return true;
  },
});

async function shots(scheme: Scheme, viewport: typeof WIDE, device: string): Promise<void> {
  const context = await browser.newContext({ colorScheme: scheme, viewport, deviceScaleFactor: 1 });
  const page = await context.newPage();
  const shot = (name: string) =>
    page.screenshot({ path: `${FOLDER}/${name}-${device}-${scheme}.png` });
  await page.goto(site.url);
  await page.getByRole('button', { name: 'Start chatting' }).waitFor();
  await shot('first-visit');
  hold = true;
  parts.length = 0;
  await page.getByRole('button', { name: 'Start chatting' }).click();
  await page.getByRole('progressbar').waitFor();
  await page.waitForFunction(() => /MB\/s/.test(document.body.innerText));
  await shot('download');
  hold = false;
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: /Resume/ }).click();
  await page.getByRole('textbox', { name: 'Message' }).waitFor({ timeout: 60_000 });
  await ask(page, 'Write a short note that thanks a neighbour for watering the plants.');
  await shot('chat');
  await page
    .getByRole('link', { name: 'New chat' })
    .first()
    .click({ timeout: 2000 })
    .catch(() => page.goto(site.url));
  await ask(page, 'word '.repeat(6000));
  await shot('error');
  await page.goto(`${site.url}developers/`);
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByText(/Done in/).waitFor({ timeout: 60_000 });
  await page.getByRole('heading', { name: 'Examples' }).scrollIntoViewIfNeeded();
  await shot('api');
  await context.close();
}

async function ask(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  const stop = page.getByRole('button', { name: 'Stop' });
  await stop.waitFor();
  await stop.waitFor({ state: 'detached', timeout: 45_000 }).catch(() => stop.click());
  await page.getByRole('button', { name: /Regenerate|Try again/ }).waitFor();
}

try {
  await shots('light', WIDE, 'desktop');
  await shots('dark', PHONE, 'phone');
} finally {
  await browser.close();
  await site.close();
}
