import { openDoor, type DoorState } from '$lib/client/door';

/** Whether this tab may talk to a host, and if not, why. */
class Door {
  #state = $state.raw<DoorState>({ type: 'checking' });
  #opened = false;

  get state() {
    return this.#state;
  }

  get ready() {
    return this.#state.type === 'ready';
  }

  /** True once it is known that this tab may not talk to a host now. */
  get closed() {
    return !this.ready && this.#state.type !== 'checking';
  }

  open() {
    if (this.#opened) return;
    this.#opened = true;
    openDoor((state) => (this.#state = state));
  }
}

export const door = new Door();
