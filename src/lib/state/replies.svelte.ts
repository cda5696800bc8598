import { replyLock } from '#core/locks';

/** A reply, as far as its place in the order goes. */
interface Underway {
  readonly turn: { readonly id: string };
}

/** The replies of this page that are under way, in the order in which they began: the host answers one at a time. */
class Replies {
  #all = $state.raw<Underway[]>([]);

  add(reply: Underway) {
    this.#all = [...this.#all, reply];
  }

  remove(reply: Underway) {
    this.#all = this.#all.filter((one) => one !== reply);
  }

  /** Whether `lock` is that of a reply of this page. */
  holds(lock: string): boolean {
    return this.#all.some(({ turn }) => replyLock(turn.id) === lock);
  }

  /** True while another reply comes before this one. */
  queued(reply: Underway): boolean {
    return this.#all.indexOf(reply) > 0;
  }
}

export const replies = new Replies();
