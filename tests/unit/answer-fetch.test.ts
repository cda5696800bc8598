import { expect, it, vi } from 'vitest';
import type { CallContext } from '#core/callee';
import type { FetchChunk, FetchParams } from '#core/methods';
import { answerFetch } from '../../workers/host/answer-fetch';

const SITE = 'http://paddock.test/';

it.each([
  ['its own', SITE, `${SITE}api/tags?x`],
  ['another folder', `${SITE}other/`, `${SITE}other/api/tags?x`],
  ['no site', `${SITE}other/`, `${SITE}api/tags?x`],
])('counts paths from the site that asks: %s', async (_, site, url) => {
  const handle = vi.fn((request: Request) => Promise.resolve(new Response(request.url)));
  const taken: FetchChunk[] = [];
  const context: CallContext<FetchChunk> = {
    signal: new AbortController().signal,
    send: async (chunk) => void taken.push(chunk),
  };
  const ask: FetchParams = { method: 'GET', url, site, headers: [], body: null };
  await answerFetch(handle, SITE, ask, context);
  expect(handle.mock.calls[0]![0].url).toBe(`${SITE}api/tags?x`);
  expect(taken.map(({ type }) => type)).toEqual(['head', 'body']);
});
