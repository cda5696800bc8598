/**
 * What the tiny MLC model asks of the GPU: dispatches, submits, maps, writes, bytes; at a load, a prompt and a token.
 * The counts are the same on every adapter; PADDOCK_GPU=real takes the machine's own.
 *   npm run bench:gpu-work -- [--json]
 */
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { tinyMlcPlugin } from '../../tests/fixtures/tiny-mlc-plugin';
import { chromiumPath, REAL_GPU_ARGS, SWIFTSHADER_ARGS } from '../chromium';
import type { GpuCalls } from '../../tests/fixtures/gpu-counter';
import type { Report } from './gpu-work/page';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const server = await createServer({
  configFile: false,
  root: fileURLToPath(new URL('../..', import.meta.url)),
  cacheDir: 'node_modules/.vite-gpu-work',
  logLevel: 'error',
  plugins: [tinyMlcPlugin()],
  worker: { format: 'es' },
  // Found late, it would reload the page.
  optimizeDeps: { include: ['@mlc-ai/web-llm'], entries: [] },
  server: { host: '127.0.0.1', port: 0, hmr: false },
});
const browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: process.env.PADDOCK_GPU === 'real' ? REAL_GPU_ARGS : SWIFTSHADER_ARGS,
});
try {
  await server.listen();
  const page = await browser.newPage();
  const address = server.resolvedUrls?.local[0] ?? '';
  await page.goto(`${address}scripts/bench/gpu-work/page.html`);
  await page.waitForFunction('globalThis.measureGpuWork');
  const report = await page.evaluate<Report>('measureGpuWork()');
  const name = `Chromium ${browser.version()}`;
  if (values.json) console.log(JSON.stringify({ browser: name, ...report }, null, 2));
  else console.log(`${name}, ${report.info.adapter ?? ''}\n${table(report)}`);
} finally {
  await browser.close();
  await server.close();
}

function table({ load, prefill, promptTokens, token }: Report): string {
  const rows: [string, GpuCalls][] = [
    ['a load', load],
    [`a prompt of ${promptTokens}`, prefill],
    ['a token', token],
  ];
  const names = Object.keys(token) as (keyof GpuCalls)[];
  const head = ['', ...names].map((name) => name.padStart(14)).join('');
  const lines = rows.map(([title, part]) =>
    [title, ...names.map((name) => String(Math.round(part[name] * 10) / 10))]
      .map((text) => text.padStart(14))
      .join(''),
  );
  return [head, ...lines].join('\n');
}
