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

/** Writes and deletes all of these, or none; a null under an id deletes it. */
export async function writeVotes(votes: ReadonlyMap<string, VoteRecord | null>): Promise<void> {
  await withDatabase(async (db) => {
    const { store, done } = db.transaction('votes', 'readwrite');
    const writes = [...votes].map(([id, vote]) => (vote ? store.put(vote) : store.delete(id)));
    await Promise.all([...writes, done]);
  });
  announce({ type: 'votes' });
}
