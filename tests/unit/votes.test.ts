/** Votes on pairs of replies: kept, counted, deleted, and said in words. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { standings, type Ballot } from '#core/standings';
import { closeDatabase, withDatabase } from '../../src/lib/storage/database';
import type { ReplyStats, VoteRecord } from '../../src/lib/storage/records';
import * as storage from '../../src/lib/storage/votes';
import { unsaved } from '../../src/lib/state/unsaved.svelte';
import { votes } from '../../src/lib/state/votes.svelte';
import { comparison, voteSentence } from '../../src/lib/ui/chat/compare/words';
import { openOtherTab, type OtherTab } from '../fixtures/other-tab';

let other: OtherTab;

beforeEach(async () => {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
  unsaved.drop('');
  await votes.load();
  votes.remove((votes.all ?? []).map(({ id }) => id));
  await vi.waitFor(async () => expect(await storage.listVotes()).toEqual([]));
  other = openOtherTab();
});

afterEach(() => {
  vi.restoreAllMocks();
  other.close();
});

function vote(id: string, createdAt = 1): VoteRecord {
  const side = (model: string) => ({ model, content: `reply of ${model}` });
  return {
    ...{ id, createdAt, prompt: 'p', chat: 'c', vote: 'left', blind: true },
    sides: [side('a'), side('b')],
  };
}

describe('votes', () => {
  it('are kept with the newest first, and other tabs hear of them', async () => {
    votes.cast(vote('one', 1));
    votes.cast(vote('two', 2));
    expect(votes.all?.map(({ id }) => id)).toEqual(['two', 'one']);
    await vi.waitFor(async () => {
      expect(await storage.listVotes()).toEqual([vote('two', 2), vote('one', 1)]);
    });
    await vi.waitFor(() => expect(other.heard).toContainEqual({ type: 'votes' }));
  });

  it('on one pair replace each other; all that are deleted come back at once', async () => {
    votes.cast(vote('one'));
    votes.cast({ ...vote('one'), vote: 'tie' });
    votes.cast(vote('two', 2));
    expect(votes.of('one')?.vote).toBe('tie');
    const undo = votes.remove(['one', 'two']);
    expect(votes.all).toEqual([]);
    await vi.waitFor(async () => expect(await storage.listVotes()).toEqual([]));
    undo();
    await vi.waitFor(async () => expect(await storage.listVotes()).toHaveLength(2));
  });

  it('that cannot be written stay in sight, and are written when there is room', async () => {
    const full = vi.spyOn(storage, 'writeVotes').mockRejectedValue(new Error('full'));
    votes.cast(vote('one'));
    await vi.waitFor(() => expect(unsaved.error).not.toBeNull());
    await votes.again();
    expect(votes.of('one')).toBeDefined();
    full.mockRestore();
    await unsaved.retry();
    expect(unsaved.error).toBeNull();
    expect(await storage.listVotes()).toHaveLength(1);
  });

  it('of which one is damaged are read without it', async () => {
    const damaged = { ...vote('bad'), sides: [] } as unknown as VoteRecord;
    await withDatabase((db) => db.put('votes', damaged));
    await storage.writeVotes(new Map([['one', vote('one')]]));
    expect((await storage.listVotes()).map(({ id }) => id)).toEqual(['one']);
  });
});

it('standings count from both sides, with the median speed, the best first', () => {
  const side = (model: string, evalMs = 0) => ({ model, stats: { replyTokens: 10, evalMs } });
  const ballots: Ballot[] = [
    { vote: 'right', sides: [side('a', 1000), side('b', 100)] },
    { vote: 'left', sides: [side('b', 200), side('a', 500)] },
    { vote: 'left', sides: [side('a', 250), side('c')] },
    { vote: 'tie', sides: [side('a'), { model: 'b' }] },
    { vote: 'neither', sides: [side('c'), side('a')] },
    { vote: 'left', sides: [side('c'), side('c')] },
  ];
  expect(standings(ballots)).toEqual([
    { model: 'b', wins: 2, losses: 0, ties: 1, bothBad: 0, rate: 75 },
    { model: 'a', wins: 1, losses: 2, ties: 1, bothBad: 1, rate: 20 },
    { model: 'c', wins: 0, losses: 1, ties: 0, bothBad: 1, rate: null },
  ]);
});

describe('words', () => {
  const stats = (figures: Partial<ReplyStats>): ReplyStats => ({
    ...{ measured: 'engine', reason: 'stop', replyTokens: 100, evalMs: 1000, ...figures },
  });

  it('compare speeds, beginnings and loads', () => {
    const a = stats({ firstTokenMs: 200, loadMs: 100 });
    const b = stats({ evalMs: 500, firstTokenMs: 1200 });
    expect(comparison(a, b)).toEqual([
      'B: 2.0 × the tokens/s of A.',
      'A began 1.0 s before B.',
      'Loading A took 100 ms. The time to the first token has it in it, the speed has not.',
    ]);
    expect(comparison(b, a)[0]).toBe('A: 2.0 × the tokens/s of B.');
    expect(comparison(stats({}), stats({ evalMs: 980 }))).toEqual([
      'A and B wrote at about the same speed.',
    ]);
    expect(comparison(a, undefined)).toEqual([]);
    expect(comparison(stats({ evalMs: 0 }), b)).toEqual([]);
  });

  it('name the winner', () => {
    expect(voteSentence('right', 'X', 'Y')).toBe('Y was better than X.');
  });
});
