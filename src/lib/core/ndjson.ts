/** Newline-delimited JSON: one object a line, as Ollama streams. */
import { byteStream } from '#core/byte-stream';

const encoder = new TextEncoder();

export function encodeLine(value: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(value) + '\n');
}

/** A stream of lines made from `values`; `onCancel` as in `byteStream`. */
export function ndjsonStream(
  values: AsyncGenerator<unknown, void, void>,
  onCancel: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return byteStream(values, encodeLine, onCancel);
}
