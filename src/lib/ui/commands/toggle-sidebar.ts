import { tick } from 'svelte';
import { settings } from '$lib/state/settings.svelte';
import { overlays } from './overlay.svelte';

/** Where the sidebar stands beside the page, instead of over it. */
const WIDE = '(min-width: 1024px)';

/** Shows or hides the sidebar; the focus goes to the button that undoes it where its own place is gone. */
export async function toggleSidebar(): Promise<void> {
  if (!matchMedia(WIDE).matches) {
    overlays.drawer = !overlays.drawer;
    return;
  }
  settings.set('sidebar', !settings.values.sidebar);
  await tick();
  if (document.activeElement !== document.body && document.activeElement?.checkVisibility()) return;
  const buttons = [...document.querySelectorAll<HTMLElement>('[data-toggles-sidebar]')];
  buttons.find((button) => button.checkVisibility())?.focus();
}

/** Brings the sidebar, so that something in it can have the focus. */
export function showSidebar(): void {
  if (!matchMedia(WIDE).matches) overlays.drawer = true;
  else if (!settings.values.sidebar) settings.set('sidebar', true);
}
