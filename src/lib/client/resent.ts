/** A call that outlives the host it was first sent to. */
import type { Call } from '#core/caller';
import { PaddockError } from '#core/errors';

/**
 * `first`, or what `again` gives when the host died without having acknowledged it. What was acknowledged is
 * not asked for twice: it may have been done.
 */
export function resent<C, R>(first: Call<C, R>, again: () => Promise<Call<C, R>>): Call<C, R> {
  const call = first.acknowledged.then(
    () => first,
    (error: unknown) => {
      if (error instanceof PaddockError && error.code === 'host_died') return again();
      throw error;
    },
  );
  const acknowledged = call.then((one) => one.acknowledged);
  const result = call.then((one) => one.result);
  // A caller may look at one promise only; the others must not become unhandled rejections.
  acknowledged.catch(() => {});
  result.catch(() => {});
  return {
    acknowledged,
    result,
    // No generator: one that waits for its next chunk cannot be returned from outside.
    [Symbol.asyncIterator]() {
      const chunks = call.then((one) => one[Symbol.asyncIterator]());
      chunks.catch(() => {});
      return {
        next: async () => (await chunks).next(),
        return: async () => {
          await (await chunks).return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
