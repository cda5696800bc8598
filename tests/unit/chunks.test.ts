/** A body's bytes, chunk by chunk. */
import { describe, expect, test } from 'vitest';
import { chunksOf } from '../../workers/puller/chunks';

const SENT = Uint8Array.from({ length: 3_000_000 }, (_, index) => index % 251);
const PIECE = 700_000;

/** A body of pieces, of which a reader may ask for its own buffer to be filled, or not. */
function body(type?: 'bytes'): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  const pull = (controller: ReadableStreamDefaultController | ReadableByteStreamController) => {
    controller.enqueue(SENT.slice(at, (at += PIECE)));
    if (at < SENT.length) return;
    controller.close();
    if ('byobRequest' in controller) controller.byobRequest?.respond(0);
  };
  return new ReadableStream({ type, pull } as UnderlyingByteSource);
}

async function read(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const next = chunksOf(stream);
  const got: Buffer[] = [];
  const lengths: number[] = [];
  for (let { value: chunk } = await next(); chunk; { value: chunk } = await next()) {
    lengths.push(chunk.buffer.byteLength);
    got.push(Buffer.from(chunk)); // a copy
  }
  return { bytes: Buffer.concat(got), lengths };
}

describe('the chunks of a body', () => {
  test('of a byte stream are all its bytes, in one buffer', async () => {
    const { bytes, lengths } = await read(body('bytes'));
    expect(Buffer.compare(bytes, SENT)).toBe(0);
    expect(new Set(lengths)).toEqual(new Set([512 * 1024]));
  });

  test('of another stream are all its bytes, as they come', async () => {
    const { bytes, lengths } = await read(body());
    expect(Buffer.compare(bytes, SENT)).toBe(0);
    expect(lengths).toEqual([PIECE, PIECE, PIECE, PIECE, SENT.length - 4 * PIECE]);
  });

  test.each(['bytes', undefined] as const)('fail as the stream does (type %s)', async (type) => {
    const pull = () => Promise.reject(new Error('cut'));
    const next = chunksOf(new ReadableStream({ type, pull } as UnderlyingByteSource));
    await expect(next()).rejects.toThrow('cut');
  });
});
