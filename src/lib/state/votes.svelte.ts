import { toWire, type WireError } from '#core/errors';
import { announce, watchChanges } from '$lib/storage/changes';
import type { VoteRecord } from '$lib/storage/records';
import { deleteVotes, listVotes, putVotes } from '$lib/storage/votes';
import { unsaved } from './unsaved.svelte';

/** Owns what people voted on two replies to one prompt. */
class Votes {
  #all = $state.raw<readonly VoteRecord[] | null>(null);
  #error = $state.raw<WireError | null>(null);
  #byId = $derived(new Map(this.#all?.map((one) => [one.id, one])));
  #reading: Promise<void> | undefined;

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
    this.#put([vote]);
  }

  /** The function brings them back. */
  remove(ids: readonly string[]): () => void {
    const gone = (this.#all ?? []).filter(({ id }) => ids.includes(id));
    this.#all = (this.#all ?? []).filter(({ id }) => !ids.includes(id));
    void unsaved.write(this.#key(ids), () => deleteVotes(ids));
    return () => this.#put(gone);
  }

  #put(records: readonly VoteRecord[]) {
    const ids = records.map(({ id }) => id);
    const others = (this.#all ?? []).filter(({ id }) => !ids.includes(id));
    this.#all = [...records, ...others].sort((a, b) => b.createdAt - a.createdAt);
    void unsaved.write(this.#key(ids), () => putVotes(records));
  }

  #key(ids: readonly string[]): string {
    return `votes/${ids.join(' ')}`;
  }

  async #read() {
    this.#error = null;
    try {
      this.#all = await listVotes();
    } catch (error) {
      this.#error = toWire(error);
      this.#reading = undefined; // the next look tries again
    }
  }
}

export const votes = new Votes();
