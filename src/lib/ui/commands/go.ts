import { goto } from '$app/navigation';
import { resolve } from '$app/paths';

type Page = '/models' | '/bench' | '/developers' | '/diagnostics' | '/settings' | '/privacy';

/** Opens a page; the focus is at its beginning. */
export function go(page: Page): void {
  // Its type takes one path, and no choice of them.
  void goto(resolve(page as '/models'));
}

/** Opens a chat, at one of its messages where one is named. */
export function goToChat(id: string, message?: string): void {
  const at = message === undefined ? '' : `&m=${encodeURIComponent(message)}`;
  // The router would take the focus from the message box, which the chat has given it.
  void goto(resolve(`/?c=${encodeURIComponent(id)}${at}`), { keepFocus: message === undefined });
}

export function goToNewChat(): void {
  void goto(resolve('/'), { keepFocus: true });
}
