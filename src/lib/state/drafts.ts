/** What is written and not sent, over a reload: an update that another tab accepts reloads this one too. */

/** In sessionStorage: each tab has its own, and it goes with the tab. */
const KEY = 'paddock-drafts';

/** Takes out what the page before this one kept: drafts by the id of their conversation, `''` for a new chat. */
export function takeDrafts(): Map<string, string> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    sessionStorage.removeItem(KEY);
    return new Map(Array.isArray(kept) ? kept.filter(isDraft) : []);
  } catch {
    return new Map(); // no storage, or a damaged entry
  }
}

/** Calls `drafts` when the page goes, and keeps those that have text for the next page of this tab. */
export function keepDrafts(drafts: () => [id: string, text: string][]): void {
  if (typeof addEventListener === 'undefined') return; // where pages are prerendered
  addEventListener('pagehide', () => {
    const written = drafts().filter(([, text]) => text !== '');
    try {
      if (written.length > 0) sessionStorage.setItem(KEY, JSON.stringify(written));
      else sessionStorage.removeItem(KEY);
    } catch (error) {
      console.warn('What is not sent is lost with this page:', error);
    }
  });
}

function isDraft(value: unknown): value is [string, string] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string';
}
