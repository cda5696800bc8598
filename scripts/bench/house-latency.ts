/** The house's own latency, with an engine that answers at once. All in milliseconds, as the page sees it. */
import type { Browser } from 'playwright';
import { percentile } from '#core/statistics';
import { fakeRegistry } from '../../tests/fixtures/fake-registry';
import { serveSite } from '../serve';
import { openPaddock } from './paddock-page';

export interface Percentiles {
  p50: number;
  p95: number;
}

export interface Latency {
  /** From the call of `chat` to the first piece of a loaded model. */
  request: Percentiles;
  /** From the engine's making of a piece to the page's having it. */
  token: Percentiles;
}

const REQUESTS = 100;

export async function houseLatency(browser: Browser): Promise<Latency> {
  const site = await serveSite({ dir: 'build-test', port: 0, overlay: fakeRegistry() });
  try {
    const page = await openPaddock(browser, site.url);
    const requests = await page.evaluate(async (count) => {
      const { ollama } = (globalThis as unknown as PaddockGlobal).__paddockTest;
      const requests: number[] = [];
      for (let n = 0; n < count; n++) {
        const start = performance.now();
        let first: number | undefined;
        const reply = await ollama.chat({
          model: 'smollm2:135m',
          messages: [{ role: 'user', content: '/say hello' }],
          stream: true,
        });
        for await (const { message } of reply) {
          if (message.content) first ??= performance.now() - start;
        }
        requests.push(first!);
      }
      return requests.slice(10); // the first ones load and warm up
    }, REQUESTS);
    const tokens = await page.evaluate(async () => {
      const { ollama } = (globalThis as unknown as PaddockGlobal).__paddockTest;
      const tokens: number[] = [];
      const reply = await ollama.chat({
        model: 'smollm2:135m',
        messages: [{ role: 'user', content: '/stamp' }],
        stream: true,
      });
      for await (const { message } of reply) {
        if (message.content)
          tokens.push(performance.timeOrigin + performance.now() - Number(message.content));
      }
      return tokens;
    });
    await page.context().close();
    return { request: percentiles(requests), token: percentiles(tokens) };
  } finally {
    await site.close();
  }
}

export function percentiles(values: number[]): Percentiles {
  return { p50: percentile(values, 0.5), p95: percentile(values, 0.95) };
}

/** What `src/lib/client/test-hooks.ts` puts on the page. */
export interface PaddockGlobal {
  __paddockTest: { ollama: import('ollama/browser').Ollama };
}
