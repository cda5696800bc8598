import { tick, untrack } from 'svelte';
import { page } from '$app/state';
import type { Chat } from '$lib/state/chat.svelte';
import type { Shown } from './shown.svelte';

/** Milliseconds in which what is drawn late, above the message, may still move it. */
const SETTLE_MS = 1500;

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

function present(message: HTMLElement, column: HTMLElement) {
  const over = new AbortController();
  const scroll = () => message.scrollIntoView({ block: 'center' });
  const observer = new ResizeObserver(scroll);
  observer.observe(column);
  const end = () => {
    observer.disconnect();
    over.abort();
  };
  // Who scrolls is not held.
  for (const type of ['wheel', 'touchstart', 'keydown', 'pointerdown']) {
    addEventListener(type, end, { signal: over.signal, passive: true });
  }
  setTimeout(end, SETTLE_MS);
  message.tabIndex = -1;
  // The router gives the focus to the page in the same moment.
  requestAnimationFrame(() => message.focus({ preventScroll: true }));
  glow(message);
}

/** For a moment; without motion where that is wished. */
function glow(message: HTMLElement) {
  const lit = { backgroundColor: 'var(--accent-soft)', boxShadow: '0 0 0 8px var(--accent-soft)' };
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const dark = { backgroundColor: 'transparent', boxShadow: '0 0 0 8px transparent' };
  message.animate(still ? [lit, lit] : [lit, { ...lit, offset: 0.8 }, dark], 2000);
}
