/** The gate around the network, with real servers: the site's own origin and another one. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_REFUSALS, NetworkGate } from '#core/network-gate';

interface Running {
  server: Server;
  /** Ends in `/`. */
  url: string;
  requests: string[];
  /** Answers that have begun and wait. */
  held: ServerResponse[];
}

let own: Running;
let foreign: Running;

/** `/held` begins and waits; `/away` redirects to the other origin; all else is `ok`. */
async function start(): Promise<Running> {
  const requests: string[] = [];
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url!);
    if (request.url === '/held') {
      response.writeHead(200).write('begun');
      held.push(response);
    } else if (request.url === '/away')
      response.writeHead(302, { Location: foreign.url + 'held' }).end();
    else response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
  return { server, url, requests, held };
}

beforeEach(async () => {
  foreign = await start();
  own = await start();
});

afterEach(() => {
  for (const { server } of [own, foreign]) {
    server.close();
    server.closeAllConnections();
  }
});

const gateOf = (off: boolean) => new NetworkGate({ siteUrl: own.url, off, now: () => 1000 });

test('on, everything is asked; off, nothing but the own origin, and the rest is noted', async () => {
  const gate = gateOf(false);
  expect(await (await gate.fetch(foreign.url)).text()).toBe('ok');
  gate.switch(true);
  await expect(gate.fetch(`${foreign.url}secret?a=1`)).rejects.toMatchObject({
    code: 'network_off',
    detail: { url: `${foreign.url}secret?a=1` },
  });
  await expect(gate.fetch(new Request(foreign.url))).rejects.toMatchObject({ code: 'network_off' });
  expect(await (await gate.fetch(`${own.url}file`)).text()).toBe('ok');
  expect(foreign.requests).toEqual(['/']);
  expect(gate.refused).toEqual([
    { url: foreign.url, at: 1000 },
    { url: `${foreign.url}secret?a=1`, at: 1000 },
  ]);
  gate.switch(false);
  expect(await (await gate.fetch(foreign.url)).text()).toBe('ok');
});

test('off, a redirect is not followed', async () => {
  const seen: RequestInit[] = [];
  const opaque = Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' });
  const gate = new NetworkGate({
    siteUrl: own.url,
    off: true,
    fetch: (_url, init) => (seen.push(init!), Promise.resolve(opaque)),
  });
  await expect(gate.fetch(`${own.url}away`)).rejects.toMatchObject({
    code: 'network_off',
    detail: { url: `${own.url}away` },
  });
  expect(seen[0]!.redirect).toBe('manual');
  expect(gate.refused.map(({ url }) => url)).toEqual([`${own.url}away`]);
});

test('switched off, what is under way with others is cut, redirected or not, and the own goes on', async () => {
  const gate = gateOf(false);
  const [direct, redirected, mine] = await Promise.all([
    gate.fetch(`${foreign.url}held`),
    gate.fetch(`${own.url}away`),
    gate.fetch(`${own.url}held`),
  ]);
  gate.switch(true);
  await expect(direct.text()).rejects.toThrow();
  await expect(redirected.text()).rejects.toThrow();
  for (const response of own.held) response.end(', ended');
  expect(await mine.text()).toBe('begun, ended');
});

test("the caller's own signal still counts", async () => {
  const stop = new AbortController();
  const response = await gateOf(false).fetch(`${own.url}held`, { signal: stop.signal });
  stop.abort();
  await expect(response.text()).rejects.toThrow();
});

test('the log keeps the newest', () => {
  const gate = gateOf(true);
  for (let n = 0; n <= MAX_REFUSALS; n++) gate.note(`https://a.example/${n}`);
  expect(gate.refused).toHaveLength(MAX_REFUSALS);
  expect(gate.refused[0]!.url).toBe(`https://a.example/${MAX_REFUSALS}`);
  expect(gate.refused.at(-1)!.url).toBe('https://a.example/1');
});

test('listeners hear a switch, once, until they leave', () => {
  const gate = gateOf(false);
  const heard: boolean[] = [];
  const leave = gate.onSwitch((off) => heard.push(off));
  gate.switch(true);
  gate.switch(true);
  gate.switch(false);
  leave();
  gate.switch(true);
  expect(heard).toEqual([true, false]);
});
