/**
 * What is written and not sent, over a reload: `pagehide` cannot wait for IndexedDB, which has it from some
 * moments before.
 */
import { isObject } from '#core/is-object';
import { parseDraft } from '$lib/storage/drafts';
import type { DraftRecord } from '$lib/storage/records';

/** In sessionStorage: each tab has its own, and it goes with the tab. */
const KEY = 'paddock-drafts';

/** Takes out what the page before this one kept, by the id of their conversation, `''` for a new chat. */
export function takeDrafts(): Map<string, DraftRecord> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    sessionStorage.removeItem(KEY);
    const drafts = (Array.isArray(kept) ? kept : []).map(readKept).filter((one) => one !== null);
    return new Map(drafts.map((one) => [one.id, one]));
  } catch {
    return new Map(); // no storage, or a damaged entry
  }
}

/** Calls `drafts` when the page goes, and keeps them for the next page of this tab. */
export function keepDrafts(drafts: () => DraftRecord[]): void {
  if (typeof addEventListener === 'undefined') return; // where pages are prerendered
  addEventListener('pagehide', () => {
    const kept = drafts();
    try {
      if (kept.length > 0) sessionStorage.setItem(KEY, JSON.stringify(kept));
      else sessionStorage.removeItem(KEY);
    } catch (error) {
      console.warn('What is not sent is kept as it was some moments ago:', error);
    }
  });
}

function readKept(value: unknown): DraftRecord | null {
  if (isObject(value)) return parseDraft(value);
  // As the build before had them, whose page an update reloads.
  const [id, text] = Array.isArray(value) ? (value as unknown[]) : [];
  return parseDraft({ id, text, updatedAt: Date.now() });
}
