/** A body's bytes, one chunk at a time. */

/** Bytes of each connection's chunk: what a browser's pipe hands over at once. */
const CHUNK = 512 * 1024;

/**
 * Reads `body` chunk by chunk, as its reader's `read` does. A chunk is good until the next is asked for: where the
 * browser can, all are read into one buffer, since fresh memory for each cost more than its bytes (page faults were two
 * fifths of a pull's work in Chromium 156).
 */
export function chunksOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): () => Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> {
  const byob = byobReader(body);
  if (!byob) {
    const reader = body.getReader();
    return () => reader.read();
  }
  let buffer = new ArrayBuffer(CHUNK);
  return async () => {
    const { done, value } = await byob.read(new Uint8Array(buffer));
    if (done || !value) return { done: true, value: undefined };
    buffer = value.buffer;
    return { done, value };
  };
}

/** Null where bodies are no byte streams, as in Safari. */
function byobReader(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStreamBYOBReader | null {
  try {
    return body.getReader({ mode: 'byob' });
  } catch {
    return null;
  }
}
