/** The chats in the sidebar, and the menu of each. */
import type { Locator, Page } from '@playwright/test';

export function rowsOf(page: Page) {
  return page.getByRole('listitem').filter({ has: more(page, /^More for “/) });
}

/** The button that opens the menu of a chat. */
export function more(page: Page | Locator, name: string | RegExp) {
  return page.getByRole('button', { name, exact: true });
}

/** Chooses an item of a chat's menu by pointer. */
export async function choose(page: Page, title: string, item: string): Promise<void> {
  await page.getByRole('link', { name: title, exact: true }).hover();
  await more(page, `More for “${title}”`).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}
