/** Addresses in a memory that does not exist yet: the plan is made first, then the memory in its exact size. */

/** Bytes of a cache line, which no two threads' data should share. */
const LINE = 64;

export class Arena {
  #end: number;

  /** The first kilobyte stays empty, so that no record has the address 0. */
  constructor(start = 1024) {
    this.#end = start;
  }

  /** @returns the address of `bytes` bytes, on a cache line */
  take(bytes: number): number {
    const address = this.#end;
    this.#end = Math.ceil((address + bytes) / LINE) * LINE;
    return address;
  }

  /** Bytes taken so far, the empty start included. */
  get size(): number {
    return this.#end;
  }
}
