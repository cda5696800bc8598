/** A list of texts as it lies in the file: a vocabulary has some 100,000, and few of them are ever read. */

// A vocabulary may have the byte order mark as a token: it is kept.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Bytes of the length before each text. */
export const TEXT_PREFIX = 8;

export class TextList {
  /** The texts in UTF-8, the first at `starts[0]`, each behind its length. */
  readonly bytes: Uint8Array;
  /** Where each text begins in `bytes`, and where one more would. */
  readonly starts: Uint32Array;

  constructor(bytes: Uint8Array, starts: Uint32Array) {
    this.bytes = bytes;
    this.starts = starts;
  }

  get length(): number {
    return this.starts.length - 1;
  }

  /** Where text `index` ends in `bytes`. */
  end(index: number): number {
    return this.starts[index + 1]! - TEXT_PREFIX;
  }

  at(index: number): string {
    return decodeText(this.bytes.subarray(this.starts[index], this.end(index)));
  }

  /** All of them, made anew each time. */
  get values(): string[] {
    return Array.from({ length: this.length }, (_, index) => this.at(index));
  }
}
