/** The leader's side of the broker (see `#core/broker`): tells the service worker who hosts, passes ports on. */
import type { Hosting, ToTab } from '#core/broker';
import type { HostLink } from './host-link';

/** From now on this tab answers for its host. */
export function answerBroker(link: HostLink): void {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('message', (event: MessageEvent<ToTab>) => {
    const [port] = event.ports;
    if (!port) return;
    if (event.data.type === 'who-hosts') port.postMessage({ type: 'hosting' } satisfies Hosting);
    if (event.data.type === 'attach') void link.attach(port);
  });
  navigator.serviceWorker.startMessages();
}
