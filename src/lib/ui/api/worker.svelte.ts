import type { PageFacts } from '#core/diagnosis/findings';
import { watchControl, workerState } from '$lib/client/device';

/** Milliseconds: a service worker that starts says so only when it takes the page over, and may never. */
const LOOK_MS = 1000;

/** Whether `fetch` is answered here; call it while a component is made, whose life it has. */
export function serviceWorker() {
  let state = $state<PageFacts['service_worker'] | null>(null);
  $effect(() => {
    const look = async () => {
      state = await workerState();
    };
    void look();
    const forget = watchControl(() => void look());
    const timer = setInterval(() => state !== 'controls' && void look(), LOOK_MS);
    return () => {
      forget();
      clearInterval(timer);
    };
  });
  return {
    /** Null until it has been looked at. */
    get state() {
      return state;
    },
  };
}
