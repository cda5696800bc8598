import { SvelteMap } from 'svelte/reactivity';
import { replyLock, turnLocks } from '#core/locks';
import { whileBusy } from '$lib/client/busy';
import { holding } from '$lib/client/held-locks';
import type { ChatSetup } from '$lib/storage/records';
import type { ChatWrites } from './chat-writes';
import { continuedElsewhere } from './continued-elsewhere';
import type { HistoryMessage } from './history';
import { replies } from './replies.svelte';
import { Reply } from './reply.svelte';
import type { Turn } from './turn.svelte';

/** What an answer takes from its conversation. */
interface Asked {
  readonly writes: ChatWrites;
  setup(turn: Turn): ChatSetup;
  /** What comes before the answer. */
  history(turn: Turn): HistoryMessage[];
  /** The last of the current replies has ended, and is on its way to the disk. */
  ended(turn: Turn, reply: Reply): void;
}

/** Owns the replies that this page writes into one conversation. */
export class Answers {
  #asked: Asked;
  #currents = $state.raw<readonly Reply[]>([]);
  /** By their messages' ids: those that are ending too. */
  #own = new SvelteMap<string, Reply>();

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  /** The reply under way; of two side by side, the one that began first. */
  get current() {
    return this.#currents[0] ?? null;
  }

  /** All that are under way: several where they stand side by side. */
  get currents() {
    return this.#currents;
  }

  get size() {
    return this.#own.size;
  }

  has(messageId: string): boolean {
    return this.#own.has(messageId);
  }

  /** Ends the replies into these messages, or all. */
  stop(messageIds: string[] = [...this.#own.keys()]) {
    messageIds.forEach((id) => this.#own.get(id)?.stop());
  }

  /**
   * Streams a reply into `turn`, behind what it has already. `cpu`: the engine keeps to the processor. `beside`: those
   * that are under way stay current.
   */
  begin(turn: Turn, model: string, cpu: true | undefined, beside = false) {
    const { writes, setup, history, ended } = this.#asked;
    const begun = turn.content;
    turn.cpu = cpu;
    const leave = () => {
      replies.remove(reply);
      this.#currents = this.#currents.filter((one) => one !== reply);
    };
    const reply = new Reply(turn, model, history(turn), setup(turn), (over) => {
      const written = writes.put(turn);
      if (!over) return written;
      // What is left for the reply to do must not hold up the next one.
      const current = this.#currents.includes(reply);
      leave();
      if (current && this.#currents.length === 0) ended(turn, reply);
      return written;
    });
    this.#currents = beside ? [...this.#currents, reply] : [reply];
    this.#own.set(turn.id, reply);
    replies.add(reply);
    const run = async () => {
      const stored = begun !== '' && !writes.failed(turn.id);
      if (stored && (await continuedElsewhere(turn, begun))) return;
      // Before the wait for the other lock: a reload in that time must find a reply to try again.
      void writes.put(turn);
      const asking = turnLocks(model) + turn.id;
      await whileBusy(() => holding(asking, () => reply.run()));
    };
    void holding(replyLock(turn.id), run).finally(() => {
      leave();
      if (this.#own.get(turn.id) === reply) this.#own.delete(turn.id);
    });
  }
}
