/** Of a long chat the end is in the page at once, and the rest comes when the page has time. */

/** Messages that fill any screen, and are drawn within a frame or two. */
const FIRST = 24;
/** So many older ones at a time: about ten milliseconds of work. */
const STEP = 24;

export class Shown {
  #count = $state(FIRST);
  #idle: number | undefined;

  /** How many of the last messages are in the page. */
  get count() {
    return this.#count;
  }

  /** Brings older ones, a few at a time, until `all` are there. Returns what ends it. */
  grow(all: number): () => void {
    if (this.#count < all) {
      this.#idle = whenIdle(() => (this.#count = Math.min(all, this.#count + STEP)));
    }
    return () => this.#idle !== undefined && notIdle(this.#idle);
  }

  /** Brings at least so many of the last messages now. */
  reach(count: number) {
    this.#count = Math.max(this.#count, count);
  }
}

/** Safari has no idle callbacks. */
function whenIdle(work: () => void): number {
  return 'requestIdleCallback' in globalThis
    ? requestIdleCallback(work, { timeout: 200 })
    : (setTimeout(work, 30) as unknown as number);
}

function notIdle(handle: number): void {
  if ('cancelIdleCallback' in globalThis) cancelIdleCallback(handle);
  else clearTimeout(handle);
}
