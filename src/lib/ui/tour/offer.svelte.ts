import { untrack } from 'svelte';
import { tour } from '$lib/state/tour.svelte';
import type { Turn } from '$lib/state/turn.svelte';
import { here } from '$lib/ui/commands/here.svelte';

/** Offers the tour when a reply that was seen to be written is done. */
export function offerTour(): void {
  let writing: Turn | undefined;
  $effect(() => {
    const turn = here.chat?.reply?.turn;
    const ended = turn ? undefined : writing;
    writing = turn;
    untrack(() => {
      if (ended?.state === 'done' && here.chat?.turns.includes(ended) && isWanted()) tour.offer();
    });
  });
}

/** Tests are about other things, but for the one that asks for it. */
function isWanted(): boolean {
  return import.meta.env.MODE !== 'test' || localStorage.getItem('paddock-test-tour') !== null;
}
