/** Decode rates of the starter on one thread: Paddock's page and a bare wllama page, in turns. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { pairedRatio, percentile, type Ratio } from '#core/statistics';
import { STARTER } from '#core/starter';
import { serveSite } from '../serve';
import { STARTER_BLOBS, starterParts } from '../fixtures/starter-bytes';
import type { PaddockGlobal } from './house-latency';
import { openPaddock } from './paddock-page';

const PROMPT = 'explain quantum entanglement';
const WLLAMA = 'node_modules/@wllama/wllama/esm';

export interface Decode {
  pairs: number;
  /** Medians, tokens/s, by the clock of the page that reads them. */
  paddock: number;
  bare: number;
  /** Paddock's rate over the bare one's. */
  ratio: Ratio;
}

export async function againstBare(
  browser: Browser,
  pairs: number,
  tokens: number,
): Promise<Decode> {
  const site = await serveSite({ dir: 'build-test', port: 0 });
  const bareSite = await serveBare();
  try {
    const paddockPage = await openPaddock(browser, site.url);
    const barePage = await openBare(browser, bareSite.url);
    const rates = { paddock: [] as number[], bare: [] as number[] };
    // One turn of each is warm-up; then the order changes every pair, so that drift falls on both.
    for (let pair = -1; pair < pairs; pair++) {
      const turns: (keyof typeof rates)[] =
        pair % 2 === 0 ? ['paddock', 'bare'] : ['bare', 'paddock'];
      for (const who of turns) {
        const times =
          who === 'paddock'
            ? await askPaddock(paddockPage, tokens)
            : await askBare(barePage, tokens);
        if (pair >= 0) rates[who].push(rate(times));
      }
    }
    return {
      pairs,
      paddock: percentile(rates.paddock, 0.5),
      bare: percentile(rates.bare, 0.5),
      ratio: pairedRatio(rates.paddock, rates.bare),
    };
  } finally {
    await site.close();
    bareSite.close();
  }
}

/** Pieces a second, from the first to the last. */
function rate(times: number[]): number {
  return ((times.length - 1) * 1000) / (times.at(-1)! - times[0]!);
}

function askPaddock(page: Page, tokens: number): Promise<number[]> {
  return page.evaluate(
    async ([model, content, num_predict]) => {
      const { ollama } = (globalThis as unknown as PaddockGlobal).__paddockTest;
      const times: number[] = [];
      const reply = await ollama.chat({
        model,
        messages: [{ role: 'user', content }],
        stream: true,
        keep_alive: -1,
        options: { num_predict, temperature: 0, num_thread: 1, num_ctx: 4096 },
      });
      for await (const { message } of reply) if (message.content) times.push(performance.now());
      return times;
    },
    [STARTER.name, PROMPT, tokens] as const,
  );
}

interface BareGlobal {
  ask(message: object): Promise<{ times: number[] }>;
}

async function askBare(page: Page, tokens: number): Promise<number[]> {
  const { times } = await page.evaluate(
    ([prompt, tokens]) =>
      (globalThis as unknown as BareGlobal).ask({ type: 'chat', prompt, tokens }),
    [PROMPT, tokens] as const,
  );
  return times;
}

async function openBare(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  const parts = await starterParts();
  await page.evaluate(
    (parts) => (globalThis as unknown as BareGlobal).ask({ type: 'load', parts }),
    parts.map((name) => `/model/${name}`),
  );
  return page;
}

/** The bare page, wllama and the parts, isolated as the site is. */
async function serveBare() {
  const here = import.meta.dirname;
  const roots: [string, string][] = [
    ['/wllama/', WLLAMA],
    ['/model/', STARTER_BLOBS],
    ['/', here],
  ];
  const types: Record<string, string> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.wasm': 'application/wasm',
  };
  const server = createServer((request, response) => {
    const url = request.url === '/' ? '/bare.html' : (request.url ?? '');
    const [prefix, root] = roots.find(([start]) => url.startsWith(start))!;
    readFile(path.join(root, path.normalize(url.slice(prefix.length)))).then(
      (bytes) => {
        response.writeHead(200, {
          'Content-Type': types[path.extname(url)] ?? 'application/octet-stream',
          'Cross-Origin-Opener-Policy': 'same-origin',
          'Cross-Origin-Embedder-Policy': 'require-corp',
        });
        response.end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}/`, close: () => server.close() };
}
