/** What is written and not sent, over a reload: IndexedDB has it from some moments before. */
import { isObject } from '#core/is-object';
import { parseDraft } from '$lib/storage/drafts';
import type { DraftRecord } from '$lib/storage/records';
import { keepOverReload, takeKept } from './over-reload';

const KEY = 'paddock-drafts';

/** Takes out what the page before this one kept, by the id of their conversation, `''` for a new chat. */
export function takeDrafts(): Map<string, DraftRecord> {
  const drafts = takeKept(KEY)
    .map(readKept)
    .filter((one) => one !== null);
  return new Map(drafts.map((one) => [one.id, one]));
}

/** Calls `drafts` when the page goes, and keeps them for the next page of this tab. */
export function keepDrafts(drafts: () => DraftRecord[]): void {
  keepOverReload(KEY, drafts);
}

function readKept(value: unknown): DraftRecord | null {
  if (isObject(value)) return parseDraft(value);
  // As the build before had them, whose page an update reloads.
  const [id, text] = Array.isArray(value) ? (value as unknown[]) : [];
  return parseDraft({ id, text, updatedAt: Date.now() });
}
