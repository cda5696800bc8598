/** Ends an answer that nobody reads any more. */
import { PaddockError } from '#core/errors';

/**
 * Milliseconds in which a reader must take something. A tab that the browser froze in the middle of its reply, or
 * code that forgot its answer, would otherwise keep the turn, and everybody would wait.
 */
export const UNREAD_MS = 300_000;

/**
 * `chunks`, as long as they are read: `stop`, which frees what they hold, is called after five minutes of a reader
 * that takes nothing. @throws PaddockError `aborted` when it reads on after that
 */
export async function* whileRead<T>(
  chunks: AsyncIterable<T>,
  stop: () => void,
): AsyncGenerator<T, void, void> {
  for await (const chunk of chunks) {
    let unread = false;
    const timer = setTimeout(() => {
      unread = true;
      stop();
    }, UNREAD_MS);
    try {
      yield chunk;
    } finally {
      clearTimeout(timer);
    }
    if (unread) {
      throw new PaddockError(
        'aborted',
        'The reply was stopped, because nobody read it for five minutes. Ask again.',
      );
    }
  }
}
