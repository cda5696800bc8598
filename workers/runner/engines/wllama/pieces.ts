/**
 * The chunks that `start` hands to its callback, as a stream that ends when `start` has: wllama's own iterator
 * leaves a rejection that nobody handles when its reader goes, and its slot is free only once `start` settles.
 */
export async function* pieces<T>(
  start: (onData: (chunk: T) => void) => Promise<unknown>,
): AsyncGenerator<T, void, void> {
  const waiting: T[] = [];
  let wake = () => {};
  let ended = false;
  const finished = start((chunk) => {
    waiting.push(chunk);
    wake();
  }).finally(() => {
    ended = true;
    wake();
  });
  finished.catch(() => {}); // it is thrown below, to a reader that is still there
  try {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift()!;
      if (ended) break;
      await new Promise<void>((resolve) => (wake = resolve));
    }
    await finished;
  } finally {
    await finished.catch(() => {});
  }
}
