import { expect, it, vi } from 'vitest';
import type { CallContext } from '#core/callee';
import type { FetchChunk, FetchParams } from '#core/methods';
import { answerFetch } from '../../workers/host/answer-fetch';

const SITE = 'http://paddock.test/';

const ask: FetchParams = {
  method: 'GET',
  url: `${SITE}api/tags?x`,
  site: SITE,
  headers: [],
  body: null,
};

/** A caller that takes everything into `taken`. */
function caller() {
  const taken: FetchChunk[] = [];
  const context: CallContext<FetchChunk> = {
    signal: new AbortController().signal,
    send: async (chunk) => void taken.push(chunk),
  };
  return { taken, context };
}

it.each([
  ['its own', SITE, `${SITE}api/tags?x`],
  ['another folder', `${SITE}other/`, `${SITE}other/api/tags?x`],
  ['no site', `${SITE}other/`, `${SITE}api/tags?x`],
])('counts paths from the site that asks: %s', async (_, site, url) => {
  const handle = vi.fn((request: Request) => Promise.resolve(new Response(request.url)));
  const { taken, context } = caller();
  await answerFetch(handle, SITE, { ...ask, url, site }, context);
  expect(handle.mock.calls[0]![0].url).toBe(`${SITE}api/tags?x`);
  expect(taken.map(({ type }) => type)).toEqual(['head', 'body']);
});

it('gives a file to the server as a Blob', async () => {
  let given: Blob | undefined;
  const handle = async (request: Request) => {
    given = await request.blob();
    return new Response();
  };
  const body = new Blob(['a', ' model']);
  await answerFetch(handle, SITE, { ...ask, method: 'POST', body }, caller().context);
  expect(await given!.text()).toBe('a model');
});
