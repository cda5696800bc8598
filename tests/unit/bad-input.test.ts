import { afterEach, describe, expect, it, vi } from 'vitest';
import { PaddockError } from '#core/errors';
import { readBytes } from '#core/request-body';
import { openHouse, SITE } from '../fixtures/house';

let house = openHouse();
afterEach(() => {
  house.close();
  house = openHouse();
});

async function failure(method: string, path: string, init: RequestInit = {}) {
  const response = await house.handle(new Request(new URL(path, SITE), { method, ...init }));
  const { error, code } = (await response.json()) as { error: string; code: string };
  expect(error).toContain(' ');
  expect(response.headers.get('content-type')).toContain('application/json');
  return { status: response.status, code, allow: response.headers.get('allow'), error };
}

describe('paths and verbs', () => {
  it.each(['/api/nothing', '/api//evil', '/api/tags/', '/api/%2e%2e%2fx', '/constructor'])(
    'has no %s',
    async (path) => {
      expect(await failure('GET', path)).toMatchObject({ status: 404, code: 'no_endpoint' });
    },
  );

  it('repeats no more of a path than a sentence holds', async () => {
    const { error } = await failure('GET', `/api/${'x'.repeat(100_000)}`);
    expect(error.length).toBeLessThan(300);
  });

  it.each([
    ['GET', '/api/chat', 'POST'],
    ['POST', '/api/tags', 'GET, HEAD'],
    ['POST', '/api/delete', 'DELETE'],
    ['constructor', '/api/tags', 'GET, HEAD'],
    ['toString', '/api/chat', 'POST'],
  ])('refuses %s for %s and names %s', async (method, path, allow) => {
    expect(await failure(method, path)).toMatchObject({
      status: 405,
      code: 'wrong_method',
      allow,
    });
  });
});

it('answers HEAD without a body, errors too', async () => {
  const response = await house.handle(new Request(`${SITE}api/chat`, { method: 'HEAD' }));
  expect(response.status).toBe(405);
  expect(response.headers.get('Allow')).toBe('POST');
  expect(await response.text()).toBe('');
});

describe('what is nested without end', () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  const nested = `{"a":${deep}}`;
  const ask = '{"role":"user","content":"hi"}';
  const call = (args: string) =>
    `{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":${args}}}]}`;
  it.each([
    ['/api/chat', `"messages":[${ask}],"format":${deep}`],
    ['/api/chat', `"messages":[${ask}],"format":${nested}`],
    ['/api/generate', `"prompt":"hi","format":${deep}`],
    ['/api/chat', `"messages":[${ask}],"think":${deep}`],
    ['/api/chat', `"messages":[${ask}],"tools":[{"function":{"name":"f","parameters":${nested}}}]`],
    ['/api/chat', `"messages":[${ask},${call(nested)}]`],
    ['/v1/chat/completions', `"messages":[${ask},${call(JSON.stringify(nested))}]`],
    ['/v1/chat/completions', `"messages":[${ask}],"response_format":{"type":${deep}}`],
  ])('is a bad request: %s %.60s', async (path, fields) => {
    const body = `{"model":"fake",${fields}}`;
    const response = await house.handle(new Request(new URL(path, SITE), { method: 'POST', body }));
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/nested over 500 deep/);
  });
});

describe('bodies', () => {
  const tags = () => house.call('GET', '/api/tags');
  const body = '{"model":"fake","messages":[]}';

  it.each(['text/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'of type %j are refused',
    async (type) => {
      const answer = await failure('POST', '/api/chat', {
        body,
        headers: { 'Content-Type': type },
      });
      expect(answer).toMatchObject({ status: 415, code: 'unsupported_type' });
      expect((await tags()).status).toBe(200);
    },
  );

  it.each(['application/json', 'Application/JSON; charset=utf-8', 'text/plain;charset=UTF-8'])(
    'of type %s are read',
    async (type) => {
      const headers = { 'Content-Type': type };
      const request = new Request(new URL('/api/chat', SITE), { method: 'POST', body, headers });
      expect((await house.handle(request)).status).toBe(200);
    },
  );

  it('without a type are read', async () => {
    const bytes = new TextEncoder().encode(body);
    const request = new Request(new URL('/api/chat', SITE), { method: 'POST', body: bytes });
    expect(request.headers.get('content-type')).toBeNull();
    expect((await house.handle(request)).status).toBe(200);
  });

  it('over 64 MB are refused', async () => {
    const large = new Uint8Array(64 * 1024 * 1024 + 1);
    const answer = await failure('POST', '/api/chat', { body: large });
    expect(answer).toMatchObject({ status: 413, code: 'too_large' });
    expect(answer.error).toContain('64 MB');
  });
});

describe('reading up to a limit', () => {
  const request = (body: BodyInit | ReadableStream) =>
    new Request(SITE, { method: 'POST', body, duplex: 'half' } as RequestInit);

  it('gives the bytes of many pieces, up to the limit itself', async () => {
    const bytes = await readBytes(request(new Blob(['ab', 'cd', 'ef'])), { limit: 6 });
    expect(new TextDecoder().decode(bytes!)).toBe('abcdef');
    expect(await readBytes(new Request(SITE))).toBeNull();
  });

  it('stops reading there', async () => {
    let given = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          given += 10;
          controller.enqueue(new Uint8Array(10));
        },
        cancel() {
          cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    await expect(readBytes(request(endless), { limit: 25 })).rejects.toMatchObject({
      code: 'too_large',
      detail: { limit: 25 },
    });
    expect(given).toBeLessThanOrEqual(50);
    expect(cancelled).toBe(true);
  });

  it('stops waiting for the rest when it is told to', async () => {
    const stopping = new AbortController();
    const cancelled = vi.fn();
    const stalled = new ReadableStream({ cancel: cancelled });
    const bytes = readBytes(request(stalled), { signal: stopping.signal });
    stopping.abort(new PaddockError('aborted', 'Enough.'));
    await expect(bytes).rejects.toMatchObject({ message: 'Enough.' });
    expect(cancelled).toHaveBeenCalled();
  });
});
