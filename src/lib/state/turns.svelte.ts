import { Tree, without } from '#core/tree';
import type { MessageRecord } from '$lib/storage/records';
import { Turn, type TurnRecord } from './turn.svelte';

/** What of a new message is its own: its place and time come from where it stands. */
export type NewTurn = Pick<TurnRecord, 'role' | 'content' | 'state'> & Partial<TurnRecord>;

/** Owns which messages a conversation has, and which branch of them is shown. */
export class Turns {
  #all = $state.raw<Turn[]>([]);
  #leaf = $state<string | null>(null);
  #tree = $derived(new Tree(this.#all));
  #shown = $derived(this.#tree.branch(this.#leaf));

  get all() {
    return this.#all;
  }

  /** The branch that is shown. */
  get shown() {
    return this.#shown;
  }

  /** The id of its last message. */
  get leaf() {
    return this.#leaf;
  }

  find(id: string): Turn | undefined {
    return this.#tree.get(id);
  }

  /** From the first message to this one. */
  pathTo(id: string): Turn[] {
    return this.#tree.branch(id);
  }

  /** What somebody chose for `model` here holds until they choose another. */
  cpuFor(model: string): true | undefined {
    const last = this.#shown.findLast((turn) => turn.model);
    if (last?.pair === undefined) return last?.model === model ? last.cpu : undefined;
    const sides = this.versions(last.id).filter(({ pair }) => pair === last.pair);
    return sides.find((side) => side.model === model)?.cpu;
  }

  /** The versions of a message, itself among them. */
  versions(id: string): readonly Turn[] {
    return this.#tree.siblings(id);
  }

  /** A message and what follows it, in whatever branch. */
  from(turn: Turn): Turn[] {
    return [turn, ...this.#tree.descendants(turn.id)];
  }

  /** A new message behind another, or beside those that follow it; shown, unless the reader is elsewhere. */
  write(part: NewTurn, parentId: string | null): Turn {
    const id = crypto.randomUUID();
    const turn = new Turn({ ...part, id, parentId, createdAt: this.#nextTime() });
    const behind = parentId === null || this.#shown.some((one) => one.id === parentId);
    const beside = this.#shown.some((one) => one.parentId === parentId);
    this.add([turn]);
    if (behind || beside) this.show(turn.id);
    return turn;
  }

  /** Takes these in; those that go on the branch shown are shown. */
  add(turns: Turn[]) {
    this.#all = [...this.#all, ...turns];
    this.show(this.#leaf);
  }

  /** Takes over what storage has, of messages that are known and of others. */
  take(records: readonly MessageRecord[]) {
    const fresh: Turn[] = [];
    for (const record of records) {
      const known = this.find(record.id);
      if (known) known.update(record);
      else fresh.push(new Turn(record));
      (known ?? fresh.at(-1)!).stored = true;
    }
    if (fresh.length > 0) this.add(fresh);
  }

  /** Takes these out. Where they were shown, what stands beside them is, or what they followed. */
  remove(ids: string[]) {
    const left = without(this.#shown, ids);
    this.#all = without(this.#all, ids);
    this.show(left.at(-1)?.id ?? null);
  }

  /** Shows the branch of the newest message that goes back to this one; null, or one that is not there: of all. */
  show(id: string | null) {
    const there = id !== null && this.#tree.get(id) ? id : null;
    this.#leaf = this.#tree.newestLeaf(there)?.id ?? null;
  }

  /** Newer than all: two messages of one millisecond would change places. */
  #nextTime(): number {
    return this.#all.reduce((latest, { createdAt }) => Math.max(latest, createdAt + 1), Date.now());
  }
}
