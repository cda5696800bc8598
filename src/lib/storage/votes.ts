/** Votes on two replies to one prompt, in the page's database. Every function rejects with a PaddockError. */
import { announce } from './changes';
import { withDatabase } from './database';
import { parseVote } from './exchange-guard';
import type { VoteRecord } from './records';

/** The newest first; a record that cannot be used is left out. */
export function listVotes(): Promise<VoteRecord[]> {
  return withDatabase(async (db) => {
    const values: unknown[] = await db.getAll('votes');
    return values
      .map(parseVote)
      .filter((record) => record !== null)
      .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
  });
}

/** Writes all of these, or none. */
export async function putVotes(records: readonly VoteRecord[]): Promise<void> {
  await withDatabase(async (db) => {
    const { store, done } = db.transaction('votes', 'readwrite');
    await Promise.all([...records.map((record) => store.put(record)), done]);
  });
  announce({ type: 'votes' });
}

/** Deletes all of these, or none. */
export async function deleteVotes(ids: readonly string[]): Promise<void> {
  await withDatabase(async (db) => {
    const { store, done } = db.transaction('votes', 'readwrite');
    await Promise.all([...ids.map((id) => store.delete(id)), done]);
  });
  announce({ type: 'votes' });
}
