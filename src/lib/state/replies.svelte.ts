/** A reply, as far as its place in the order goes. */
interface Underway {
  readonly turn: { readonly id: string };
  readonly model: string;
}

/** The replies of this page that are under way, in the order in which they began: a model answers one at a time. */
class Replies {
  #all = $state.raw<Underway[]>([]);
  #onAdd = () => {};

  /** Called before each reply that begins. */
  watch(listener: () => void) {
    this.#onAdd = listener;
  }

  add(reply: Underway) {
    this.#onAdd();
    this.#all = [...this.#all, reply];
  }

  remove(reply: Underway) {
    this.#all = this.#all.filter((one) => one !== reply);
  }

  /** Whether no reply of this page is under way. */
  get none() {
    return this.#all.length === 0;
  }

  /** Whether the lock of this name is held for a reply of this page. */
  holds(lock: string): boolean {
    return this.#all.some(({ turn }) => lock.endsWith(turn.id));
  }

  /** True while another reply of the same model comes before this one. */
  queued(reply: Underway): boolean {
    return this.#all.filter(({ model }) => model === reply.model).indexOf(reply) > 0;
  }
}

export const replies = new Replies();
