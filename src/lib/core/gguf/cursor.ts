/** Reads a GGUF header front to back: little-endian, in windows, never beyond the file's end. */
import { PaddockError, type ErrorDetail } from '#core/errors';
import { decodeText, TextList, TEXT_PREFIX } from '#core/gguf/text-list';

/** Up to `length` bytes at `offset` of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

/** Bytes a read; a vocabulary of 49,152 tokens takes some 8 of them. */
const WINDOW = 256 * 1024;

export function unreadable(why: string, detail?: ErrorDetail): PaddockError {
  return new PaddockError('model_unreadable', `This is not a readable GGUF file: ${why}.`, detail);
}

export class Cursor {
  readonly #read: ReadAt;
  /** Bytes of the file. */
  readonly size: number;
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Of the window, in the file. */
  #start = 0;
  #at = 0;

  constructor(read: ReadAt, size: number) {
    this.#read = read;
    this.size = size;
  }

  /** In the file. */
  get offset(): number {
    return this.#start + this.#at;
  }

  get left(): number {
    return this.size - this.offset;
  }

  /** Makes `length` bytes readable. Only waits at a window's end: await it only when it returns a promise. */
  need(length: number): Promise<void> | undefined {
    if (this.#at + length <= this.#view.byteLength) return undefined;
    return this.#fill(length);
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  i8(): number {
    return this.#view.getInt8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  i16(): number {
    return this.#view.getInt16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  f32(): number {
    return this.#view.getFloat32(this.#advance(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#advance(8), true);
  }

  /** A count or a length: at most `max`, which the file's size gives. */
  count(max: number, what: string): number {
    const value = this.u64();
    if (value > BigInt(Math.max(0, Math.floor(max)))) {
      throw unreadable(`${what} is ${value}, more than the file can hold`);
    }
    return Number(value);
  }

  /** A string of at most `max` bytes. */
  async text(max: number, what: string): Promise<string> {
    await this.#needText(max, what);
    const length = Number(this.u64());
    return decodeText(this.#bytes(this.#advance(length), length));
  }

  /**
   * `count` strings, each of at most `max` bytes. Waits once a window: a vocabulary has 400,000 of them.
   * @param passed called with the bytes of the strings, from time to time; it may throw
   */
  async texts(
    count: number,
    max: number,
    what: string,
    passed: (bytes: number) => void,
  ): Promise<TextList> {
    const starts = new Uint32Array(count + 1);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    let index = 0;
    for (;;) {
      const from = this.#at;
      const first = index;
      index = this.#passWhole(starts, index, bytes - from, max);
      const chunk = this.#bytes(from, this.#at - from);
      chunks.push(chunk.slice());
      bytes += chunk.length;
      passed(chunk.length - TEXT_PREFIX * (index - first));
      if (index === count) break;
      await this.#needText(max, what);
    }
    starts[count] = bytes + TEXT_PREFIX;
    return new TextList(joined(chunks, bytes), starts);
  }

  /** Passes over bytes without reading them. */
  skip(length: number): void {
    if (length > this.left) throw unreadable('it ends in the middle of its header');
    this.#at += length;
  }

  /**
   * Passes over strings while they lie in the window, and notes where each begins, `shift` from its place in there.
   * @returns the index of the next
   */
  #passWhole(starts: Uint32Array, index: number, shift: number, max: number): number {
    const view = this.#view;
    let at = this.#at;
    for (; index < starts.length - 1 && at + TEXT_PREFIX <= view.byteLength; index++) {
      const length = view.getUint32(at, true);
      const longer = view.getUint32(at + 4, true) !== 0 || length > max;
      if (longer || at + TEXT_PREFIX + length > view.byteLength) break;
      starts[index] = at + TEXT_PREFIX + shift;
      at += TEXT_PREFIX + length;
    }
    this.#at = at;
    return index;
  }

  /** Brings the next string into the window, where it crosses its end, or refuses it. */
  async #needText(max: number, what: string): Promise<void> {
    await this.need(TEXT_PREFIX);
    const length = this.count(Math.min(max, this.left - TEXT_PREFIX), `the length of ${what}`);
    this.#at -= TEXT_PREFIX;
    await this.need(TEXT_PREFIX + length);
  }

  /** Of the window. */
  #bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length);
  }

  #advance(length: number): number {
    const at = this.#at;
    this.#at += length;
    return at;
  }

  async #fill(length: number): Promise<void> {
    if (length > this.left) throw unreadable('it ends in the middle of its header');
    const start = this.offset;
    const bytes = await this.#read(start, Math.min(Math.max(length, WINDOW), this.left));
    if (bytes.byteLength < length) throw unreadable('it ends in the middle of its header');
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#start = start;
    this.#at = 0;
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
