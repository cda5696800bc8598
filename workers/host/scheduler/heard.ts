/** Ends what gives no sign of life. */

/** Milliseconds between two looks. */
const TICK_MS = 10_000;

interface Hearing<T> {
  /** Milliseconds without a chunk, of those in which one is waited for. */
  ms: number;
  /** The same before the first; absent: as many. */
  first?: number;
  /** Called once when they are over; it ends the chunks. */
  late(): void;
  /** Whether this chunk says that more will come in time; absent: the first is awaited so too. */
  from?(chunk: T): boolean;
}

/**
 * `chunks`, which have to come in time. Ticks are counted and not the clock's hours: a computer that slept has had
 * few of them, and so has a reader that takes nothing.
 */
export async function* heard<T>(
  chunks: AsyncIterable<T>,
  { ms, first = ms, late, from }: Hearing<T>,
): AsyncGenerator<T, void, void> {
  let patience = first;
  let left = 0;
  let waits = false;
  let watched = !from;
  const timer = setInterval(() => {
    if (watched && waits && --left === 0) late();
  }, TICK_MS);
  const source = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      left = Math.ceil(patience / TICK_MS);
      waits = true;
      const next = await source.next();
      waits = false;
      if (next.done) return;
      patience = ms;
      watched ||= from?.(next.value) === true;
      yield next.value;
    }
  } finally {
    clearInterval(timer);
    await source.return?.();
  }
}
