import { toWire, type WireError } from '#core/errors';
import { announce, watchChanges } from '$lib/storage/changes';
import type { VoteRecord } from '$lib/storage/records';
import { listVotes, writeVotes } from '$lib/storage/votes';
import { unsaved } from './unsaved.svelte';

/** Owns what people voted on two replies to one prompt. */
class Votes {
  #all = $state.raw<readonly VoteRecord[] | null>(null);
  #error = $state.raw<WireError | null>(null);
  #byId = $derived(new Map(this.#all?.map((one) => [one.id, one])));
  #reading: Promise<void> | undefined;
  /** Changed here and not in storage yet; null: deleted. */
  #own = new Map<string, VoteRecord | null>();

  constructor() {
    watchChanges(({ type }) => {
      if (type === 'votes' && this.#reading) void this.#read();
    });
  }

  /** The newest first; null until they are read. */
  get all() {
    return this.#all;
  }

  /** Why they could not be read. */
  get error() {
    return this.#error;
  }

  /** What was voted on this pair. */
  of(pair: string): VoteRecord | undefined {
    return this.#byId.get(pair);
  }

  load(): Promise<void> {
    return (this.#reading ??= this.#read());
  }

  /** Somebody else wrote some: a file that was read. */
  async again() {
    announce({ type: 'votes' });
    if (this.#reading) await this.#read();
  }

  /** A vote on a pair takes the place of an earlier one. */
  cast(vote: VoteRecord) {
    this.#write([[vote.id, vote]]);
  }

  /** The function brings them back. */
  remove(ids: readonly string[]): () => void {
    const gone = (this.#all ?? []).filter(({ id }) => ids.includes(id));
    this.#write(ids.map((id) => [id, null]));
    return () => this.#write(gone.map((one) => [one.id, one]));
  }

  #write(votes: [id: string, vote: VoteRecord | null][]) {
    votes.forEach(([id, vote]) => this.#own.set(id, vote));
    this.#take(this.#all ?? []);
    void unsaved.write('votes', async () => {
      const written = new Map(this.#own);
      await writeVotes(written);
      for (const [id, vote] of written) if (this.#own.get(id) === vote) this.#own.delete(id);
    });
  }

  async #read() {
    this.#error = null;
    try {
      this.#take(await listVotes());
    } catch (error) {
      this.#error = toWire(error);
      this.#reading = undefined; // the next look tries again
    }
  }

  /** Shows what is stored, but for what was changed here and is not written yet. */
  #take(stored: readonly VoteRecord[]) {
    const own = [...this.#own.values()].filter((one) => one !== null);
    this.#all = [...stored.filter(({ id }) => !this.#own.has(id)), ...own].sort(
      (a, b) => b.createdAt - a.createdAt,
    );
  }
}

export const votes = new Votes();
