import type { MessageRecord } from '$lib/storage/records';
import type { Turn } from './turn.svelte';

/** The messages of a branch as those of another conversation; a reply under way is copied as far as it is. */
export function copyPath(path: Turn[], conversationId: string): MessageRecord[] {
  let parentId: string | null = null;
  return path.map((turn) => {
    const record = turn.record(conversationId);
    const state = record.state === 'streaming' ? 'stopped' : record.state;
    const copy: MessageRecord = { ...record, id: crypto.randomUUID(), parentId, state };
    parentId = copy.id;
    return copy;
  });
}
