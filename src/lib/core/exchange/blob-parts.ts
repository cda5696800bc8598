/** A file in the making: what is long enough goes to the browser, which need not keep it in memory. */

const ENOUGH = 8_000_000;

export class BlobParts {
  readonly #blobs: Blob[] = [];
  #parts: BlobPart[] = [];
  #size = 0;

  add(part: string | Uint8Array<ArrayBuffer>): void {
    this.#parts.push(part);
    this.#size += part.length;
    if (this.#size >= ENOUGH) this.#flush();
  }

  blob(type: string): Blob {
    this.#flush();
    return new Blob(this.#blobs, { type });
  }

  #flush(): void {
    this.#blobs.push(new Blob(this.#parts));
    this.#parts = [];
    this.#size = 0;
  }
}
