import { toasts } from '$lib/state/toasts.svelte';

/** Once the page has been drawn: works offline from now on, and says when a new version waits. */
export function offerUpdates(): void {
  requestAnimationFrame(() => {
    setTimeout(() => {
      import('$lib/client/offline')
        .then(({ registerOffline }) => registerOffline(offer))
        .catch((error: unknown) => {
          console.warn('Paddock will not work offline in this tab:', error);
        });
    });
  });
}

function offer(apply: () => void) {
  toasts.show({
    text: 'A new version of Paddock is ready.',
    action: { label: 'Reload', run: apply },
    lasting: true,
  });
}

/** The engines are kept for offline use from the first model on. */
export function keepEnginesOffline(): void {
  import('$lib/client/offline')
    .then(({ keepEngines }) => keepEngines())
    .catch((error: unknown) => console.warn('The engines are not kept for offline use:', error));
}
