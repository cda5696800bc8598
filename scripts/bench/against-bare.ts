/** Decode rates of the starter on one thread: Paddock's page and the bare engine in a worker, in turns. */
import type { Browser, Page } from 'playwright';
import { pairedRatio, percentile, type Ratio } from '#core/statistics';
import { STARTER } from '#core/starter';
import { serveSite } from '../serve';
import { serveSource } from '../serve-source';
import type { BenchApi } from './cpu/page';
import { starterBytes } from '../fixtures/starter-bytes';
import type { PaddockGlobal } from './house-latency';
import { openPaddock } from './paddock-page';

const PROMPT = 'explain quantum entanglement';
/** The same as the starter's template renders it. */
const BARE_PROMPT =
  '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' +
  `<|im_start|>user\n${PROMPT}<|im_end|>\n<|im_start|>assistant\n`;

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
  const bareSite = await serveSource(await starterBytes());
  try {
    const paddockPage = await openPaddock(browser, site.url);
    const barePage = await openBare(browser, bareSite.url);
    const rates = { paddock: [] as number[], bare: [] as number[] };
    // One turn of each is warm-up; then the order changes every pair, so that drift falls on both.
    for (let pair = -1; pair < pairs; pair++) {
      const turns: (keyof typeof rates)[] =
        pair % 2 === 0 ? ['paddock', 'bare'] : ['bare', 'paddock'];
      for (const who of turns) {
        const rate =
          who === 'paddock'
            ? await askPaddock(paddockPage, tokens)
            : await askBare(barePage, tokens);
        if (pair >= 0) rates[who].push(rate);
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
    await bareSite.close();
  }
}

/** Pieces a second, from the first to the last, as the page gets them. */
function askPaddock(page: Page, tokens: number): Promise<number> {
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
      return ((times.length - 1) * 1000) / (times.at(-1)! - times[0]!);
    },
    [STARTER.name, PROMPT, tokens] as const,
  );
}

type BareGlobal = { bench: BenchApi };

async function askBare(page: Page, tokens: number): Promise<number> {
  const measured = await page.evaluate(
    ([prompt, predict]) =>
      (globalThis as unknown as BareGlobal).bench.ask('bare', { prompt, predict }),
    [BARE_PROMPT, tokens] as const,
  );
  return (measured.tokens * 1000) / measured.ms;
}

async function openBare(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${url}scripts/bench/cpu/page.html`);
  await page.waitForFunction(() => document.title === 'ready');
  await page.evaluate(() =>
    (globalThis as unknown as BareGlobal).bench.load('bare', { engine: 'paddock', threads: 1 }),
  );
  return page;
}
