/** Newline-delimited JSON: one object a line, as Ollama streams. */
const encoder = new TextEncoder();

export function encodeLine(value: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(value) + '\n');
}

/**
 * A stream of lines made from `values`, pulled one at a time. `onCancel` must make a pending `values.next()`
 * settle: a generator that waits cannot be returned from outside.
 */
export function ndjsonStream(
  values: AsyncGenerator<unknown, void, void>,
  onCancel: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const next = await values.next();
      if (next.done) controller.close();
      else controller.enqueue(encodeLine(next.value));
    },
    async cancel() {
      onCancel();
      await values.return();
    },
  });
}
