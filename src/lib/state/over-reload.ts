/**
 * What storage does not have when a page goes, for the next page of this tab: `pagehide` cannot wait for IndexedDB.
 * In sessionStorage: each tab has its own, and it goes with the tab.
 */

/** Takes out what the page before this one kept; nothing where there is no storage, or a damaged entry. */
export function takeKept(key: string): unknown[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
    sessionStorage.removeItem(key);
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

/** Calls `entries` when the page goes, and keeps them. */
export function keepOverReload(key: string, entries: () => unknown[]): void {
  if (typeof addEventListener === 'undefined') return; // where pages are prerendered
  addEventListener('pagehide', () => {
    const kept = entries();
    try {
      if (kept.length > 0) sessionStorage.setItem(key, JSON.stringify(kept));
      else sessionStorage.removeItem(key);
    } catch (error) {
      console.warn('What is not saved is kept as it was some moments ago:', error);
    }
  });
}
