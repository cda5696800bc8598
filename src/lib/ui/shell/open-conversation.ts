import { browser } from '$app/environment';
import { page } from '$app/state';

/** The id of the conversation in the address; null on other pages, and while pages are prerendered. */
export function openConversation(): string | null {
  if (!browser || page.route.id !== '/(chat)') return null;
  return page.url.searchParams.get('c');
}
