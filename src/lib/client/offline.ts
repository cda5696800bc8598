/** Registration of the service worker, and the offer to take over an update. */
import { Workbox } from 'workbox-window';
import { whenIdle } from './busy';
import { siteUrl } from './site';
import { allowOwnWorkers } from './trusted-types';

/**
 * Makes the site work offline. `onUpdateReady` is called when a new build waits; its `apply`
 * activates it once nothing is under way, whereupon every open tab reloads.
 */
export function registerOffline(onUpdateReady: (apply: () => void) => void): void {
  // The development server has no built shell to cache.
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  allowOwnWorkers();
  reloadOnUpdate(navigator.serviceWorker);
  const workbox = new Workbox(`${siteUrl()}service-worker.js`);
  workbox.addEventListener('waiting', ({ sw }) => {
    if (sw) onUpdateReady(() => activate(sw));
  });
  workbox.register({ immediate: true }).catch((error: unknown) => {
    console.warn('Paddock will not work offline:', error);
  });
}

function activate(waiting: ServiceWorker): void {
  whenIdle(() => waiting.postMessage({ type: 'activate' })).catch((error: unknown) =>
    console.warn('The update waits for the next visit:', error),
  );
}

/** Has the engines kept for offline use; asked for whenever a model is here, since an update empties the cache. */
export async function keepEngines(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage({ type: 'keep-engines' });
}

/** A page and the files of another build do not fit; the first controller brings no other build. */
function reloadOnUpdate(container: ServiceWorkerContainer): void {
  let controlled = container.controller !== null;
  container.addEventListener('controllerchange', () => {
    if (controlled) location.reload();
    controlled = true;
  });
}
