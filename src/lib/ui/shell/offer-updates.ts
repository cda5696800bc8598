import * as m from '#core/messages/shell';
import { reloadWhenIdle } from '$lib/client/busy';
import type { ApplyUpdate } from '$lib/client/offline';
import { toasts } from '$lib/state/toasts.svelte';

/** Once the page has been drawn: works offline from now on, and says when a new version waits. */
export function offerUpdates(): void {
  requestAnimationFrame(() => {
    setTimeout(() => {
      import('$lib/client/offline')
        .then(({ registerOffline }) => registerOffline(offerNewVersion))
        .catch((error: unknown) => {
          console.warn('Paddock will not work offline in this tab:', error);
        });
    });
  });
  // From Vite, when the file of a dynamic import is gone: a tab without a service worker has no copy of it.
  addEventListener('vite:preloadError', ({ payload }) => {
    if (payload.message.includes('/immutable/late/')) return; // who asked for it says so
    offer(m.shell_part(), reloadWhenIdle);
  });
}

function offerNewVersion(apply: ApplyUpdate) {
  offer(m.shell_new_version(), apply);
}

let offered = false;

/** Shows one offer to reload, until it is taken or dismissed: a yet newer version needs no second. */
function offer(text: string, apply: ApplyUpdate) {
  if (offered) return;
  offered = true;
  const run = () => apply(() => toasts.show({ text: m.shell_reload_waits(), lasting: true }));
  const onGone = () => (offered = false);
  toasts.show({ text, action: { label: m.shell_reload(), run }, onGone, lasting: true });
}

/** The engines are kept for offline use from the first model on, the one for MLC from the first of those. */
export function keepEnginesOffline(mlc = false): void {
  import('$lib/client/offline')
    .then(({ keepEngines }) => keepEngines(mlc))
    .catch((error: unknown) => console.warn('The engines are not kept for offline use:', error));
}
