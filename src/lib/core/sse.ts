/** Server-sent events, as OpenAI streams: of each only its data, which is one line. */
import { byteStream } from '#core/byte-stream';

const encoder = new TextEncoder();

/** `data` holds no line break: JSON never does. */
export function eventText(data: string): string {
  return `data: ${data}\n\n`;
}

/** A stream of events with these `data`; `onCancel` as in `byteStream`. */
export function eventStream(
  data: AsyncGenerator<string, void, void>,
  onCancel: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return byteStream(data, (one) => encoder.encode(eventText(one)), onCancel);
}
