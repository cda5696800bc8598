/**
 * A stream of what `values` gives, encoded and pulled one at a time. `onCancel` must make a pending `values.next()`
 * settle: a generator that waits cannot be returned from outside.
 */
export function byteStream<T>(
  values: AsyncGenerator<T, void, void>,
  encode: (value: T) => Uint8Array<ArrayBuffer>,
  onCancel: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const next = await values.next();
      if (next.done) controller.close();
      else controller.enqueue(encode(next.value));
    },
    async cancel() {
      onCancel();
      await values.return();
    },
  });
}
