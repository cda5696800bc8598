import { tick, untrack } from 'svelte';
import { page } from '$app/state';
import type { Chat } from '$lib/state/chat.svelte';
import { present } from '$lib/ui/common/present';
import type { Shown } from './shown.svelte';

/** Brings the message that the address names (`m`) in sight, each time that somebody goes there. */
export function reachMessage(chat: () => Chat, shown: Shown, box: () => HTMLElement | undefined) {
  let reached: URL | undefined;
  let turned: URL | undefined;
  $effect(() => {
    const { url } = page;
    const id = url.searchParams.get('m');
    const { loaded, turns } = chat();
    const index = turns.findIndex((turn) => turn.id === id);
    if (!loaded || id === null || url === reached) return;
    if (index === -1 && url !== turned) {
      turned = url;
      untrack(() => chat().show({ id })); // it may be in another branch
    }
    if (index === -1) return;
    reached = url;
    shown.reach(turns.length - index);
    void tick().then(() => {
      const column = box();
      const message = column?.querySelector<HTMLElement>(
        `[data-message="${CSS.escape(turns[index]!.id)}"]`,
      );
      if (column && message) present(message, column);
    });
  });
}
