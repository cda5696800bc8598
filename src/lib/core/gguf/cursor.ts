/** Reads a GGUF header front to back: little-endian, in windows, never beyond the file's end. */
import { PaddockError } from '#core/errors';

/** Up to `length` bytes at `offset` of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

/** Bytes a read; a vocabulary of 49,152 tokens takes some 8 of them. */
const WINDOW = 256 * 1024;

export function unreadable(why: string): PaddockError {
  return new PaddockError('model_unreadable', `This is not a readable GGUF file: ${why}.`);
}

export class Cursor {
  readonly #read: ReadAt;
  /** Bytes of the file. */
  readonly size: number;
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Of the window, in the file. */
  #start = 0;
  #at = 0;
  // A vocabulary may have the byte order mark as a token: it is kept.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

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
    await this.need(8);
    const length = this.count(Math.min(max, this.left - 8), `the length of ${what}`);
    await this.need(length);
    return this.#decode(this.#advance(length), length);
  }

  /**
   * `count` strings, each of at most `max` bytes. Waits once a window: a vocabulary has 400,000 of them.
   * @param passed called with the bytes that were read, from time to time; it may throw
   */
  async texts(
    count: number,
    max: number,
    what: string,
    passed: (bytes: number) => void,
  ): Promise<string[]> {
    const texts: string[] = [];
    while (texts.length < count) {
      const from = this.offset;
      this.#readWhole(texts, count, max);
      // The next one crosses the window's end, or is wrong and is refused.
      if (texts.length < count) texts.push(await this.text(max, what));
      passed(this.offset - from);
    }
    return texts;
  }

  /** Passes over bytes without reading them. */
  skip(length: number): void {
    if (length > this.left) throw unreadable('it ends in the middle of its header');
    this.#at += length;
  }

  /** Appends strings while they lie in the window. */
  #readWhole(texts: string[], count: number, max: number): void {
    const view = this.#view;
    while (texts.length < count && this.#at + 8 <= view.byteLength) {
      const length = view.getUint32(this.#at, true);
      const longer = view.getUint32(this.#at + 4, true) !== 0 || length > max;
      if (longer || this.#at + 8 + length > view.byteLength) return;
      texts.push(this.#decode(this.#at + 8, length));
      this.#at += 8 + length;
    }
  }

  #decode(at: number, length: number): string {
    const bytes = new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length);
    return this.#decoder.decode(bytes);
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
