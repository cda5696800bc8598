import { afterEach, expect, it } from 'vitest';
import { serve } from '#core/callee';
import { Caller, type CallOptions } from '#core/caller';
import type { FetchChunk, FetchParams, HostPortMethods } from '#core/methods';
import { portFetch } from '../../src/lib/client/port-fetch';

let ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports) port.close();
  ports = [];
});

/** A host that answers with `status` and then these pieces. */
function hostWith(status: number, pieces: string[]) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  serve<HostPortMethods>(port2, {
    hello: () => Promise.resolve({ lock: '', protocol: 1 }),
    blob: () => Promise.resolve(new Blob()),
    async fetch(_, { send }) {
      await send({ type: 'head', status, headers: [['content-type', 'application/json']] });
      for (const piece of pieces) {
        const bytes = new TextEncoder().encode(piece);
        await send({ type: 'body', bytes } satisfies FetchChunk);
      }
    },
  });
  const caller = new Caller<HostPortMethods>(port1);
  return portFetch({ connect: () => Promise.resolve(caller) }, site);
}

const site = 'http://paddock.test/';
const url = `${site}api/chat`;

it('answers with status, headers and body', async () => {
  const response = await hostWith(200, ['{"a":', '1}'])(url);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({ a: 1 });
});

it('rejects an error status with its code and figures', async () => {
  const body = '{"error":"full","code":"storage_full","detail":{"needed":2,"free":1}}';
  await expect(hostWith(500, [body])(url)).rejects.toMatchObject({
    code: 'storage_full',
    message: 'full',
    detail: { needed: 2, free: 1 },
  });
});

it('breaks the stream at an error line, with its code and figures', async () => {
  const detail = { times: 2, offer: 'cpu' }; // which a follower's chat offers too
  const line = JSON.stringify({ error: 'gone', code: 'device_lost', detail });
  const fetch = hostWith(200, ['{"done":false}\n', `${line}\n`]);
  const reader = (await fetch(url)).body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('{"done":false}\n');
  await expect(reader.read()).rejects.toMatchObject({
    code: 'device_lost',
    message: 'gone',
    detail,
  });
});

it('can be aborted while the host is looked for', async () => {
  const stop = new AbortController();
  const fetch = portFetch({ connect: () => new Promise(() => {}) }, site);
  const asked = fetch(url, { signal: stop.signal });
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: 'aborted' });
});

/** What the host is sent. */
async function sent(body: BodyInit): Promise<FetchParams> {
  const asked: FetchParams[] = [];
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  serve<HostPortMethods>(port2, {
    hello: () => Promise.resolve({ lock: '', protocol: 1 }),
    blob: () => Promise.resolve(new Blob()),
    fetch: (_, { send }) => send({ type: 'head', status: 200, headers: [] }),
  });
  const caller = new Caller<HostPortMethods>(port1);
  const connect = async () => ({
    call: (method: 'fetch', params: FetchParams, options?: CallOptions) => {
      asked.push(params);
      return caller.call(method, params, options);
    },
  });
  await portFetch({ connect }, site)(url, { method: 'POST', body });
  return asked[0]!;
}

it('leaves the body whole for a second try', async () => {
  const { body } = await sent('whole');
  expect(body).toBeInstanceOf(ArrayBuffer);
  expect((body as ArrayBuffer).byteLength).toBe(5);
});

it('hands a file on without reading it', async () => {
  const file = new Blob(['a model'], { type: 'text/plain' });
  const { body, headers } = await sent(file);
  expect(body).toBe(file);
  expect(headers).toContainEqual(['content-type', 'text/plain']);
});
