/** Registration of the service worker, and the offer to take over an update. */
import { Workbox } from 'workbox-window';
import type { ToServiceWorker } from '#core/broker';
import { whenIdle } from './busy';
import { siteUrl } from './site';
import { allowOwnWorkers } from './trusted-types';

/** Activates the new build once nothing is under way in any tab; `onWait` is called when that is not now. */
export type ApplyUpdate = (onWait: () => void) => void;

/** Milliseconds: browsers look for a new build when a page is opened, and a tab may stay open for days. */
const LOOK_EVERY = 60 * 60 * 1000;

/**
 * Makes the site work offline. `onUpdateReady` is called, in every tab, when a new build waits; as soon as it is
 * activated, in whichever tab, every open tab reloads.
 */
export function registerOffline(onUpdateReady: (apply: ApplyUpdate) => void): void {
  // The development server has no built shell to cache.
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  allowOwnWorkers();
  reloadOnUpdate(navigator.serviceWorker);
  const workbox = new Workbox(`${siteUrl()}service-worker.js`);
  workbox.addEventListener('waiting', ({ sw }) => {
    if (!sw) return;
    // A tab that was loaded past the service worker is told of no new controller.
    sw.addEventListener('statechange', () => {
      if (sw.state === 'activated') location.reload();
    });
    onUpdateReady(activate);
  });
  workbox.register({ immediate: true }).then(follow, (error: unknown) => {
    console.warn('Paddock will not work offline:', error);
  });
}

/** Comes back under the service worker after a shift-reload, and looks for new builds from time to time. */
function follow(registration: ServiceWorkerRegistration | undefined): void {
  if (!registration) return;
  if (!navigator.serviceWorker.controller && registration.active) {
    registration.active.postMessage({ type: 'claim' } satisfies ToServiceWorker);
  }
  let looked = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || Date.now() - looked < LOOK_EVERY) return;
    looked = Date.now();
    registration.update().catch(() => {}); // no network: the next look is as good
  });
}

function activate(onWait: () => void): void {
  const begin = () => {
    // Looked up now: a yet newer build may have taken the waiting one's place.
    const tell = (registration?: ServiceWorkerRegistration) =>
      registration?.waiting?.postMessage({ type: 'activate' } satisfies ToServiceWorker);
    navigator.serviceWorker.getRegistration().then(tell, warn);
  };
  const warn = (error: unknown) => console.warn('The update waits for the next visit:', error);
  whenIdle(begin, onWait).catch(warn);
}

/** Has the engines kept for offline use; asked for whenever a model is here, since an update empties the cache. */
export function keepEngines(mlc: boolean): Promise<void> {
  return tell({ type: 'keep-engines', mlc });
}

/** Has a late part kept for offline use; asked for by its first use, which may be before any service worker. */
export function keepLate(name: string): Promise<void> {
  return tell({ type: 'keep-late', name });
}

async function tell(message: ToServiceWorker): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage(message);
}

/** A page and the files of another build do not fit; the first controller brings no other build. */
function reloadOnUpdate(container: ServiceWorkerContainer): void {
  let controlled = container.controller !== null;
  container.addEventListener('controllerchange', () => {
    if (controlled) location.reload();
    controlled = true;
  });
}
