import { goto } from '$app/navigation';
import { resolve } from '$app/paths';

type Page = Parameters<typeof resolve>[0];

/** Opens a page; the focus goes where the page puts it. */
export function go(page: Page): void {
  void goto(resolve(page));
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
