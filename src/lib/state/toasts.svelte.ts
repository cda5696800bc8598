import { voice } from './voice.svelte';

/** Long enough to read a line and reach its button. */
const SHOWN_MS = 8000;

export interface ToastOptions {
  text: string;
  action?: { label: string; run: () => void };
  /** Runs when the toast has gone and its action was not taken. */
  onGone?: () => void;
  /** Stays until it is dismissed. */
  lasting?: boolean;
}

interface Toast extends ToastOptions {
  id: number;
}

/** Owns the short notices at the edge of the page, and how long each stays. */
class Toasts {
  #items = $state.raw<Toast[]>([]);
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #nextId = 1;

  get items() {
    return this.#items;
  }

  show(options: ToastOptions) {
    const toast = { ...options, id: this.#nextId++ };
    this.#items = [...this.#items, toast];
    voice.say(toast.text);
    this.#startTimer(toast);
  }

  dismiss(id: number) {
    this.#take(id)?.onGone?.();
  }

  act(id: number) {
    this.#take(id)?.action?.run();
  }

  /** While somebody points at them or has the focus there, none of them goes. */
  hold() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  release() {
    this.hold();
    this.#items.forEach((toast) => this.#startTimer(toast));
  }

  #startTimer({ id, lasting }: Toast) {
    if (!lasting)
      this.#timers.set(
        id,
        setTimeout(() => this.dismiss(id), SHOWN_MS),
      );
  }

  #take(id: number): Toast | undefined {
    const toast = this.#items.find((item) => item.id === id);
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#items = this.#items.filter((item) => item.id !== id);
    return toast;
  }
}

export const toasts = new Toasts();
