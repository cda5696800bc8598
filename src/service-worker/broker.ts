/** Finds the tab that hosts and hands it ports. Nothing is remembered: this worker may be stopped at any time. */
import type { Hosting, ToTab } from '#core/broker';

const worker = self as unknown as ServiceWorkerGlobalScope;

/** A tab that has just opened, or has just taken the lead, needs a moment before it can say so. */
const PATIENCE_MS = 5000;
const ASK_AGAIN_MS = 250;

/** Hands `port` to the host; false when no tab hosts. */
export async function connectHost(port: MessagePort): Promise<boolean> {
  const tab = await findHost();
  const message: ToTab = { type: 'attach' };
  tab?.postMessage(message, [port]);
  return tab !== null;
}

async function findHost(): Promise<Client | null> {
  const end = Date.now() + PATIENCE_MS;
  do {
    const tabs = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const tab = await firstToAnswer(tabs);
    if (tab) return tab;
  } while (Date.now() < end);
  return null;
}

/** Asks all of them; null when none says within a moment that it hosts. */
function firstToAnswer(tabs: readonly Client[]): Promise<Client | null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), ASK_AGAIN_MS);
    for (const tab of tabs) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event: MessageEvent<Hosting>) => {
        if (event.data.type === 'hosting') resolve(tab);
      };
      const message: ToTab = { type: 'who-hosts' };
      tab.postMessage(message, [port2]);
    }
  });
}
