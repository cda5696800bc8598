/** The measurements of `bench:api`: each runs in the page, as same-origin code would. Milliseconds unless named. */
import type { Page } from 'playwright';
import { percentile } from '#core/statistics';
import { percentiles, type PaddockGlobal, type Percentiles } from './house-latency';

/** One figure by both ways; `added` is what their percentiles differ by. */
interface Pair {
  port: Percentiles;
  fetch: Percentiles;
  added: Percentiles;
}

export interface ApiResult {
  browser: string;
  /** From the engine's making of a piece to the page's having it. */
  token: Pair;
  /** From the request to the first piece of a loaded model. */
  request: Pair;
  flow: { sent: number; received: number; inOrder: boolean; perSecond: number };
  crowd: { answered: number; refused: number; seconds: number };
  /** From an abort after three tokens to the whole answer of the next request. */
  aborts: { p50: number; max: number };
}

type Way = 'port' | 'fetch';

/** Both ways in turns, so that what slows the machine slows both. */
export async function latencies(
  page: Page,
  rounds: number,
): Promise<Pick<ApiResult, 'token' | 'request'>> {
  const measured = await page.evaluate(async (rounds) => {
    const { ollama } = (globalThis as unknown as PaddockGlobal).__paddockTest;
    // The same client with the browser's fetch: what differs is the way alone.
    const Client = ollama.constructor as new (options: object) => typeof ollama;
    const plain: typeof fetch = (input, init) => fetch(input, init);
    const clients = { port: ollama, fetch: new Client({ host: location.origin, fetch: plain }) };
    const ways: Way[] = ['port', 'fetch'];
    const tokens: Record<Way, number[]> = { port: [], fetch: [] };
    const requests: Record<Way, number[]> = { port: [], fetch: [] };
    const now = () => performance.timeOrigin + performance.now();
    const chat = (way: Way, content: string) =>
      clients[way].chat({
        model: 'smollm2:135m',
        messages: [{ role: 'user', content }],
        stream: true,
      });
    for (let round = 0; round <= rounds; round++) {
      for (const way of ways) {
        for await (const { message } of await chat(way, '/stamp')) {
          // The first round warms up.
          if (message.content && round > 0) tokens[way].push(now() - Number(message.content));
        }
      }
      for (let n = 0; n < 20; n++) {
        for (const way of ways) {
          const start = now();
          let first: number | undefined;
          for await (const { message } of await chat(way, '/say hello')) {
            if (message.content) first ??= now() - start;
          }
          if (round > 0) requests[way].push(first!);
        }
      }
    }
    return { tokens, requests };
  }, rounds);
  return { token: pair(measured.tokens), request: pair(measured.requests) };
}

/** Ten seconds of 1,000 tokens a second: none lost, none out of order. */
export async function flow(page: Page): Promise<ApiResult['flow']> {
  return page.evaluate(async () => {
    const sent = 10_000;
    const messages = [{ role: 'user', content: `/count 1000 ${sent}` }];
    const body = JSON.stringify({ model: 'smollm2:135m', messages });
    const start = performance.now();
    const text = await (await fetch('api/chat', { method: 'POST', body })).text();
    const seconds = (performance.now() - start) / 1000;
    const words = [...text.matchAll(/"content":"w(\d+) "/g)].map(([, n]) => Number(n));
    return {
      sent,
      received: words.length,
      inOrder: words.every((n, at) => n === at),
      perSecond: words.length / seconds,
    };
  });
}

/** Two hundred requests in the same moment. */
export async function crowd(page: Page): Promise<ApiResult['crowd']> {
  return page.evaluate(async () => {
    const start = performance.now();
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const messages = [{ role: 'user', content: '/say hello' }];
        const body = JSON.stringify({ model: 'smollm2:135m', messages, stream: false });
        const response = await fetch('api/chat', { method: 'POST', body });
        const text = await response.text();
        return text.includes('"done":true') ? response.status : 0;
      }),
    );
    return {
      answered: statuses.filter((status) => status === 200).length,
      refused: statuses.filter((status) => status === 503).length,
      seconds: (performance.now() - start) / 1000,
    };
  });
}

/** Fifty slow replies, each aborted after three tokens. */
export async function aborts(page: Page): Promise<ApiResult['aborts']> {
  const delays = await page.evaluate(async () => {
    const ask = (content: string, more: object, signal?: AbortSignal) => {
      const messages = [{ role: 'user', content }];
      const body = JSON.stringify({ model: 'smollm2:135m', messages, ...more });
      return fetch('api/chat', { method: 'POST', body, signal });
    };
    const delays: number[] = [];
    for (let n = 0; n < 50; n++) {
      const controller = new AbortController();
      const { body } = await ask('/slow', {}, controller.signal);
      const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = ''; !text.includes('w2');) text += (await reader.read()).value;
      const start = performance.now();
      controller.abort();
      await (await ask('/say hello', { stream: false })).text();
      delays.push(performance.now() - start);
    }
    return delays;
  });
  return { p50: percentile(delays, 0.5), max: Math.max(...delays) };
}

function pair({ port, fetch }: Record<Way, number[]>): Pair {
  const [a, b] = [percentiles(port), percentiles(fetch)];
  return { port: a, fetch: b, added: { p50: b.p50 - a.p50, p95: b.p95 - a.p95 } };
}
