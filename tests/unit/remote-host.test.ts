import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PROTOCOL, type Asking } from '#core/broker';
import { serve } from '#core/callee';
import type { HostPortMethods } from '#core/methods';
import { RemoteHost } from '../../src/lib/client/remote-host';
import { FakeLocks } from '../fixtures/fake-locks';

const ports: MessagePort[] = [];
let serviceWorker: (port: MessagePort) => void;

beforeEach(() => {
  vi.useFakeTimers();
  const postMessage = (_: unknown, [port]: [MessagePort]) => {
    ports.push(port);
    serviceWorker(port);
  };
  vi.stubGlobal('navigator', {
    locks: new FakeLocks(),
    serviceWorker: { controller: { postMessage } },
  });
});

afterEach(() => {
  for (const port of ports.splice(0)) port.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function asks(port: MessagePort) {
  port.postMessage({ type: 'asking' } satisfies Asking);
}

function hosts(port: MessagePort, protocol = PROTOCOL) {
  serve<HostPortMethods>(port, {
    hello: () => Promise.resolve({ lock: 'paddock-host:1', protocol }),
    fetch: () => Promise.resolve(),
    blob: () => Promise.resolve(new Blob()),
  });
}

/** What the search ends with, however long that takes. */
async function found() {
  let ended = false;
  const search = RemoteHost.find(() => {}).finally(() => (ended = true));
  search.catch(() => {});
  for (let steps = 0; !ended && steps < 100; steps++) await vi.advanceTimersByTimeAsync(500);
  return search;
}

it('is found by a service worker that starts slowly', async () => {
  serviceWorker = (port) => {
    setTimeout(() => {
      asks(port);
      hosts(port);
    }, 8000);
  };
  expect(await found()).toMatchObject({ lock: 'paddock-host:1' });
});

it('is not called silent by a service worker that is', async () => {
  serviceWorker = () => {};
  await expect(found()).rejects.toMatchObject({ code: 'no_host' });
});

it('is silent when it was asked and says nothing', async () => {
  serviceWorker = asks;
  expect(await found()).toBeNull();
});

it('is of another build when it speaks another protocol', async () => {
  serviceWorker = (port) => {
    asks(port);
    hosts(port, PROTOCOL + 1);
  };
  await expect(found()).rejects.toMatchObject({ code: 'other_version' });
});
