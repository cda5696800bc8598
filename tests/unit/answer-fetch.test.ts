import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CallContext } from '#core/callee';
import type { FetchChunk, FetchParams } from '#core/methods';
import { answerFetch } from '../../workers/host/answer-fetch';

const SITE = 'http://paddock.test/';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ask = (url: string, site = SITE): FetchParams => {
  return { method: 'GET', url, site, headers: [], body: null };
};

/** A reader that takes `room` chunks and then nothing. */
function reader(room = Infinity) {
  const taken: FetchChunk[] = [];
  const context: CallContext<FetchChunk> = {
    signal: new AbortController().signal,
    async send(chunk) {
      if (taken.length >= room) return new Promise(() => {});
      taken.push(chunk);
    },
  };
  return { context, taken };
}

it.each([
  ['its own', SITE, `${SITE}api/tags?x`],
  ['another folder', `${SITE}other/`, `${SITE}other/api/tags?x`],
  ['no site', `${SITE}other/`, `${SITE}api/tags?x`],
])('counts paths from the site that asks: %s', async (_, site, url) => {
  const handle = vi.fn((request: Request) => Promise.resolve(new Response(request.url)));
  const { context, taken } = reader();
  await answerFetch(handle, SITE, ask(url, site), context);
  expect(handle.mock.calls[0]![0].url).toBe(`${SITE}api/tags?x`);
  expect(taken.map(({ type }) => type)).toEqual(['head', 'body']);
});

it('ends the answer of a reader that reads no further', async () => {
  const cancelled = vi.fn();
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel: cancelled,
  });
  const handle = () => Promise.resolve(new Response(endless));
  const { context, taken } = reader(4);
  const ended = vi.fn();
  void answerFetch(handle, SITE, ask(`${SITE}api/chat`), context).catch(ended);
  await vi.advanceTimersByTimeAsync(299_000);
  expect(taken).toHaveLength(4);
  expect(cancelled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  expect(cancelled).toHaveBeenCalled();
  expect(ended.mock.calls[0]).toMatchObject([{ code: 'aborted' }]);
});
