/** The offline shell and the way to the API; remembers nothing but its caches. */
import type { Asking, ToServiceWorker } from '#core/broker';
import { answer } from './answer';
import { answerApi } from './api';
import { connectHost } from './broker';
import { keepEngines, keepEnginesOfBefore } from './engines';
import { install, removeOldCaches } from './install';
import { keepLate, keepLateOfBefore } from './late';
import { ownCaches } from './shell';

const worker = self as unknown as ServiceWorkerGlobalScope;

worker.addEventListener('install', (event) => {
  event.waitUntil(install().then(keepLateOfBefore).then(keepEnginesOfBefore));
});

worker.addEventListener('activate', (event) => event.waitUntil(activate()));

async function activate(): Promise<void> {
  await removeOldCaches();
  // On the first installation only: a page that was loaded past us is perhaps of another build.
  if ((await ownCaches()).length === 1) await worker.clients.claim();
}

worker.addEventListener('fetch', (event) => {
  const fromHost = answerApi(event);
  if (fromHost) return event.respondWith(fromHost);
  const respond = answer(event.request);
  if (respond) event.respondWith(respond());
});

worker.addEventListener('message', (event: ExtendableMessageEvent) => {
  const message = event.data as ToServiceWorker | null;
  const [port] = event.ports;
  if (message?.type === 'activate') event.waitUntil(worker.skipWaiting());
  if (message?.type === 'claim') event.waitUntil(worker.clients.claim());
  if (message?.type === 'keep-engines') event.waitUntil(keepEngines(message.mlc));
  if (message?.type === 'keep-late') event.waitUntil(keepLate(message.name));
  if (message?.type === 'connect-host' && port) {
    port.postMessage({ type: 'asking' } satisfies Asking);
    event.waitUntil(connectHost(port));
  }
});
