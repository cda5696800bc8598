/** The leader's side of the broker (see `#core/broker`): tells the service worker who hosts, passes ports on. */
import type { Hosting, ToTab } from '#core/broker';
import type { HostLink } from './host-link';

/** From now on, until the returned function is called, this tab answers for its host. */
export function answerBroker(link: HostLink): () => void {
  if (!('serviceWorker' in navigator)) return () => {};
  const container = navigator.serviceWorker;
  const answer = (event: MessageEvent<ToTab>) => {
    const [port] = event.ports;
    if (!port) return;
    if (event.data.type === 'who-hosts') port.postMessage({ type: 'hosting' } satisfies Hosting);
    if (event.data.type === 'attach') {
      link.attach(port).catch((error: unknown) => {
        console.warn('Another tab was not connected to the host:', error);
      });
    }
  };
  container.addEventListener('message', answer);
  container.startMessages();
  return () => container.removeEventListener('message', answer);
}
